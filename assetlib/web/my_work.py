"""The page of what waits for whoever looks: the home of everybody."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from flask import Blueprint, g, redirect, render_template, request
from flask_login import current_user
from werkzeug.wrappers import Response

from assetlib import language
from assetlib.access.actor import (
    ADMINISTRATOR,
    AGENCY_CONTRIBUTOR,
    FIELD_MARKETER,
    FINANCE,
    LIBRARIAN,
    PARTNER,
    PLANNER,
    REVIEWER,
    Actor,
)
from assetlib.access.permission import SIGNED_IN
from assetlib.calendar import time_in_words
from assetlib.catalog.permissions.assets import UPLOAD, VIEW_LIBRARY
from assetlib.current import actor, database
from assetlib.dashboards.lately import Lately, last_visit, new_in_collections, published_lately
from assetlib.dashboards.my_work import Group, Waiting, late_first, what_waits
from assetlib.dashboards.work import DONE, FOR_ME, I_WAIT_FOR, VERBS, VIEWS, Item, view_of
from assetlib.paging import Page, clamp
from assetlib.policy import open_to
from assetlib.web.context import day, moment
from assetlib.web.pages import pager_view
from assetlib.web.tiles import tile_view
from assetlib.words import listed, say, say_n, together

pages = Blueprint("my_work", __name__)

ON_ITS_OWN = 50
"""Things on a page that shows one verb only."""

_LIKE_ANYBODY = say(
    "Rights that end on what you downloaded stand here then. What you asked for stands under “I am waiting "
    "for”."
)
_COMES: tuple[tuple[str, str], ...] = (
    (
        LIBRARIAN,
        say(
            "Versions to decide on, requests to answer, approved assets to publish and rights that end soon "
            "stand here then."
        ),
    ),
    (
        AGENCY_CONTRIBUTOR,
        say("Files that are asked of you, and what comes back, stand here then."),
    ),
    (ADMINISTRATOR, say("Work that failed and people who did not take up their invitation stand here then.")),
    (FIELD_MARKETER, _LIKE_ANYBODY),
    (PARTNER, _LIKE_ANYBODY),
    (
        PLANNER,
        say("Briefs to approve and deliveries to decide stand here then."),
    ),
    (
        FINANCE,
        say(
            "Budgets and orders are not in assetlib yet. Rights that end on what you downloaded stand here "
            "then."
        ),
    ),
    (REVIEWER, _LIKE_ANYBODY),
)
"""What each role will find here; the first that somebody holds is said."""
_COMES_IN = {
    I_WAIT_FOR: say("What you ask for, or send for approval, stands here until somebody answers."),
    DONE: say("What was answered and decided stands here for 14 days."),
}
"""The same of the other views."""


@pages.get("/")
@open_to(SIGNED_IN)
def home() -> Response:
    return redirect("/my-work")


@pages.get("/my-work")
@open_to(SIGNED_IN)
def index() -> str:
    verb = request.args.get("verb")
    verb = verb if verb in VERBS else None
    view = request.args.get("view", FOR_ME)
    view = view_of(verb) if verb else view if view in VIEWS else FOR_ME
    number, size = clamp(request.args.get("page", type=int), ON_ITS_OWN) if verb else (1, 20)
    with database().reading() as session:
        waiting = what_waits(
            session, actor(), verb=verb, view=view, number=number, size=size, zone=language.zone()
        )
        asides = _asides(session) if verb is None and view == FOR_ME else []
    g.header_counts = waiting.for_header  # the navigation need not count again
    late, groups = ([], waiting.groups) if verb else late_first(waiting)
    return render_template(
        "my_work/index.html",
        heading=_heading(waiting, verb),
        lead=_lead(waiting),
        views=[(label, f"/my-work?view={key}", key == view) for key, (label, _) in VIEWS.items()],
        groups=[*_late(waiting, late), *(_group(waiting, each, alone=verb is not None) for each in groups)],
        alone=verb is not None,
        back=f"/my-work?view={view}",
        pager=pager_view(Page(waiting.groups[0].items, number, size, waiting.shown))
        if verb and waiting.groups
        else None,
        asides=asides,
        comes=_COMES_IN.get(view) or _comes(actor()),
        ways_on=_ways_on(actor()),
    )


def _heading(waiting: Waiting, verb: str | None) -> str:
    if verb is not None:
        return VERBS[verb]
    if waiting.view == I_WAIT_FOR:
        if not waiting.shown:
            return say("You wait for nobody")
        return say_n("You wait for {count} answer", "You wait for {count} answers", waiting.shown)
    if waiting.view == DONE:
        return say("Done lately") if waiting.shown else say("Nothing was done lately")
    if not waiting.total:
        return say("Nothing waits for you")
    return say_n("{count} thing waits for you", "{count} things wait for you", waiting.total)


def _lead(waiting: Waiting) -> str:
    name = say("{name}.", name=actor().name)
    if not waiting.pressing:
        return name
    return together(
        name, say_n("{count} is due today or late.", "{count} are due today or late.", waiting.pressing)
    )


def _late(waiting: Waiting, items: Sequence[Item]) -> list[dict[str, Any]]:
    """What is due today or late stands before all else, whatever its verb."""
    if not items:
        return []
    return [
        {
            "verb": "due",
            "label": say("Due today or late"),
            "count": say_n("{count} thing", "{count} things", len(items)),
            "items": [_item(waiting, item) for item in items],
            "more": None,
        }
    ]


def _group(waiting: Waiting, group: Group, *, alone: bool) -> dict[str, Any]:
    shown = {each.verb: len(each.items) for each in waiting.groups}[group.verb]
    left_out = group.total - shown
    here = group.total - (shown - len(group.items))
    return {
        "verb": group.verb,
        "label": group.label,
        "count": say_n("{count} thing", "{count} things", here),
        "items": [_item(waiting, item) for item in group.items],
        "more": None
        if alone or not left_out
        else {"label": say("Show all {count}", count=group.total), "url": f"/my-work?verb={group.verb}"},
    }


def _item(waiting: Waiting, item: Item) -> dict[str, Any]:
    tile = tile_view(actor(), item.tile) if item.tile is not None else None
    presses, told = waiting.presses(item), item.due or item.at
    return {
        "title": item.title,
        "sentence": item.sentence,
        "words": item.words,
        "url": item.url,
        "button": item.button,
        "leave_url": item.leave_url,
        "primary": presses,
        "thumb": {"url": tile.thumb_url, "alt": tile.alt} if tile and tile.thumb_url else None,
        "icon": tile.drawing if tile else item.icon,
        "when": when_in_words(item, waiting.today, done=waiting.view == DONE),
        "presses": presses,
        "iso": told.isoformat() if told is not None else None,
    }


def when_in_words(item: Item, today: date, *, done: bool = False) -> str:
    """Due today, 17:00. 2 days late. Due 26 Nov. Ends 26 Nov. Since 26 Nov: what a day is, is said."""
    due = item.due
    if due is None:
        return moment(item.at) if done else _since(item.at, today)
    last = due.astimezone(language.zone()).date() if isinstance(due, datetime) else due
    late = (today - last).days
    if item.is_told:
        if late > 0:
            return say("Ended {day}", day=day(last))
        return say("Ends today") if late == 0 else say("Ends {day}", day=day(last))
    if late > 0:
        return say_n("{count} day late", "{count} days late", late)
    if late == 0:
        return say("Due today, {time}", time=_time(due)) if isinstance(due, datetime) else say("Due today")
    return say("Due {day}", day=day(last))


def _since(at: datetime | None, today: date) -> str:
    if at is None:
        return ""
    there = at.astimezone(language.zone()).date()
    return say("Since {time}", time=_time(at)) if there == today else say("Since {day}", day=day(at))


def _time(at: datetime) -> str:
    return time_in_words(at.astimezone(language.zone()), named=not language.zone_is_known())


def _asides(session: Any) -> list[dict[str, Any]]:
    """What is new to them, where there is anything."""
    who = actor()
    if not who.has_any_role:
        return []
    if who.has_role(AGENCY_CONTRIBUTOR):
        found = published_lately(session, who)
        if not found.total:
            return []
        since = day(found.since)
        sentence = say_n(
            "{count} of yours since {day}.", "{count} of yours since {day}.", found.total, day=since
        )
        return [_aside(say("Published lately"), found, sentence)]
    found = new_in_collections(session, who, last_visit(session, who, getattr(current_user, "id", None)))
    if not found.total:
        return []
    sentence = say_n(
        "{count} new since {day} in {places}.",
        "{count} new since {day} in {places}.",
        found.total,
        day=day(found.since),
        places=listed(found.places),
    )
    return [_aside(say("New in your collections"), found, sentence)]


def _aside(title: str, found: Lately, sentence: str) -> dict[str, Any]:
    return {
        "title": title,
        "tiles": [tile_view(actor(), tile) for tile in found.tiles],
        "sentence": sentence,
        "url": "/library?sort=newest" if VIEW_LIBRARY.allows(actor()) else None,
    }


def _comes(who: Actor) -> str:
    for role, sentence in _COMES:
        if who.has_role(role):
            return sentence
    return say(
        "You have no role yet. Ask an administrator for one; until then there is nothing for you to do."
    )


def _ways_on(who: Actor) -> list[tuple[str, str]]:
    ways = []
    if VIEW_LIBRARY.allows(who):
        ways.append((say("Open the library"), "/library"))
    if UPLOAD.allows(who):
        ways.append((say("Upload"), "/uploads"))
    return ways or [(say("Your account"), "/account")]
