"""Backup, restore and drill where the files lie in a bucket."""

import os
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from assetlib.house import open_house
from assetlib.keeping.drilling import Asked, drill
from assetlib.keeping.keys import PUBLIC
from assetlib.keeping.putting_back import NotEmpty, restore
from assetlib.search.checking import check
from assetlib.settings import Settings
from assetlib.storage.s3 import S3Store
from tests.keeping.places import Place, add_asset, contents_of, make_place
from tests.keeping.test_taking import said, take

pytestmark = [
    pytest.mark.services,
    pytest.mark.skipif(
        "ASSETLIB_TEST_S3" not in os.environ,
        reason="no S3 server: run these with scripts/services run -- pytest -m services",
    ),
]


@contextmanager
def bucket(home: Path) -> Iterator[Settings]:
    """Settings of a house in a new bucket, which is emptied and removed in the end."""
    settings = Settings(
        home=home,
        public_url="https://assets.example",
        store_kind="s3",
        s3_endpoint=os.environ["ASSETLIB_TEST_S3"],
        s3_access_key=os.environ["ASSETLIB_TEST_S3_ACCESS_KEY"],
        s3_secret_key=os.environ["ASSETLIB_TEST_S3_SECRET_KEY"],
        s3_bucket=f"keeping-{uuid.uuid4().hex}",
    )
    store = S3Store(
        bucket=settings.s3_bucket,
        scratch=home / "scratch",
        endpoint=settings.s3_endpoint,
        access_key=settings.s3_access_key,
        secret_key=settings.s3_secret_key,
    )
    store.client.create_bucket(Bucket=settings.s3_bucket)
    yield settings
    for facts in list(store.list()):
        store.delete(facts.key)
    store.client.delete_bucket(Bucket=settings.s3_bucket)
    store.client.close()


@pytest.fixture
def in_a_bucket(tmp_path: Path) -> Iterator[Place]:
    with bucket(tmp_path / "home") as settings:
        made = make_place(settings)
        yield made
        made.house.index.close()
        made.house.database.close()


def test_all_is_there_again_in_another_bucket(in_a_bucket: Place, backup: Path, tmp_path: Path) -> None:
    take(in_a_bucket, backup)
    kept = dict(in_a_bucket.contents)
    add_asset(in_a_bucket, b"came after the backup")
    with bucket(tmp_path / "elsewhere") as elsewhere:
        restore(elsewhere, backup, in_a_bucket.home / PUBLIC, said)
        house = open_house(elsewhere)
        assert contents_of(house) == kept
        assert check(house.database, house.index).is_clean
        house.index.close()
        house.database.close()
        with pytest.raises(NotEmpty):
            restore(elsewhere, backup, in_a_bucket.home / PUBLIC, said)


def test_a_drill_finds_all_well_and_leaves_the_bucket_as_it_was(in_a_bucket: Place, tmp_path: Path) -> None:
    report = drill(in_a_bucket.house, Asked(tmp_path / "drill"), said)
    assert report.is_well, report.text()
    assert contents_of(in_a_bucket.house) == in_a_bucket.contents
