"""Which keeper the settings open."""

from dataclasses import replace
from pathlib import Path

import pytest

from assetlib.settings import Settings
from assetlib.storage import open_store
from assetlib.storage.local import LocalStore
from assetlib.storage.opening import UnknownStore
from assetlib.storage.s3 import S3Store


def test_files_are_kept_at_home_unless_said_otherwise(tmp_path: Path) -> None:
    assert isinstance(open_store(Settings(home=tmp_path)), LocalStore)
    assert (tmp_path / "files" / "blobs").is_dir()


def test_files_are_kept_in_s3_when_asked_for(tmp_path: Path) -> None:
    settings = Settings(
        home=tmp_path,
        store_kind="s3",
        s3_bucket="b",
        s3_access_key="a",
        s3_secret_key="s",
        s3_endpoint="http://127.0.0.1:9",
    )
    store = open_store(settings)
    assert isinstance(store, S3Store)
    assert store.bucket == "b"
    store.client.close()


def test_an_unknown_kind_raises_and_nothing_takes_its_place(tmp_path: Path) -> None:
    odd = replace(Settings(home=tmp_path), store_kind="tape")  # type: ignore[arg-type]  # the point of it
    with pytest.raises(UnknownStore, match="tape"):
        open_store(odd)
