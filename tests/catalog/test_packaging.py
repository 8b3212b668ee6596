import csv
import io
import zipfile
from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from sqlalchemy import select

from assetlib import clock
from assetlib.accounts.models import Organisation, Person
from assetlib.audit.models import AuditEntry
from assetlib.catalog.actions.downloads import make_package
from assetlib.catalog.errors import NoSuchPackage, NoSuchVersion, NotToBeUsed
from assetlib.catalog.models import Asset, CollectionGrant, UsageEvent, UsageRight
from assetlib.catalog.packaging import MANIFEST, OpenPackage, open_package
from assetlib.database import Database
from assetlib.storage.local import LocalStore
from tests import make

ENGINES = ("sqlite", "postgresql")


class House:
    """Three published assets with real bytes, and people who want them."""

    def __init__(self, database: Database, store: LocalStore, **values: Any) -> None:
        self.database, self.store = database, store
        self.contents: dict[int, bytes] = {}
        with database.transaction() as session:
            self.people = make.people(session)
            self.ids = [self._out(session, n, **values) for n in range(3)]

    def _out(self, session: Any, number: int, **values: Any) -> int:
        asset = make.asset(session, self.people.own, state="published", versions=0, **values)
        content = bytes([number]) * (200_000 + number)
        version = make.version(session, asset, content=content, store=self.store)
        make.approval(session, version, self.people.librarian)
        make.right(session, asset, credit_line="Photo: A. Example")
        self.contents[asset.id] = content
        return asset.id

    def package(self, actor: Any = None, form: str = "original") -> str:
        with self.database.transaction() as session:
            return make_package(session, actor or self.people.field_marketer, self.ids, form).public_id

    def open(self, public_id: str, actor: Any = None) -> OpenPackage:
        return open_package(self.database, self.store, actor or self.people.field_marketer, public_id)

    def uses(self) -> list[int]:
        with self.database.reading() as session:
            return list(session.scalars(select(UsageEvent.asset_id).order_by(UsageEvent.id)))

    def change(self, asset_id: int, **values: Any) -> None:
        with self.database.transaction() as session:
            asset = session.get_one(Asset, asset_id)
            for name, value in values.items():
                setattr(asset, name, value)


@pytest.fixture
def house(database: Database, store: LocalStore) -> House:
    return House(database, store)


def rows(archive: zipfile.ZipFile) -> list[dict[str, str]]:
    text = archive.read(MANIFEST).decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text)))


def read_past(opened: OpenPackage, size: int) -> bytes:
    """The next bytes of a stream, a little more than `size`."""
    seen = b""
    for piece in opened.stream:
        seen += piece
        if len(seen) > size:
            break
    return seen


def test_a_package_has_the_length_that_was_said_and_every_byte(house: House) -> None:
    opened = house.open(house.package())
    data = b"".join(opened.stream)
    assert len(data) == opened.size
    archive = zipfile.ZipFile(io.BytesIO(data))
    assert archive.testzip() is None
    named = {row["Asset"]: row for row in rows(archive)}
    assert len(archive.namelist()) == 4
    for asset_id, content in house.contents.items():
        row = named[f"AST-{asset_id:05d}"]
        assert archive.read(row["File"]) == content
        assert (row["Bytes"], row["Credit line"], row["Not included because"]) == (
            str(len(content)),
            "Photo: A. Example",
            "",
        )
    assert house.uses() == house.ids
    with house.database.reading() as session:
        downloads = select(AuditEntry).where(AuditEntry.action == "catalog.asset_downloaded")
        assert len(session.scalars(downloads).all()) == 3


def test_nothing_is_counted_before_its_bytes_begin(house: House) -> None:
    opened = house.open(house.package())
    assert house.uses() == []
    read_past(opened, 1_000)
    assert house.uses() == house.ids[:1]
    read_past(opened, 150_000)
    assert house.uses() == house.ids[:2]


def test_what_may_not_be_had_is_left_out_and_the_table_says_why(house: House) -> None:
    public_id = house.package()
    with house.database.transaction() as session:
        right = session.get_one(UsageRight, house.ids[1])
        right.ends_on = date(2020, 1, 1)
    house.change(house.ids[2], deleted_at=clock.now())
    opened = house.open(public_id)
    archive = zipfile.ZipFile(io.BytesIO(b"".join(opened.stream)))
    assert len(archive.namelist()) == 2
    why = [row["Not included because"] for row in rows(archive)]
    assert why[0] == ""
    assert "ended on 1 Jan 2020" in why[1]
    assert "not open to you" in why[2]
    assert house.uses() == house.ids[:1]


@pytest.mark.parametrize("change", [{"state": "withdrawn"}, {"deleted_at": "now"}])
def test_a_refusal_on_the_way_breaks_the_stream_off(house: House, change: dict[str, Any]) -> None:
    opened = house.open(house.package())
    seen = read_past(opened, 100_000)
    values = {name: clock.now() if value == "now" else value for name, value in change.items()}
    house.change(house.ids[1], **values)
    with pytest.raises(NoSuchVersion):
        seen += b"".join(opened.stream)
    assert house.uses() == house.ids[:1]
    assert len(seen) < opened.size


def test_a_version_that_was_replaced_on_the_way_breaks_it_off(house: House) -> None:
    opened = house.open(house.package())
    next(opened.stream)
    with house.database.transaction() as session:
        asset = session.get_one(Asset, house.ids[2])
        newer = make.version(session, asset, content=b"newer", store=house.store)
        make.approval(session, newer, house.people.librarian)
    with pytest.raises(NoSuchVersion):
        b"".join(opened.stream)
    assert house.uses() == house.ids[:2]


def test_who_is_suspended_on_the_way_gets_no_further_file(house: House) -> None:
    opened = house.open(house.package())
    next(opened.stream)
    with house.database.transaction() as session:
        session.get_one(Person, house.people.field_marketer.person_id).state = "suspended"
    with pytest.raises(NotToBeUsed):
        b"".join(opened.stream)
    assert house.uses() == []


def test_a_grant_that_ends_on_the_way_counts(house: House) -> None:
    with house.database.transaction() as session:
        assets = [session.get_one(Asset, each) for each in house.ids]
        partner = session.get_one(Organisation, house.people.partner.id)
        album = make.collection(session, house.people.librarian, *assets, granted_to=[partner]).id
    actor = replace(house.people.partner_marketer, collections=frozenset({album}))
    opened = house.open(house.package(actor), actor)
    with house.database.transaction() as session:
        grant = session.get_one(CollectionGrant, (album, house.people.partner.id))
        session.delete(grant)
    with pytest.raises(NoSuchVersion):
        b"".join(opened.stream)
    assert house.uses() == []


def test_nobody_fetches_the_selection_of_another(house: House) -> None:
    public_id = house.package()
    with pytest.raises(NoSuchPackage):
        house.open(public_id, house.people.librarian)


def test_no_cell_of_the_table_is_a_formula(database: Database, store: LocalStore) -> None:
    house = House(database, store, title='=HYPERLINK("http://evil.example","x")')
    archive = zipfile.ZipFile(io.BytesIO(b"".join(house.open(house.package()).stream)))
    assert [row["Title"] for row in rows(archive)] == ['\'=HYPERLINK("http://evil.example","x")'] * 3


def test_presets_are_packed_where_there_are_some(house: House) -> None:
    with house.database.transaction() as session:
        asset = session.get_one(Asset, house.ids[0])
        assert asset.current_version is not None
        make.rendition(
            session,
            asset.current_version,
            "large",
            content=b"large",
            store=house.store,
            media_type="image/jpeg",
        )
    archive = zipfile.ZipFile(io.BytesIO(b"".join(house.open(house.package(form="large")).stream)))
    table = rows(archive)
    assert archive.read(table[0]["File"]) == b"large"
    assert table[0]["File"].endswith(".jpg")
    assert all("Take the original" in row["Not included because"] for row in table[1:])
