import pytest
from sqlalchemy.orm import Session

from assetlib import clock
from assetlib.access.actor import Actor
from assetlib.access.permission import NotPermitted
from assetlib.audit import append_chain, record
from assetlib.catalog.actions.downloads import make_package, open_download
from assetlib.catalog.actions.states import publish_asset, submit_asset
from assetlib.catalog.actions.versions import approve_version
from assetlib.catalog.models import Asset, Share, Version
from assetlib.catalog.queries.activity import activity_of, usage_of
from tests import make
from tests.catalog.verdicts import as_seen

ENGINES = ("sqlite", "postgresql")


@pytest.fixture
def lived(session: Session, people: make.People, noise: Asset) -> Asset:
    """An asset that went all the way and was downloaded twice; another was, too."""
    asset = make.asset(session, people.agency)
    version = session.get_one(Version, asset.current_version_id)
    submit_asset(session, people.contributor, asset)
    approve_version(session, people.librarian, version, **as_seen(version), note="Fine")
    make.right(session, asset)
    publish_asset(session, people.librarian, asset)
    open_download(session, people.field_marketer, asset, version, "original")
    package = make_package(session, people.field_marketer, [asset.id, noise.id], "original")
    open_download(session, people.field_marketer, asset, version, "original", package=package)
    assert noise.current_version is not None
    open_download(session, people.librarian, noise, noise.current_version, "original")
    session.flush()
    append_chain(session)
    return asset


def test_the_latest_comes_first_with_the_names_of_people(
    session: Session, people: make.People, lived: Asset
) -> None:
    page = activity_of(session, people.librarian, lived)
    assert [(h.action.removeprefix("catalog."), h.who) for h in page.rows] == [
        ("asset_downloaded", "Finn Field"),
        ("asset_downloaded", "Finn Field"),
        ("asset_published", "Lena Librarian"),
        ("version_approved", "Lena Librarian"),
        ("asset_submitted", "Rosa Agency"),
    ]
    assert page.rows[3].reason == "Fine"
    second = activity_of(session, people.librarian, lived, number=2, size=2)
    assert (second.total, len(second.rows), second.first) == (5, 2, 3)


def test_what_was_done_by_a_link_is_told_with_the_link_and_who_made_it(
    session: Session, people: make.People, lived: Asset
) -> None:
    link = Share(
        maker_id=people.field_marketer.person_id, name="Press kit", token_hash="t" * 64, hint="abc", forms=[],
        created_at=clock.now(), expires_at=clock.now(),
    )  # fmt: skip
    session.add(link)
    session.flush()
    holder = Actor(kind="share", name=link.name, share_id=link.id)
    record(session, holder, "catalog.asset_downloaded", lived)
    append_chain(session)
    (latest, *_) = activity_of(session, people.librarian, lived).rows
    assert (latest.who, latest.person_id) == ("By the link Press kit of Finn Field", None)


def test_an_agency_is_told_of_its_own_downloads_only(
    session: Session, people: make.People, lived: Asset
) -> None:
    version = session.get_one(Version, lived.current_version_id)
    open_download(session, people.contributor, lived, version, "original")
    session.flush()
    append_chain(session)
    page = activity_of(session, people.contributor, lived)
    assert [h.who for h in page.rows if h.action == "catalog.asset_downloaded"] == ["Rosa Agency"]
    assert page.total == 4


def test_others_are_told_nothing(session: Session, people: make.People, lived: Asset) -> None:
    for actor in (people.field_marketer, people.other_contributor, people.without_role):
        with pytest.raises(NotPermitted):
            activity_of(session, actor, lived)
        with pytest.raises(NotPermitted):
            usage_of(session, actor, lived)
    with pytest.raises(NotPermitted):
        usage_of(session, people.contributor, lived)


def test_who_took_what_and_in_which_package(session: Session, people: make.People, lived: Asset) -> None:
    page = usage_of(session, people.librarian, lived)
    assert [(use.who, use.version_number, use.form, use.package is not None) for use in page.rows] == [
        ("Finn Field", 1, "original", True),
        ("Finn Field", 1, "original", False),
    ]
    assert page.total == 2
    assert all(use.size > 0 for use in page.rows)
