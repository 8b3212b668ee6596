"""Fiscal calendars are made, changed until a year of theirs is open, and their years opened."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from assetlib.access.actor import Actor
from assetlib.audit import record
from assetlib.reference.errors import NoSuchReference, ReferenceChanged, WrongReferenceState
from assetlib.reference.models import FiscalCalendar, FiscalPeriod
from assetlib.reference.permissions import KEEP_CALENDARS
from assetlib.reference.queries.lists import years_of
from assetlib.reference.rules.fiscal import Cut, must_be_a_cut, must_be_next, periods_of
from assetlib.words import say


def make_calendar(session: Session, actor: Actor, *, name: str, cut: Cut) -> FiscalCalendar:
    """A calendar without a year yet."""
    KEEP_CALENDARS.require(actor)
    must_be_a_cut(cut, name, _names(session))
    row = FiscalCalendar(name=name.strip(), **vars(cut))
    session.add(row)
    session.flush()
    record(session, actor, "reference.calendar_made", row, after={"name": row.name, **vars(cut)})
    return row


def change_calendar(
    session: Session, actor: Actor, calendar: FiscalCalendar, *, name: str, cut: Cut, revision: int
) -> None:
    """Name it or cut it otherwise. Once a year is open its days are fixed, and so is the calendar."""
    KEEP_CALENDARS.require(actor)
    row = _held(session, calendar)
    if years_of(session, [row.id])[row.id]:
        raise WrongReferenceState(
            say("A year of this calendar is open, so it stays as it is. Make another calendar.")
        )
    if row.revision != revision:
        raise ReferenceChanged(
            say("Somebody changed this calendar while you were at it. Look at it again."), current=row.name
        )
    must_be_a_cut(cut, name, _names(session, but=row.id))
    before = {"name": row.name, **vars(cut_of(row))}
    row.name = name.strip()
    for field, value in vars(cut).items():
        setattr(row, field, value)
    row.revision += 1
    session.flush()
    after = {"name": row.name, **vars(cut)}
    record(session, actor, "reference.calendar_changed", row, before=before, after=after)


def open_fiscal_year(
    session: Session, actor: Actor, calendar: FiscalCalendar, year: int
) -> list[FiscalPeriod]:
    """Fix the days of the twelve periods of a year, the one that follows on those that are open."""
    KEEP_CALENDARS.require(actor)
    row = _held(session, calendar)
    must_be_next(year, years_of(session, [row.id])[row.id])
    periods = [
        FiscalPeriod(
            calendar_id=row.id,
            fiscal_year=year,
            number=each.number,
            quarter=each.quarter,
            starts_on=each.starts_on,
            ends_on=each.ends_on,
            state="open",
        )
        for each in periods_of(cut_of(row), year)
    ]
    session.add_all(periods)
    session.flush()
    days = {"year": str(year), "starts_on": periods[0].starts_on, "ends_on": periods[-1].ends_on}
    record(session, actor, "reference.year_opened", row, after=days)
    return periods


def cut_of(calendar: FiscalCalendar) -> Cut:
    return Cut(
        calendar.pattern, calendar.start_month, calendar.last_weekday, calendar.anchor, calendar.named_by
    )


def _held(session: Session, calendar: FiscalCalendar) -> FiscalCalendar:
    """The calendar; two who open a year of it at once go one after the other."""
    row = session.scalars(
        select(FiscalCalendar)
        .where(FiscalCalendar.id == calendar.id)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).one_or_none()
    if row is None:
        raise NoSuchReference(say("There is no such calendar."))
    return row


def _names(session: Session, *, but: int = 0) -> list[str]:
    return list(session.scalars(select(FiscalCalendar.name).where(FiscalCalendar.id != but)))
