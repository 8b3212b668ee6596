"""The cookie of a browser in which a link was opened, and the slow parts around passwords of links.

It is a cookie of its own for each link, and good for the addresses below /shared/ alone: there it is the only
one that counts, everywhere else it counts for nothing.
"""

import secrets

from flask import request
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from assetlib.accounts.passwords import hash_password, matches
from assetlib.accounts.throttling import LINK_PASSWORD, LINK_PASSWORD_DAY, count_try, forgive
from assetlib.catalog.actions.shares import set_share_password
from assetlib.catalog.errors import NoSuchShare, WrongSharePassword
from assetlib.catalog.link_sessions import open_share, refuse_share
from assetlib.catalog.models import Share
from assetlib.catalog.queries.links import NOTHING_HERE, OpenLink, find_by_token, find_open
from assetlib.catalog.queries.shares import get_share
from assetlib.catalog.rules.shares import LONGEST_PASSWORD, SESSION_LASTS, must_be_link_password
from assetlib.current import actor, database, house, request_id
from assetlib.words import say

LONGEST_TOKEN = 64
_LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"
"""Without those that look like others."""


def cookie_name(share_id: int) -> str:
    """One for each link, so that several can be open side by side; `__Host-` needs TLS."""
    base = "__Host-assetlib-share" if house().settings.secure_cookies else "assetlib-share"
    return f"{base}-{share_id}"


def token_of(share_id: int) -> str:
    """What this browser keeps for a link; empty when there is nothing that could be it."""
    token = request.cookies.get(cookie_name(share_id), "")
    return token if token.isascii() and len(token) <= LONGEST_TOKEN else ""


def give_link_cookie(response: Response, share_id: int, token: str) -> None:
    response.set_cookie(
        cookie_name(share_id),
        token,
        max_age=SESSION_LASTS,
        httponly=True,
        secure=house().settings.secure_cookies,
        samesite="Lax",
        path="/",
    )


def take_link_cookie(response: Response, share_id: int) -> None:
    secure = house().settings.secure_cookies
    response.delete_cookie(cookie_name(share_id), path="/", secure=secure, httponly=True, samesite="Lax")


def find_gate(session: Session, token: str) -> Share:
    """The link behind this token, while it can be opened."""
    if len(token) > LONGEST_TOKEN or not token.isascii():
        raise NoSuchShare(NOTHING_HERE)
    return find_by_token(session, token)


def link_here(session: Session, share_id: int) -> OpenLink:
    """The link that is open in this browser, asked afresh; a person's own cookie adds nothing to it."""
    token = token_of(share_id)
    return find_open(session, share_id, token, request_id=request_id(), address=request.remote_addr or "")


def unlock(token: str, password: str) -> tuple[int, str]:
    """The id of the link and the token that this browser keeps for it from now on.

    `NoSuchShare`, `WrongSharePassword` or `TooManyTries`. Short transactions around the slow check.
    """
    address = request.remote_addr or ""
    with database().transaction() as session:
        share = find_gate(session, token)
        asked = share.password_hash
        whose = str(share.id)
        limits = ((LINK_PASSWORD, f"{whose} {address}"), (LINK_PASSWORD_DAY, whose))
        if asked is not None:
            count_try(session, *limits)
    if asked is not None and not matches(asked, password[: LONGEST_PASSWORD + 1]):
        with database().transaction() as session:
            refuse_share(session, share, request_id=request_id(), address=address)
        raise WrongSharePassword(
            say("This is not the password. Ask the person who sent you the link for it.")
        )
    with database().transaction() as session:
        if asked is not None:
            forgive(session, *limits)
        opened, kept = open_share(
            session,
            token,
            password_hash=asked,
            former=token_of(share.id),
            request_id=request_id(),
            address=address,
        )
        return opened.id, kept


def hashed(password: str) -> str | None:
    """The hash to keep of a link's password; None for none. A weak one is refused: no link is made."""
    if not password:
        return None
    must_be_link_password(password)
    return hash_password(password)


def give_password(share_id: int, password: str, revision: int) -> None:
    """Set or drop the password of a link, in the name of whoever is signed in."""
    kept = hashed(password)
    with database().transaction() as session:
        share = get_share(session, actor(), share_id)
        set_share_password(session, actor(), share, kept, revision=revision)


def link_url(token: str) -> str:
    """The address that people are sent."""
    return f"{house().settings.public_origin or request.host_url.rstrip('/')}/s/{token}"


def suggest_password() -> str:
    """A password that is good enough and can be read out over the telephone."""
    return "-".join("".join(secrets.choice(_LETTERS) for _ in range(4)) for _ in range(3))
