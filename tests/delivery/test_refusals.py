"""What is refused is written down, but a loop of refusals keeps nobody else from writing."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from assetlib import clock, refusals
from assetlib.audit.models import AuditEntry
from assetlib.database import Busy
from assetlib.house import House
from tests import make
from tests.delivery.visiting import Visits

NOON = datetime(2027, 3, 31, 12, tzinfo=UTC)


def written(house: House, person_id: int | None) -> list[tuple[str, Any]]:
    """Route, and how many were left out before."""
    with house.database.reading() as session:
        entries = session.scalars(
            select(AuditEntry)
            .where(AuditEntry.action == "access.refused", AuditEntry.actor_id == person_id)
            .order_by(AuditEntry.seq)
        )
        return [(each.object_id, each.changes.get("left_out")) for each in entries]


def test_a_loop_leaves_a_few_rows_a_minute_and_says_how_many_were_left_out(
    house: House, visits: Visits, people: make.People
) -> None:
    finn, nils = people.field_marketer, people.without_role
    most = refusals.MOST_WRITTEN_DOWN
    with clock.held_at(NOON):
        for _ in range(most + 7):
            assert visits.of(finn).get("/people").status_code == 403
        assert written(house, finn.person_id) == [("people.index", 0)] * most
        assert visits.of(finn).get("/jobs").status_code == 403
        assert visits.of(nils).get("/people").status_code == 403
        assert written(house, finn.person_id)[most:] == [("jobs.index", 0)]
        assert written(house, nils.person_id) == [("people.index", 0)]
    with clock.held_at(NOON + timedelta(minutes=1)):
        for _ in range(2):
            visits.of(finn).get("/people")
    assert written(house, finn.person_id)[most + 1 :] == [("people.index", 7), ("people.index", 0)]


def test_a_refusal_stays_one_while_nobody_can_write(
    visits: Visits, people: make.People, monkeypatch: pytest.MonkeyPatch
) -> None:
    def busy(*_: object, **__: object) -> None:
        raise Busy("not now")

    visit = visits.of(people.field_marketer)
    monkeypatch.setattr(refusals, "record", busy)
    assert visit.get("/people").status_code == 403
    assert visit.get("/api/v1/people").status_code == 403
