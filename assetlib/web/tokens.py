"""Keys for programs: one's own on the account page, everybody's for administrators."""

from datetime import date

from flask import Blueprint, flash, redirect, render_template, request
from werkzeug.wrappers import Response

from assetlib.access.permission import SIGNED_IN
from assetlib.accounts.actions.tokens import make_token, revoke_token
from assetlib.accounts.errors import WrongToken
from assetlib.accounts.permissions import MANAGE_PEOPLE
from assetlib.accounts.queries import get_person
from assetlib.accounts.tokens import all_tokens, get_token
from assetlib.current import actor, database
from assetlib.errors import Refusal
from assetlib.http_status import status_of
from assetlib.policy import open_to
from assetlib.web.forms import row_number
from assetlib.web.shown_once import lay_by, take_up
from assetlib.web.ways_in import SCOPE_LABELS, ways_in
from assetlib.words import say

pages = Blueprint("tokens", __name__)

MADE = "made for a program"


@pages.get("/account/tokens")
@open_to(SIGNED_IN)
def index() -> str:
    return _page(made=take_up(MADE))


@pages.post("/account/tokens")
@open_to(SIGNED_IN, fresh=True)
def make() -> Response | tuple[str, int]:
    """The page after it shows the key, this once."""
    try:
        with database().transaction() as session:
            person = get_person(session, actor().person_id or 0)
            row, token = make_token(
                session,
                actor(),
                person,
                name=request.form.get("name", "").strip(),
                scopes=request.form.getlist("scopes"),
                until=_day(request.form.get("until", "")),
            )
    except WrongToken as refusal:
        return _page(problem=refusal), status_of(refusal)
    lay_by(MADE, {"name": row.name, "token": token})
    return redirect("/account/tokens", code=303)


@pages.post("/account/tokens/<int:token_id>/revoke")
@open_to(SIGNED_IN)
def revoke(token_id: int) -> Response:
    _revoke(token_id)
    return redirect("/account/tokens", code=303)


@pages.get("/people/tokens")
@open_to(MANAGE_PEOPLE)
def everybody() -> str:
    """Everybody's tokens, or those of one person."""
    number = request.args.get("person", type=row_number)
    with database().reading() as session:
        person = get_person(session, number) if number else None
        tokens = all_tokens(session, of=number)
    return render_template("people/tokens.html", tokens=tokens, person=person, scope_labels=SCOPE_LABELS)


@pages.post("/people/tokens/<int:token_id>/revoke")
@open_to(MANAGE_PEOPLE, fresh=True)
def revoke_of_somebody(token_id: int) -> Response:
    _revoke(token_id)
    return redirect("/people/tokens", code=303)


def _revoke(token_id: int) -> None:
    with database().transaction() as session:
        row = get_token(session, token_id)
        revoke_token(session, actor(), row)
    flash(say("{name} opens nothing any more.", name=row.name), "ok")


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def _page(*, problem: Refusal | None = None, made: dict[str, str] | None = None) -> str:
    with database().reading() as session:
        context = ways_in(session, get_person(session, actor().person_id or 0))
    return render_template(
        "account/tokens.html",
        **context,
        made=made,
        faults=problem.details["fields"] if problem is not None else {},
        problem=problem.sentence if problem is not None else None,
        typed=request.form if problem is not None else {},
        chosen=request.form.getlist("scopes") if problem is not None else ["read"],
    )
