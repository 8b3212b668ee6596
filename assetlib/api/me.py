"""One's own account: where one is signed in, and a fresh proof."""

from datetime import datetime

from apiflask import APIBlueprint
from flask import request
from pydantic import Field

from assetlib.access.permission import SIGNED_IN
from assetlib.accounts.actions import sessions as actions
from assetlib.accounts.queries import get_person
from assetlib.accounts.sessions import living_sessions_of
from assetlib.api.shapes import Shape, Text
from assetlib.audit.recording import network_of
from assetlib.confirming import prove
from assetlib.current import actor, database
from assetlib.policy import open_to
from assetlib.sign_in import signed_in, token_in

api = APIBlueprint("api_me", __name__, tag="Me")


class SessionOut(Shape):
    id: int
    browser: str = Field(description="as the browser names itself")
    network: str
    way: str = Field(description="password, oidc or link; with a code: code, oidc_code or link_code")
    created_at: datetime
    seen_at: datetime
    confirmed_at: datetime | None = Field(description="when you last proved who you are")
    is_this_one: bool


class SessionsOut(Shape):
    sessions: list[SessionOut]


class ProofIn(Shape):
    """Your password; or a code, if you have none."""

    password: Text = ""
    code: Text = ""


@api.get("/me/sessions")
@api.output(SessionsOut)
@open_to(SIGNED_IN)
def index() -> SessionsOut:
    """Every browser in which you are signed in."""
    here = signed_in()
    with database().reading() as session:
        rows = living_sessions_of(session, actor().person_id or 0)
    return SessionsOut(
        sessions=[
            SessionOut(
                id=row.id,
                browser=row.browser,
                network=network_of(row.address),
                way=row.way,
                created_at=row.created_at,
                seen_at=row.seen_at,
                confirmed_at=row.confirmed_at,
                is_this_one=here is not None and row.id == here.id,
            )
            for row in rows
        ]
    )


@api.delete("/me/sessions")
@api.output({}, status_code=204)
@open_to(SIGNED_IN)
def end_others() -> str:
    """Sign out everywhere but here."""
    with database().transaction() as session:
        person = get_person(session, actor().person_id or 0)
        actions.end_other_sessions(session, actor(), person, token=token_in(request))
    return ""


@api.delete("/me/sessions/<int:session_id>")
@api.output({}, status_code=204)
@open_to(SIGNED_IN)
def end(session_id: int) -> str:
    """Sign out of one browser."""
    with database().transaction() as session:
        person = get_person(session, actor().person_id or 0)
        actions.end_session(session, actor(), person, session_id)
    return ""


@api.post("/me/confirm")
@api.input(ProofIn)
@api.output({}, status_code=204)
@open_to(SIGNED_IN, without_factor=True)
def confirm(json_data: ProofIn) -> str:
    """Prove who you are. What answered `confirm_first` is open to you for a quarter of an hour then."""
    prove(json_data.password, json_data.code)
    return ""
