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


def test_a_librarian_puts_the_moment_off_and_opens_it(
    house: House, asset_id: int, people: make.People, visits: Visits
) -> None:
    visit, page, api = visits.of(people.librarian), f"/assets/{asset_id}", f"/api/v1/assets/{asset_id}"
    assert "Change the moment" in read_page(visit.get(page)).text
    later = OPENS + timedelta(days=3)

    def revision() -> int:
        return int(visit.get(api).get_json()["revision"])

    def put(moment: datetime | None, seen: int) -> int:
        at = moment.isoformat() if moment is not None else None
        return visit.send("PUT", f"{api}/embargo", json={"revision": seen, "embargo_until": at}).status_code

    seen = revision()
    typed = {"revision": seen, "embargo_until": f"{later:%Y-%m-%dT%H:%M}"}
    assert visit.post(f"{page}/embargo", typed).status_code == 303
    assert datetime.fromisoformat(visit.get(api).get_json()["embargo_until"]) == later
    assert put(OPENS, seen) == 409
    assert put(OPENS, revision()) == 200
    empty = visit.post(f"{page}/embargo", {"revision": revision(), "embargo_until": ""})
    assert "Say from when on it is open." in read_page(empty).text
    assert visits.of(people.field_marketer).get(page).status_code == 404
    assert visit.post(f"{page}/open-now", {"revision": revision()}).status_code == 303
    text = read_page(visit.get(page)).text
    assert "You can use this" in text
    assert "changed when this opens" in text
    assert "Change the moment" not in text
    assert visits.of(people.field_marketer).get(page).status_code == 200
    assert put(later, revision()) == 409
