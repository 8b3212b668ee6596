"""What people are told: the bell and its panel, the page of all, and what they want by mail.

Reading a page changes nothing. A notice is a plain link to the thing; that it was read is said by a call
of the page's script when the link is followed (`frontend/js/bell.js`), or by the button beside it.
"""

from typing import Any

from flask import Blueprint, flash, redirect, render_template, request
from werkzeug.wrappers import Response

from assetlib import language
from assetlib.catalog.queries.readers import still_open
from assetlib.current import actor, database
from assetlib.http_status import status_of
from assetlib.notify.actions import choose_notices, mark_all_read, mark_read
from assetlib.notify.choices import modes_of, times_of
from assetlib.notify.errors import WrongChoice
from assetlib.notify.kinds import MODES, kinds_for
from assetlib.notify.permissions import CHANGE_NOTICES, SEE_NOTICES
from assetlib.notify.queries import count_unread, get_notice, newest_of, notices_of
from assetlib.notify.times import Times
from assetlib.paging import clamp
from assetlib.policy import open_to
from assetlib.words import say

pages = Blueprint("notices", __name__)

MOST_IN_THE_PANEL = 8
WEEKDAYS = (
    say("Monday"), say("Tuesday"), say("Wednesday"), say("Thursday"), say("Friday"), say("Saturday"),
    say("Sunday"),
)  # fmt: skip


@pages.get("/notices")
@open_to(SEE_NOTICES)
def index() -> str:
    number, size = clamp(request.args.get("page", type=int), 40)
    with database().reading() as session:
        page = notices_of(session, actor(), still_open, number=number, size=size)
        unread = count_unread(session, actor())
    return render_template("notices/index.html", page=page, unread=unread)


@pages.get("/notices/newest")
@open_to(SEE_NOTICES)
def newest() -> str:
    """What the panel of the bell shows."""
    with database().reading() as session:
        rows = newest_of(session, actor(), still_open, most=MOST_IN_THE_PANEL)
    return render_template("notices/_newest.html", rows=rows)


@pages.post("/notices/<int:notice_id>/read")
@open_to(CHANGE_NOTICES)
def read(notice_id: int) -> Response:
    with database().transaction() as session:
        mark_read(session, actor(), get_notice(session, actor(), notice_id))
    return redirect("/notices", code=303)


@pages.post("/notices/read")
@open_to(CHANGE_NOTICES)
def read_all() -> Response:
    with database().transaction() as session:
        mark_all_read(session, actor())
    flash(say("All notices are marked as read."), "ok")
    return redirect("/notices", code=303)


@pages.get("/account/notices")
@open_to(SEE_NOTICES)
def choices() -> str:
    with database().reading() as session:
        modes, times = modes_of(session, actor().person_id or 0), times_of(session, actor().person_id or 0)
    return _choices_page(dict(modes), times)


@pages.post("/account/notices")
@open_to(CHANGE_NOTICES)
def choose() -> Response | tuple[str, int]:
    modes: dict[str, str] = {
        each.key: request.form[each.key] for each in kinds_for(actor()) if each.key in request.form
    }
    times = Times(
        quiet_from=_minute("quiet_from"),
        quiet_to=_minute("quiet_to"),
        digest_hour=request.form.get("digest_hour", -1, type=int),
        digest_weekday=request.form.get("digest_weekday", -1, type=int),
    )
    try:
        with database().transaction() as session:
            choose_notices(session, actor(), modes, times)
    except WrongChoice as refusal:
        return _choices_page(modes, times, refusal), status_of(refusal)
    flash(say("Kept. What waits is mailed as you said now."), "ok")
    return redirect("/account/notices", code=303)


def _choices_page(modes: dict[str, str], times: Times, refusal: WrongChoice | None = None) -> str:
    faults: dict[str, Any] = refusal.details["fields"] if refusal is not None else {}
    return render_template(
        "account/notices.html",
        kinds=kinds_for(actor()),
        modes=modes,
        mode_labels=list(MODES.items()),
        weekdays=[(str(number), label) for number, label in enumerate(WEEKDAYS)],
        hours=[(str(hour), f"{hour:02}:00") for hour in range(24)],
        times={
            "quiet_from": _as_time(times.quiet_from),
            "quiet_to": _as_time(times.quiet_to),
            "digest_hour": str(times.digest_hour),
            "digest_weekday": str(times.digest_weekday),
        },
        faults=faults,
        problem=refusal.sentence if refusal is not None else None,
        zone_is_chosen=language.zone_is_known(),
    )


def _minute(name: str) -> int | None:
    """The minute of the day that a form names; None when it is left empty, -1 when it is no time."""
    text = request.form.get(name, "").strip()
    if not text:
        return None
    hour, _, minute = text.partition(":")
    if not (hour.isascii() and hour.isdecimal() and minute[:2].isascii() and minute[:2].isdecimal()):
        return -1
    known = len(hour) <= 2 and int(hour) < 24 and int(minute[:2]) < 60
    return int(hour) * 60 + int(minute[:2]) if known else -1


def _as_time(minute: int | None) -> str:
    return "" if minute is None or minute < 0 else f"{minute // 60:02}:{minute % 60:02}"
