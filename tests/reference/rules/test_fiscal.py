"""Years are cut so that each day lies in one period, and a year by weeks has its 53rd when it must."""

from calendar import monthrange
from dataclasses import replace
from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assetlib.reference.errors import WrongReference
from assetlib.reference.rules.fiscal import (
    ANCHORS,
    MONTHS,
    NAMED_BY,
    WEEKS,
    Cut,
    first_day,
    last_day,
    must_be_a_cut,
    must_be_next,
    periods_of,
    place_of,
    weeks_of_year,
)

DAY = timedelta(days=1)
CUTS = st.builds(
    Cut,
    pattern=st.sampled_from([MONTHS, *WEEKS]),
    start_month=st.integers(1, 12),
    last_weekday=st.integers(0, 6),
    anchor=st.sampled_from(ANCHORS),
    named_by=st.sampled_from(NAMED_BY),
)
WEEK_CUTS = CUTS.filter(lambda cut: cut.by_weeks)
YEARS = st.integers(1992, 2098)
RETAIL = Cut("454", 2, 5, "nearest", "start")
"""As American retail counts: to the Saturday nearest to the end of January, by the year of its start."""


@given(CUTS, YEARS)
def test_periods_of_a_year_and_the_next_join(cut: Cut, year: int) -> None:
    days = [*periods_of(cut, year), *periods_of(cut, year + 1)]
    assert [each.number for each in days] == [*range(1, 13)] * 2
    assert [each.quarter for each in days[:12]] == [1, 1, 1, 2, 2, 2, 3, 3, 3, 4, 4, 4]
    for one, following in pairwise(days):
        assert one.starts_on <= one.ends_on
        assert following.starts_on == one.ends_on + DAY


@given(CUTS, st.dates(date(1992, 1, 1), date(2098, 12, 31)))
def test_each_day_lies_in_the_one_period_that_holds_it(cut: Cut, day: date) -> None:
    year, period = place_of(cut, day)
    around = [(each, one) for each in (year - 1, year, year + 1) for one in periods_of(cut, each)]
    assert [(each, one) for each, one in around if one.starts_on <= day <= one.ends_on] == [(year, period)]


@given(CUTS.filter(lambda cut: not cut.by_weeks), YEARS)
def test_a_year_by_months_is_twelve_whole_months(cut: Cut, year: int) -> None:
    for number, period in enumerate(periods_of(cut, year)):
        assert period.starts_on.day == 1
        assert period.starts_on.month == (cut.start_month - 1 + number) % 12 + 1
        assert period.ends_on.day == monthrange(period.ends_on.year, period.ends_on.month)[1]
    named = first_day(cut, year) if cut.named_by == "start" else last_day(cut, year)
    assert named.year == year


@given(WEEK_CUTS, YEARS)
def test_a_year_by_weeks_has_52_and_53_when_it_must(cut: Cut, year: int) -> None:
    """It has one more exactly when the weekday after 52 weeks would be too early for its anchor."""
    first, last = first_day(cut, year), last_day(cut, year)
    ends_in = year if cut.named_by == "end" or cut.start_month == 1 else year + 1
    month = cut.start_month - 1 or 12
    end_of_month = date(ends_in, month, monthrange(ends_in, month)[1])
    after_52 = first + timedelta(weeks=52) - DAY
    days_left = (end_of_month - after_52).days
    must_have_one_more = days_left >= 7 if cut.anchor == "last" else days_left > 3
    assert last.weekday() == cut.last_weekday
    assert weeks_of_year(cut, year) == (53 if must_have_one_more else 52)
    assert (last - first).days + 1 == 7 * weeks_of_year(cut, year)


@given(WEEK_CUTS, YEARS)
def test_the_53rd_week_goes_into_the_last_period(cut: Cut, year: int) -> None:
    weeks = [each.weeks for each in periods_of(cut, year)]
    extra = weeks_of_year(cut, year) - 52
    assert weeks == [*(WEEKS[cut.pattern] * 4)[:-1], WEEKS[cut.pattern][2] + extra]


@given(WEEK_CUTS, YEARS)
def test_a_year_by_weeks_ends_near_the_end_of_its_month(cut: Cut, year: int) -> None:
    ends_in = year if cut.named_by == "end" or cut.start_month == 1 else year + 1
    month = cut.start_month - 1 or 12
    away = (date(ends_in, month, monthrange(ends_in, month)[1]) - last_day(cut, year)).days
    assert -3 <= away <= 3 if cut.anchor == "nearest" else 0 <= away <= 6


def test_known_years_come_out_as_others_publish_them() -> None:
    # The National Retail Federation's 4-5-4 calendars: 2023 has 53 weeks.
    assert [(first_day(RETAIL, year), last_day(RETAIL, year)) for year in (2022, 2023, 2024)] == [
        (date(2022, 1, 30), date(2023, 1, 28)),
        (date(2023, 1, 29), date(2024, 2, 3)),
        (date(2024, 2, 4), date(2025, 2, 1)),
    ]
    assert [weeks_of_year(RETAIL, year) for year in (2022, 2023, 2024)] == [52, 53, 52]
    # Apple's: to the last Saturday of September, by the year of its end; 2023 has 53 weeks.
    apple = Cut("445", 10, 5, "last", "end")
    assert last_day(apple, 2022) == date(2022, 9, 24)
    assert last_day(apple, 2023) == date(2023, 9, 30)
    assert [weeks_of_year(apple, year) for year in (2022, 2023, 2024)] == [52, 53, 52]
    # The United Kingdom's public sector, by months from April.
    assert [each.starts_on for each in periods_of(Cut(start_month=4, named_by="start"), 2026)][8:10] == [
        date(2026, 12, 1),
        date(2027, 1, 1),
    ]


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"pattern": "446"}, "pattern"),
        ({"start_month": 13}, "start_month"),
        ({"start_month": 0}, "start_month"),
        ({"last_weekday": 7}, "last_weekday"),
        ({"anchor": "first"}, "anchor"),
        ({"named_by": "both"}, "named_by"),
    ],
)
def test_a_cut_that_makes_no_year_is_refused(wrong: dict[str, object], field: str) -> None:
    with pytest.raises(WrongReference) as refused:
        must_be_a_cut(replace(Cut(), **wrong), "Group", [])  # type: ignore[arg-type]  # on purpose
    assert list(refused.value.details["fields"]) == [field]


@pytest.mark.parametrize("name", ["", "  ", "x" * 101, "group ", "a\0b"])
def test_a_calendar_has_a_name_of_its_own(name: str) -> None:
    with pytest.raises(WrongReference) as refused:
        must_be_a_cut(Cut(), name, ["Group"])
    assert list(refused.value.details["fields"]) == ["name"]
    must_be_a_cut(Cut(), "Retail", ["Group"])


def test_years_are_opened_one_after_the_other() -> None:
    must_be_next(2027, [])
    must_be_next(2027, [2025, 2026])
    for year, opened, said in (
        (2026, [2025, 2026], "2026 is open already."),
        (2028, [2025, 2026], "Open 2027 next"),
        (2024, [2025, 2026], "Open 2027 next"),
        (1066, [], "between 1990 and 2100"),
    ):
        with pytest.raises(WrongReference, match=said):
            must_be_next(year, opened)
