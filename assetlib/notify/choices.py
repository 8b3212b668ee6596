"""What people want to be mailed of, and when."""

from collections.abc import Collection, Mapping

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from assetlib import clock
from assetlib.notify.errors import WrongChoice
from assetlib.notify.kinds import KINDS, MODES, Mode
from assetlib.notify.models import Notice, NoticeChoice, NoticeTimes
from assetlib.notify.times import MINUTES_OF_A_DAY, Times
from assetlib.words import say


def modes_of(session: Session, person_id: int) -> dict[str, Mode]:
    """Kind → how this person is mailed of it, for every kind."""
    return modes_of_all(session, [person_id])[person_id]


def modes_of_all(session: Session, person_ids: Collection[int]) -> dict[int, dict[str, Mode]]:
    """The same of several people."""
    found: dict[int, dict[str, Mode]] = {
        each: {kind.key: kind.mode for kind in KINDS.values()} for each in person_ids
    }
    for row in session.scalars(select(NoticeChoice).where(NoticeChoice.person_id.in_(person_ids))):
        if row.kind in KINDS:
            found[row.person_id][row.kind] = row.mode  # type: ignore[assignment]  # a check holds it to the four
    return found


def times_of(session: Session, person_id: int) -> Times:
    """When this person is mailed."""
    return times_of_all(session, [person_id])[person_id]


def times_of_all(session: Session, person_ids: Collection[int]) -> dict[int, Times]:
    """The same of several people."""
    found = dict.fromkeys(person_ids, Times())
    for row in session.scalars(select(NoticeTimes).where(NoticeTimes.person_id.in_(person_ids))):
        found[row.person_id] = Times(row.quiet_from, row.quiet_to, row.digest_hour, row.digest_weekday)
    return found


def set_choices(session: Session, person_id: int, modes: Mapping[str, str], times: Times) -> None:
    """Keep how this person is mailed of these kinds, and when; what waits is looked at anew."""
    _check(modes, times)
    session.execute(
        delete(NoticeChoice).where(NoticeChoice.person_id == person_id, NoticeChoice.kind.in_(modes))
    )
    session.add_all(
        NoticeChoice(person_id=person_id, kind=kind, mode=mode)
        for kind, mode in modes.items()
        if mode != KINDS[kind].mode
    )
    row = session.get(NoticeTimes, person_id)
    if row is None:
        row = NoticeTimes(person_id=person_id)
        session.add(row)
    row.quiet_from, row.quiet_to = times.quiet_from, times.quiet_to
    row.digest_hour, row.digest_weekday = times.digest_hour, times.digest_weekday
    session.execute(
        update(Notice)
        .where(Notice.person_id == person_id, Notice.mail_state == "waiting")
        .values(mail_at=clock.now())
        .execution_options(synchronize_session=False)
    )
    session.flush()


def _check(modes: Mapping[str, str], times: Times) -> None:
    faults: dict[str, str] = {}
    for kind, mode in modes.items():
        if kind not in KINDS:
            faults[kind] = say("There is no kind of notice {kind}.", kind=kind)
        elif mode not in MODES:
            faults[kind] = say("Choose one of {modes}.", modes=list(MODES))
    quiet = (times.quiet_from, times.quiet_to)
    if any(each is not None and not 0 <= each < MINUTES_OF_A_DAY for each in quiet):
        faults["quiet_from"] = say("Quiet hours begin and end at a time of the day.")
    elif (times.quiet_from is None) != (times.quiet_to is None):
        faults["quiet_to"] = say("Say when quiet hours begin and when they end, or leave both empty.")
    elif times.quiet_from is not None and times.quiet_from == times.quiet_to:
        faults["quiet_to"] = say("Quiet hours that end when they begin are none. Leave both empty.")
    if not 0 <= times.digest_hour <= 23:
        faults["digest_hour"] = say("Choose an hour from 0 to 23.")
    if not 0 <= times.digest_weekday <= 6:
        faults["digest_weekday"] = say("Choose a day from 0, Monday, to 6, Sunday.")
    if faults:
        raise WrongChoice(say("This choice cannot be kept. See what each field says."), fields=faults)
