"""What a form asks for is done, or refused where it was typed."""

from collections.abc import Callable
from typing import Any, cast

from flask import flash, redirect
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from assetlib.current import database
from assetlib.errors import Conflict, Invalid, Refusal
from assetlib.http_status import status_of

Said = str | dict[str, Any]
"""A sentence, or `{text, undo: {label, url}}`, see layouts/page.html."""


def carried_out(
    act: Callable[[Session], object],
    *,
    said: Said | Callable[[], Said],
    to: str,
    refused: Callable[[Refusal], str],
) -> Response | tuple[str, int]:
    """Do it in one transaction and go on; what cannot be done is shown by `refused`, with what was typed."""
    try:
        with database().transaction() as session:
            act(session)
    except (Invalid, Conflict) as refusal:
        return refused(refusal), status_of(refusal)
    # Flask keeps whatever JSON knows; its signature knows texts only.
    flash(cast("str", said() if callable(said) else said), "ok")
    return redirect(to, code=303)
