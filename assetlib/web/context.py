"""What every template may use: who is signed in, where they can go, how numbers and dates are written."""

from datetime import date
from typing import Any

from flask import Flask, request
from flask_babel import format_datetime, format_decimal, get_locale
from flask_login import current_user

from assetlib import clock
from assetlib.access.permission import Permission
from assetlib.accounts.permissions import MANAGE_PEOPLE
from assetlib.accounts.queries import find_own_organisation
from assetlib.calendar import day_in_words
from assetlib.catalog.permissions.assets import BULK_EDIT, SEE_TRASH, SHAPE_SCHEMA, UPLOAD, VIEW_LIBRARY
from assetlib.current import actor, database, house
from assetlib.jobs.permissions import SEE_JOBS

# Others have a button for it; an agency's first thing is a place of its own.
AGENCY_UPLOAD = Permission(
    "web.agency_upload", lambda actor, _: actor.organisation_kind == "agency" and UPLOAD.allows(actor)
)

# label, address, icon, who may open it
PLACES: list[tuple[str, str, str, Permission]] = [
    ("Library", "/library", "images", VIEW_LIBRARY),
    ("Upload", "/uploads", "upload", AGENCY_UPLOAD),
    ("Collections", "/collections", "folder", VIEW_LIBRARY),
    ("Attributes", "/attributes", "list-tree", SHAPE_SCHEMA),
    ("Bulk edits", "/bulk-edits", "pencil", BULK_EDIT),
    ("Trash", "/trash", "trash-2", SEE_TRASH),
    ("People", "/people", "users", MANAGE_PEOPLE),
    ("Jobs", "/jobs", "list-checks", SEE_JOBS),
]


def install(app: Flask) -> None:
    """Give templates the navigation and the writers of numbers."""
    app.context_processor(everywhere)
    app.jinja_env.filters["size"] = size
    app.jinja_env.filters["day"] = day
    app.jinja_env.filters["moment"] = moment
    app.jinja_env.filters["number"] = format_decimal


def everywhere() -> dict[str, Any]:
    """What layouts/page.html wants."""
    if not actor().is_signed_in:
        return {"nav": []}
    return {
        "nav": [
            (label, url, icon, _is_in(url), None)
            for label, url, icon, permission in PLACES
            if permission.allows(actor())
        ],
        "person": face(
            actor().person_id or 0, actor().name, f"{current_user.email}, {current_user.organisation}"
        ),
        "person_menu": [
            {"label": "Your account", "url": "/account", "icon": "user"},
            {"label": "Sign out", "action": "/sign-out", "icon": "log-out"},
        ],
        "home_url": "/",
        "find_url": None if request.path == "/library" or not VIEW_LIBRARY.allows(actor()) else "/library",
        "upload_url": "/uploads" if UPLOAD.allows(actor()) else None,
        "space": _space(),
        "development": house().settings.development,
    }


def _is_in(url: str) -> bool:
    """Whether this page belongs to that place; the page of an asset belongs to the library."""
    place = "/library" if request.path.startswith("/assets/") else request.path
    return place == url or place.startswith(url + "/")


def _space() -> dict[str, str] | None:
    """An agency's header says whose house it works in."""
    if actor().organisation_kind != "agency":
        return None
    with database().reading() as session:
        own = find_own_organisation(session)
    return {"owner": own.name if own else "", "agency": current_user.organisation}


def face(person_id: int, name: str, detail: str = "") -> dict[str, Any]:
    """A person as avatars show them: initials, and a colour that stays theirs."""
    words = [word for word in name.split() if word[0].isalnum()] or ["?"]
    initials = (words[0][0] + (words[-1][0] if len(words) > 1 else "")).upper()
    return {"name": name, "initials": initials, "tone": person_id % 9, "detail": detail}


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
    """27 Nov 2026; the year is left out within six months. Also of a day in text, as attributes keep it."""
    if value is None:
        return ""
    if isinstance(value, str):
        value = date.fromisoformat(value)
    as_date = value.date() if hasattr(value, "date") else value
    return day_in_words(as_date, clock.today(), str(get_locale() or "en"))


def moment(value: Any) -> str:
    """Today 17:00 within the day, else day and time."""
    if value is None:
        return ""
    if value.date() == clock.today():
        return f"Today {format_datetime(value, 'HH:mm')}"
    return f"{day(value)}, {format_datetime(value, 'HH:mm')}"
