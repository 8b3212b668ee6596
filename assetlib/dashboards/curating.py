"""What waits for librarians, each within what they look after."""

from datetime import timedelta
from typing import Any

from sqlalchemy import ColumnElement, String, and_, cast, exists, func, select, true, union, union_all
from sqlalchemy.orm import aliased

from assetlib import clock
from assetlib.access.actor import LIBRARIAN, Actor
from assetlib.access.prepared import day, moment, person_of
from assetlib.accounts.models import Person
from assetlib.calendar import Day
from assetlib.catalog.models import AccessRequest, Approval, Asset, Rendition, UsageRight, Version
from assetlib.catalog.permissions.assets import STAFF
from assetlib.catalog.queries.audience import nobody_is_librarian
from assetlib.catalog.queries.requests import answerable_by
from assetlib.catalog.queries.visibility import held_for
from assetlib.dashboards.work import DONE_SINCE, Item, Rows, Source
from assetlib.storage.models import Blob
from assetlib.words import recalled, say, say_n

RIGHTS_END_WITHIN = timedelta(days=90)
RIGHTS_ENDED_SINCE = timedelta(days=30)
"""What ended longer ago has been seen, or nobody asks for it."""


def _librarian(actor: Actor) -> bool:
    return actor.has_role(LIBRARIAN)


def _answers(actor: Actor) -> bool:
    return actor.has_role(*STAFF)


def looked_after(actor: Actor) -> ColumnElement[bool]:
    return and_(Asset.deleted_at.is_(None), held_for(actor, LIBRARIAN))


def newest_version() -> ColumnElement[bool]:
    """The version is the latest of its asset."""
    later = aliased(Version)
    # Not by the largest number: SQLite would look for that of every asset first.
    return ~exists(
        select(later.id)
        .where(later.asset_id == Version.asset_id, later.number > Version.number)
        .correlate(Version)
    )


def _undecided(actor: Actor) -> Rows:
    found = union_all(*_undecided_parts(actor)).subquery()
    return select(*found.c).order_by(found.c.at, found.c.asset_id)


def _undecided_parts(actor: Actor) -> tuple[Rows, Rows]:
    """What is in review, and later versions of what is in use."""
    said = exists(
        select(Approval.id).where(Approval.version_id == Version.id, Approval.sha256 == Version.sha256)
    )
    newest = (
        select(
            Asset.id.label("asset_id"),
            Asset.title.label("title"),
            Asset.state.label("state"),
            Version.number.label("number"),
            Version.created_at.label("at"),
        )
        .select_from(Asset)
        .join(Version, and_(Version.asset_id == Asset.id, newest_version()))
        .where(looked_after(actor))
    )
    later = aliased(Version)
    return (
        newest.where(Asset.state == "in_review"),
        newest.where(
            Asset.state.in_(("approved", "published")),
            # Found first, so that nobody looks through all that is in use.
            Asset.id.in_(select(later.asset_id).where(later.number > 1)),
            Version.id != Asset.current_version_id,
            ~said,
        ),
    )


def _decide(row: Any) -> Item:
    sentence = (
        say("Version {number} waits for your decision.", number=row.number)
        if row.state == "in_review"
        else say("Version {number} came after the one that is in use.", number=row.number)
    )
    return Item(
        row.title, sentence, f"/assets/{row.asset_id}?v={row.number}", say("Decide"), row.asset_id, at=row.at
    )


def _to_publish(actor: Actor) -> Rows:
    return (
        select(Asset.id.label("asset_id"), Asset.title.label("title"), Asset.updated_at.label("at"))
        .where(looked_after(actor), Asset.state == "approved")
        .order_by(Asset.updated_at, Asset.id)
    )


def _publish(row: Any) -> Item:
    return Item(
        row.title,
        say("Approved, and not published yet."),
        f"/assets/{row.asset_id}",
        say("Publish"),
        row.asset_id,
        at=row.at,
    )


def _ending(actor: Actor) -> Rows:
    return (
        select(
            Asset.id.label("asset_id"),
            Asset.title.label("title"),
            UsageRight.ends_on.label("ends_on"),
            UsageRight.holder.label("holder"),
        )
        .select_from(Asset)
        .join(UsageRight, UsageRight.asset_id == Asset.id)
        .where(
            looked_after(actor),
            Asset.state == "published",
            UsageRight.ends_on.between(day(-RIGHTS_ENDED_SINCE), day(RIGHTS_END_WITHIN)),
        )
        .order_by(UsageRight.ends_on, Asset.id)
    )


def rights_end(ends_on: Any) -> str:
    """Rights ended on 3 Mar. Rights end today. Rights end in 9 days."""
    left = (ends_on - clock.today()).days
    if left < 0:
        return say("The rights ended on {day}.", day=Day(ends_on, clock.today()))
    if left == 0:
        return say("Today is the last day of its rights.")
    return say_n("The rights end in {count} day.", "The rights end in {count} days.", left)


def _watch_rights(row: Any) -> Item:
    return Item(
        row.title,
        rights_end(row.ends_on),
        f"/assets/{row.asset_id}#rights",
        say("Look at the rights"),
        row.asset_id,
        due=row.ends_on,
    )


def _damaged(actor: Actor) -> Rows:
    broken = select(Blob.id).where(Blob.damaged_at.is_not(None))
    # Few ever are: found first, so that nobody looks through all versions for them.
    damaged = union(
        select(Version.id).where(Version.blob_id.in_(broken)),
        select(Rendition.version_id).where(Rendition.blob_id.in_(broken)),
    ).subquery()
    return (
        select(
            Asset.id.label("asset_id"),
            Asset.title.label("title"),
            Version.number.label("number"),
            Version.created_at.label("at"),
        )
        .select_from(damaged)
        .join(Version, Version.id == damaged.c.id)
        .join(Asset, Asset.id == Version.asset_id)
        .where(looked_after(actor))
        .order_by(Asset.id, Version.number)
    )


def _put_back(row: Any) -> Item:
    return Item(
        row.title,
        say("The file of version {number} is damaged; nobody is given it.", number=row.number),
        f"/assets/{row.asset_id}?v={row.number}",
        say("Look at the file"),
        row.asset_id,
    )


def _asked(actor: Actor) -> Rows:
    # Administrators answer too; it waits for them where there is no librarian.
    turn = true() if _librarian(actor) else nobody_is_librarian()
    return (
        select(
            AccessRequest.id.label("request_id"),
            AccessRequest.asset_number.label("asset_id"),
            AccessRequest.query.label("query"),
            AccessRequest.purpose.label("purpose"),
            AccessRequest.created_at.label("at"),
            Person.name.label("person"),
            func.coalesce(
                select(Asset.title).where(Asset.id == AccessRequest.asset_number).scalar_subquery(),
                cast("", String),
            ).label("title"),
        )
        .join(Person, Person.id == AccessRequest.person_id)
        # A search is answered by whoever comes first of all librarians, of a part too; one's own by others.
        .where(
            AccessRequest.state == "open",
            AccessRequest.person_id != person_of(actor),
            answerable_by(actor),
            turn,
        )
        .order_by(AccessRequest.created_at, AccessRequest.id)
    )


def _answer(row: Any) -> Item:
    return Item(
        row.title or say("Something for “{query}”", query=row.query),
        say("{who} asks for it.", who=row.person or say("Somebody who is gone")),
        f"/requests/{row.request_id}",
        say("Answer"),
        row.asset_id,
        icon="key-round",
        at=row.at,
        words=row.purpose,
    )


def _given(actor: Actor) -> Rows:
    """Verdicts that the actor gave."""
    return (
        select(
            Asset.id.label("asset_id"),
            Asset.title.label("title"),
            Version.number.label("number"),
            Approval.verdict.label("verdict"),
            Approval.note.label("note"),
            Approval.at.label("at"),
        )
        .select_from(Approval)
        .join(Version, Version.id == Approval.version_id)
        .join(Asset, Asset.id == Version.asset_id)
        .where(Approval.person_id == person_of(actor), Approval.at > moment(DONE_SINCE), looked_after(actor))
        .order_by(Approval.at.desc(), Approval.id.desc())
    )


def _was_decided(row: Any) -> Item:
    sentence = (
        say("You approved version {number}.", number=row.number)
        if row.verdict == "approved"
        else say("You returned version {number}.", number=row.number)
    )
    url = f"/assets/{row.asset_id}?v={row.number}"
    return Item(row.title, sentence, url, say("Look at it"), row.asset_id, at=row.at, words=row.note)


def _said(actor: Actor) -> Rows:
    """Requests that the actor answered."""
    title = select(Asset.title).where(Asset.id == AccessRequest.asset_number, held_for(actor, *STAFF))
    return (
        select(
            AccessRequest.id.label("request_id"),
            AccessRequest.asset_number.label("asset_id"),
            AccessRequest.query.label("query"),
            AccessRequest.state.label("state"),
            AccessRequest.answer.label("answer"),
            AccessRequest.answered_at.label("at"),
            Person.name.label("person"),
            func.coalesce(title.correlate(AccessRequest).scalar_subquery(), cast("", String)).label("title"),
        )
        .join(Person, Person.id == AccessRequest.person_id)
        .where(
            AccessRequest.answered_by_id == person_of(actor),
            AccessRequest.state.in_(("granted", "refused")),
            AccessRequest.answered_at > moment(DONE_SINCE),
        )
        .order_by(AccessRequest.answered_at.desc(), AccessRequest.id.desc())
    )


def _was_said(row: Any) -> Item:
    who = row.person or say("Somebody who is gone")
    number = f"AST-{row.asset_id:05d}" if row.asset_id is not None else ""
    return Item(
        row.title or number or say("Something for “{query}”", query=row.query),
        say("You opened it to {who}.", who=who)
        if row.state == "granted"
        else say("You did not open it to {who}.", who=who),
        f"/requests/{row.request_id}",
        say("Look at the request"),
        row.asset_id,
        icon="key-round",
        at=row.at,
        words=recalled(row.answer),
    )


SOURCES = (
    Source("decide", _librarian, _undecided, _decide, _undecided_parts),
    Source("answer", _answers, _asked, _answer),
    Source("fix", _librarian, _damaged, _put_back),
    Source("publish", _librarian, _to_publish, _publish),
    Source("watch", _librarian, _ending, _watch_rights),
    Source("answered", _answers, _said, _was_said),
    Source("decided", _librarian, _given, _was_decided),
)
