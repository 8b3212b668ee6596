"""Asking for what is not open, and answering."""

import re
from datetime import date, timedelta
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request
from werkzeug.wrappers import Response

from assetlib import clock, language
from assetlib.accounts.throttling import ACCESS_REQUESTS, count_try
from assetlib.calendar import Day
from assetlib.catalog.actions import requests as actions
from assetlib.catalog.errors import WrongValue
from assetlib.catalog.permissions.requests import ANSWER_REQUESTS, ASK_FOR_ACCESS, END_ACCESS, SEE_REQUESTS
from assetlib.catalog.queries.assets import get_asset
from assetlib.catalog.queries.requests import (
    Asked,
    get_request,
    hindrance,
    requests_of,
    requests_to_answer,
)
from assetlib.catalog.queries.tiles import tiles_of
from assetlib.catalog.rules.requests import MOST_DAYS, NOTHING_OPENED, usual_end
from assetlib.current import actor, database
from assetlib.errors import Refusal
from assetlib.paging import clamp
from assetlib.policy import open_to
from assetlib.web.changing import carried_out
from assetlib.web.forms import row_number
from assetlib.web.pages import pager_view
from assetlib.web.tiles import TileView, tile_view
from assetlib.words import recalled, say, together

pages = Blueprint("requests", __name__)

STATES = {
    "open": {"icon": "clock", "label": say("Waits for an answer"), "tone": "warn"},
    "granted": {"icon": "circle-check", "label": say("Granted"), "tone": "ok"},
    "ended": {"icon": "ban", "label": say("Ended"), "tone": "ink"},
    "refused": {"icon": "circle-x", "label": say("Not granted"), "tone": "bad"},
    "taken_back": {"icon": "undo-2", "label": say("Taken back"), "tone": "ink"},
}
_NUMBER = re.compile(r"(?:AST-)?0*([0-9]{1,18})", re.IGNORECASE)


@pages.get("/requests")
@open_to(SEE_REQUESTS)
def index() -> str:
    """What one asked for, and what waits for one's answer."""
    number, size = clamp(request.args.get("page", type=int), request.args.get("size", type=int))
    with database().reading() as session:
        mine = requests_of(session, actor(), number=number, size=size)
        waiting = requests_to_answer(session, actor(), number=1, size=100)
    return render_template(
        "requests/index.html",
        mine=[_view(each) for each in mine.rows],
        waiting=[_view(each) for each in waiting.rows],
        pager=pager_view(mine),
        answers=ANSWER_REQUESTS.allows(actor()),
    )


@pages.get("/requests/new")
@open_to(ASK_FOR_ACCESS)
def new() -> str:
    """The form, for a number, whatever it leads to, or for a search."""
    return _form(request.args.get("asset", type=row_number), request.args.get("q", ""))


@pages.post("/requests")
@open_to(ASK_FOR_ACCESS)
def ask() -> Response | tuple[str, int]:
    form = request.form
    number, query = form.get("asset", type=row_number), form.get("q", "")
    with database().transaction() as session:
        count_try(session, (ACCESS_REQUESTS, str(actor().person_id)))
    return carried_out(
        lambda session: actions.ask_for_access(
            session,
            actor(),
            asset_number=number,
            query=query,
            purpose=form.get("purpose", ""),
            until=_day("until"),
        ),
        said=say("Sent. You are told when it is answered."),
        to="/requests",
        refused=lambda refusal: _form(number, query, problem=refusal),
    )


@pages.get("/requests/<int:request_id>")
@open_to(SEE_REQUESTS)
def show(request_id: int) -> str:
    """To the person who asked, how it stands; to those who answer, the request with its answer's form."""
    return _page(request_id)


@pages.post("/requests/<int:request_id>/take-back")
@open_to(SEE_REQUESTS)
def take_back(request_id: int) -> Response | tuple[str, int]:
    return carried_out(
        lambda session: actions.take_back_request(
            session, actor(), get_request(session, actor(), request_id).request
        ),
        said=say("Taken back."),
        to="/requests",
        refused=lambda refusal: _page(request_id, problem=refusal),
    )


@pages.post("/requests/<int:request_id>/grant")
@open_to(ANSWER_REQUESTS)
def grant(request_id: int) -> Response | tuple[str, int]:
    return carried_out(
        lambda session: actions.grant_request(
            session,
            actor(),
            get_request(session, actor(), request_id).request,
            asset_ids=_chosen(request.form.get("assets", "")),
            until=_day("until"),
            answer=request.form.get("answer", ""),
        ),
        said=say("Opened. They are told."),
        to="/requests",
        refused=lambda refusal: _page(request_id, problem=refusal),
    )


@pages.post("/requests/<int:request_id>/refuse")
@open_to(ANSWER_REQUESTS)
def refuse(request_id: int) -> Response | tuple[str, int]:
    return carried_out(
        lambda session: actions.refuse_request(
            session,
            actor(),
            get_request(session, actor(), request_id).request,
            reason=request.form.get("answer", ""),
        ),
        said=say("Refused. They are told why."),
        to="/requests",
        refused=lambda refusal: _page(request_id, problem=refusal),
    )


@pages.post("/assets/<int:asset_id>/access/<int:person_id>/end")
@open_to(END_ACCESS)
def end(asset_id: int, person_id: int) -> Response:
    """Close it to a person again."""
    with database().transaction() as session:
        asset = get_asset(session, actor(), asset_id)
        actions.end_access(session, actor(), asset, person_id, reason=request.form.get("reason", ""))
    flash(say("Closed to them, from this moment on. They are told."), "ok")
    return redirect(f"/assets/{asset_id}", code=303)


def _chosen(text: str) -> list[int]:
    """The numbers of assets in a text such as `AST-00042, 43`; `WrongValue` names what is none."""
    words = [word for word in re.split(r"[\s,;]+", text.strip()) if word]
    matches = {word: _NUMBER.fullmatch(word) for word in words}
    faults = [
        say("“{word}” is no number of an asset. Write one such as AST-00042.", word=word)
        for word, match in matches.items()
        if match is None
    ]
    if faults:
        raise WrongValue(NOTHING_OPENED, fields={"assets": together(*faults)})
    return [int(match[1]) for match in matches.values() if match is not None]


def _day(name: str) -> date | None:
    try:
        return date.fromisoformat(request.form.get(name, ""))
    except ValueError:
        return None


def _form(number: int | None, query: str, *, problem: Refusal | None = None) -> str:
    typed = request.form if problem is not None else {}
    tile = _tile(number)
    return render_template(
        "requests/new.html",
        number=number,
        tile=tile,
        name=say("“{title}” ({ref})", title=tile.title, ref=tile.ref) if tile is not None else "",
        ref=f"AST-{number:05d}" if number is not None else "",
        query=query[:500],
        until=typed.get("until", usual_end(clock.today()).isoformat()),
        purpose=typed.get("purpose", ""),
        **_limits(),
        problem=problem,
    )


def _tile(number: int | None) -> TileView | None:
    """What is asked for, if whoever asks sees it."""
    if number is None:
        return None
    with database().reading() as session:
        found = tiles_of(session, actor(), [number])
    return tile_view(actor(), found[0]) if found else None


def _page(request_id: int, *, problem: Refusal | None = None) -> str:
    who, typed = actor(), request.form
    with database().reading() as session:
        asked = get_request(session, who, request_id)
        tiles = tiles_of(session, who, [asked.asset.id]) if asked.asset is not None else []
        answerable = asked.answerable and asked.request.state == "open"
        hinders = hindrance(asked.asset) if answerable and asked.asset is not None else ""
    wanted = asked.request.until or usual_end(clock.today())
    return render_template(
        "requests/page.html",
        asked=_view(asked),
        tile=tile_view(who, tiles[0]) if tiles else None,
        answerable=answerable,
        hinders=hinders,
        may_take_back=asked.mine and asked.request.state == "open",
        library="/library",
        until=typed.get("until", max(wanted, clock.today()).isoformat()),
        answer=typed.get("answer", ""),
        assets=typed.get("assets", ""),
        **_limits(),
        problem=problem,
    )


def _state(asked: Asked) -> dict[str, str]:
    """How it stands, in a word and a day."""
    today, last, ended = clock.today(), asked.opened_until, asked.request.answered_at
    state = STATES[asked.standing]
    if asked.standing == "granted" and last is not None:
        return {**state, "label": say("Granted until {day}", day=Day(last, today))}
    if asked.standing == "ended" and (last is not None or ended is not None):
        on = last or ended.astimezone(language.zone()).date()  # type: ignore[union-attr]  # one of them is there
        return {**state, "label": say("Ended on {day}", day=Day(on, today))}
    return state


def _limits() -> dict[str, str]:
    today = clock.today()
    return {"first_day": today.isoformat(), "last_day": (today + timedelta(days=MOST_DAYS)).isoformat()}


def _view(asked: Asked) -> dict[str, Any]:
    row = asked.request
    ref = f"AST-{row.asset_number:05d}" if row.asset_number is not None else ""
    if asked.asset is not None:
        name = f"{asked.asset.title} ({ref})"
    else:
        name = ref or (say("Something for “{query}”", query=row.query) if row.query else say("Something"))
    return {
        "id": row.id,
        "url": f"/requests/{row.id}",
        "name": name,
        "query": row.query,
        "is_search": row.asset_number is None,
        "asset_url": f"/assets/{asked.asset.id}" if asked.asset is not None else "",
        "person": asked.person,
        "purpose": row.purpose,
        "until": asked.opened_until or row.until,
        "asked_at": row.created_at,
        "answered_at": row.answered_at,
        "answered_by": asked.answered_by,
        "answer": recalled(row.answer),
        "state": _state(asked),
        "is_granted": asked.standing == "granted",
        "is_open": row.state == "open",
        "mine": asked.mine,
    }
