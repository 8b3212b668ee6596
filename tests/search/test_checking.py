"""Index and database are compared and made to agree."""

from pathlib import Path

import pytest
from sqlalchemy.orm import Session

from assetlib import clock
from assetlib.catalog.models import Asset
from assetlib.search.checking import Checked, check, compare, rebuild, refresh
from assetlib.search.documents import documents_of, next_ids
from assetlib.search.jobs import refresh as refresh_job
from assetlib.search.whoosh_index import WhooshIndex
from tests import make
from tests.search.conftest import Following
from tests.search.documents import document, ids

ENGINES = ("sqlite", "postgresql")


@pytest.fixture
def assets(following: Following) -> list[int]:
    with following.database.transaction() as session:
        people = make.people(session)
        return [make.asset(session, people.own, title=f"Lake {n}").id for n in range(4)]


def change(following: Following, asset_id: int, **values: object) -> None:
    with following.database.transaction() as session:
        asset = session.get_one(Asset, asset_id)
        for name, value in values.items():
            setattr(asset, name, value)


def test_what_is_promised_and_done_makes_it_agree(following: Following, assets: list[int]) -> None:
    assert check(following.database, following.index).missing == 4
    following.forget()
    change(following, assets[0], title="Ridge")
    change(following, assets[1], deleted_at=clock.now())
    assert ids(following.index, "ridge") == []
    following.catch_up()
    assert ids(following.index, "ridge") == [assets[0]]
    assert set(ids(following.index)) == {assets[0], assets[2], assets[3]}
    assert check(following.database, following.index) == Checked(3)
    change(following, assets[1], deleted_at=None)
    following.catch_up()
    assert check(following.database, following.index) == Checked(4)


def test_a_comparison_finds_and_repairs(following: Following, assets: list[int]) -> None:
    rebuild(following.database, following.index)
    following.index.replace([document(assets[0], "Other"), document(9999, "Surplus")])
    following.index.remove([assets[1], assets[2]])
    assert check(following.database, following.index) == Checked(4, missing=2, stale=1, surplus=1)
    assert check(following.database, following.index).is_clean


def test_the_job_without_ids_compares_everything(following: Following, assets: list[int]) -> None:
    refresh_job(following.work, following.index)
    assert set(ids(following.index, "lake")) == set(assets)


def test_a_rebuild_takes_over_what_changed_meanwhile(
    following: Following, assets: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    rebuild(following.database, following.index)

    def read_and_change(session: Session, after: int = 0) -> list[int]:
        found = next_ids(session, after)
        if not found:  # everything was read; now somebody edits
            change(following, assets[0], title="Ridge")
            following.catch_up()
        return found

    monkeypatch.setattr("assetlib.search.checking.next_ids", read_and_change)
    rebuild(following.database, following.index)
    assert ids(following.index, "ridge") == [assets[0]]
    assert compare(following.database, following.index).is_clean


def test_a_change_between_reading_and_writing_is_not_lost(
    following: Following, assets: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    turns: list[int] = []

    def read_then_change(session: Session, asset_ids: list[int]) -> object:
        found = documents_of(session, asset_ids)
        turns.append(1)
        if len(turns) == 1:
            change(following, assets[0], title="Ridge")
        return found

    monkeypatch.setattr("assetlib.search.checking.documents_of", read_then_change)
    refresh(following.database, following.index, [assets[0]])
    assert ids(following.index, "ridge") == [assets[0]]
    assert len(turns) == 3


def test_a_failed_rebuild_leaves_the_index_in_use(
    following: Following, assets: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    rebuild(following.database, following.index)

    def fail(*args: object) -> None:
        raise OSError("away")

    with monkeypatch.context() as patched:
        patched.setattr("assetlib.search.checking.documents_of", fail)
        with pytest.raises(OSError, match="away"):
            rebuild(following.database, following.index)
    assert set(ids(following.index)) == set(assets)
    assert rebuild(following.database, following.index) == 4


def test_broken_files_are_built_again(following: Following, assets: list[int], tmp_path: Path) -> None:
    def broken() -> WhooshIndex:
        rebuild(following.database, WhooshIndex(tmp_path / "broken"))
        for file in tmp_path.glob("broken/*/*.toc"):
            file.write_bytes(b"")
        return WhooshIndex(tmp_path / "broken")

    index = broken()
    found = check(following.database, index)
    assert found.faults
    assert found.looked_at == 4
    assert check(following.database, index).is_clean
    index = broken()
    refresh_job(following.work, index, asset_ids=[assets[0]])
    assert set(ids(index)) == set(assets)
