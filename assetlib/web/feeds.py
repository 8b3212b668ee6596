"""Calendar feeds: made and revoked by the person whose they are, read by whatever knows the address."""

from typing import Any
from zoneinfo import ZoneInfo

from flask import Blueprint, Response, flash, redirect, render_template, request
from werkzeug.wrappers import Response as BaseResponse

from assetlib import language
from assetlib.access.permission import OPEN_TO_ALL
from assetlib.accounts.throttling import FEED_ADDRESS, count_try
from assetlib.audit.recording import network_of
from assetlib.calendar import is_zone
from assetlib.calendars import Entry, as_icalendar
from assetlib.catalog.queries.actors import acting
from assetlib.current import actor, database, house
from assetlib.errors import Refusal
from assetlib.http_status import status_of
from assetlib.planning.actions.feeds import make_feed, needs_note, note_reading, revoke_feed
from assetlib.planning.errors import NoSuchFeed, WrongPlanning
from assetlib.planning.permissions.feeds import KEEP_FEEDS, READ_FEED
from assetlib.planning.queries.feeds import NO_FEED, dates_of, feeds_of, find_by_secret, get_feed
from assetlib.policy import open_to
from assetlib.web.shown_once import lay_by, take_up
from assetlib.words import ENGLISH, say

pages = Blueprint("feeds", __name__)

MADE = "made for a calendar"


@pages.get("/account/feeds")
@open_to(KEEP_FEEDS)
def index() -> str:
    return _page(made=take_up(MADE))


@pages.post("/account/feeds")
@open_to(KEEP_FEEDS, fresh=True)
def make() -> BaseResponse | tuple[str, int]:
    """The page after it shows the address, this once."""
    try:
        with database().transaction() as session:
            row, secret = make_feed(session, actor(), name=request.form.get("name", "").strip())
    except WrongPlanning as refusal:
        return _page(problem=refusal), status_of(refusal)
    lay_by(MADE, {"name": row.name, "address": f"{_origin()}/feeds/{secret}.ics"})
    return redirect("/account/feeds", code=303)


@pages.post("/account/feeds/<int:feed_id>/revoke")
@open_to(KEEP_FEEDS)
def revoke(feed_id: int) -> BaseResponse:
    with database().transaction() as session:
        row = get_feed(session, actor(), feed_id)
        revoke_feed(session, actor(), row)
    flash(say("The address of {name} leads nowhere any more.", name=row.name), "ok")
    return redirect("/account/feeds", code=303)


@pages.get("/feeds/<token>.ics")
@open_to(OPEN_TO_ALL)
def read(token: str) -> Response:
    """What its person may know at this moment, whoever asks. That nothing changed is told after that too."""
    try:
        with database().reading() as session:
            feed, person = find_by_secret(session, token)
            reader = acting(session, person)
            if not READ_FEED.allows(reader, feed):
                raise NoSuchFeed(NO_FEED)
            zone = ZoneInfo(person.time_zone if person.time_zone and is_zone(person.time_zone) else "UTC")
            dates = dates_of(session, reader, zone)
    except NoSuchFeed:
        # Only what leads nowhere is counted: calendars that may be read are read as often as they like.
        with database().transaction() as session:
            count_try(session, (FEED_ADDRESS, network_of(request.remote_addr or "")))
        raise
    spoken = person.locale or ENGLISH
    content = as_icalendar(
        feed.name,
        [
            Entry(
                uid=f"{each.uid}@assetlib",
                summary=language.in_language(each.summary, spoken, zone),
                first=each.first,
                last=each.last,
                stamp=each.since,
                revision=each.revision,
                description=each.detail,
                url=f"{_origin()}{each.path}",
                location=each.place,
            )
            for each in dates
        ],
    )
    if needs_note(feed):
        with database().transaction() as session:
            note_reading(session, reader, feed)
    return _sent(content)


def _sent(content: bytes) -> Response:
    response = Response(content, content_type="text/calendar; charset=utf-8")
    response.headers["Cache-Control"] = "private, no-cache"
    response.headers["Referrer-Policy"] = "no-referrer"
    response.headers["X-Robots-Tag"] = "noindex, nofollow"
    response.add_etag()
    response.make_conditional(request)
    return response


def _origin() -> str:
    return house().settings.public_origin or request.host_url.rstrip("/")


def _page(*, problem: Refusal | None = None, made: Any = None) -> str:
    with database().reading() as session:
        feeds = feeds_of(session, actor())
    return render_template(
        "account/feeds.html",
        feeds=feeds,
        made=made,
        problem=problem.sentence if problem is not None else None,
        faults=problem.details["fields"] if problem is not None else {},
        typed=request.form if problem is not None else {},
    )
