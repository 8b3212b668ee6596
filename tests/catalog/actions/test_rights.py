from datetime import date

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from assetlib.access.permission import NotPermitted
from assetlib.catalog.actions.rights import record_rights, remove_rights
from assetlib.catalog.errors import ChangedMeanwhile, WrongState, WrongValue
from assetlib.catalog.models import UsageRight
from assetlib.catalog.permissions.assets import may_have_bytes
from assetlib.catalog.rules.rights_forms import RightForm
from tests import make
from tests.catalog.recorded import actions, recorded

ENGINES = ("sqlite", "postgresql")

pytestmark = pytest.mark.usefixtures("noise")

FORM = RightForm(
    holder="Halden & Frey",
    licence="Two years",
    channels=["web", "print"],
    territories=["DE"],
    ends_on=date(2030, 1, 31),
)


def test_a_right_is_recorded_and_then_decides(session: Session, people: make.People) -> None:
    asset = make.published(session, people.agency, people.librarian)
    assert asset.current_version is not None
    record_rights(
        session, people.librarian, asset, RightForm(ends_on=date(2020, 1, 1)), revision=asset.revision
    )
    assert may_have_bytes(people.field_marketer, asset, asset.current_version, "download").code == (
        "rights_ended"
    )
    record_rights(session, people.librarian, asset, FORM, revision=asset.revision)
    assert may_have_bytes(people.field_marketer, asset, asset.current_version, "download").is_yes
    assert (asset.right.holder, asset.right.channels) == ("Halden & Frey", ["web", "print"])  # type: ignore[union-attr]  # it was recorded above
    changes = recorded(session, asset)[-1].changes
    assert changes["before"]["ends_on"] == "2020-01-01"
    assert changes["after"]["ends_on"] == "2030-01-31"


def test_there_is_one_right_for_an_asset(session: Session, people: make.People) -> None:
    asset = make.asset(session, people.agency)
    for _ in range(2):
        record_rights(session, people.librarian, asset, FORM, revision=asset.revision)
    count = select(func.count()).select_from(UsageRight).where(UsageRight.asset_id == asset.id)
    assert session.scalar(count) == 1
    assert actions(session, asset) == ["rights_recorded"]


def test_a_right_is_not_overwritten_unseen(session: Session, people: make.People) -> None:
    asset = make.asset(session, people.agency)
    seen = asset.revision
    record_rights(session, people.administrator, asset, FORM, revision=seen)
    with pytest.raises(ChangedMeanwhile) as refused:
        record_rights(session, people.librarian, asset, RightForm(holder="Mine"), revision=seen)
    assert refused.value.details["current"]["right"]["ends_on"] == "2030-01-31"
    with pytest.raises(ChangedMeanwhile):
        remove_rights(session, people.librarian, asset, revision=seen)
    assert asset.right is not None
    assert asset.right.holder == "Halden & Frey"
    assert actions(session, asset) == ["rights_recorded"]


def test_a_right_that_cannot_be_is_refused(session: Session, people: make.People) -> None:
    asset = make.asset(session, people.agency)
    with pytest.raises(WrongValue) as refused:
        record_rights(
            session,
            people.librarian,
            asset,
            RightForm(starts_on=date(2026, 2, 1), ends_on=date(2026, 1, 1), territories=["Germany"]),
            revision=asset.revision,
        )
    assert set(refused.value.details["fields"]) == {"ends_on", "territories"}
    assert asset.right is None


def test_only_librarians_say_what_is_allowed(session: Session, people: make.People) -> None:
    asset = make.asset(session, people.agency)
    for actor in (people.contributor, people.field_marketer):
        with pytest.raises(NotPermitted):
            record_rights(session, actor, asset, FORM, revision=asset.revision)
        with pytest.raises(NotPermitted):
            remove_rights(session, actor, asset, revision=asset.revision)


def test_rights_are_removed_and_unknown_again(session: Session, people: make.People) -> None:
    asset = make.asset(session, people.agency)
    record_rights(session, people.librarian, asset, FORM, revision=asset.revision)
    remove_rights(session, people.librarian, asset, revision=asset.revision, reason="Recorded by mistake")
    assert asset.right is None
    remove_rights(session, people.librarian, asset, revision=asset.revision)
    assert actions(session, asset) == ["rights_recorded", "rights_removed"]


def test_what_is_published_keeps_its_rights(session: Session, people: make.People) -> None:
    asset = make.published(session, people.agency, people.librarian)
    with pytest.raises(WrongState, match="Withdraw"):
        remove_rights(session, people.librarian, asset, revision=asset.revision)
    assert asset.right is not None
