"""When a person may be mailed: by their choices and their own clock. Plain values, no clock of ours."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, tzinfo

from assetlib.notify.kinds import AT_ONCE, DAILY, OFF, Mode

MINUTES_OF_A_DAY = 24 * 60


@dataclass(frozen=True)
class Times:
    """Minutes and hours of a person's own time zone; Monday is 0."""

    quiet_from: int | None = None
    quiet_to: int | None = None
    digest_hour: int = 8
    digest_weekday: int = 0


def is_quiet(times: Times, zone: tzinfo, moment: datetime) -> bool:
    """Whether the person's clock shows a time within their quiet hours."""
    if times.quiet_from is None or times.quiet_to is None:
        return False
    there = moment.astimezone(zone)
    minute = there.hour * 60 + there.minute
    if times.quiet_from <= times.quiet_to:
        return times.quiet_from <= minute < times.quiet_to
    return minute >= times.quiet_from or minute < times.quiet_to


def not_quiet(times: Times, zone: tzinfo, moment: datetime) -> datetime:
    """The moment itself, or else the end of the quiet hours in which it falls."""
    if not is_quiet(times, zone, moment) or times.quiet_to is None:
        return moment
    hour, minute = divmod(times.quiet_to, 60)
    found = _first(zone, moment, hour, minute, lambda there: True)  # noqa: ARG005
    # Where the clock is put back within the quiet hours, the same wall time comes twice.
    while is_quiet(times, zone, found):
        found += timedelta(minutes=1)
    return found


def due(mode: Mode, told_at: datetime, times: Times, zone: tzinfo) -> datetime | None:
    """When what was told at a moment is to be mailed; None: never."""
    if mode == OFF:
        return None
    if mode == AT_ONCE:
        return not_quiet(times, zone, told_at)
    if mode == DAILY:
        found = _first(zone, told_at, times.digest_hour, 0, lambda there: True)  # noqa: ARG005
    else:
        found = _first(
            zone, told_at, times.digest_hour, 0, lambda there: there.weekday() == times.digest_weekday
        )
    return not_quiet(times, zone, found)


def _first(
    zone: tzinfo, after: datetime, hour: int, minute: int, fits: Callable[[datetime], bool]
) -> datetime:
    """The first moment from `after` on at which clocks there show this time, on a day that fits.

    A time that the clocks leave out when they are put forward counts as long after as it would have been.
    """
    day = after.astimezone(zone).replace(hour=hour, minute=minute, second=0, microsecond=0, tzinfo=None)
    day -= timedelta(days=1)
    while True:
        there = day.replace(tzinfo=zone)
        found = there.astimezone(UTC)
        if found >= after and fits(day):
            return found
        day += timedelta(days=1)
