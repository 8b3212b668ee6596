"""What happened in the house, for programs of administrators."""

from datetime import datetime
from typing import Any

from apiflask import APIBlueprint
from pydantic import AwareDatetime, BaseModel, Field

from assetlib.api.shapes import Shape
from assetlib.audit.actions import look_at_log
from assetlib.audit.permissions import SEE_AUDIT
from assetlib.audit.queries import Wanted, last_verification, stretch_of
from assetlib.current import actor, database
from assetlib.dashboards.audit_log import lines_of
from assetlib.database import LARGEST_ID
from assetlib.jobs.actions import VERIFY_AUDIT, ask_for_verification
from assetlib.jobs.queries import is_under_way
from assetlib.policy import open_to
from assetlib.words import recalled

api = APIBlueprint("api_audit", __name__, url_prefix="/audit", tag="Audit log")


class AuditQuery(BaseModel):
    person: int | None = Field(None, ge=1, le=LARGEST_ID)
    organisation: int | None = Field(None, ge=1, le=LARGEST_ID)
    action: str = Field("", max_length=64, description="a name, or a room with a dot at the end: `catalog.`")
    object_kind: str = Field("", max_length=64)
    object_id: str = Field("", max_length=64)
    since: AwareDatetime | None = None
    until: AwareDatetime | None = Field(None, description="before this moment")
    refusals: bool = False
    text: str = Field("", max_length=200, description="stands in the reason")
    token: int | None = Field(None, ge=1, le=LARGEST_ID)
    share: int | None = Field(None, ge=1, le=LARGEST_ID)
    request: str = Field("", max_length=64)
    before: int | None = Field(None, ge=1, le=LARGEST_ID, description="entries before this number")
    after: int | None = Field(None, ge=0, le=LARGEST_ID, description="entries next after this number")
    size: int = Field(50, ge=1, le=100)


class EntryOut(Shape):
    seq: int
    at: datetime
    person_id: int | None
    who: str
    organisation: str
    through: str = Field(description="the token or link that acted; empty when they did it themself")
    action: str
    sentence: str
    object_kind: str
    object_id: str
    changes: dict[str, Any]
    reason: str
    network: str
    request_id: str
    previous_hash: str
    hash: str


class AuditOut(Shape):
    entries: list[EntryOut] = Field(description="the latest first")
    older_before: int | None = Field(description="to send as `before` for those that come next")
    newer_after: int | None


class VerificationOut(Shape):
    at: datetime | None = Field(description="null: never verified")
    entries: int = Field(description="whole from the start")
    is_whole: bool | None
    fault: str
    first_bad: int | None = Field(description="the number of the first entry that is not as it was written")
    seconds: float
    since: int = Field(description="entries that came after")
    is_under_way: bool


@api.get("")
@api.input(AuditQuery, location="query")
@api.output(AuditOut)
@open_to(SEE_AUDIT)
def index(query_data: AuditQuery) -> AuditOut:
    """What happened, the latest first. That you looked is recorded too."""
    asked = query_data
    wanted = Wanted(
        person_ids=frozenset({asked.person}) if asked.person is not None else None,
        organisation_id=asked.organisation,
        actions=frozenset({asked.action} - {""}),
        object_kind=asked.object_kind,
        object_id=asked.object_id,
        since=asked.since,
        until=asked.until,
        refusals=asked.refusals,
        text=asked.text,
        token_id=asked.token,
        share_id=asked.share,
        request_id=asked.request,
    )
    with database().transaction() as session:
        stretch = stretch_of(session, wanted, before=asked.before, after=asked.after, size=asked.size)
        lines = lines_of(session, stretch.entries)
        look_at_log(session, actor(), wanted)
    return AuditOut(
        entries=[
            EntryOut(
                seq=entry.seq,
                at=entry.at,
                person_id=entry.actor_id,
                who=line.who,
                organisation=line.organisation,
                through=line.through,
                action=entry.action,
                sentence=line.sentence,
                object_kind=entry.object_kind,
                object_id=entry.object_id,
                changes=entry.changes,
                reason=line.reason,
                network=entry.address,
                request_id=entry.request_id,
                previous_hash=entry.previous_hash,
                hash=entry.hash,
            )
            for entry, line in zip(stretch.entries, lines, strict=True)
        ],
        older_before=stretch.older_from,
        newer_after=stretch.newer_from,
    )


@api.get("/verification")
@api.output(VerificationOut)
@open_to(SEE_AUDIT)
def verification() -> VerificationOut:
    """When the whole chain was verified last, and what was found."""
    return _verification()


def _verification() -> VerificationOut:
    with database().reading() as session:
        found = last_verification(session)
        under_way = is_under_way(session, VERIFY_AUDIT)
    if found is None:
        return VerificationOut(
            at=None,
            entries=0,
            is_whole=None,
            fault="",
            first_bad=None,
            seconds=0,
            since=0,
            is_under_way=under_way,
        )
    return VerificationOut(
        at=found.at,
        entries=found.entries,
        is_whole=found.is_whole,
        fault=recalled(found.fault),
        first_bad=found.first_bad,
        seconds=found.seconds,
        since=found.since,
        is_under_way=under_way,
    )


@api.post("/verification")
@api.output(VerificationOut, status_code=202)
@open_to(SEE_AUDIT)
def verify() -> VerificationOut:
    """Let a worker verify the whole chain now."""
    with database().transaction() as session:
        ask_for_verification(session, actor())
    return _verification()
