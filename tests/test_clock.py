"""One clock, which a test can stop."""

from datetime import UTC, date, datetime, timedelta

import pytest

from assetlib import clock

LEAP_DAY = datetime(2028, 2, 29, 23, 59, 59, tzinfo=UTC)


def test_it_tells_the_present_in_utc() -> None:
    before = datetime.now(UTC)
    told = clock.now()
    assert before <= told <= datetime.now(UTC)
    assert told.utcoffset() == timedelta(0)


def test_it_stands_still_while_held() -> None:
    with clock.held_at(LEAP_DAY):
        assert clock.now() == clock.now() == LEAP_DAY
        assert clock.today() == date(2028, 2, 29)
    assert clock.now() != LEAP_DAY


def test_it_may_be_held_again_inside() -> None:
    with clock.held_at(LEAP_DAY):
        with clock.held_at(LEAP_DAY + timedelta(seconds=1)):
            assert clock.today() == date(2028, 3, 1)
        assert clock.now() == LEAP_DAY


def test_it_goes_on_after_a_failure() -> None:
    with pytest.raises(ZeroDivisionError), clock.held_at(LEAP_DAY):
        raise ZeroDivisionError
    assert clock.now() != LEAP_DAY
