from collections.abc import Callable

import pytest
from sqlalchemy.orm import Session

from assetlib.access.permission import NotPermitted
from assetlib.catalog.actions.assets import describe_asset
from assetlib.catalog.actions.versions import approve_version, return_version
from assetlib.catalog.errors import ChangedMeanwhile, OtherBytes, WrongState, WrongValue
from assetlib.catalog.models import Asset, Version
from tests import make
from tests.catalog.recorded import actions, recorded
from tests.catalog.verdicts import as_seen

ENGINES = ("sqlite", "postgresql")

pytestmark = pytest.mark.usefixtures("noise")


def current(session: Session, asset: Asset) -> Version:
    return session.get_one(Version, asset.current_version_id)


@pytest.mark.parametrize("state", ["draft", "in_review"])
def test_approving_names_the_bytes_the_person_and_the_kind(
    session: Session, people: make.People, state: str
) -> None:
    asset = make.asset(session, people.agency, state=state)
    version = current(session, asset)
    said = approve_version(session, people.librarian, version, **as_seen(version), note="Lovely")
    assert (said.sha256, said.person_id, said.kind) == (
        version.sha256,
        people.librarian.person_id,
        "librarian",
    )
    assert version.is_approved
    assert asset.state == "approved"
    entry = recorded(session, asset)[-1]
    assert entry.changes["sha256"] == version.sha256
    assert entry.changes["before"] == {"state": state, "current_version": 1}
    assert entry.changes["after"] == {"state": "approved", "current_version": 1}
    assert entry.reason == "Lovely"


def test_an_administrator_approves_as_one(session: Session, people: make.People) -> None:
    version = current(session, make.asset(session, people.agency))
    assert approve_version(session, people.administrator, version, **as_seen(version)).kind == (
        "administrator"
    )


def test_who_saw_other_bytes_decides_nothing(session: Session, people: make.People) -> None:
    asset = make.asset(session, people.agency, state="in_review")
    version = current(session, asset)
    with pytest.raises(OtherBytes) as refused:
        approve_version(session, people.librarian, version, **{**as_seen(version), "sha256": "0" * 64})
    assert refused.value.details == {"seen": "0" * 64, "held": version.sha256}
    seen = {**as_seen(version), "sha256": "0" * 64}
    with pytest.raises(OtherBytes):
        return_version(session, people.librarian, version, **seen, reason="No")
    assert asset.state == "in_review"
    assert version.approvals == []


def test_only_librarians_decide(session: Session, people: make.People) -> None:
    version = current(session, make.asset(session, people.agency, state="in_review"))
    for actor in (people.contributor, people.field_marketer, people.without_role):
        with pytest.raises(NotPermitted):
            approve_version(session, actor, version, **as_seen(version))
        with pytest.raises(NotPermitted):
            return_version(session, actor, version, **as_seen(version), reason="No")


def test_returning_says_why_and_makes_it_a_draft_again(session: Session, people: make.People) -> None:
    asset = make.asset(session, people.agency, state="in_review")
    version = current(session, asset)
    return_version(session, people.librarian, version, **as_seen(version), reason="Too dark")
    assert asset.state == "draft"
    assert [(a.verdict, a.note) for a in version.approvals] == [("returned", "Too dark")]
    assert actions(session, asset) == ["version_returned"]


@pytest.mark.parametrize("reason", ["", "  ", "a\0"])
def test_a_return_needs_a_reason(session: Session, people: make.People, reason: str) -> None:
    version = current(session, make.asset(session, people.agency, state="in_review"))
    with pytest.raises(WrongValue):
        return_version(session, people.librarian, version, **as_seen(version), reason=reason)


def test_a_note_that_cannot_be_kept_is_refused(session: Session, people: make.People) -> None:
    version = current(session, make.asset(session, people.agency, state="in_review"))
    with pytest.raises(WrongValue):
        approve_version(session, people.librarian, version, **as_seen(version), note="\ud800")
    assert not version.is_approved


def test_a_later_version_takes_its_place_by_its_own_approval(session: Session, people: make.People) -> None:
    asset = make.published(session, people.agency, people.librarian)
    first = current(session, asset)
    second = make.version(session, asset, current=False)
    assert not second.is_approved
    approve_version(session, people.librarian, second, **as_seen(second))
    assert asset.current_version_id == second.id
    assert asset.state == "published"
    assert first.is_approved
    assert recorded(session, asset)[-1].changes["after"] == {"state": "published", "current_version": 2}


def test_an_older_version_does_not_push_out_a_later_approved_one(
    session: Session, people: make.People
) -> None:
    asset = make.asset(session, people.agency, versions=2)
    second, first = asset.versions
    approve_version(session, people.librarian, second, **as_seen(second))
    approve_version(session, people.librarian, first, **as_seen(first))
    assert asset.current_version_id == second.id


def test_an_older_version_takes_the_place_of_a_later_one_nobody_approved(
    session: Session, people: make.People
) -> None:
    asset = make.asset(session, people.agency, versions=2)
    _, first = asset.versions
    approve_version(session, people.librarian, first, **as_seen(first))
    assert asset.current_version_id == first.id
    assert asset.state == "approved"


def test_what_is_published_is_withdrawn_before_its_version_is_returned(
    session: Session, people: make.People
) -> None:
    asset = make.published(session, people.agency, people.librarian)
    version = current(session, asset)
    with pytest.raises(WrongState, match="Withdraw"):
        return_version(session, people.librarian, version, **as_seen(version), reason="Blurred")
    assert version.is_approved


def test_returning_a_candidate_leaves_the_published_version_alone(
    session: Session, people: make.People
) -> None:
    asset = make.published(session, people.agency, people.librarian)
    first = current(session, asset)
    second = make.version(session, asset, current=False)
    return_version(session, people.librarian, second, **as_seen(second), reason="Not this one")
    assert (asset.state, asset.current_version_id) == ("published", first.id)
    assert first.is_approved


def test_what_is_archived_gets_no_verdict(session: Session, people: make.People) -> None:
    version = current(session, make.asset(session, people.agency, state="archived"))
    with pytest.raises(WrongState):
        approve_version(session, people.librarian, version, **as_seen(version))


def after(session: Session, people: make.People, happens: Callable[[Asset, Version], object]) -> str:
    """What somebody is told who decides, after all this, about what they saw before."""
    asset = make.asset(session, people.agency, state="in_review")
    version = current(session, asset)
    seen = as_seen(version)
    happens(asset, version)
    recorded(session)
    stood = (asset.state, [(a.verdict, a.note) for a in version.approvals])
    with pytest.raises(ChangedMeanwhile) as late:
        return_version(session, people.administrator, version, **seen, reason="Too dark")
    with pytest.raises(ChangedMeanwhile):
        approve_version(session, people.administrator, version, **seen)
    assert (asset.state, [(a.verdict, a.note) for a in version.approvals]) == stood
    assert late.value.details["current"] == {"standing": as_seen(version)["seen"], "state": asset.state}
    return late.value.sentence


def test_a_stale_verdict_takes_nothing_back_and_hears_who_was_first(
    session: Session, people: make.People
) -> None:
    told = after(session, people, lambda _, v: approve_version(session, people.librarian, v, **as_seen(v)))
    assert told.startswith("Lena Librarian approved version 1 while you were looking. ")
    told = after(
        session,
        people,
        lambda _, v: return_version(session, people.librarian, v, **as_seen(v), reason="Too blue"),
    )
    assert told.startswith("Lena Librarian returned version 1 while you were looking: “Too blue” ")
    assert "Nothing was decided here." in told


def test_a_version_that_arrived_meanwhile_is_looked_at_first(session: Session, people: make.People) -> None:
    told = after(session, people, lambda asset, _: make.version(session, asset))
    assert told.startswith("This changed while you were looking. ")


def test_a_verdict_that_names_nothing_seen_is_refused(session: Session, people: make.People) -> None:
    version = current(session, make.asset(session, people.agency, state="in_review"))
    with pytest.raises(ChangedMeanwhile):
        approve_version(session, people.librarian, version, sha256=version.sha256, seen="")


def test_a_changed_title_does_not_stand_in_the_way_of_a_verdict(
    session: Session, people: make.People
) -> None:
    asset = make.asset(session, people.agency, state="in_review")
    version = current(session, asset)
    seen = as_seen(version)
    describe_asset(session, people.contributor, asset, revision=asset.revision, title="Another one")
    approve_version(session, people.librarian, version, **seen)
    assert version.is_approved
