from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select
from sqlalchemy.orm import Session

from assetlib.access.permission import NotPermitted
from assetlib.catalog.actions.assets import describe_asset
from assetlib.catalog.errors import ChangedMeanwhile, WrongValue
from assetlib.catalog.models import Asset
from tests import make
from tests.catalog.recorded import actions, recorded

ENGINES = ("sqlite", "postgresql")

pytestmark = pytest.mark.usefixtures("noise")


def test_only_what_is_given_changes_and_is_recorded(session: Session, people: make.People) -> None:
    asset = make.asset(session, people.agency, title="Old", description="Kept", tags=["sea"])
    describe_asset(
        session, people.contributor, asset, revision=asset.revision, title="New", tags=["sea", "dusk"]
    )
    assert (asset.title, asset.description, asset.tags) == ("New", "Kept", ["sea", "dusk"])
    assert recorded(session, asset)[-1].changes == {
        "before": {"title": "Old", "tags": ["sea"]},
        "after": {"title": "New", "tags": ["sea", "dusk"]},
    }


def test_nothing_changed_leaves_no_trace(session: Session, people: make.People) -> None:
    asset = make.asset(session, people.agency, title="Same")
    revision = asset.revision
    describe_asset(session, people.contributor, asset, revision=revision, title="Same")
    assert actions(session, asset) == []
    assert asset.revision == revision


def test_texts_may_be_emptied_but_not_the_title(session: Session, people: make.People) -> None:
    asset = make.asset(session, people.agency, description="Old", alt_text="Old", tags=["old"])
    describe_asset(
        session, people.librarian, asset, revision=asset.revision, description="", alt_text="", tags=[]
    )
    assert (asset.description, asset.alt_text, asset.tags) == ("", "", [])
    with pytest.raises(WrongValue):
        describe_asset(session, people.librarian, asset, revision=asset.revision, title=" ")


@settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=40)
@given(
    title=st.text(
        st.characters(exclude_characters="\0", exclude_categories=["Cs"]), min_size=1, max_size=300
    ),
    tag=st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]), min_size=1, max_size=60),
)
def test_what_is_typed_is_kept_to_the_letter(
    session: Session, people: make.People, title: str, tag: str
) -> None:
    asset = make.asset(session, people.agency)
    if not title.strip() or not tag.strip():
        return
    describe_asset(session, people.contributor, asset, revision=asset.revision, title=title, tags=[tag])
    stored = session.execute(select(Asset.title, Asset.tags).where(Asset.id == asset.id)).one()
    assert tuple(stored) == (title, [tag])


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"title": ""}, "title"),
        ({"title": "x" * 301}, "title"),
        ({"title": "a\0b"}, "title"),
        ({"description": "\udc80"}, "description"),
        ({"alt_text": "x" * 20_001}, "alt_text"),
        ({"tags": ["x" * 61]}, "tags"),
        ({"tags": [""]}, "tags"),
        ({"tags": [str(n) for n in range(51)]}, "tags"),
        ({"type_key": "unheard-of"}, "type_key"),
        ({"type_key": "\0"}, "type_key"),
    ],
)
def test_what_cannot_be_kept_is_refused_whole(
    session: Session, people: make.People, values: dict[str, Any], field: str
) -> None:
    asset = make.asset(session, people.agency, title="Old", description="Old")
    with pytest.raises(WrongValue) as refused:
        describe_asset(
            session, people.contributor, asset, revision=asset.revision, **{"description": "New", **values}
        )
    assert list(refused.value.details["fields"]) == [field]
    assert (asset.title, asset.description) == ("Old", "Old")


def test_a_known_type_is_taken(session: Session, people: make.People) -> None:
    asset = make.asset(session, people.agency)
    make.asset_type(session, "logo")
    describe_asset(session, people.contributor, asset, revision=asset.revision, type_key="logo")
    assert asset.type_key == "logo"


def test_a_published_asset_takes_no_type_that_requires_more(session: Session, people: make.People) -> None:
    make.asset_type(session, "layout")
    make.attribute(session, "print_run", "number", required=True, types=["layout"])
    asset = make.published(session, people.own, people.librarian)
    with pytest.raises(WrongValue) as refused:
        describe_asset(session, people.librarian, asset, revision=asset.revision, type_key="layout")
    assert refused.value.details["fields"] == {"type_key": "Print run is required while this is published."}
    asset.attributes = {"print_run": "1200"}
    session.flush()
    describe_asset(session, people.librarian, asset, revision=asset.revision, type_key="layout")
    assert asset.type_key == "layout"


def test_who_wrote_meanwhile_is_not_overwritten(session: Session, people: make.People) -> None:
    asset = make.asset(session, people.agency, title="Old")
    seen = asset.revision
    describe_asset(session, people.librarian, asset, revision=seen, title="By the librarian")
    with pytest.raises(ChangedMeanwhile) as refused:
        describe_asset(session, people.contributor, asset, revision=seen, title="By the agency")
    assert asset.title == "By the librarian"
    assert refused.value.details["current"]["title"] == "By the librarian"
    assert refused.value.details["revision"] == asset.revision
    assert actions(session, asset) == ["asset_described"]


@pytest.mark.parametrize("state", ["approved", "published", "withdrawn", "archived"])
def test_an_agency_no_longer_changes_what_others_rely_on(
    session: Session, people: make.People, state: str
) -> None:
    asset = make.asset(session, people.agency, state=state)
    with pytest.raises(NotPermitted):
        describe_asset(session, people.contributor, asset, revision=asset.revision, title="New")
    describe_asset(session, people.librarian, asset, revision=asset.revision, title="New")
    assert asset.title == "New"


def test_others_do_not_describe(session: Session, people: make.People) -> None:
    asset = make.asset(session, people.agency)
    for actor in (people.other_contributor, people.field_marketer, people.without_role):
        with pytest.raises(NotPermitted):
            describe_asset(session, actor, asset, revision=asset.revision, title="New")


def test_tags_that_differ_by_capitals_only_become_one(session: Session, people: make.People) -> None:
    asset = make.asset(session, people.agency, tags=["sea"])
    tags = ["Sea", "dusk", "SEA", "Dusk"]
    describe_asset(session, people.contributor, asset, revision=asset.revision, tags=tags)
    assert asset.tags == ["Sea", "dusk"]
