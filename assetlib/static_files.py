"""Built styles, scripts, fonts and icons. Their names carry a hash of their content: kept for ever."""

import json
from pathlib import Path
from typing import cast

from apiflask import APIFlask
from flask import Response, current_app, send_from_directory

from assetlib.access.permission import OPEN_TO_ALL
from assetlib.policy import open_to


class NotBuilt(Exception):
    """The front end was not built. Run `make build`."""


def serve_static(app: APIFlask, folder: Path) -> None:
    """Serve the built files, and give templates `static_url(name)` and `icons_url`."""
    app.extensions["assetlib-static"] = _names(folder)

    @open_to(OPEN_TO_ALL)
    def static(name: str) -> Response:
        response = send_from_directory(folder, name, conditional=True)
        response.headers["Cache-Control"] = "public, max-age=31536000, immutable"
        return response

    app.add_url_rule("/static/<path:name>", "static", static)
    urls = {name: f"/static/{built}" for name, built in app.extensions["assetlib-static"].items()}
    app.jinja_env.globals["static_url"] = urls.__getitem__
    app.jinja_env.globals["icons_url"] = urls["icons.svg"]  # written hundreds of times on a page


def static_url(name: str) -> str:
    """Where the built file of this name is served; a name that was not built is a fault in the program."""
    return f"/static/{current_app.extensions['assetlib-static'][name]}"


def _names(folder: Path) -> dict[str, str]:
    path = folder / "manifest.json"
    if not path.is_file():
        raise NotBuilt(f"{path} is missing: the front end was not built. Run `make build`.")
    return cast("dict[str, str]", json.loads(path.read_text()))
