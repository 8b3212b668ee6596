"""Make mails of what waits to be told: at once, or gathered for a day or a week, never in quiet hours.

What is due is decided when it is looked at, by the choices and the clock of that moment: so a choice that is
changed while something waits holds for what waits. A notice is marked in the transaction that promises its
mail: it is in exactly one.
"""

from collections.abc import Iterable, Mapping, Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from assetlib import clock
from assetlib.notify.choices import modes_of_all, times_of_all
from assetlib.notify.kinds import AT_ONCE, DAILY, KINDS, OFF, WEEKLY, Mode
from assetlib.notify.mailing import Item, Letter, promise_mail
from assetlib.notify.models import Notice
from assetlib.notify.post import Post
from assetlib.notify.readers import Reader
from assetlib.notify.times import Times, due, not_quiet
from assetlib.words import recalled, say, say_n

MOST_AT_ONCE = 500
"""Notices that one transaction looks at."""
MOST_IN_A_MAIL = 40
LONGEST_AS_A_SUBJECT = 120
"""Characters."""
GO_ON = say("Go on")
ALL_NOTICES = say("See all notices")


def gather(session: Session, post: Post) -> bool:
    """Promise mails of what is due. True when there may be more to look at."""
    moment = clock.now()
    waiting = session.scalars(
        select(Notice)
        .where(Notice.mail_state == "waiting", Notice.mail_at <= moment)
        .order_by(Notice.mail_at, Notice.id)
        .limit(MOST_AT_ONCE)
        .with_for_update(skip_locked=True)
    ).all()
    by_person: dict[int, list[Notice]] = {}
    for each in waiting:
        by_person.setdefault(each.person_id, []).append(each)
    readers = post.readers(session, by_person.keys())
    modes, times = modes_of_all(session, by_person.keys()), times_of_all(session, by_person.keys())
    to_mail: list[tuple[Reader, Mode, list[Notice]]] = []
    for person_id, notices in by_person.items():
        reader = readers.get(person_id)
        if reader is None or not reader.is_mailed:
            _leave_unmailed(notices)
            continue
        due_now = _due_now(notices, modes[person_id], times[person_id], reader)
        to_mail += [(reader, mode, those) for mode, those in due_now.items()]
    about: dict[int, set[int]] = {}
    for reader, _, those in to_mail:
        about.setdefault(reader.person_id, set()).update(
            each.facts["asset"] for each in those if "asset" in each.facts
        )
    seen = post.open_to_each(session, about)
    for reader, mode, those in to_mail:
        _mail(session, reader, mode, those, seen.get(reader.person_id, frozenset()))
    session.flush()
    return len(waiting) == MOST_AT_ONCE


def _due_now(
    notices: Iterable[Notice], modes: Mapping[str, Mode], times: Times, reader: Reader
) -> dict[Mode, list[Notice]]:
    """What is to be mailed now, by the way in which it is; the rest is given its moment, or left unmailed."""
    moment = clock.now()
    found: dict[Mode, list[Notice]] = {}
    for each in sorted(notices, key=lambda notice: (notice.at, notice.id)):
        mode = modes.get(each.kind, OFF)
        from_then = due(mode, each.at, times, reader.zone)
        if from_then is None or each.read_at is not None:
            _leave_unmailed([each])
            continue
        from_then = not_quiet(times, reader.zone, max(from_then, moment))
        if from_then > moment:
            each.mail_at = from_then
        else:
            found.setdefault(mode, []).append(each)
    return found


def _mail(
    session: Session, reader: Reader, mode: Mode, notices: Sequence[Notice], seen: frozenset[int]
) -> None:
    """Promise one mail of these notices, without those about assets that are not among the `seen`."""
    shown = [each for each in notices if each.facts.get("asset") in seen or "asset" not in each.facts]
    _leave_unmailed(each for each in notices if each not in shown)
    if not shown:
        return
    promise_mail(
        session,
        recipient=reader.address,
        person_id=reader.person_id,
        language=reader.language,
        zone=reader.zone.key,
        letter=_letter(mode, shown),
    )
    for each in shown:
        each.mail_state = "mailed"


def _leave_unmailed(notices: Iterable[Notice]) -> None:
    for each in notices:
        each.mail_state = "none"


def _letter(mode: Mode, notices: Sequence[Notice]) -> Letter:
    if mode == AT_ONCE and len(notices) == 1:
        (one,) = notices
        sentence, label = recalled(one.sentence), _label(one)
        # What somebody wrote may be long: then it is read below, where nothing is cut off.
        fits = len(sentence) <= LONGEST_AS_A_SUBJECT
        return Letter(
            subject=sentence if fits else label,
            paragraphs=(label if fits else sentence,),
            button_label=GO_ON,
            button_url=one.url,
            reason=recalled(one.reason),
            is_notice=True,
        )
    count = len(notices)
    subject = {
        DAILY: say_n("Your day in assetlib: {count} notice", "Your day in assetlib: {count} notices", count),
        WEEKLY: say_n(
            "Your week in assetlib: {count} notice", "Your week in assetlib: {count} notices", count
        ),
    }.get(mode, say_n("{count} notice from assetlib", "{count} notices from assetlib", count))
    left_out = count - MOST_IN_A_MAIL
    more = say_n("{count} more is in assetlib.", "{count} more are in assetlib.", left_out)
    return Letter(
        subject=subject,
        paragraphs=(more,) if left_out > 0 else (),
        button_label=ALL_NOTICES,
        button_url="/notices",
        items=tuple(
            Item(recalled(each.sentence), recalled(each.reason), each.url)
            for each in notices[:MOST_IN_A_MAIL]
        ),
        is_notice=True,
    )


def _label(notice: Notice) -> str:
    return KINDS[notice.kind].label
