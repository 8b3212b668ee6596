"""The line of a right on its asset's page: what is drawn as ending, and where the word Today stands."""

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from assetlib import clock
from assetlib.house import House
from tests import make
from tests.delivery.reading import Page, read_page
from tests.delivery.visiting import Visits

Draw = Callable[[int, int], Page]


@pytest.fixture
def draw(house: House, people: make.People, visits: Visits) -> Draw:
    """The page of an asset whose right begins and ends so many days from today."""

    def page(begins: int, ends: int) -> Page:
        with house.database.transaction() as session:
            asset = make.published(session, people.own, people.librarian)
            assert asset.right is not None
            asset.right.starts_on = clock.today() + timedelta(days=begins)
            asset.right.ends_on = clock.today() + timedelta(days=ends)
            address = f"/assets/{asset.id}"
        return read_page(visits.of(people.librarian).get(address))

    return page


def part(page: Page, name: str) -> Any:
    (found,) = page.tree.xpath(f"//*[contains(@class, '{name}')][@style]")
    return found


def left(node: Any) -> float:
    found = re.search(r"left: (?:clamp\([^,]+, )?([\d.]+)%", node.get("style"))
    assert found is not None
    return float(found[1])


def shares(page: Page) -> tuple[float, float, float]:
    """Where the span begins, where its hatched part begins, where both end, in per cent."""
    span, last = part(page, "rights-bar__span"), part(page, "rights-bar__last")
    end = re.search(r"right: ([\d.]+)%", span.get("style"))
    assert end is not None
    return left(span), left(last), 100 - float(end[1])


@pytest.mark.parametrize(
    ("begins", "ends", "share"), [(-10, 20, 1 / 3), (-60, 30, 1 / 3), (-275, 90, 90 / 365)]
)
def test_a_right_is_drawn_as_ending_for_its_last_days_only(
    draw: Draw, begins: int, ends: int, share: float
) -> None:
    start, closing, end = shares(draw(begins, ends))
    assert (end - closing) / (end - start) == pytest.approx(share, abs=0.02)


@pytest.mark.parametrize(("begins", "ends"), [(-300, 10), (-10, 300), (-300, -40), (-100, 100)])
def test_today_is_written_under_its_mark(draw: Draw, begins: int, ends: int) -> None:
    page = draw(begins, ends)
    word, mark = part(page, "rights-bar__now"), part(page, "rights-bar__today")
    assert word.text_content() == "Today"
    assert left(word) == left(mark)
    (dates,) = page.tree.xpath("//p[contains(@class, 'rights-bar__dates')]")
    near_an_end = not 26 < left(mark) < 64
    assert ("rights-bar__dates--apart" in dates.get("class")) == near_an_end
