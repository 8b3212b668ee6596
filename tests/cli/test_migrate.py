"""What `assetlib migrate` tells the store."""

from collections.abc import Sequence
from pathlib import Path

import pytest

from assetlib.cli import main
from assetlib.storage.local import LocalStore


def test_the_store_is_told_the_origin_that_browsers_will_name(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    told: list[Sequence[str]] = []
    prepare = LocalStore.prepare

    def note(store: LocalStore, origins: Sequence[str] = ()) -> None:
        told.append(origins)
        prepare(store, origins)

    monkeypatch.setattr(LocalStore, "prepare", note)
    monkeypatch.setenv("ASSETLIB_HOME", str(tmp_path))
    monkeypatch.setenv("ASSETLIB_PUBLIC_URL", "https://assets.example/dam/")
    assert main(["migrate"]) == 0
    assert told[-1] == ["https://assets.example"]
