from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest
from sqlalchemy.orm import Session

from assetlib import clock
from assetlib.access.permission import NotPermitted
from assetlib.catalog.actions.states import (
    archive_asset,
    publish_asset,
    reopen_asset,
    submit_asset,
    withdraw_asset,
)
from assetlib.catalog.actions.versions import approve_version
from assetlib.catalog.errors import NotReadyToPublish, WrongState, WrongValue
from assetlib.catalog.models import Asset, Version
from assetlib.catalog.permissions.assets import sees
from tests import make
from tests.catalog.recorded import actions, recorded
from tests.catalog.verdicts import as_seen

ENGINES = ("sqlite", "postgresql")

NOON = datetime(2027, 3, 31, 12, tzinfo=UTC)

pytestmark = pytest.mark.usefixtures("noise")


def approved(session: Session, people: make.People, **values: Any) -> Asset:
    asset = make.asset(session, people.agency, state="approved", **values)
    make.approval(session, session.get_one(Version, asset.current_version_id), people.librarian)
    make.right(session, asset)
    return asset


def test_an_agency_sends_its_draft_for_approval(session: Session, people: make.People) -> None:
    asset = make.asset(session, people.agency)
    submit_asset(session, people.contributor, asset)
    assert asset.state == "in_review"
    entry = recorded(session, asset)[-1]
    assert entry.action == "catalog.asset_submitted"
    assert entry.changes == {"before": {"state": "draft"}, "after": {"state": "in_review"}}


def test_nobody_sends_what_is_not_theirs(session: Session, people: make.People) -> None:
    asset = make.asset(session, people.agency)
    for actor in (people.other_contributor, people.field_marketer, people.without_role):
        with pytest.raises(NotPermitted):
            submit_asset(session, actor, asset)
    assert asset.state == "draft"
    assert actions(session, asset) == []


def test_what_waits_is_not_sent_again(session: Session, people: make.People) -> None:
    asset = make.asset(session, people.agency, state="in_review")
    with pytest.raises(WrongState):
        submit_asset(session, people.contributor, asset)


def test_publishing_opens_an_asset(session: Session, people: make.People) -> None:
    asset = approved(session, people)
    assert not sees(people.field_marketer, asset)
    publish_asset(session, people.librarian, asset)
    assert asset.state == "published"
    assert sees(people.field_marketer, asset)
    assert actions(session, asset) == ["asset_published"]


def test_an_embargo_keeps_it_closed_until_its_moment(session: Session, people: make.People) -> None:
    asset = approved(session, people)
    moment = clock.now() + timedelta(hours=1)
    publish_asset(session, people.librarian, asset, embargo_until=moment)
    assert not sees(people.field_marketer, asset)
    with clock.held_at(moment):
        assert sees(people.field_marketer, asset)
    assert recorded(session, asset)[-1].changes["after"]["embargo_until"] == moment.isoformat()


@pytest.mark.parametrize(
    ("moment", "words"),
    [
        (NOON.replace(tzinfo=None), "time zone"),
        (NOON, "over"),
        (NOON - timedelta(days=1), "over"),
        (datetime.max.replace(tzinfo=timezone(-timedelta(hours=14))), "too far"),
    ],
)
def test_an_embargo_has_a_zone_and_lies_ahead(
    session: Session, people: make.People, moment: datetime, words: str
) -> None:
    asset = approved(session, people)
    with clock.held_at(NOON), pytest.raises(WrongValue) as refused:
        publish_asset(session, people.librarian, asset, embargo_until=moment)
    assert words in refused.value.details["fields"]["embargo_until"]
    assert asset.state == "approved"


def test_publishing_says_all_that_is_missing(session: Session, people: make.People) -> None:
    make.attribute(session, "region", required=True)
    make.attribute(session, "format_of_logo", required=True, types=["logo"])
    asset = make.asset(session, people.agency, state="approved")
    with pytest.raises(NotReadyToPublish) as refused:
        publish_asset(session, people.librarian, asset)
    assert [sentence.split(".")[0] for sentence in refused.value.details["missing"]] == [
        "The version in force is not approved",
        "No rights are recorded",
        "Region is empty",
    ]
    assert asset.state == "approved"


def test_an_approval_of_other_bytes_does_not_publish(session: Session, people: make.People) -> None:
    asset = make.asset(session, people.agency, state="approved")
    version = session.get_one(Version, asset.current_version_id)
    make.approval(session, version, people.librarian, sha256="0" * 64)
    make.right(session, asset)
    with pytest.raises(NotReadyToPublish):
        publish_asset(session, people.librarian, asset)


def test_agencies_do_not_publish(session: Session, people: make.People) -> None:
    asset = approved(session, people)
    for actor in (people.contributor, people.field_marketer):
        with pytest.raises(NotPermitted):
            publish_asset(session, actor, asset)


def test_withdrawing_closes_it_at_once_and_says_why(session: Session, people: make.People) -> None:
    asset = make.published(session, people.agency, people.librarian)
    withdraw_asset(session, people.librarian, asset, reason="The model took back her consent.")
    assert asset.state == "withdrawn"
    assert not sees(people.field_marketer, asset)
    assert recorded(session, asset)[-1].reason == "The model took back her consent."


@pytest.mark.parametrize("reason", ["", "  ", "a\0", "x" * 2001])
def test_a_withdrawal_needs_a_reason_that_can_be_kept(
    session: Session, people: make.People, reason: str
) -> None:
    asset = make.published(session, people.agency, people.librarian)
    with pytest.raises(WrongValue) as refused:
        withdraw_asset(session, people.librarian, asset, reason=reason)
    assert "reason" in refused.value.details["fields"]
    assert asset.state == "published"


def test_only_librarians_withdraw_archive_and_reopen(session: Session, people: make.People) -> None:
    asset = make.published(session, people.agency, people.librarian)
    for actor in (people.contributor, people.field_marketer):
        with pytest.raises(NotPermitted):
            withdraw_asset(session, actor, asset, reason="No")
        with pytest.raises(NotPermitted):
            archive_asset(session, actor, asset)
        with pytest.raises(NotPermitted):
            reopen_asset(session, actor, asset)


def test_what_is_withdrawn_can_be_published_again(session: Session, people: make.People) -> None:
    asset = make.published(session, people.agency, people.librarian)
    withdraw_asset(session, people.librarian, asset, reason="A mistake in the caption")
    publish_asset(session, people.librarian, asset)
    assert asset.state == "published"


def test_what_is_archived_is_reopened_as_what_its_version_deserves(
    session: Session, people: make.People
) -> None:
    out = make.published(session, people.agency, people.librarian)
    draft = make.asset(session, people.agency)
    for asset, state in ((out, "approved"), (draft, "draft")):
        archive_asset(session, people.librarian, asset)
        assert asset.state == "archived"
        reopen_asset(session, people.librarian, asset)
        assert asset.state == state
        assert actions(session, asset) == ["asset_archived", "asset_reopened"]


def test_what_waits_for_a_verdict_is_not_archived(session: Session, people: make.People) -> None:
    asset = make.asset(session, people.agency, state="in_review")
    with pytest.raises(WrongState, match="verdict"):
        archive_asset(session, people.librarian, asset)


def test_from_draft_to_published_by_its_own_steps(session: Session, people: make.People) -> None:
    asset = make.asset(session, people.agency)
    version = session.get_one(Version, asset.current_version_id)
    submit_asset(session, people.contributor, asset)
    approve_version(session, people.librarian, version, **as_seen(version))
    make.right(session, asset)
    publish_asset(session, people.librarian, asset)
    assert actions(session, asset) == ["asset_submitted", "version_approved", "asset_published"]
