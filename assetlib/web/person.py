"""One person: who they are, what they may, how they come in, and how they go."""

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

from flask import Blueprint, render_template, request
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from assetlib import clock, money
from assetlib.access.actor import Actor
from assetlib.accounts import actions
from assetlib.accounts.actions.grants import held_roles, spelled
from assetlib.accounts.doors import doors_of
from assetlib.accounts.errors import DutyHeld, PersonChanged
from assetlib.accounts.models import DutyGrant, Person
from assetlib.accounts.permissions import MANAGE_PEOPLE
from assetlib.accounts.queries import get_person
from assetlib.accounts.queries.directory import (
    all_groups,
    groups_of,
    last_invitation,
    those_who_can_take_over,
)
from assetlib.accounts.rules.roles import DUTY_LABELS, DutyAt, role_at
from assetlib.catalog.actions.handing_over import END, HAND_ON
from assetlib.catalog.queries.open_matters import made_by
from assetlib.catalog.queries.scopes import known_scopes
from assetlib.current import actor, database
from assetlib.errors import Refusal
from assetlib.goodbyes import let_go, work_of
from assetlib.policy import open_to
from assetlib.web.changing import Changing, carried_out
from assetlib.web.context import face
from assetlib.web.forms import row_number
from assetlib.web.meanwhile import Began
from assetlib.web.people import groups_typed
from assetlib.web.people_meanwhile import (
    BOTH_BOXES,
    YOURS_STANDS,
    both,
    said_then,
    texts_of_both,
    texts_then,
    told,
)
from assetlib.web.people_view import (
    KIND_LABELS,
    STATES,
    duty_in_words,
    duty_typed,
    duty_view,
    role_choices,
    role_without_part,
    roles_ticked,
    roles_typed,
    roles_words,
    scoped_roles,
    where_choices,
)
from assetlib.words import say, say_n

pages = Blueprint("person", __name__, url_prefix="/people/<int:person_id>")


@pages.get("")
@open_to(MANAGE_PEOPLE)
def show(person_id: int) -> str:
    return _page(person_id)


@pages.post("")
@open_to(MANAGE_PEOPLE, fresh=True)
def change(person_id: int) -> Response | tuple[str, int]:
    """Name and address."""
    form = request.form
    return _changed(
        person_id,
        partial(
            actions.change_person,
            name=form.get("name", ""),
            email=form.get("email", ""),
            seen=texts_then("name", "email"),
        ),
        say("Saved."),
        "person",
    )


@pages.post("/roles")
@open_to(MANAGE_PEOPLE, fresh=True)
def set_roles(person_id: int) -> Response | tuple[str, int]:
    return _changed(
        person_id,
        lambda session, actor, person: actions.set_roles(
            session, actor, person, roles_typed(), known=known_scopes(session), seen=said_then("roles")
        ),
        say("These roles hold from now on."),
        "roles",
    )


@pages.post("/groups")
@open_to(MANAGE_PEOPLE, fresh=True)
def set_groups(person_id: int) -> Response | tuple[str, int]:
    return _changed(
        person_id,
        lambda session, actor, person: actions.set_groups(
            session, actor, person, groups_typed(session), seen=groups_then()
        ),
        say("These groups hold from now on."),
        "groups",
    )


@pages.post("/duties")
@open_to(MANAGE_PEOPLE, fresh=True)
def grant_duty(person_id: int) -> Response | tuple[str, int]:
    """Says what was read; what is held already is shown first, and replaced when the same is sent again."""
    given: list[str] = []

    def act(session: Session, actor: Actor, person: Person) -> None:
        known, wanted = known_scopes(session), duty_typed()
        held = _held_duty(person, wanted)
        shown = held is not None and request.form.get("replace") == _limit_of(held)
        duty = actions.grant_duty(session, actor, person, wanted, known=known, replace=shown)
        given.append(duty_in_words(duty, known))

    return _changed(
        person_id, act, lambda: say("This duty holds from now on: {duty}.", duty=given[-1]), "duty"
    )


def _held_duty(person: Person, wanted: DutyAt) -> DutyGrant | None:
    same = (wanted.duty, wanted.kind, wanted.key)
    return next(
        (each for each in person.duties if (each.duty, each.scope_kind, each.scope_key) == same), None
    )


def _limit_of(row: DutyGrant) -> str:
    return f"{row.limit_minor} {row.currency}"


@pages.post("/duties/<int:duty_id>/end")
@open_to(MANAGE_PEOPLE, fresh=True)
def end_duty(person_id: int, duty_id: int) -> Response | tuple[str, int]:
    return _changed(
        person_id,
        partial(actions.end_duty, duty_id=duty_id),
        say("The duty is ended."),
    )


@pages.post("/invite")
@open_to(MANAGE_PEOPLE, fresh=True)
def invite_again(person_id: int) -> Response | tuple[str, int]:
    return _changed(
        person_id,
        actions.invite_again,
        say("A new mail is on its way. The link of the one before opens nothing any more."),
    )


@pages.post("/suspend")
@open_to(MANAGE_PEOPLE, fresh=True)
def suspend(person_id: int) -> Response | tuple[str, int]:
    return _changed(
        person_id,
        actions.suspend_person,
        say("Signed out everywhere, and kept out."),
        "suspend",
    )


@pages.post("/reopen")
@open_to(MANAGE_PEOPLE, fresh=True)
def reopen(person_id: int) -> Response | tuple[str, int]:
    return _changed(
        person_id,
        partial(actions.reopen_person, reason=request.form.get("reason", "")),
        say("Open again."),
        "reopen",
    )


@pages.get("/close")
@open_to(MANAGE_PEOPLE)
def ask_to_close(person_id: int) -> str:
    return _close_page(person_id)


@pages.post("/close")
@open_to(MANAGE_PEOPLE, fresh=True)
def close(person_id: int) -> Response | tuple[str, int]:
    """They leave: what they have open goes to whom was chosen, every door shuts."""
    form = request.form

    def act(session: Session) -> None:
        person = get_person(session, person_id)
        number = form.get("to", 0, type=row_number)
        let_go(
            session,
            actor(),
            person,
            to=get_person(session, number) if number else None,
            shares=HAND_ON if form.get("shares") == HAND_ON else END,
        )

    return carried_out(
        act,
        said=say("The account is closed. What they did stays."),
        to=f"/people/{person_id}",
        refused=lambda refusal: _close_page(person_id, refusal),
    )


@pages.get("/erase")
@open_to(MANAGE_PEOPLE)
def ask_to_erase(person_id: int) -> str:
    return _erase_page(person_id)


@pages.post("/erase")
@open_to(MANAGE_PEOPLE, fresh=True)
def erase(person_id: int) -> Response | tuple[str, int]:
    """Name and address go for good."""
    return carried_out(
        lambda session: actions.erase_person(
            session, actor(), get_person(session, person_id), typed=request.form.get("typed", "")
        ),
        said=say("Name and address are erased for good."),
        to=f"/people/{person_id}",
        refused=lambda refusal: _erase_page(person_id, refusal),
    )


def groups_then() -> list[int] | None:
    """The groups that the sent form showed."""
    then = said_then("groups")
    return None if then is None else [int(each) for each in then if each.isdecimal()]


def _page(person_id: int, problem: Refusal | None = None, form: str = "") -> str:
    typed: Mapping[str, str] = request.form if problem is not None else {}
    replacing = ""
    with database().reading() as session:
        person = get_person(session, person_id)
        known = known_scopes(session)
        mine = groups_of(session, [person_id]).get(person_id, [])
        every = all_groups(session)
        doors = doors_of(session, person_id)
        duties = [duty_view(each, known) for each in person.duties]
        made = made_by(session, person_id)
        kind = person.organisation.kind
        held = held_roles(person.grants)
        now = {"roles": spelled(held), "groups": [str(each.id) for each in mine]}
        boxes = now | ({form: _boxes_typed(form)} if problem is not None and form in now else {})
        if isinstance(problem, DutyHeld) and (held_duty := _held_duty(person, duty_typed())) is not None:
            replacing = _limit_of(held_duty)
            problem = DutyHeld(
                say(
                    "They have this already: {duty}. Send it again to replace that.",
                    duty=duty_in_words(held_duty, known),
                )
            )
        if isinstance(problem, PersonChanged):
            problem = _told(session, person, problem, form)
            if form in now:
                boxes[form] = both(boxes[form], now[form], form)
            else:
                typed, problem = texts_of_both({"name": person.name, "email": person.email}, problem)
        again = [role_at(each) for each in boxes["roles"]]
        sent = last_invitation(session, person_id) if person.state == "invited" else None
        view = _view(person) | {
            "invited_at": sent.created_at if sent is not None else None,
            "invitation_ends_at": sent.expires_at if sent is not None else None,
            "invitation_is_over": sent is None or sent.used_at is not None or sent.expires_at <= clock.now(),
            "roles": roles_words(person.grants, known),
            "by_group": [
                {
                    "name": each.name,
                    "url": f"/people/groups/{each.id}",
                    "roles": roles_words(each.grants, known),
                }
                for each in mine
            ],
        }
    return render_template(
        "people/person.html",
        person_shown=view,
        doors=doors,
        duties=duties,
        made=[(MADE[key](count), _made_url(key, view)) for key, count in made if count],
        role_choices=role_choices(kind, held | frozenset(again), known),
        chosen_roles=boxes["roles"],
        scoped_roles=scoped_roles(kind),
        half_role=role_without_part() if form == "roles" else "",
        where_choices=where_choices(known),
        groups=[(str(each.id), each.name) for each in every],
        chosen_groups=boxes["groups"],
        began=Began(now | {name: [view[name]] for name in ("name", "email")}),
        replacing=replacing,
        duty_labels=list(DUTY_LABELS.items()),
        currencies=[(each, each) for each in sorted(money.currencies())],
        is_me=person_id == actor().person_id,
        problem=problem,
        errors=problem.details.get("fields", {}) if problem is not None else {},
        form=form,
        typed=typed,
    )


def _boxes_typed(name: str) -> list[str]:
    return [str(each) for each in roles_ticked()] if name == "roles" else request.form.getlist(name)


def _told(session: Session, person: Person, problem: Refusal, form: str) -> Refusal:
    action, what_now = {
        "roles": ("accounts.roles_set", BOTH_BOXES),
        "groups": ("accounts.groups_set", BOTH_BOXES),
    }.get(form, ("accounts.person_changed", YOURS_STANDS))
    return told(session, problem, "person", person.id, [action], what_now)


_changed = Changing(get_person, "/people/{}", _page)


MADE: dict[str, Callable[[int], str]] = {
    "assets": lambda count: say_n("{count} asset sent", "{count} assets sent", count),
    "versions": lambda count: say_n("{count} version sent", "{count} versions sent", count),
    "collections": lambda count: say_n("{count} collection kept", "{count} collections kept", count),
    "shares": lambda count: say_n("{count} link made", "{count} links made", count),
}


def _made_url(key: str, view: dict[str, Any]) -> str | None:
    return {"collections": "/collections"}.get(key) if view["kind"] == "own" else None


def _view(person: Person) -> dict[str, Any]:
    return {
        **face(person.id, person.name),
        "id": person.id,
        "url": f"/people/{person.id}",
        "email": person.email if person.erased_at is None else "",
        "organisation": person.organisation.name,
        "organisation_url": f"/people/organisations/{person.organisation_id}",
        "organisation_state": person.organisation.state,
        "kind": person.organisation.kind,
        "kind_label": KIND_LABELS[person.organisation.kind],
        "state": person.state,
        "state_view": STATES[person.state],
        "created_at": person.created_at,
        "closed_at": person.closed_at,
        "erased_at": person.erased_at,
        "has_a_part": bool(person.grants),
    }


def _close_page(person_id: int, problem: Refusal | None = None) -> str:
    with database().reading() as session:
        person = get_person(session, person_id)
        matters = work_of(session, person)
        others = those_who_can_take_over(session, person)
        view = _view(person)
        doors = doors_of(session, person_id)
    return render_template(
        "people/close.html",
        person_shown=view,
        matters=matters,
        doors=doors,
        others=[(each.id, each.name) for each in others],
        hands_on=any(each.way in ("hand", "choose", "stay") for each in matters),
        must_choose=any(each.way == "hand" for each in matters),
        has_links=any(each.way == "choose" for each in matters),
        chosen=request.form.get("to", 0, type=row_number),
        shares=request.form.get("shares", END),
        is_me=person_id == actor().person_id,
        problem=problem,
        errors=problem.details.get("fields", {}) if problem is not None else {},
    )


def _erase_page(person_id: int, problem: Refusal | None = None) -> str:
    with database().reading() as session:
        view = _view(get_person(session, person_id))
    return render_template(
        "people/erase.html",
        person_shown=view,
        problem=problem,
        errors=problem.details.get("fields", {}) if problem is not None else {},
        typed=request.form.get("typed", ""),
    )
