"""Figures stand beside what was expected; a table of them is taken whole or not at all."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assetlib.planning.errors import WrongPlanning
from assetlib.planning.rules.results import (
    Beside,
    Figure,
    Read,
    Typed,
    beside,
    must_all_be_read,
    read,
    typed_in,
)

TODAY = date(2027, 4, 15)
MARCH, APRIL = date(2027, 3, 31), date(2027, 4, 10)
ACTIVITIES = {"mailing": 7, "fair": 8}


def read_row(**values: str) -> Read:
    typed = Typed(**{"day": "2027-03-31", "kpi": "Visits", "value": "1250", **values})
    return read(typed, language="en", today=TODAY, activities=ACTIVITIES)


def test_a_figure_is_read_with_its_activity() -> None:
    found = read_row(value="1,250.5", unit=" EUR ", activity="Mailing")
    assert found.figure == Figure("Visits", 1_250_500, "EUR", MARCH, 7)
    assert read_row().figure == Figure("Visits", 1_250_000, "", MARCH)


@pytest.mark.parametrize(
    ("field", "value", "said"),
    [
        ("day", "31.03.2027", "2027-03-31"),
        ("day", "2027-04-16", "still to come"),
        ("kpi", " ", "what was measured"),
        ("value", "many", "in digits"),
        ("activity", "Radio", "no activity “Radio”"),
        ("unit", "x" * 21, "at most 20"),
    ],
)
def test_what_is_wrong_is_said_at_its_field(field: str, value: str, said: str) -> None:
    found = read_row(**{field: value})
    assert found.figure is None
    assert set(found.faults) == {field}
    assert said in found.faults[field]


def test_a_table_is_read_as_spreadsheets_write_it() -> None:
    rows = typed_in(
        "Datum;Kennzahl;Wert;Einheit\r\n2027-03-31;Besuche;1250;\r\n\r\n2027-04-10;Umsatz;9,5;EUR\r\n"
    )
    assert rows == [
        Typed("2027-03-31", "Besuche", "1250", "", "", 2),
        Typed("2027-04-10", "Umsatz", "9,5", "EUR", "", 4),
    ]
    with pytest.raises(WrongPlanning, match="no column “Mood”"):
        typed_in("day,kpi,value,Mood\n2027-03-31,Visits,1,good")
    with pytest.raises(WrongPlanning, match="nothing in it"):
        typed_in(" \n")


def test_all_rows_are_kept_or_none() -> None:
    good, bad = read_row(), read_row(value="many")
    assert must_all_be_read([good]) == [good.figure]
    with pytest.raises(WrongPlanning) as refused:
        must_all_be_read([good, bad])
    assert "Row 1, Value" in refused.value.details["fields"]["row-1"]


def test_the_latest_day_counts_and_the_whole_before_its_parts() -> None:
    measured = [
        Figure("Visits", 9_000, "", APRIL, 7),
        Figure("Visits", 5_000, "", MARCH, 7),
        Figure("visits", 4_000, "", MARCH, 8),
        Figure("Leads", 20_000, "", MARCH, 7),
        Figure("Leads", 3_000, "", APRIL),
        Figure("Leads", 4_000, "", APRIL),
        Figure("Reach", 1_000, "people", MARCH),
    ]
    assert beside([("Visits", 26_000, ""), ("Sales", 5_000, "EUR"), ("Leads", 3_000, "")], measured) == [
        Beside("Visits", "", 26_000, 13_000, APRIL),
        Beside("Sales", "EUR", 5_000, None, None),
        Beside("Leads", "", 3_000, 4_000, APRIL),
        Beside("Reach", "people", None, 1_000, MARCH),
    ]


@pytest.mark.parametrize(
    ("expected", "measured", "percent"),
    [(26_000, 13_000, 50), (3_000, 4_000, 133), (3_000, 2_000, 67), (200_000, 1_000, 0), (0, 5, None),
     (None, 5, None), (5, None, None), (1_000, -500, -50)],
)  # fmt: skip
def test_so_many_of_a_hundred_came(expected: int | None, measured: int | None, percent: int | None) -> None:
    assert Beside("Visits", "", expected, measured, None).percent == percent


FIGURES = st.builds(
    Figure,
    st.sampled_from(["Visits", "Leads"]),
    st.integers(-5, 5),
    st.sampled_from(["", "EUR"]),
    st.sampled_from([MARCH, APRIL]),
    st.sampled_from([None, 7, 8]),
)


@given(st.lists(FIGURES))
def test_every_figure_that_was_measured_is_shown_once(measured: list[Figure]) -> None:
    found = beside([("Visits", 1, "")], measured)
    names = [(each.kpi, each.unit) for each in found]
    assert len(set(names)) == len(names)
    assert set(names) == {(each.kpi, each.unit) for each in measured} | {("Visits", "")}
