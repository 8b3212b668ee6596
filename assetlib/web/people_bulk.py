"""Many people are invited by a file: looked at first, row by row, then sent."""

from typing import Any

from flask import Blueprint, flash, redirect, render_template, request
from werkzeug.wrappers import Response

from assetlib import language
from assetlib.accounts import actions
from assetlib.accounts.errors import WrongFile
from assetlib.accounts.permissions import MANAGE_PEOPLE
from assetlib.accounts.queries.bulk import Staged, staged
from assetlib.accounts.rules.bulk import COLUMNS, LARGEST_FILE, MOST_ROWS, as_file, decoded, read_lines
from assetlib.accounts.rules.roles import ROLE_LABELS, Known
from assetlib.catalog.queries.scopes import known_scopes
from assetlib.current import actor, database
from assetlib.errors import Conflict, Invalid, Refusal
from assetlib.http_status import status_of
from assetlib.policy import open_to
from assetlib.web.people import download
from assetlib.web.people_view import role_words, where_choices
from assetlib.words import say, say_n, together

pages = Blueprint("people_bulk", __name__, url_prefix="/people/invite-many")

TEMPLATE = (
    "\ufeffname;email;organisation;roles;groups\r\n"
    "Ada Example;ada@company.example;;field_marketer;\r\n"
    "Ben Example;ben@company.example;;librarian@brand:kids|reviewer;\r\n"
)


@pages.get("")
@open_to(MANAGE_PEOPLE)
def ask() -> str:
    return _page()


@pages.get("/template.csv")
@open_to(MANAGE_PEOPLE)
def template() -> Response:
    """A file to fill in, with two rows that show how."""
    return download(TEMPLATE, "people.csv")


@pages.post("")
@open_to(MANAGE_PEOPLE)
def look() -> str | tuple[str, int]:
    """Read the file and show what would happen; nothing is kept."""
    try:
        text = _text()
        if not text.strip():
            nothing = say("Choose a file or paste rows.")
            raise WrongFile(nothing, fields={"file": nothing})
        return _page(text=text)
    except Invalid as refusal:
        return _page(problem=refusal), status_of(refusal)


@pages.post("/send")
@open_to(MANAGE_PEOPLE, fresh=True)
def send() -> Response | str | tuple[str, int]:
    """Invite all rows that are right, in one transaction. The file is judged anew.

    Rows that were not right stand there still, to be taken along.
    """
    text = request.form.get("text", "")
    try:
        with database().transaction() as session:
            known = known_scopes(session)
            rows = staged(session, read_lines(text), known)
            invited = actions.invite_people(
                session, actor(), rows, message=request.form.get("message", "").strip()
            )
    except (Invalid, Conflict) as refusal:
        return _page(text=text, problem=refusal), status_of(refusal)
    left = [each for each in rows if each.state == "wrong"]
    said = say_n(
        "{count} person is invited. The mail is on its way.",
        "{count} people are invited. The mails are on their way.",
        len(invited),
    )
    if not left:
        flash(said, "ok")
        return redirect("/people?state=invited&sort=added", code=303)
    flash(together(said, say_n("{count} row was left out.", "{count} rows were left out.", len(left))), "ok")
    return _page(text=as_file(each.line for each in left), sent=True)


@pages.post("/rest.csv")
@open_to(MANAGE_PEOPLE)
def rest() -> Response | tuple[str, int]:
    """The rows that are not right, as a file, with the reason in a column of its own."""
    text = request.form.get("text", "")
    try:
        with database().reading() as session:
            rows = staged(session, read_lines(text), known_scopes(session))
    except Invalid as refusal:
        return _page(text=text, problem=refusal), status_of(refusal)
    left = [each for each in rows if each.state == "wrong"]
    reasons = [[str(language.in_words(fault)) for fault in each.faults.values()] for each in left]
    return download("\ufeff" + as_file((each.line for each in left), reasons), "people-left-out.csv")


def _text() -> str:
    file = request.files.get("file")
    if file is not None and file.filename:
        return decoded(file.stream.read(LARGEST_FILE + 1))
    return decoded(request.form.get("text", "").encode("utf-8", "replace"))


def _page(*, text: str = "", problem: Refusal | None = None, sent: bool = False) -> str:
    rows: list[dict[str, Any]] = []
    with database().reading() as session:
        known = known_scopes(session)
        if text:
            try:
                rows = [_row(each, known) for each in staged(session, read_lines(text), known)]
            except Invalid as refusal:
                problem = problem or refusal
    counts = {
        state: sum(1 for each in rows if each["state"] == state) for state in ("ready", "here", "wrong")
    }
    return render_template(
        "people/invite_many.html",
        rows=sorted(rows, key=lambda each: each["state"] != "wrong"),
        counts=counts,
        text=text,
        sent=sent,
        typed=request.form.get("text", "") if problem is not None else "",
        message=request.form.get("message", ""),
        problem=problem,
        most=MOST_ROWS,
        columns=COLUMNS,
        role_keys=list(ROLE_LABELS.items()),
        where_choices=where_choices(known),
    )


VIEWS = {
    "ready": {"icon": "circle-check", "label": say("Ready"), "tone": "ok"},
    "here": {"icon": "user", "label": say("Here already"), "tone": "ink"},
    "wrong": {"icon": "circle-alert", "label": say("Not yet"), "tone": "bad"},
}


def _row(each: Staged, known: Known) -> dict[str, Any]:
    return {
        "number": each.number,
        "state": each.state,
        "view": VIEWS[each.state],
        "faults": dict(each.faults),
        "cells": {
            "name": each.name,
            "email": each.email,
            "organisation": each.organisation or (each.of.name if each.of is not None else ""),
            "roles": [role_words(role, known) for role in sorted(each.roles)],
            "groups": ", ".join(group.name for group in each.groups),
        },
    }
