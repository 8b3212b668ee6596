"""What is published under an embargo: what its page, its tile and the API say."""

from datetime import UTC, datetime, timedelta

import pytest

from assetlib import clock
from assetlib.house import House
from tests import make
from tests.delivery.reading import read_page
from tests.delivery.visiting import Visits

OPENS = (datetime.now(UTC) + timedelta(hours=3)).replace(second=0, microsecond=0)


@pytest.fixture
def asset_id(house: House, people: make.People) -> int:
    with house.database.transaction() as session:
        asset = make.published(session, people.agency, people.librarian, embargo_until=OPENS)
        return asset.id


def test_nobody_is_told_that_they_can_use_it_before(
    asset_id: int, people: make.People, visits: Visits
) -> None:
    visit = visits.of(people.librarian)
    text = read_page(visit.get(f"/assets/{asset_id}")).text
    until = f"{OPENS:%-d %b, %H:%M} UTC"
    assert f"You get this to work on it, not to use it. Nobody may use this before {until}." in text
    assert "You can use this" not in text
    assert visit.get(f"/api/v1/assets/{asset_id}").get_json()["rights_state"] == "embargoed"
    with clock.held_at(OPENS):
        assert visit.get(f"/api/v1/assets/{asset_id}").get_json()["rights_state"] == "cleared"
        assert "You can use this" in read_page(visit.get(f"/assets/{asset_id}")).text


def test_a_librarian_records_rights_and_asks_nobody(
    house: House, people: make.People, visits: Visits
) -> None:
    with house.database.transaction() as session:
        address = f"/assets/{make.asset(session, people.agency).id}"
    assert (
        "not to use it. No rights are recorded for this asset. Record them."
        in read_page(visits.of(people.librarian).get(address)).text
    )
    assert "Ask a librarian to record them." in read_page(visits.of(people.contributor).get(address)).text
