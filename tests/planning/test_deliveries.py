"""Files come for what was ordered: checked, quarantined, let through, sent, returned, accepted."""

from datetime import timedelta

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from assetlib import clock
from assetlib.access.actor import SYSTEM
from assetlib.access.permission import NotPermitted
from assetlib.catalog.actions.trash import delete_asset, purge_asset
from assetlib.catalog.errors import ChangedMeanwhile, OtherBytes
from assetlib.catalog.models import Asset
from assetlib.catalog.queries.verdicts import standing_of
from assetlib.database import Database
from assetlib.errors import Conflict, Invalid
from assetlib.notify.models import Notice
from assetlib.planning.actions.deliveries import (
    accept_item,
    check_again,
    remove_delivery,
    return_item,
    send_deliverable,
    take_delivery,
    waive_checks,
)
from assetlib.planning.errors import PlanningChanged, WrongPlanning, WrongPlanningState
from assetlib.planning.models import Deliverable, DeliverableItem, Delivery
from assetlib.words import recalled
from tests import make
from tests.catalog.at_once import at_once
from tests.planning.orders import Desk, arrived, asked, delivered, desk, spec, version_of

ENGINES = ("sqlite", "postgresql")


@pytest.fixture
def orders(session: Session, people: make.People) -> Desk:
    return desk(session, people)


def seen(session: Session, delivery: Delivery) -> str:
    version = version_of(session, delivery)
    session.expire(version.asset, ["versions"])
    return str(standing_of(version.asset, version))


def told(session: Session, kind: str) -> list[int]:
    return list(
        session.scalars(select(Notice.person_id).where(Notice.kind == kind).order_by(Notice.person_id))
    )


def test_a_file_that_keeps_to_all_is_sent_and_accepted_with_its_bytes(session: Session, orders: Desk) -> None:
    row = asked(session, orders, spec_id=spec(session, formats=["JPEG"]).id)
    item, agency = row.items[0], orders.people.contributor
    delivery = delivered(session, agency, item)
    assert (delivery.state, item.state, row.creative_state) == ("passed", "in_work", "in_work")
    assert send_deliverable(session, agency, row, note="Type is live.") == 1
    assert (delivery.state, delivery.note, item.state, row.creative_state) == (
        "sent", "Type is live.", "in_review", "in_review",
    )  # fmt: skip
    assert told(session, "delivery.sent") == [orders.planner.person_id]
    accept_item(session, orders.planner, item, sha256=delivery.sha256, seen=seen(session, delivery))
    version = version_of(session, delivery)
    assert version.is_approved
    assert version.approvals[0].kind == "planner"
    assert version.asset.state == "approved"
    assert (item.state, item.accepted_sha256, item.accepted_version_id) == (
        "approved", version.sha256, version.id,
    )  # fmt: skip
    assert (row.creative_state, row.accepted_by_id) == ("approved", orders.planner.person_id)
    assert row.accepted_at is not None
    assert told(session, "delivery.decided") == [agency.person_id]


def test_a_deliverable_is_accepted_only_when_every_item_is(session: Session, orders: Desk) -> None:
    row = asked(session, orders, items=2)
    agency = orders.people.contributor
    first, second = (delivered(session, agency, item) for item in row.items)
    send_deliverable(session, agency, row)
    accept_item(session, orders.planner, row.items[0], sha256=first.sha256, seen=seen(session, first))
    assert (row.creative_state, row.accepted_at) == ("in_review", None)
    return_item(session, orders.people.librarian, row.items[1], sha256=second.sha256, reason="Too dark")
    assert row.creative_state == "changes_requested"
    assert second.returned_reason == "Too dark"
    again = delivered(session, agency, row.items[1])
    send_deliverable(session, agency, row)
    accept_item(session, orders.planner, row.items[1], sha256=again.sha256, seen=seen(session, again))
    assert (row.creative_state, row.accepted_at is not None) == ("approved", True)


def test_a_failed_file_waits_in_quarantine_with_a_sentence_for_each_check(
    session: Session, orders: Desk
) -> None:
    rules = spec(session, formats=["PSD"], sizes=[[1080, 1920]], file_name="NW_*_v#")
    row = asked(session, orders, spec_id=rules.id)
    delivery = delivered(session, orders.people.contributor, row.items[0])
    assert delivery.state == "quarantined"
    failed = [(recalled(each["found"]), recalled(each["needed"])) for each in delivery.checks]
    assert failed == [
        ("Format is JPEG.", "Allowed: PSD"),
        ("Size is 1200 × 800.", "Needs 1080 × 1920 pixels."),
        ("The name is lighthouse-1.jpg.", "Needs the form NW_*_v#."),
    ]
    assert told(session, "delivery.checked") == [orders.people.contributor.person_id]
    with pytest.raises(WrongPlanningState):
        send_deliverable(session, orders.people.contributor, row)
    assert row.items[0].state == "in_work"


def test_a_person_lets_a_file_through_with_a_reason(session: Session, orders: Desk) -> None:
    row = asked(session, orders, spec_id=spec(session, formats=["PSD"]).id)
    agency = orders.people.contributor
    delivery = delivered(session, agency, row.items[0])
    with pytest.raises(NotPermitted):
        waive_checks(session, agency, delivery, reason="We like it")
    with pytest.raises(WrongPlanning):
        waive_checks(session, orders.people.librarian, delivery, reason="  ")
    waive_checks(session, orders.people.librarian, delivery, reason="The shop takes JPEG too")
    assert (delivery.state, delivery.waived_by_id) == ("waived", orders.people.librarian.person_id)
    assert delivery.waived_reason == "The shop takes JPEG too"
    assert send_deliverable(session, agency, row) == 1


def test_details_that_are_filled_in_later_pass_when_it_is_checked_again(
    session: Session, orders: Desk
) -> None:
    make.attribute(session, "photographer")
    rules = spec(session, attributes=["photographer"], rights_holder=True)
    row = asked(session, orders, spec_id=rules.id)
    delivery = delivered(session, orders.people.contributor, row.items[0])
    asset = version_of(session, delivery).asset
    check_again(session, orders.people.contributor, delivery)
    assert delivery.state == "quarantined"
    asset.attributes = {"photographer": "Ada"}
    make.right(session, asset, holder="Halden & Frey")
    check_again(session, orders.people.contributor, delivery)
    assert delivery.state == "passed"


def test_a_newer_file_takes_the_place_of_the_one_before(session: Session, orders: Desk) -> None:
    row = asked(session, orders)
    item, agency = row.items[0], orders.people.contributor
    before = delivered(session, agency, item)
    send_deliverable(session, agency, row)
    after = delivered(session, agency, item)
    assert (before.state, after.state, item.state) == ("replaced", "passed", "in_work")
    assert version_of(session, after).asset_id == version_of(session, before).asset_id
    assert version_of(session, after).number == 2
    with pytest.raises(PlanningChanged):
        accept_item(session, orders.planner, item, sha256=before.sha256, seen=seen(session, before))
    with pytest.raises(PlanningChanged):
        return_item(session, orders.planner, item, sha256=before.sha256, reason="x")
    remove_delivery(session, agency, after)
    assert (after.state, item.state) == ("replaced", "waiting")


def test_a_version_that_is_not_checked_yet_stops_an_acceptance(session: Session, orders: Desk) -> None:
    row = asked(session, orders)
    item, agency = row.items[0], orders.people.contributor
    delivery = delivered(session, agency, item)
    send_deliverable(session, agency, row)
    standing = seen(session, delivery)
    arrived(session, agency, item)
    with pytest.raises(ChangedMeanwhile):
        accept_item(session, orders.planner, item, sha256=delivery.sha256, seen=standing)
    assert item.state == "in_review"


def test_only_exactly_the_bytes_that_were_seen_are_accepted(session: Session, orders: Desk) -> None:
    row = asked(session, orders)
    delivery = delivered(session, orders.people.contributor, row.items[0])
    send_deliverable(session, orders.people.contributor, row)
    with pytest.raises((PlanningChanged, OtherBytes)):
        accept_item(session, orders.planner, row.items[0], sha256="0" * 64, seen=seen(session, delivery))


def test_the_job_may_run_twice(session: Session, orders: Desk) -> None:
    row = asked(session, orders)
    upload = arrived(session, orders.people.contributor, row.items[0])
    assert take_delivery(session, SYSTEM, upload, orders.people.contributor) is not None
    assert take_delivery(session, SYSTEM, upload, orders.people.contributor) is None
    assert session.scalar(select(func.count()).select_from(Delivery)) == 1


def test_what_comes_from_an_agency_that_was_not_asked_is_no_delivery(session: Session, orders: Desk) -> None:
    row = asked(session, orders)
    other = orders.people.other_contributor
    assert take_delivery(session, SYSTEM, arrived(session, other, row.items[0]), other) is None
    assert (row.items[0].asset_id, row.items[0].state) == (None, "waiting")


@pytest.mark.parametrize("state", ["draft", "brief_submitted", "rescoped", "dropped"])
def test_nothing_is_sent_or_accepted_while_the_brief_is_not_approved(
    session: Session, orders: Desk, state: str
) -> None:
    row = asked(session, orders)
    delivery = delivered(session, orders.people.contributor, row.items[0])
    row.scope_state = state
    session.flush()
    with pytest.raises(NotPermitted):
        send_deliverable(session, orders.people.contributor, row)
    delivery.state, row.items[0].state = "sent", "in_review"
    session.flush()
    with pytest.raises(WrongPlanningState):
        accept_item(
            session, orders.planner, row.items[0], sha256=delivery.sha256, seen=seen(session, delivery)
        )


def test_a_file_after_the_acceptance_changes_nothing(session: Session, orders: Desk) -> None:
    row = asked(session, orders)
    item, agency = row.items[0], orders.people.contributor
    delivery = delivered(session, agency, item)
    send_deliverable(session, agency, row)
    accept_item(session, orders.planner, item, sha256=delivery.sha256, seen=seen(session, delivery))
    late = delivered(session, agency, item)
    assert (late.state, item.state, item.accepted_sha256) == ("replaced", "approved", delivery.sha256)
    assert row.accepted_at is not None


def test_what_was_found_outlives_the_asset(session: Session, orders: Desk) -> None:
    row = asked(session, orders)
    delivery = delivered(session, orders.people.contributor, row.items[0])
    asset, sha256 = version_of(session, delivery).asset, delivery.sha256
    remove_delivery(session, orders.people.contributor, delivery)
    delete_asset(session, orders.people.contributor, asset)
    with clock.held_at(clock.now() + timedelta(days=31)):
        purge_asset(session, SYSTEM, asset)
    session.expire_all()
    assert (delivery.version_id, delivery.sha256, row.items[0].asset_id) == (None, sha256, None)


def ready(database: Database) -> tuple[Desk, int, str, str]:
    """Something that waits for its acceptance: the desk, the item, its bytes and how the asset stands."""
    with database.transaction() as session:
        orders = desk(session, make.people(session))
        row = asked(session, orders)
        delivery = delivered(session, orders.people.contributor, row.items[0])
        send_deliverable(session, orders.people.contributor, row)
        return orders, row.items[0].id, delivery.sha256, seen(session, delivery)


def test_of_two_who_accept_at_once_one_does(database: Database) -> None:
    orders, item_id, sha256, standing = ready(database)

    def accept(actor: object) -> None:
        with database.transaction() as session:
            item = session.get_one(DeliverableItem, item_id)
            accept_item(session, actor, item, sha256=sha256, seen=standing)  # type: ignore[arg-type]

    given = at_once([lambda: accept(orders.planner), lambda: accept(orders.people.librarian)])
    assert sorted(isinstance(each, Conflict) for each in given) == [False, True], given
    with database.reading() as session:
        item = session.get_one(DeliverableItem, item_id)
        asset = session.get_one(Asset, item.asset_id)
        assert [len(version.approvals) for version in asset.versions] == [1]
        assert item.deliverable.creative_state == "approved"


def test_an_acceptance_beside_a_new_version_is_of_exactly_the_named_bytes_or_refused(
    database: Database,
) -> None:
    orders, item_id, sha256, standing = ready(database)

    def accept() -> None:
        with database.transaction() as session:
            item = session.get_one(DeliverableItem, item_id)
            accept_item(session, orders.planner, item, sha256=sha256, seen=standing)

    def deliver() -> None:
        with database.transaction() as session:
            delivered(session, orders.people.contributor, session.get_one(DeliverableItem, item_id))

    given = at_once([accept, deliver])
    with database.reading() as session:
        item = session.get_one(DeliverableItem, item_id)
        asset = session.get_one(Asset, item.asset_id)
        approved = [version.sha256 for version in asset.versions if version.is_approved]
        if given[0] is None:
            assert (item.state, item.accepted_sha256, approved) == ("approved", sha256, [sha256])
        else:
            assert isinstance(given[0], Conflict), given
            assert (item.state, item.accepted_sha256, approved) == ("in_work", "", [])


def test_an_acceptance_that_breaks_off_leaves_neither_approval_nor_state(database: Database) -> None:
    orders, item_id, sha256, standing = ready(database)

    def broken_off() -> None:
        with database.transaction() as session:
            item = session.get_one(DeliverableItem, item_id)
            accept_item(session, orders.planner, item, sha256=sha256, seen=standing)
            raise WrongPlanning("broken off")

    with pytest.raises(Invalid):
        broken_off()
    with database.reading() as session:
        item = session.get_one(DeliverableItem, item_id)
        row = session.get_one(Deliverable, item.deliverable_id)
        asset = session.get_one(Asset, item.asset_id)
        assert (item.state, row.accepted_at, asset.state) == ("in_review", None, "draft")
        assert [version.approvals for version in asset.versions] == [[]]
