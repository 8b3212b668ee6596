from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from sqlalchemy import event
from sqlalchemy.orm import Session

from assetlib import clock
from assetlib.access.permission import NotPermitted
from assetlib.catalog.actions.trash import delete_asset
from assetlib.catalog.errors import NoSuchAsset, NoSuchVersion
from assetlib.catalog.models import Asset, Version
from assetlib.catalog.queries.assets import (
    get_asset,
    get_version,
    names_around,
    trash_page,
    versions_shown_to,
)
from assetlib.catalog.queries.tiles import tiles_of
from tests import make

ENGINES = ("sqlite", "postgresql")

pytestmark = pytest.mark.usefixtures("noise")


@contextmanager
def counted(session: Session) -> Iterator[list[str]]:
    """The statements that are sent meanwhile, with nothing remembered from before."""
    session.flush()
    session.expunge_all()
    seen: list[str] = []

    def note(*args: Any) -> None:
        seen.append(args[2])

    connection = session.connection()
    event.listen(connection, "before_cursor_execute", note)
    try:
        yield seen
    finally:
        event.remove(connection, "before_cursor_execute", note)


def test_tiles_keep_the_order_and_leave_out_what_is_not_seen(session: Session, people: make.People) -> None:
    first, second, gone = (make.published(session, people.own, people.librarian) for _ in range(3))
    draft = make.asset(session, people.agency)
    gone.deleted_at = clock.now()
    session.flush()
    ids = [second.id, draft.id, gone.id, first.id, 10_000, second.id]
    tiles = tiles_of(session, people.field_marketer, ids)
    assert [tile.asset.id for tile in tiles] == [second.id, first.id]
    assert all(tile.preview.is_yes and tile.rights == "cleared" for tile in tiles)
    assert [tile.asset.id for tile in tiles_of(session, people.contributor, ids)] == [draft.id]
    assert tiles_of(session, people.without_role, ids) == []
    assert tiles_of(session, people.field_marketer, []) == []


def test_a_tile_shows_no_version_that_its_viewer_is_not_told_of(
    session: Session, people: make.People
) -> None:
    asset = make.published(session, people.agency, people.librarian)
    make.version(session, asset, organisation_id=people.own.id)
    (tile,) = tiles_of(session, people.contributor, [asset.id])
    assert tile.version is None
    assert not tile.preview.is_yes
    (tile,) = tiles_of(session, people.librarian, [asset.id])
    assert tile.version is not None


@pytest.mark.parametrize("pick", [lambda p: p.librarian, lambda p: p.field_marketer, lambda p: p.contributor])
def test_any_number_of_tiles_takes_the_same_few_statements(
    session: Session, people: make.People, pick: Callable[[make.People], Any]
) -> None:
    ids = []
    for _ in range(24):
        asset = make.published(session, people.agency, people.librarian)
        make.version(session, asset, current=False)
        make.collection(session, people.librarian, asset)
        ids.append(asset.id)
    actor = pick(people)
    counts = []
    for some in (ids[:2], ids):
        with counted(session) as statements:
            tiles = tiles_of(session, actor, some)
            for tile in tiles:
                assert tile.version is not None
                assert tile.version.is_approved
                assert tile.asset.right is not None
                assert (tile.version.main_colour, tile.asset.uses) == (None, 0)
        assert len(tiles) == len(some)
        counts.append(len(statements))
    assert 0 < counts[0] == counts[1] <= 3


def test_an_asset_page_takes_the_same_few_statements_for_any_asset(
    session: Session, people: make.People
) -> None:
    small = make.published(session, people.own, people.librarian).id
    large = make.published(session, people.own, people.librarian)
    for _ in range(8):
        version = make.version(session, large)
        make.approval(session, version, people.librarian)
        for recipe in ("thumb", "preview"):
            make.rendition(session, version, recipe)
        make.collection(session, people.librarian, large)
    wanted, counts = (small, large.id), []
    for asset_id in wanted:
        with counted(session) as statements:
            asset = get_asset(session, people.field_marketer, asset_id)
            names = names_around(session, asset)
            for version in versions_shown_to(people.librarian, asset):
                assert version.is_approved
                assert version.renditions is not None
            assert asset.current_version is not None
            assert all(item.collection.name for item in asset.items)
            assert people.librarian.person_id in names
        counts.append(len(statements))
    assert counts[1] <= 7
    assert 0 < counts[1] - counts[0] + 1 <= 2


def test_what_is_not_seen_is_not_there(session: Session, people: make.People) -> None:
    draft = make.asset(session, people.agency)
    for actor in (people.field_marketer, people.other_contributor, people.without_role):
        with pytest.raises(NoSuchAsset):
            get_asset(session, actor, draft.id)
    with pytest.raises(NoSuchAsset):
        get_asset(session, people.librarian, 10_000)
    assert get_asset(session, people.contributor, draft.id) is draft


def test_others_are_told_of_the_version_in_force_only(session: Session, people: make.People) -> None:
    asset = make.published(session, people.agency, people.librarian)
    current = asset.current_version
    candidate = make.version(session, asset, current=False)
    house = make.version(session, asset, current=False, organisation_id=people.own.id)
    asset = get_asset(session, people.librarian, asset.id)
    assert versions_shown_to(people.librarian, asset) == [house, candidate, current]
    assert versions_shown_to(people.contributor, asset) == [candidate, current]
    assert versions_shown_to(people.field_marketer, asset) == [current]
    assert versions_shown_to(people.partner_marketer, asset) == []
    assert get_version(session, people.contributor, candidate.id) is candidate
    for actor, version in ((people.field_marketer, candidate), (people.contributor, house)):
        with pytest.raises(NoSuchVersion):
            get_version(session, actor, version.id)
    with pytest.raises(NoSuchVersion):
        get_version(session, people.librarian, 10_000)


def test_the_trash_is_the_librarians(session: Session, people: make.People) -> None:
    gone = [make.published(session, people.own, people.librarian) for _ in range(3)]
    for asset in gone:
        delete_asset(session, people.librarian, asset)
    page = trash_page(session, people.librarian, number=1, size=2)
    assert [asset.id for asset in page.rows] == [gone[2].id, gone[1].id]
    assert (page.total, page.has_next) == (3, True)
    assert get_asset(session, people.librarian, gone[0].id) is gone[0]
    with pytest.raises(NotPermitted):
        trash_page(session, people.contributor, number=1, size=2)
    for actor in (people.contributor, people.field_marketer):
        with pytest.raises(NoSuchAsset):
            get_asset(session, actor, gone[0].id)


def test_the_words_inside_a_file_stay_behind(session: Session, people: make.People) -> None:
    asset = make.asset(session, people.own)
    session.get_one(Version, asset.current_version_id).text = "long " * 1000
    asset_id = asset.id
    with counted(session) as statements:
        get_asset(session, people.librarian, asset_id)
        tiles_of(session, people.librarian, [asset_id])
    assert not any("version.text" in statement for statement in statements)
    assert isinstance(session.get_one(Asset, asset_id), Asset)
