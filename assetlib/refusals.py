"""How a refusal reaches the one who asked: a page for people, problem+json for programs."""

from collections.abc import Hashable
from contextlib import suppress
from datetime import datetime, timedelta
from threading import Lock
from typing import Any, cast

from apiflask import APIFlask, HTTPError
from flask import Response, current_app, jsonify, redirect, render_template, request
from sqlalchemy.exc import SQLAlchemyError
from werkzeug.exceptions import HTTPException
from werkzeug.wrappers import Response as BaseResponse

from assetlib import clock
from assetlib.audit import record
from assetlib.catalog.permissions.requests import ASK_FOR_ACCESS
from assetlib.confirming import ConfirmFirst, confirmation_page
from assetlib.current import actor, database, request_id
from assetlib.errors import NotAllowed, Refusal, Unavailable
from assetlib.http_status import status_of
from assetlib.logs import log, telling_nothing
from assetlib.policy import SecondFactorNeeded, SignInFirst
from assetlib.words import say

TITLES = {
    400: say("This request could not be read"),
    403: say("This is not open to you"),
    404: say("There is nothing here"),
    405: say("That cannot be done here"),
    409: say("This cannot be done as things are now"),
    413: say("That is too much at once"),
    422: say("Some of this cannot be taken"),
    429: say("A little too fast"),
    500: say("This page could not be made"),
    503: say("Not just now"),
}
SENTENCES = {
    400: say("Something in it does not fit together. Go back and try once more."),
    404: say("The address is wrong, the thing is gone, or it is not open to you."),
    405: say("The address is right, but not for this. Go back and use the buttons."),
    413: say("Send less at once. Files go up on the upload page, at any size."),
    500: say("What you did before is saved. Try again; if it stays so, tell an administrator the reference."),
}


MOST_WRITTEN_DOWN = 10
"""Refusals of one person at one route in one minute; a loop must not keep everybody else from writing."""
MINUTE = timedelta(minutes=1)
MOST_REMEMBERED = 10_000


class Tally:
    """Counts in this process what is written down, and what is left out."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._seen: dict[Hashable, tuple[datetime, int]] = {}

    def next(self, key: Hashable) -> int | None:
        """How many were left out before this one; None when this one is left out too."""
        moment = clock.now()
        with self._lock:
            begun, count = self._seen.get(key, (moment, 0))
            if moment - begun >= MINUTE:
                left_out, begun, count = max(count - MOST_WRITTEN_DOWN, 0), moment, 0
            else:
                left_out = 0
            if len(self._seen) >= MOST_REMEMBERED:
                self._seen.clear()
            self._seen[key] = begun, count + 1
            return left_out if count < MOST_WRITTEN_DOWN else None


def install(app: APIFlask) -> None:
    """One handler for our own refusals, one for what the framework raises, one for the unforeseen."""
    app.extensions["assetlib.refusals"] = Tally()
    app.register_error_handler(Refusal, refused)
    app.register_error_handler(HTTPException, _http_error)
    app.register_error_handler(HTTPError, _unreadable)
    app.register_error_handler(Exception, _unforeseen)


def wants_json() -> bool:
    return request.path.startswith("/api/")


def refused(refusal: Refusal) -> BaseResponse | tuple[str, int]:
    """The answer to whoever was refused."""
    status = status_of(refusal)
    if isinstance(refusal, ConfirmFirst) and not wants_json():
        return confirmation_page(refusal)
    if isinstance(refusal, SecondFactorNeeded) and not wants_json():
        return redirect("/account/second-factor", code=303)
    if isinstance(refusal, NotAllowed) and not isinstance(refusal, ConfirmFirst | SecondFactorNeeded):
        _write_down(refusal)
    if isinstance(refusal, SignInFirst) and wants_json():
        return problem(401, refusal.code, refusal.sentence)
    headers = {}
    if "retry_after" in refusal.details:
        headers["Retry-After"] = str(refusal.details["retry_after"])
    if wants_json():
        response = problem(status, refusal.code, refusal.sentence, **refusal.details)
        response.headers.update(headers)
        return response
    return error_page(status, refusal.sentence, headers)


def _write_down(refusal: NotAllowed) -> None:
    if not actor().is_signed_in:
        return
    tally: Tally = current_app.extensions["assetlib.refusals"]
    left_out = tally.next((actor().person_id, request.endpoint))
    if left_out is None:
        return
    try:
        with database().transaction() as session:
            record(
                session,
                actor(),
                "access.refused",
                ("route", request.endpoint or "none"),
                code=refusal.code,
                permission=refusal.details.get("permission", ""),
                path=telling_nothing(request.path)[:200],
                left_out=left_out,
            )
    except (SQLAlchemyError, Unavailable) as error:
        # What is refused stays refused, also while nobody can write.
        log.warning("refusal_not_written", request_id=request_id(), code=refusal.code, exc_info=error)


def _http_error(error: HTTPException) -> BaseResponse | tuple[str, int]:
    status = error.code or 500
    if error.response is not None:
        return cast("BaseResponse", error.response)
    if status == 405 and not wants_json() and (page := _page_above()):
        return redirect(page, code=303)
    sentence = SENTENCES.get(status, TITLES.get(status, error.name))
    if wants_json():
        return problem(status, error.name.lower().replace(" ", "_"), sentence)
    return error_page(status, sentence)


def _page_above() -> str:
    """The page that an address belongs to which only takes forms; empty if there is none.

    Whoever was refused there and loads the address again, or keeps it, comes to the page with the form.
    """
    if request.method not in ("GET", "HEAD"):
        return ""
    addresses = current_app.create_url_adapter(request)
    path = request.path
    while addresses is not None and path.count("/") > 1:
        path = path.rpartition("/")[0]
        with suppress(HTTPException):
            addresses.match(path, method="GET")
            return path
    return ""


def _unreadable(error: HTTPError) -> BaseResponse:
    """APIFlask could not read a body or query; `fields` names what and why."""
    detail = error.detail if isinstance(error.detail, dict) else {}
    fields = {name: sentence for place in detail.values() for name, sentence in _flat(place)}
    return problem(
        error.status_code, "unreadable", say("Some of this could not be read. See the fields."), fields=fields
    )


def _flat(detail: Any, path: str = "") -> list[tuple[str, str]]:
    """(field, sentence) of APIFlask's nested findings."""
    if isinstance(detail, dict):
        return [pair for key, each in detail.items() for pair in _flat(each, f"{path}.{key}".strip("."))]
    if isinstance(detail, list):
        return [(path, " ".join(str(each) for each in detail))]
    return [(path, str(detail))]


def _unforeseen(error: Exception) -> BaseResponse | tuple[str, int]:
    log.error(
        "unforeseen",
        request_id=request_id(),
        path=telling_nothing(request.path),
        # The words of a database error hold what people typed; its kind is enough for the log.
        error=type(error).__name__ if isinstance(error, SQLAlchemyError) else repr(error),
        exc_info=error,
    )
    if wants_json():
        return problem(500, "unforeseen", SENTENCES[500], reference=request_id())
    return error_page(500, SENTENCES[500])


def problem(status: int, code: str, sentence: str, **details: Any) -> Response:
    """A refusal as RFC 9457 has it; `code` is stable, `detail` is for people."""
    body = {
        "type": "about:blank",
        "title": TITLES.get(status, say("Refused")),
        "status": status,
        "detail": sentence,
    }
    response = jsonify({**body, "code": code, **details})
    response.status_code = status
    response.content_type = "application/problem+json"
    return response


def _asking(status: int) -> list[tuple[str, str]]:
    """Where nothing is open at the address of an asset: asking for it, whether there is one or not."""
    number = (request.view_args or {}).get("asset_id")
    if status != 404 or number is None or request.endpoint != "assets.show":
        return []
    return (
        [(say("Ask for access"), f"/requests/new?asset={number}")] if ASK_FOR_ACCESS.allows(actor()) else []
    )


def _back(status: int) -> list[tuple[str, str]]:
    """Where a file is not given, the way back to the page of what it is a file of."""
    number = (request.view_args or {}).get("asset_id")
    if status not in (403, 409) or number is None or request.endpoint != "files.download":
        return []
    return [(say("Back to the asset"), f"/assets/{number}")]


def error_page(status: int, sentence: str, headers: dict[str, str] | None = None) -> BaseResponse:
    actions = (
        [*_asking(status), *_back(status), (say("Open the library"), "/library")]
        if actor().is_signed_in
        else [(say("Sign in"), "/sign-in")]
    )
    html = render_template(
        "errors/error.html",
        status=status,
        title=TITLES.get(status, say("This was not done")),
        sentence=sentence,
        reference=request_id()[:9] if status >= 500 else "",
        actions=actions,
    )
    return Response(html, status=status, headers=headers)
