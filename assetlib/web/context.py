"""What every template may use: who is signed in, where they can go, how numbers and dates are written."""

from collections.abc import Callable
from datetime import date, datetime
from typing import Any, cast

from flask import Flask, g, request
from flask_login import current_user

from assetlib import clock, language
from assetlib.access.permission import SIGNED_IN, Permission
from assetlib.accounts.permissions import MANAGE_PEOPLE
from assetlib.accounts.queries import find_own_organisation
from assetlib.audit.permissions import SEE_AUDIT
from assetlib.calendar import day_in_words, month_in_words, time_in_words
from assetlib.catalog.permissions.assets import BULK_EDIT, SEE_TRASH, SHAPE_SCHEMA, UPLOAD, VIEW_LIBRARY
from assetlib.catalog.permissions.requests import SEE_REQUESTS
from assetlib.catalog.permissions.shares import SEE_SHARES
from assetlib.current import actor, database, house
from assetlib.dashboards.delivering import open_orders
from assetlib.dashboards.my_work import count_for_header
from assetlib.jobs.permissions import SEE_JOBS
from assetlib.measures import number_in_words, size_in_words
from assetlib.notify.permissions import SEE_OUTBOX
from assetlib.planning.permissions.deliverables import SEE_DELIVERABLES
from assetlib.planning.permissions.intake import SEE_INTAKE
from assetlib.planning.permissions.plans import SEE_PLANS
from assetlib.planning.permissions.work import SEE_CAMPAIGNS, of_an_agency
from assetlib.reference.permissions import SEE_REFERENCE
from assetlib.words import say

# Others have a button for it; an agency's first thing is a place of its own.
AGENCY_UPLOAD = Permission(
    "web.agency_upload", lambda actor, _: actor.organisation_kind == "agency" and UPLOAD.allows(actor)
)

# The house finds its tasks in campaigns and in “My work”; an agency sees no campaign.
AGENCY_TASKS = Permission("web.agency_tasks", of_an_agency)

HOUSE_DELIVERABLES = Permission(
    "web.house_deliverables", lambda actor, _: actor.is_own and SEE_DELIVERABLES.allows(actor)
)
# An agency knows deliverables as its requests; what it asks for itself stands aside, under a name of its own.
AGENCY_ORDERS = Permission(
    "web.agency_orders", lambda actor, _: not actor.is_own and SEE_DELIVERABLES.allows(actor)
)
OTHERS_REQUESTS = Permission(
    "web.others_requests", lambda actor, _: SEE_REQUESTS.allows(actor) and not AGENCY_ORDERS.allows(actor)
)
AGENCY_REQUESTS = Permission(
    "web.agency_requests", lambda actor, _: SEE_REQUESTS.allows(actor) and AGENCY_ORDERS.allows(actor)
)

MY_WORK, ORDERS = "/my-work", "/deliverables"

# label, address, icon, who may open it; the first four stand on a phone, the rest below “More”
DAILY: list[tuple[str, str, str, Permission]] = [
    (say("My work"), MY_WORK, "inbox", SIGNED_IN),
    (say("My requests"), ORDERS, "package", AGENCY_ORDERS),
    (say("Library"), "/library", "images", VIEW_LIBRARY),
    (say("Plans"), "/plans", "target", SEE_PLANS),
    (say("Upload"), "/uploads", "upload", AGENCY_UPLOAD),
    (say("Campaigns"), "/campaigns", "calendar-clock", SEE_CAMPAIGNS),
    (say("Tasks"), "/tasks", "list-checks", AGENCY_TASKS),
    (say("Collections"), "/collections", "folder", VIEW_LIBRARY),
    (say("Calendar"), "/calendar", "calendar", SEE_CAMPAIGNS),
    (say("Links"), "/shares", "link", SEE_SHARES),
    (say("Requests"), "/requests", "key-round", OTHERS_REQUESTS),
    (say("Access"), "/requests", "key-round", AGENCY_REQUESTS),
    (say("Ask marketing"), "/intake", "clipboard-list", SEE_INTAKE),
]
ROOM_IN_THE_BAR, ROOM_BESIDE_THE_HOUSE = 6, 4
"""Places that a desk's bar has room for before “More”; the second where it also says whose house it is."""
INSIDE = {"/library": ("/assets/",), "/campaigns": ("/activities/", "/tasks")}
"""Place → where else pages of things are that are found in it."""
# What few people open, and seldom: on a desk these stand in “More”, so that the bar is never cut off.
RARE: list[tuple[str, str, str, Permission]] = [
    (say("Deliverables"), ORDERS, "package", HOUSE_DELIVERABLES),
    (say("Attributes"), "/attributes", "list-tree", SHAPE_SCHEMA),
    (say("Bulk edits"), "/bulk-edits", "pencil", BULK_EDIT),
    (say("Trash"), "/trash", "trash-2", SEE_TRASH),
    (say("Reference data"), "/reference", "layers", SEE_REFERENCE),
    (say("People"), "/people", "users", MANAGE_PEOPLE),
    (say("Jobs"), "/jobs", "list-checks", SEE_JOBS),
    (say("Mail"), "/outbox", "mail", SEE_OUTBOX),
    (say("Audit log"), "/audit", "shield-check", SEE_AUDIT),
]


def install(app: Flask) -> None:
    """Give templates the navigation and the writers of numbers."""
    app.context_processor(everywhere)
    app.jinja_env.filters["size"] = size
    app.jinja_env.filters["day"] = day
    app.jinja_env.filters["month"] = month
    app.jinja_env.filters["moment"] = moment
    app.jinja_env.filters["number"] = number


def everywhere() -> dict[str, Any]:
    """What layouts/page.html wants."""
    if not actor().is_signed_in:
        return {"nav": [], "more_nav": []}
    bar = [each for each in DAILY if each[3].allows(actor())]
    more = [each for each in RARE if each[3].allows(actor())]
    room = ROOM_BESIDE_THE_HOUSE if actor().organisation_kind == "agency" else ROOM_IN_THE_BAR
    if len(bar) + len(more) <= room + 1:  # a menu of one is only in the way
        bar, more = bar + more, []
    else:
        bar, more = bar[:room], bar[room:] + more
    return {
        "nav": [_link(each) for each in bar],
        "more_nav": [_link(each) for each in more],
        "person": face(
            actor().person_id or 0, actor().name, f"{current_user.email}, {current_user.organisation}"
        ),
        "person_menu": [
            {"label": say("Your account"), "url": "/account", "icon": "user"},
            {"label": say("Notices"), "url": "/notices", "icon": "bell"},
            {"label": say("What you get by mail"), "url": "/account/notices", "icon": "mail"},
            {"label": say("Sign out"), "action": "/sign-out", "icon": "log-out"},
        ],
        "home_url": "/",
        "find_url": None
        if request.path == "/library" or not VIEW_LIBRARY.allows(actor())
        else "/library#find",
        "upload_url": "/uploads" if UPLOAD.allows(actor()) else None,
        "unread_notices": unread_notices,
        "space": _space(),
        "development": house().settings.development,
    }


def waiting() -> int:
    """How many things wait for whoever looks; counted once, when a page with the navigation is drawn."""
    return _header_counts()[0]


def orders_waiting() -> int:
    """How many deliverables wait for files of an agency; counted once, when its navigation is drawn."""
    if "orders_waiting" not in g:
        with database().reading() as session:
            g.orders_waiting = open_orders(session, actor())
    return cast("int", g.orders_waiting)


def unread_notices() -> int:
    """How many notices whoever looks has not read; counted once, when a page with the bell is drawn."""
    return _header_counts()[1]


def _header_counts() -> tuple[int, int]:
    if "header_counts" not in g:
        with database().reading() as session:
            g.header_counts = count_for_header(session, actor())
    return cast("tuple[int, int]", g.header_counts)


def _link(place: tuple[str, str, str, Permission]) -> tuple[str, str, str, bool, Callable[[], int] | None]:
    label, url, icon, permission = place
    counts = {MY_WORK: waiting, ORDERS: orders_waiting if permission is AGENCY_ORDERS else None}
    return label, url, icon, _is_in(url), counts.get(url)


def _is_in(url: str) -> bool:
    """Whether this page belongs to that place: an asset's to the library, an activity's to campaigns."""
    path = request.path
    return path == url or path.startswith((url + "/", *INSIDE.get(url, ())))


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


def number(value: float) -> str:
    """1,234.5 or 1.234,5."""
    return number_in_words(value, language.language())


def size(count: int | None) -> str:
    """Bytes as people read them: 48 MB."""
    return "" if count is None else size_in_words(count, language.language())


def day(value: Any) -> str:
    """27 Nov 2026; the year is left out within six months. Also of a day in text, as attributes keep it."""
    if value is None:
        return ""
    if isinstance(value, str):
        value = date.fromisoformat(value)
    as_date = value.astimezone(language.zone()).date() if isinstance(value, datetime) else value
    return day_in_words(as_date, _today(), language.language())


def month(value: date) -> str:
    """Nov, and the year with January."""
    short = month_in_words(value, language.language(), short=True)
    return f"{short} {value.year}" if value.month == 1 else short


def moment(value: datetime | None) -> str:
    """Today 17:00 within the day, else day and time, by the reader's clock; UTC is named if it is unknown."""
    if value is None:
        return ""
    there = value.astimezone(language.zone())
    time = time_in_words(there, named=not language.zone_is_known())
    if there.date() == _today():
        return str(language.in_words(say("Today {time}", time=time)))
    return f"{day(value)}, {time}"


def _today() -> date:
    return clock.now().astimezone(language.zone()).date()
