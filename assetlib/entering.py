"""How a person who proved who they are comes in: a session of ours, and the way on within the house."""

import math
import re

from flask import redirect, request
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from assetlib.accounts.models import Person
from assetlib.accounts.sessions import open_session
from assetlib.current import request_id
from assetlib.errors import Refusal
from assetlib.sign_in import give_cookie
from assetlib.words import say, say_n, together

MINUTE = 60

# Only a path of our own: neither //elsewhere nor \elsewhere, which browsers read as another host.
_OWN_PATH = re.compile(r"/(?![/\\])[^\x00-\x1f\\]*")
# Nobody comes in in order to leave again, and these answer to buttons only.
_NO_WAY_ON = ("/sign-out", "/sign-in", "/welcome", "/new-password", "/forgotten-password", "/language")


def own_path(text: str | None) -> str:
    """The path, if it is one of ours; else home."""
    return text if text is not None and _OWN_PATH.fullmatch(text) else "/"


def way_on(text: str | None) -> str:
    """The path to go on to after coming in, if it is one of ours that can be looked at; else home."""
    path = own_path(text).partition("?")[0]
    leads_back = any(path == each or path.startswith(each + "/") for each in _NO_WAY_ON)
    return "/" if leads_back else own_path(text)


def enter(session: Session, person: Person, way: str) -> str:
    """A new session in this browser; the token for its cookie."""
    return open_session(
        session,
        person,
        address=request.remote_addr or "",
        browser=request.headers.get("User-Agent", ""),
        request_id=request_id(),
        way=way,
    )


def let_in(token: str, onward: str | None) -> Response:
    """The answer that signs the browser in and leads on."""
    response = redirect(way_on(onward))
    give_cookie(response, token)
    return response


def said(refusal: Refusal) -> str:
    """What the person reads: why not, and how often or how soon they can try again."""
    left, wait = refusal.details.get("tries_left"), refusal.details.get("retry_after")
    if wait is not None and wait >= 2 * MINUTE:
        minutes = math.ceil(wait / MINUTE)
        return say_n(
            "Too many tries. Wait {count} minute, then try again.",
            "Too many tries. Wait {count} minutes, then try again.",
            minutes,
        )
    if wait is not None:
        return say_n(
            "Too many tries. Wait {count} second, then try again.",
            "Too many tries. Wait {count} seconds, then try again.",
            wait,
        )
    if left is None:
        return refusal.sentence
    if left == 0:
        return together(refusal.sentence, say("Wait a moment before you try again."))
    return together(refusal.sentence, say_n("{count} try left.", "{count} tries left.", left))
