"""What everybody finds about their own account."""

from flask import Blueprint, flash, redirect, render_template
from werkzeug.wrappers import Response

from assetlib.access.permission import SIGNED_IN
from assetlib.accounts.errors import NoMatch, TooManyTries, WrongPerson
from assetlib.accounts.queries import get_person
from assetlib.current import actor, database
from assetlib.errors import Refusal
from assetlib.http_status import status_of
from assetlib.policy import open_to
from assetlib.sign_in import change_password
from assetlib.web.forms import PasswordForm, lay_faults
from assetlib.web.people import ROLE_LABELS
from assetlib.web.sign_in import said
from assetlib.words import say

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
        change_password(form.old.data or "", form.password.data or "")
    except (NoMatch, TooManyTries, WrongPerson) as refusal:
        lay_faults(form, refusal)
        return _page(form, refusal), status_of(refusal)
    flash(say("Your new password holds. Your other browsers are signed out."), "ok")
    return redirect("/account", code=303)


def _page(form: PasswordForm, problem: Refusal | None = None) -> str:
    with database().reading() as session:
        person = get_person(session, actor().person_id or 0)
    roles = ", ".join(ROLE_LABELS[role] for role in sorted(person.roles))
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
    )
