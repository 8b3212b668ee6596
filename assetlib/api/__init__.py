"""JSON: read the body, do the action, show the result. The same verbs as the pages."""

from apiflask import APIFlask

from assetlib.api import uploads

PREFIX = "/api/v1"


def install(app: APIFlask) -> None:
    """All endpoints under one prefix; `/api/v1/openapi.json` describes them."""
    for blueprint in (uploads.api,):
        app.register_blueprint(blueprint, url_prefix=PREFIX + (blueprint.url_prefix or ""))
