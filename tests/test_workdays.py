"""Workdays are counted as somebody would who crosses days off a calendar."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assetlib.workdays import Workdays, countries, public_holidays, workdays_of

GERMAN = workdays_of("DE")
DAYS = st.dates(date(2024, 1, 1), date(2028, 12, 31))
COUNTRIES = st.sampled_from(["", "DE", "NO", "FR", "US", "AE", "JP"])


def counted_by_hand(days: Workdays, first: date, last: date) -> int:
    length = (last - first).days + 1
    return sum(days.includes(first + timedelta(days=number)) for number in range(max(length, 0)))


@pytest.mark.parametrize(
    ("day", "works"),
    [
        (date(2026, 12, 24), True),
        (date(2026, 12, 25), False),  # Christmas
        (date(2026, 12, 26), False),
        (date(2026, 10, 3), False),  # a holiday, and a Saturday
        (date(2026, 11, 30), True),
        (date(2026, 11, 29), False),  # a Sunday
    ],
)
def test_public_holidays_and_weekends_are_free(day: date, works: bool) -> None:
    assert GERMAN.includes(day) is works


def test_a_weekend_is_that_of_the_country() -> None:
    friday, saturday = date(2021, 6, 4), date(2021, 6, 5)
    assert [workdays_of("AE").includes(each) for each in (friday, saturday)] == [False, False]
    assert [workdays_of("DE").includes(each) for each in (friday, saturday)] == [True, False]


def test_the_house_rests_and_works_on_days_of_its_own() -> None:
    bridge, christmas = date(2026, 12, 28), date(2026, 12, 25)
    house = workdays_of("DE", [(bridge, False), (christmas, True)])
    assert not house.includes(bridge)
    assert house.includes(christmas)


def test_work_goes_on_after_the_holidays() -> None:
    assert GERMAN.finish_of(date(2026, 12, 23), 3) == date(2026, 12, 28)
    assert GERMAN.finish_of(date(2026, 12, 25), 1) == date(2026, 12, 28)
    assert GERMAN.slip(date(2026, 12, 24), date(2026, 12, 29)) == 2
    assert GERMAN.slip(date(2026, 12, 29), date(2026, 12, 24)) == -2
    assert GERMAN.slip(date(2026, 12, 24), date(2026, 12, 26)) == 0


def test_a_country_that_is_not_known_has_weekends_only() -> None:
    assert workdays_of("XX") == Workdays()
    assert {"DE", "AT", "CH", "NO", "FR", "GB"} <= countries()


def test_years_far_away_are_not_guessed() -> None:
    with pytest.raises(ValueError, match="days are counted from 1990 to 2100"):
        GERMAN.includes(date(1989, 12, 31))


@given(COUNTRIES, DAYS, DAYS)
def test_counting_is_what_counting_by_hand_gives(country: str, one: date, other: date) -> None:
    days, (first, last) = workdays_of(country), sorted((one, other))
    assert days.count(first, last) == counted_by_hand(days, first, last)
    assert days.slip(first, last) == counted_by_hand(days, first + timedelta(days=1), last)
    assert days.slip(last, first) == -days.slip(first, last)


@given(COUNTRIES, DAYS, st.integers(1, 400))
def test_forward_and_back_by_as_many_days_is_where_one_was(country: str, day: date, count: int) -> None:
    days = workdays_of(country)
    start = days.first_from(day)
    assert days.includes(start)
    assert days.before(days.after(start, count), count) == start
    assert days.moved(days.moved(start, count), -count) == start
    assert days.count(start, days.finish_of(start, count)) == count
    assert days.last_until(days.finish_of(start, count)) == days.finish_of(start, count)


@given(DAYS)
def test_what_the_house_keeps_changes_no_other_day(day: date) -> None:
    kept = workdays_of("DE", [(day, not GERMAN.includes(day))])
    assert kept.includes(day) is not GERMAN.includes(day)
    for number in (-2, -1, 1, 2):
        other = day + timedelta(days=number)
        assert kept.includes(other) is GERMAN.includes(other)


def test_public_holidays_are_told_by_day_and_name() -> None:
    german = public_holidays("DE", 2026, "de")
    assert list(german) == sorted(german)
    assert (german[date(2026, 10, 3)], german[date(2026, 12, 25)]) == (
        "Tag der Deutschen Einheit",
        "Erster Weihnachtstag",
    )
    assert public_holidays("DE", 2026, "en")[date(2026, 12, 25)] == "Christmas Day"
    assert date(2026, 5, 17) in public_holidays("NO", 2026, "xx")  # told in the country's own language
    assert public_holidays("XX", 2026) == {}
    assert public_holidays("DE", 1066) == {}


@given(COUNTRIES.filter(bool), st.integers(2020, 2030))
def test_public_holidays_lie_in_their_year(country: str, year: int) -> None:
    days = public_holidays(country, year)
    assert days
    assert {day.year for day in days} == {year}
