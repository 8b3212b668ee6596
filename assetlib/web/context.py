"""What every template may use: who is signed in, where they can go, how numbers and dates are written."""

from typing import Any

from flask import Flask, request
from flask_babel import format_date, format_datetime, format_decimal
from flask_login import current_user

from assetlib import clock
from assetlib.access.permission import Permission
from assetlib.accounts.permissions import MANAGE_PEOPLE, SEE_JOBS
from assetlib.catalog.permissions.assets import SEE_TRASH, SHAPE_SCHEMA, UPLOAD, VIEW_LIBRARY
from assetlib.current import actor, house

# label, address, icon, who may open it
PLACES: list[tuple[str, str, str, Permission]] = [
    ("Library", "/library", "images", VIEW_LIBRARY),
    ("Collections", "/collections", "folder", VIEW_LIBRARY),
    ("Attributes", "/attributes", "list-tree", SHAPE_SCHEMA),
    ("Trash", "/trash", "trash-2", SEE_TRASH),
    ("People", "/people", "users", MANAGE_PEOPLE),
    ("Jobs", "/jobs", "list-checks", SEE_JOBS),
]


def install(app: Flask) -> None:
    """Give templates the navigation and the writers of numbers."""

    @app.context_processor
    def _everywhere() -> dict[str, Any]:
        return {
            "nav": _nav(),
            "me": current_user if actor().is_signed_in else None,
            "actor": actor(),
            "may_upload": UPLOAD.allows(actor()),
            "development": house().settings.development,
        }

    app.jinja_env.filters["size"] = size
    app.jinja_env.filters["day"] = day
    app.jinja_env.filters["moment"] = moment
    app.jinja_env.filters["number"] = format_decimal


def _nav() -> list[dict[str, Any]]:
    return [
        {
            "label": label,
            "url": url,
            "icon": icon,
            "current": request.path == url or request.path.startswith(url + "/"),
            "count": None,
        }
        for label, url, icon, permission in PLACES
        if permission.allows(actor())
    ]


def size(count: int | None) -> str:
    """Bytes as people read them: 48 MB."""
    if count is None:
        return ""
    amount, unit = float(count), "bytes"
    for unit in ("bytes", "kB", "MB", "GB", "TB"):
        if amount < 1000 or unit == "TB":
            break
        amount /= 1000
    digits = 0 if amount >= 10 or unit == "bytes" else 1
    return f"{format_decimal(round(amount, digits))} {unit}"


def day(value: Any) -> str:
    """27 Nov 2026; the year is left out within six months."""
    if value is None:
        return ""
    as_date = value.date() if hasattr(value, "date") else value
    near = abs((clock.today() - as_date).days) < 183
    return format_date(as_date, "d MMM" if near else "d MMM yyyy")


def moment(value: Any) -> str:
    """Today 17:00 within the day, else day and time."""
    if value is None:
        return ""
    if value.date() == clock.today():
        return f"Today {format_datetime(value, 'HH:mm')}"
    return f"{day(value)}, {format_datetime(value, 'HH:mm')}"
