"""A page of a list, as components/pager.html draws it."""

from typing import Any
from urllib.parse import urlencode

from flask import redirect, request
from werkzeug.wrappers import Response

from assetlib.paging import Page


def address(**changes: Any) -> str:
    """This page's address with some parameters changed; None takes one out."""
    parts = [(name, value) for name, value in request.args.items(multi=True) if name not in changes]
    for name, value in changes.items():
        if value is not None:
            parts.append((name, str(value)))
    return request.path + (f"?{urlencode(parts)}" if parts else "")


def last_page(page: Page[Any]) -> Response:
    """On to the last page of a list that has fewer."""
    return redirect(address(page=page.last_number if page.last_number > 1 else None), code=302)


def pager_view(page: Page[Any]) -> dict[str, Any]:
    return {
        "first": page.first,
        "last": page.last,
        "total": page.total,
        "has_next": page.has_next,
        "next_url": address(page=page.number + 1) if page.has_next else None,
        "previous_url": address(page=page.number - 1 if page.number > 2 else None)
        if page.has_previous
        else None,
    }
