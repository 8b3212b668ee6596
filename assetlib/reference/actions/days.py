"""Days that the house keeps otherwise than its country are entered and taken out."""

from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from assetlib.access.actor import Actor
from assetlib.audit import record
from assetlib.reference.models import CompanyDay
from assetlib.reference.permissions import KEEP_DAYS
from assetlib.reference.rules.days import must_be_a_day
from assetlib.workdays import workdays_of


def keep_day(
    session: Session, actor: Actor, *, country: str, day: date | None, name: str, works: bool
) -> CompanyDay:
    """The house rests on a workday of a country, or works on a free day of it; what was said before goes."""
    KEEP_DAYS.require(actor)
    must_be_a_day(country, day, name, works=works, public=workdays_of(country))
    assert day is not None  # noqa: S101  # the rule says so
    row = session.scalars(
        select(CompanyDay).where(CompanyDay.country == country, CompanyDay.day == day).with_for_update()
    ).one_or_none()
    before = None if row is None else {"name": row.name, "works": row.works}
    if row is None:
        row = CompanyDay(country=country, day=day, name=name.strip(), works=works)
        session.add(row)
    row.name, row.works, row.entered_by_id = name.strip(), works, actor.person_id
    session.flush()
    after = {"country": country, "day": day, "name": row.name, "works": works}
    record(session, actor, "reference.day_kept", row, before=before, after=after)
    return row


def drop_day(session: Session, actor: Actor, row: CompanyDay) -> None:
    """The house keeps the day as its country does."""
    KEEP_DAYS.require(actor)
    before = {"country": row.country, "day": row.day, "name": row.name, "works": row.works}
    record(session, actor, "reference.day_dropped", row, before=before)
    session.delete(row)
    session.flush()
