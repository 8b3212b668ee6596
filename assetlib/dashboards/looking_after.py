"""What waits for administrators: work that failed, people who did not come, the record of what happened."""

from typing import Any

from sqlalchemy import and_, func, or_, select

from assetlib import clock
from assetlib.access.actor import ADMINISTRATOR, Actor
from assetlib.access.prepared import moment
from assetlib.accounts.models import OneTimeLink, Organisation, Person
from assetlib.audit.models import AuditEntry
from assetlib.audit.queries import MAY_BE_OLD, VERIFIED
from assetlib.calendar import Moment
from assetlib.dashboards.work import Item, Rows, Source
from assetlib.jobs.models import DEAD, Job
from assetlib.words import recalled, say, say_n


def _administrator(actor: Actor) -> bool:
    return actor.has_role(ADMINISTRATOR)


def _failed(actor: Actor) -> Rows:  # noqa: ARG001
    return (
        select(
            Job.kind.label("kind"),
            func.count(Job.id).label("count"),
            func.max(Job.finished_at).label("at"),
            func.max(Job.error).label("error"),
        )
        .where(Job.state == DEAD)
        .group_by(Job.kind)
        .order_by(func.max(Job.finished_at), Job.kind)
    )


def _start_again(row: Any) -> Item:
    return Item(
        row.kind,
        say_n("{count} job was given up.", "{count} jobs were given up.", row.count),
        "/jobs?state=dead",
        say("Look at the jobs"),
        icon="list-checks",
        at=row.at,
        words=recalled(row.error or ""),
    )


def _invited(actor: Actor) -> Rows:  # noqa: ARG001
    """People whose invitation can no longer be used. One that waits is nobody's work."""
    unused = and_(
        OneTimeLink.person_id == Person.id,
        OneTimeLink.purpose == "invitation",
        OneTimeLink.used_at.is_(None),
    )
    ends = select(func.max(OneTimeLink.expires_at)).where(unused).correlate(Person).scalar_subquery()
    living = select(OneTimeLink.id).where(unused, OneTimeLink.expires_at > moment()).correlate(Person)
    return (
        select(
            Person.id.label("person_id"),
            Person.name.label("name"),
            Organisation.name.label("organisation"),
            Person.created_at.label("at"),
            ends.label("ends"),
        )
        .join(Organisation, Organisation.id == Person.organisation_id)
        .where(Person.state == "invited", ~living.exists())
        .order_by(Person.created_at, Person.id)
    )


def _invite_again(row: Any) -> Item:
    if row.ends is None:
        sentence = say(
            "Of {organisation}. Has no invitation that can be used.", organisation=row.organisation
        )
    else:
        sentence = say(
            "Of {organisation}. The invitation ended on {moment}.",
            organisation=row.organisation,
            moment=Moment(row.ends, clock.today()),
        )
    return Item(
        row.name,
        sentence,
        f"/people/{row.person_id}",
        say("Look at the person"),
        icon="user-plus",
        due=row.ends,
        at=row.at,
    )


def _unverified(actor: Actor) -> Rows:  # noqa: ARG001
    """The last verification, if it found a fault or lies too far back; at most one row."""
    last = select(func.max(AuditEntry.seq)).where(AuditEntry.action == VERIFIED).scalar_subquery()
    fault = AuditEntry.changes["fault"].as_string()
    return (
        select(AuditEntry.at.label("at"), fault.label("fault"))
        .where(
            AuditEntry.seq == last,
            or_(and_(fault.is_not(None), fault != ""), AuditEntry.at < moment(MAY_BE_OLD)),
        )
        .order_by(AuditEntry.at)
    )


def _verify(row: Any) -> Item:
    return Item(
        say("Audit log"),
        say("The chain is broken: {fault}.", fault=recalled(row.fault))
        if row.fault
        else say("The chain was not verified for a while. Is a worker running?"),
        "/audit",
        say("Look at the log"),
        icon="shield-check",
        due=row.at,
        at=row.at,
    )


SOURCES = (
    Source("fix", _administrator, _unverified, _verify),
    Source("fix", _administrator, _failed, _start_again),
    Source("watch", _administrator, _invited, _invite_again),
)
