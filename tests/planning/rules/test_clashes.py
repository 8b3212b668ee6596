"""Two activities clash when the same people would see both at once and nobody meant it."""

from datetime import date, timedelta
from itertools import combinations
from random import Random
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assetlib.planning.rules.clashes import Showing, between, clashes_among

FIRST = date(2027, 3, 1)


def showing(number: int, **values: Any) -> Showing:
    return Showing(
        **{
            "id": number,
            "campaign_id": number,
            "starts_on": FIRST,
            "ends_on": FIRST + timedelta(days=9),
            "channels": frozenset({"newsletter"}),
            "regions": frozenset({"germany"}),
            "brand": "northwind",
            **values,
        }
    )


def test_the_same_place_channel_brand_and_days_clash() -> None:
    clash = between(showing(1), showing(2, starts_on=FIRST + timedelta(days=7)))
    assert clash is not None
    assert (clash.first, clash.second, clash.days) == (1, 2, 10 - 7)
    assert (clash.channels, clash.regions) == (frozenset({"newsletter"}), frozenset({"germany"}))


@pytest.mark.parametrize(
    "other",
    [
        {"campaign_id": 1},
        {"brand": "northwind-kids"},
        {"channels": frozenset({"print"})},
        {"channels": frozenset()},
        {"regions": frozenset({"japan"})},
        {"starts_on": FIRST + timedelta(days=10), "ends_on": FIRST + timedelta(days=12)},
    ],
)
def test_what_differs_in_one_of_them_does_not_clash(other: dict[str, Any]) -> None:
    assert between(showing(1), showing(2, **other)) is None


@pytest.mark.parametrize("other", [{"brand": ""}, {"regions": frozenset()}])
def test_what_is_for_all_clashes_with_what_is_for_one(other: dict[str, Any]) -> None:
    clash = between(showing(1), showing(2, **other))
    assert clash is not None
    assert clash.regions == {"germany"}


keys = st.frozensets(st.sampled_from(["a", "b", "c"]), max_size=2)
SHOWINGS = st.lists(
    st.builds(
        lambda campaign, start, length, channels, regions, brand: {
            "campaign_id": campaign,
            "starts_on": FIRST + timedelta(days=start),
            "ends_on": FIRST + timedelta(days=start + length),
            "channels": channels,
            "regions": regions,
            "brand": brand,
        },
        st.integers(1, 5),
        st.integers(0, 40),
        st.integers(0, 20),
        keys,
        keys,
        st.sampled_from(["", "x", "y"]),
    ),
    max_size=25,
).map(lambda rows: [showing(number, **row) for number, row in enumerate(rows, 1)])


@given(SHOWINGS)
def test_the_sweep_finds_what_asking_every_pair_finds(showings: list[Showing]) -> None:
    pairs = (between(one, other) for one, other in combinations(showings, 2))
    found = clashes_among(showings)
    assert len(found) == len({(each.first, each.second) for each in found})
    assert set(found) == {each for each in pairs if each is not None}


@given(SHOWINGS, st.randoms(use_true_random=False))
def test_the_order_of_the_rows_makes_no_difference(showings: list[Showing], chance: Random) -> None:
    shuffled = list(showings)
    chance.shuffle(shuffled)
    assert clashes_among(shuffled) == clashes_among(showings)


@given(SHOWINGS)
def test_two_of_them_clash_whichever_is_asked(showings: list[Showing]) -> None:
    for one, other in combinations(showings, 2):
        assert between(one, other) == between(other, one)
