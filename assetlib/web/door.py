"""Pages before the door, for people who are not signed in yet: one frame, one picture, one foot line."""

from typing import Any

from flask import Blueprint, redirect, render_template, request
from werkzeug.wrappers import Response

from assetlib import language
from assetlib.access.permission import OPEN_TO_ALL
from assetlib.accounts.queries import find_own_organisation
from assetlib.current import database, house
from assetlib.entering import own_path
from assetlib.policy import open_to
from assetlib.static_files import static_url
from assetlib.words import LANGUAGES, say

pages = Blueprint("door", __name__)

A_YEAR = 365 * 24 * 3600


def door(template: str, **context: Any) -> str:
    """A page in the frame of the door."""
    with database().reading() as session:
        own = find_own_organisation(session)
    settings = house().settings
    about = [(say("Help"), settings.help_url), (say("Privacy"), settings.privacy_url)]
    return render_template(
        template,
        organisation=own.name if own else None,
        house=own.name if own else "assetlib",
        picture={
            "url": static_url("sign-in.jpg"),
            "caption": say("First light, Tarn Head. Drawn for assetlib, free to use."),
        },
        links=[(label, url) for label, url in about if url],
        tongues=[(key, name) for key, name in LANGUAGES.items() if key != language.language()],
        here=request.full_path.rstrip("?"),
        **context,
    )


def without_trace(page: str, status: int = 200) -> Response:
    """A page behind a link that opens something: no other place learns its address, no cache keeps it."""
    response = Response(page, status=status, mimetype="text/html")
    response.headers["Referrer-Policy"] = "no-referrer"
    response.headers["Cache-Control"] = "private, no-store"
    return response


@pages.post("/language")
@open_to(OPEN_TO_ALL)
def choose_language() -> Response:
    """The pages of this browser in another language, for as long as nobody signed in says otherwise."""
    response = redirect(own_path(request.form.get("next")), code=303)
    chosen = request.form.get("language", "")
    if chosen in LANGUAGES:
        response.set_cookie(
            language.LANGUAGE_COOKIE,
            chosen,
            max_age=A_YEAR,
            secure=house().settings.secure_cookies,
            httponly=True,
            samesite="Lax",
        )
    return response
