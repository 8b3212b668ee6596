"""What everybody finds about their own account."""

from flask import Blueprint, flash, redirect, render_template, request
from werkzeug.wrappers import Response

from assetlib.access.permission import SIGNED_IN
from assetlib.accounts.actions.own import set_language
from assetlib.accounts.errors import NoMatch, TooManyTries, WrongPerson
from assetlib.accounts.queries import get_person
from assetlib.accounts.queries.directory import groups_of
from assetlib.accounts.tokens import tokens_of
from assetlib.calendar import zones
from assetlib.catalog.queries.scopes import known_scopes
from assetlib.current import actor, database
from assetlib.entering import said
from assetlib.errors import Refusal
from assetlib.http_status import status_of
from assetlib.policy import open_to
from assetlib.sign_in import change_password
from assetlib.web.forms import PasswordForm, lay_faults
from assetlib.web.people_view import part_words
from assetlib.web.ways_in import ways_in
from assetlib.words import LANGUAGES, listed, say, say_n, together

pages = Blueprint("account", __name__, url_prefix="/account")


@pages.get("")
@open_to(SIGNED_IN)
def show() -> str:
    return _page(PasswordForm(formdata=None))


@pages.post("/password")
@open_to(SIGNED_IN)
def password() -> Response | tuple[str, int]:
    form = PasswordForm()
    try:
        change_password(
            form.old.data or "", form.password.data or "", revoke_tokens="revoke_tokens" in request.form
        )
    except (NoMatch, TooManyTries, WrongPerson) as refusal:
        lay_faults(form, refusal)
        return _page(form, refusal), status_of(refusal)
    with database().reading() as session:
        programs = len(tokens_of(session, actor().person_id or 0))
    done = say("Your new password holds. Your other browsers are signed out.")
    if programs:
        done = together(
            done,
            say_n(
                "{count} program still acts in your name, by its token.",
                "{count} programs still act in your name, by their tokens.",
                programs,
            ),
        )
    flash(done, "ok")
    return redirect("/account", code=303)


@pages.post("/language")
@open_to(SIGNED_IN)
def choose_language() -> Response | tuple[str, int]:
    """In which language and by which clock this person reads; empty: as the browser says."""
    try:
        with database().transaction() as session:
            person = get_person(session, actor().person_id or 0)
            set_language(
                session,
                actor(),
                person,
                language=request.form.get("language") or None,
                time_zone=request.form.get("time_zone") or None,
            )
    except WrongPerson as refusal:
        return _page(PasswordForm(formdata=None), language_problem=refusal), status_of(refusal)
    flash(say("Pages are in your language and by your clock from now on."), "ok")
    return redirect("/account", code=303)


def _page(form: PasswordForm, problem: Refusal | None = None, language_problem: Refusal | None = None) -> str:
    with database().reading() as session:
        person = get_person(session, actor().person_id or 0)
        entrance = ways_in(session, person)
        groups = groups_of(session, [person.id]).get(person.id, [])
        roles = listed(part_words(person.grants, groups, known_scopes(session)))
    facts = [
        (say("Name"), person.name),
        (say("E-mail"), person.email),
        (say("Organisation"), person.organisation.name),
        (say("Roles"), roles),
    ]
    return render_template(
        "account/index.html",
        form=form,
        facts=[(label, value) for label, value in facts if value],
        problem=said(problem) if problem is not None else None,
        **entrance,
        chosen={"language": person.locale, "time_zone": person.time_zone},
        choices=list(LANGUAGES.items()),
        zones=[(each, each.replace("_", " ")) for each in zones()],
        language_faults=language_problem.details["fields"] if language_problem is not None else {},
    )
