"""A form that was sent after its session had ended: kept while its sender signs in again, then gone on with.

It rides through the pages of signing in, encrypted, and is shown to the person alone whose session it was.
Files and passwords are not kept. Nothing is sent until they press the button after signing in.
"""

import json
from dataclasses import dataclass

from flask import request

from assetlib.accounts.codes import seal, sealing_key, unseal
from assetlib.accounts.sessions import whose_session
from assetlib.confirming import NOT_KEPT
from assetlib.current import database, house
from assetlib.entering import way_on
from assetlib.sign_in import token_in
from assetlib.web.door import door

KEPT = "kept"
"""Name of the field in which it rides."""
WITHOUT_CONTENT = ("/sign-out", "/confirm", "/language")


@dataclass(frozen=True)
class KeptForm:
    """What somebody sent, and where to."""

    person_id: int
    to: str
    fields: list[tuple[str, str]]
    left_out: bool
    """Files and passwords have to be given again."""


def keep_form() -> str:
    """What was sent, encrypted; empty when there is nothing to keep, or nobody knows whose it was."""
    token = token_in(request)
    if request.method != "POST" or not token or request.path in WITHOUT_CONTENT:
        return ""
    with database().reading() as session:
        person_id = whose_session(session, token)
    fields = [(name, each) for name, each in request.form.items(multi=True) if name not in NOT_KEPT]
    if person_id is None or not fields:
        return ""
    left_out = any(name in ("password", "old") for name in request.form) or bool(request.files)
    kept = {"person": person_id, "to": request.full_path.rstrip("?"), "fields": fields, "left_out": left_out}
    return seal(json.dumps(kept), _key())


def kept_form(sealed: str) -> KeptForm | None:
    """The form that was kept; None for what we did not seal."""
    opened = unseal(sealed, _key()) if sealed else None
    if opened is None:
        return None
    said = json.loads(opened)
    return KeptForm(
        said["person"], said["to"], [(name, each) for name, each in said["fields"]], said["left_out"]
    )


def page_to_go_on(sealed: str, person_id: int) -> str | None:
    """The page that goes on with what was kept, for the one who sent it; None for everybody else."""
    kept = kept_form(sealed)
    if kept is None or kept.person_id != person_id:
        return None
    return door("sign_in/kept.html", kept=kept)


def page_before() -> str:
    """The page in which the form or the search stood that was sent, as far as the browser says; else home."""
    for said in (request.headers.get("HX-Current-URL"), request.referrer):
        if said and said.startswith(request.host_url):
            return way_on("/" + said.removeprefix(request.host_url))
    return "/"


def _key() -> bytes:
    return sealing_key(house().settings.secret_key, "kept form")
