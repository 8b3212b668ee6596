"""What a form asks for is done, or refused where it was typed."""

from collections.abc import Callable
from typing import Any, Generic, TypeVar, cast

from flask import flash, redirect
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from assetlib.access.actor import Actor
from assetlib.current import actor, database
from assetlib.errors import Conflict, Invalid, Refusal
from assetlib.http_status import status_of

Said = str | dict[str, Any]
"""A sentence, or `{text, undo: {label, url}}`, see layouts/page.html."""
Made = TypeVar("Made")
Row = TypeVar("Row")
Key = TypeVar("Key", int, str)


def carried_out(
    act: Callable[[Session], object],
    *,
    said: Said | Callable[[], Said],
    to: str,
    refused: Callable[[Refusal], str],
) -> Response | tuple[str, int]:
    """Do it in one transaction and go on; what cannot be done is shown by `refused`, with what was typed."""
    return made(act, said=lambda _: said() if callable(said) else said, to=lambda _: to, refused=refused)


def made(
    act: Callable[[Session], Made],
    *,
    said: Callable[[Made], Said],
    to: Callable[[Made], str],
    refused: Callable[[Refusal], str],
) -> Response | tuple[str, int]:
    """The same where what is said, and where it goes on, depends on what `act` gave."""
    try:
        with database().transaction() as session:
            given = act(session)
    except (Invalid, Conflict) as refusal:
        return refused(refusal), status_of(refusal)
    # Flask keeps whatever JSON knows; its signature knows texts only.
    flash(cast("str", said(given)), "ok")
    return redirect(to(given), code=303)


class Changing(Generic[Key, Row]):
    """Rows of one kind, as their own page changes them: found by their key, and back to the page.

    `address` is the page's, with `{}` where the key stands. `page` draws it with a refusal and the name of
    the form that was sent.
    """

    def __init__(
        self, find: Callable[[Session, Key], Row], address: str, page: Callable[[Key, Refusal, str], str]
    ) -> None:
        self._find: Callable[[Session, Key], Row] = find
        self._address = address
        self._page: Callable[[Key, Refusal, str], str] = page

    def __call__(
        self,
        key: Key,
        act: Callable[[Session, Actor, Row], object],
        said: Said | Callable[[], Said],
        form: str = "",
        *,
        to: str | None = None,
    ) -> Response | tuple[str, int]:
        return carried_out(
            lambda session: act(session, actor(), self._find(session, key)),
            said=said,
            to=to or self._address.format(key),
            refused=lambda refusal: self._page(key, refusal, form),
        )
