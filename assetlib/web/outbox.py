"""The mails of the house, for administrators; what they say is shown only where no mail server has them.

Without their links for new passwords, even then; and who opened a mail to somebody else is recorded. An
invitation lets in whoever holds it, so a fresh proof is asked for before a mail is shown.
"""

from flask import Blueprint, render_template, request

from assetlib.current import actor, database, house
from assetlib.errors import NotFound
from assetlib.notify.actions import look_at_mail
from assetlib.notify.mailing import hides_its_link, without_link
from assetlib.notify.permissions import SEE_OUTBOX
from assetlib.notify.queries import get_mail, mails
from assetlib.paging import clamp
from assetlib.policy import open_to
from assetlib.words import recalled, say

pages = Blueprint("outbox", __name__, url_prefix="/outbox")

STATES = {
    "waiting": {"icon": "clock", "label": say("Waiting"), "tone": "warn"},
    "sent": {"icon": "circle-check", "label": say("Sent"), "tone": "ok"},
    "kept": {"icon": "archive", "label": say("Kept here"), "tone": "ink"},
    "failed": {"icon": "circle-x", "label": say("Not sent"), "tone": "bad"},
}
INSIDE = (
    '<head><base target="_top"><meta http-equiv="Content-Security-Policy" '
    "content=\"default-src 'none'; style-src 'unsafe-inline'\">"
)
"""Put into a mail that is shown in a frame: its links open in the whole window, and nothing else may load."""


class NotReadHere(NotFound):
    """A mail server carries the mails: they are read by those they were sent to."""

    code = "mail_not_read_here"


@pages.get("")
@open_to(SEE_OUTBOX)
def index() -> str:
    number, size = clamp(request.args.get("page", type=int), 40)
    with database().reading() as session:
        page = mails(session, number=number, size=size)
    return render_template(
        "outbox/index.html", page=page, states=_states(), is_read_here=_is_read_here(), recalled=recalled
    )


@pages.get("/<int:mail_id>")
@open_to(SEE_OUTBOX, fresh=True)
def show(mail_id: int) -> str:
    if not _is_read_here():
        raise NotReadHere(say("Mails go to a mail server here, and are read by those they were sent to."))
    with database().transaction() as session:
        mail = get_mail(session, mail_id)
        look_at_mail(session, actor(), mail)
    hidden = hides_its_link(mail) and not house().settings.outbox_links
    text, html = without_link(mail) if hidden else (mail.text, mail.html)
    return render_template(
        "outbox/page.html",
        mail=mail,
        state=_states()[mail.state],
        fault=recalled(mail.fault),
        text=text,
        inside=html.replace("<head>", INSIDE, 1),
        hidden=hidden,
    )


def _states() -> dict[str, dict[str, str]]:
    """Where no mail leaves the house, none is sent."""
    return {**STATES, "sent": STATES["kept"]} if _is_read_here() else STATES


def _is_read_here() -> bool:
    return house().settings.mail_kind == "outbox"
