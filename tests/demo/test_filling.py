"""A few pieces of each fate through the whole year: what is there in the end, and that it is there once."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import pytest
from alembic import command
from sqlalchemy import func, select

from assetlib import clock
from assetlib.accounts.models import Organisation, Person
from assetlib.audit import verify
from assetlib.catalog.models import Approval, Asset, Collection, CollectionGrant, UsageEvent, Version
from assetlib.catalog.schema import lay_schema
from assetlib.demo.company import GONE, INVITED, ORGANISATIONS, PEOPLE
from assetlib.demo.filling import all_pieces, fill
from assetlib.demo.pieces import FATES, Piece
from assetlib.house import House, database_url, open_house
from assetlib.jobs.models import Job
from assetlib.migrating import alembic_config
from assetlib.settings import Settings


@dataclass(frozen=True)
class Filled:
    house: House
    pieces: list[Piece]
    count: int


def _few() -> list[Piece]:
    """One of each fate, one with newer versions, a logo, a sound and a picture in a newer format."""
    pieces = all_pieces()
    chosen = [next(piece for piece in reversed(pieces) if piece.fate == fate) for fate in FATES]
    chosen += [next(piece for piece in pieces if len(piece.newer) == 2)]
    chosen += [
        next(piece for piece in pieces if piece.file.endswith(end)) for end in (".svg", ".wav", ".webp")
    ]
    return list({piece.file: piece for piece in chosen}.values())


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Filled]:
    settings = Settings(home=tmp_path_factory.mktemp("home"), search_kind="memory", secret_key="k" * 40)
    command.upgrade(alembic_config(database_url(settings)), "head")
    house = open_house(settings)
    with house.database.transaction() as session:
        lay_schema(session)
    pieces = _few()
    yield Filled(house, pieces, fill(house, pieces=pieces))
    house.database.close()


def test_every_piece_becomes_an_asset_with_its_title_and_state(filled: Filled) -> None:
    assert filled.count == len(filled.pieces)
    with filled.house.database.reading() as session:
        assets = {asset.title: asset for asset in session.scalars(select(Asset))}
        assert set(assets) == {piece.title for piece in filled.pieces}
        said = {"embargoed": "published", "returned": "draft", "trash": "published"}
        for piece in filled.pieces:
            asset = assets[piece.title]
            assert asset.state == said.get(piece.fate, piece.fate), piece.file
            assert (asset.deleted_at is not None) == (piece.fate == "trash")
            assert (asset.embargo_until is not None) == (piece.fate == "embargoed")
            assert (asset.right is not None) == bool(piece.right and piece.fate != "returned")
            assert asset.tags == list(piece.tags)
            assert asset.alt_text == piece.alt_text
            wanted = {key: value for key, value in piece.attributes.items() if value not in ([], "")}
            assert wanted.keys() <= asset.attributes.keys()


def test_versions_are_decided_one_after_the_other(filled: Filled) -> None:
    with filled.house.database.reading() as session:
        asset = session.scalars(select(Asset).where(Asset.title == "Stay out longer, poster A1")).one()
        verdicts = [(version.number, version.is_approved) for version in reversed(asset.versions)]
        assert verdicts == [(1, False), (2, False), (3, True)]
        assert asset.current_version is not None
        assert asset.current_version.number == 3
        assert len({version.sha256 for version in asset.versions}) == 3
        notes = session.scalars(select(Approval.note).where(Approval.verdict == "returned")).all()
        assert all(notes)


def test_previews_are_there_when_it_ends(filled: Filled) -> None:
    with filled.house.database.reading() as session:
        counted = select(Version.preview_state, func.count()).group_by(Version.preview_state)
        states = {row[0]: row[1] for row in session.execute(counted)}
        dead = session.scalars(select(Job.error).where(Job.state == "dead")).all()
    assert dead == []
    assert set(states) <= {"ready", "none"}
    assert states["ready"] >= len(filled.pieces) - 3


def test_days_lie_in_the_past_year_and_the_record_is_whole(filled: Filled) -> None:
    moment = clock.now()
    with filled.house.database.reading() as session:
        first, last = session.execute(select(func.min(Asset.created_at), func.max(Asset.created_at))).one()
        assert verify(session).is_whole
    assert moment - timedelta(days=365) < first < last < moment
    assert last - first > timedelta(days=100)


def test_people_and_organisations_are_there_and_only_some_see_collections(filled: Filled) -> None:
    with filled.house.database.reading() as session:
        kinds = {row.name: row.kind for row in session.scalars(select(Organisation))}
        emails = set(session.scalars(select(Person.email)))
        nested = session.scalars(select(Collection.id).where(Collection.parent_id.is_not(None))).all()
        granted = session.scalars(select(CollectionGrant.organisation_id)).all()
    assert kinds == ORGANISATIONS
    assert emails == {each.email for each in (PEOPLE | GONE | INVITED).values()}
    assert nested
    assert len(set(granted)) == 2


def test_downloads_are_counted_where_they_belong(filled: Filled) -> None:
    with filled.house.database.reading() as session:
        counted = select(UsageEvent.asset_id, func.count()).group_by(UsageEvent.asset_id)
        events = {row[0]: row[1] for row in session.execute(counted)}
        uses = {asset.id: asset.uses for asset in session.scalars(select(Asset)) if asset.uses}
    assert events
    assert events == uses


def test_filling_again_changes_nothing(filled: Filled, tmp_path: Path) -> None:
    def entries() -> int:
        with filled.house.database.reading() as session:
            return verify(session).entries

    before = entries()
    assert fill(filled.house, pieces=filled.pieces) == 0
    assert entries() == before
