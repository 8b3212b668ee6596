"""The key of an installation: made once, wholly, and never taken for one that it is not."""

import os
import stat
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from assetlib.house import with_secret_key
from assetlib.settings import Settings, WrongSettings


def names(folder: Path) -> list[str]:
    return [each.name for each in folder.iterdir()]


def test_a_key_is_made_once_and_open_to_nobody_else(tmp_path: Path) -> None:
    key = with_secret_key(Settings(home=tmp_path)).secret_key
    assert len(key) == 64
    assert with_secret_key(Settings(home=tmp_path)).secret_key == key
    assert stat.S_IMODE((tmp_path / "secret_key").stat().st_mode) == 0o600
    assert names(tmp_path) == ["secret_key"]


def test_a_given_key_is_taken_and_none_is_made(tmp_path: Path) -> None:
    given = Settings(home=tmp_path, secret_key="s" * 40)
    assert with_secret_key(given) == given
    assert names(tmp_path) == []


def test_a_process_that_dies_under_way_leaves_no_half_key(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def dies(_: int) -> None:
        assert not (tmp_path / "secret_key").exists()
        raise KeyboardInterrupt

    fsync = os.fsync
    monkeypatch.setattr(os, "fsync", dies)
    with pytest.raises(KeyboardInterrupt):
        with_secret_key(Settings(home=tmp_path))
    assert names(tmp_path) == []
    monkeypatch.setattr(os, "fsync", fsync)
    assert len(with_secret_key(Settings(home=tmp_path)).secret_key) == 64


def test_all_who_come_at_once_have_the_same_key(tmp_path: Path) -> None:
    with ThreadPoolExecutor(8) as pool:
        keys = set(pool.map(lambda _: with_secret_key(Settings(home=tmp_path)).secret_key, range(40)))
    assert len(keys) == 1


@pytest.mark.parametrize("kept", ["", " \n", "too short"])
def test_a_kept_key_that_is_none_is_refused_with_what_to_do(tmp_path: Path, kept: str) -> None:
    (tmp_path / "secret_key").write_text(kept)
    with pytest.raises(WrongSettings, match=r"at least 32 characters\. Put the key back"):
        with_secret_key(Settings(home=tmp_path))
    assert (tmp_path / "secret_key").read_text() == kept
