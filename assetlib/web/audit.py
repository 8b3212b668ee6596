"""The page of what happened in the house, for administrators."""

from itertools import groupby
from typing import Any
from urllib.parse import urlencode

from flask import Blueprint, Response, flash, redirect, render_template, request
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response as BaseResponse

from assetlib import clock
from assetlib.accounts.models import ApiToken
from assetlib.accounts.queries import organisations
from assetlib.audit.actions import export_log, look_at_log
from assetlib.audit.permissions import SEE_AUDIT
from assetlib.audit.queries import Verification, end_of_chain, known_actions, last_verification, stretch_of
from assetlib.current import actor, database
from assetlib.dashboards.audit_log import FORMS, exported, lines_of
from assetlib.dashboards.audit_sentences import ROOMS, action_in_words, room_of
from assetlib.errors import Invalid
from assetlib.jobs.actions import VERIFY_AUDIT, ask_for_verification
from assetlib.jobs.queries import is_under_way
from assetlib.policy import open_to
from assetlib.storage.names import content_disposition
from assetlib.web.audit_form import Asked
from assetlib.web.context import face
from assetlib.web.forms import row_number
from assetlib.words import recalled, say

pages = Blueprint("audit", __name__, url_prefix="/audit")

TYPES = {"csv": "text/csv; charset=utf-8", "jsonl": "application/jsonl"}
ON_A_PAGE = 50


@pages.get("")
@open_to(SEE_AUDIT)
def index() -> str:
    """One stretch of the log. That somebody looked is in the log too."""
    before = request.args.get("before", type=row_number)
    after = request.args.get("after", type=row_number)
    with database().transaction() as session:
        asked = Asked(session)
        stretch = stretch_of(session, asked.wanted, before=before, after=after, size=ON_A_PAGE)
        lines = lines_of(session, stretch.entries)
        verification = last_verification(session)
        entries, _ = end_of_chain(session)
        context = {
            "rooms": _rooms(session),
            "organisations": [(str(each.id), each.name) for each in organisations(session)],
            "tokens": _tokens(session),
            "is_verifying": is_under_way(session, VERIFY_AUDIT),
        }
        look_at_log(session, actor(), asked.wanted)
    return render_template(
        "audit/index.html",
        lines=[_line(each) for each in lines],
        asked=asked,
        tabs=[
            (say("Everything"), _address(asked, refused=""), not asked.values["refused"]),
            (say("Refusals"), _address(asked, refused=1), bool(asked.values["refused"])),
        ],
        older=_address(asked, before=stretch.older_from) if stretch.older_from else None,
        newer=_address(asked, after=stretch.newer_from) if stretch.newer_from else None,
        exports=[(form, "/audit/export?" + urlencode(asked.as_query(form=form))) for form in FORMS],
        verification=verification_view(verification),
        entries=entries,
        **context,
    )


@pages.get("/export")
@open_to(SEE_AUDIT)
def export() -> Response:
    """All that the filters leave, as a file; it is written down before the first byte goes."""
    form = request.args.get("form", "csv")
    if form not in FORMS:
        raise Invalid(say("The log is given as CSV or as JSON Lines. Choose one of them."))
    with database().transaction() as session:
        asked = Asked(session)
        export_log(session, actor(), asked.wanted, form)
    stream = exported(database(), asked.wanted, "jsonl" if form == "jsonl" else "csv")
    response = Response(stream, content_type=TYPES[form])
    response.headers["Content-Disposition"] = content_disposition(f"audit-{clock.today()}.{form}")
    response.headers["Cache-Control"] = "private, no-store"
    return response


@pages.post("/verify")
@open_to(SEE_AUDIT)
def verify() -> BaseResponse:
    with database().transaction() as session:
        ask_for_verification(session, actor())
    flash(say("The log is being verified. Look again in a moment."), "info")
    return redirect("/audit")


def verification_view(found: Verification | None) -> dict[str, Any] | None:
    if found is None:
        return None
    return {
        "at": found.at,
        "entries": found.entries,
        "fault": recalled(found.fault),
        "first_bad": found.first_bad,
        "seconds": found.seconds,
        "since": found.since,
    }


def _line(line: Any) -> dict[str, Any]:
    return {
        "line": line,
        "person": face(line.person_id or 0, line.who),
        "is_person": line.person_id is not None,
    }


def _address(asked: Asked, **more: Any) -> str:
    query = {name: each for name, each in asked.as_query(**more).items() if each}
    return "/audit" + (f"?{urlencode(query)}" if query else "")


def _rooms(session: Session) -> list[tuple[str, str, list[tuple[str, str]]]]:
    """Room, what all of it is called as a choice, and each action that was ever recorded there."""
    return [
        (ROOMS.get(room, room), f"{room}.", [(each, action_in_words(each)) for each in actions])
        for room, actions in groupby(known_actions(session), room_of)
    ]


def _tokens(session: Session) -> list[tuple[str, str]]:
    rows = session.execute(select(ApiToken.id, ApiToken.name).order_by(ApiToken.name, ApiToken.id).limit(500))
    return [(str(row.id), row.name) for row in rows]
