"""When a person may be mailed, by any clock on earth."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from assetlib.notify.times import Times, due, is_quiet, not_quiet

BERLIN = ZoneInfo("Europe/Berlin")
ZONES = st.sampled_from(
    ["UTC", "Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "Asia/Kathmandu", "Pacific/Apia",
     "America/Sao_Paulo", "Africa/Casablanca", "Antarctica/Troll", "Pacific/Kiritimati"]
).map(ZoneInfo)  # fmt: skip
MOMENTS = st.datetimes(datetime(2009, 1, 1), datetime(2030, 12, 31), timezones=st.just(UTC))  # noqa: DTZ001
CHANGES = [
    datetime(2026, 3, 29, 1, tzinfo=UTC),
    datetime(2026, 10, 25, 1, tzinfo=UTC),
    datetime(2026, 4, 4, 15, tzinfo=UTC),
    datetime(2011, 12, 30, 10, tzinfo=UTC),
]
AROUND_A_CHANGE = st.builds(
    lambda moment, minutes: moment + timedelta(minutes=minutes),
    st.sampled_from(CHANGES),
    st.integers(-3000, 3000),
)
MINUTES = st.integers(0, 1439)


@st.composite
def times(draw: st.DrawFn) -> Times:
    begin, end = draw(st.one_of(st.just((None, None)), st.tuples(MINUTES, MINUTES)))
    if begin == end:
        begin = end = None
    return Times(begin, end, draw(st.integers(0, 23)), draw(st.integers(0, 6)))


def berlin(day: int, hour: int, minute: int = 0, month: int = 11) -> datetime:
    return datetime(2026, month, day, hour, minute, tzinfo=BERLIN)


NIGHT = Times(quiet_from=22 * 60, quiet_to=7 * 60)


@pytest.mark.parametrize(
    ("told_at", "mailed_at"),
    [
        (berlin(3, 21, 59), berlin(3, 21, 59)),
        (berlin(3, 22), berlin(4, 7)),
        (berlin(4, 3), berlin(4, 7)),
        (berlin(4, 7), berlin(4, 7)),
    ],
)
def test_quiet_hours_reach_over_midnight(told_at: datetime, mailed_at: datetime) -> None:
    assert due("at_once", told_at, NIGHT, BERLIN) == mailed_at


def test_a_digest_comes_at_its_hour_on_its_day() -> None:
    monday = berlin(2, 9)
    assert due("daily", monday, Times(digest_hour=8), BERLIN) == berlin(3, 8)
    assert due("daily", monday, Times(digest_hour=9), BERLIN) == monday
    assert due("weekly", monday, Times(digest_hour=8, digest_weekday=0), BERLIN) == berlin(9, 8)
    assert due("weekly", monday, Times(digest_hour=8, digest_weekday=4), BERLIN) == berlin(6, 8)
    assert due("off", monday, Times(), BERLIN) is None


def test_a_digest_within_quiet_hours_waits_for_their_end() -> None:
    assert due("daily", berlin(3, 12), Times(22 * 60, 9 * 60 + 30, digest_hour=8), BERLIN) == berlin(4, 9, 30)


def test_the_hour_stays_when_the_clocks_change() -> None:
    before, after = berlin(24, 12, month=10), berlin(25, 8, month=10)
    assert due("daily", before, Times(digest_hour=8), BERLIN) == after
    assert after.astimezone(UTC) - before.astimezone(UTC) == timedelta(hours=21)


def test_an_hour_that_the_clocks_leave_out_is_not_lost() -> None:
    evening = berlin(28, 20, month=3)
    assert due("daily", evening, Times(digest_hour=2), BERLIN) == datetime(2026, 3, 29, 1, tzinfo=UTC)


@given(times(), ZONES, st.one_of(MOMENTS, AROUND_A_CHANGE), st.sampled_from(["at_once", "daily", "weekly"]))
def test_nothing_is_due_before_it_is_told_nor_in_quiet_hours(
    times: Times, zone: ZoneInfo, told_at: datetime, mode: str
) -> None:
    found = due(mode, told_at, times, zone)  # type: ignore[arg-type]  # one of the modes
    assert found is not None
    assert found >= told_at
    assert not is_quiet(times, zone, found)
    # A day may be missing from a calendar, and a night may be long.
    longest = {"at_once": timedelta(days=1), "daily": timedelta(days=2), "weekly": timedelta(days=15)}[mode]
    assert found - told_at <= longest + timedelta(hours=26)


@given(times(), ZONES, st.one_of(MOMENTS, AROUND_A_CHANGE))
def test_what_is_not_in_quiet_hours_is_not_held_back(times: Times, zone: ZoneInfo, moment: datetime) -> None:
    assume(not is_quiet(times, zone, moment))
    assert not_quiet(times, zone, moment) == moment
    assert due("at_once", moment, times, zone) == moment


@given(times(), ZONES, st.one_of(MOMENTS, AROUND_A_CHANGE), st.sampled_from(["daily", "weekly"]))
def test_what_was_told_before_a_digest_is_in_it(
    times: Times, zone: ZoneInfo, moment: datetime, mode: str
) -> None:
    """Whatever is told between now and the digest goes with it, or was due before: none waits for another."""
    digest = due(mode, moment, times, zone)  # type: ignore[arg-type]  # one of the modes
    assert digest is not None
    between = moment + (digest - moment) / 2
    later = due(mode, between, times, zone)  # type: ignore[arg-type]  # one of the modes
    assert later is not None
    assert later >= digest
