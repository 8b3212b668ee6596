"""Every component in every state, for those who build pages. In development only."""

from flask import Blueprint, Flask, render_template

from assetlib.access.permission import OPEN_TO_ALL
from assetlib.current import house
from assetlib.policy import open_to

pages = Blueprint("styleguide", __name__)


@pages.get("/styleguide")
@open_to(OPEN_TO_ALL)
def index() -> str:
    return render_template("styleguide.html")


def install(app: Flask) -> None:
    """Add the page where the settings say that this is development."""
    with app.app_context():
        if house().settings.development:
            app.register_blueprint(pages)
