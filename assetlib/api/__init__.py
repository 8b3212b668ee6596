"""JSON: read the body, do the action, show the result. The same verbs as the pages."""

from apiflask import APIFlask

from assetlib.api import assets, attributes, bulk_edits, collections, jobs, library, packages, people, uploads

PREFIX = "/api/v1"


def install(app: APIFlask) -> None:
    """All endpoints under one prefix; `/api/v1/openapi.json` describes them."""
    for each in (assets, attributes, bulk_edits, collections, jobs, library, packages, people, uploads):
        app.register_blueprint(each.api, url_prefix=PREFIX + (each.api.url_prefix or ""))
