"""Strings and names through every field of a real house."""

import json
from pathlib import Path

import pytest

from assetlib.corpus.manifest import NoManifest
from assetlib.corpus.strings import try_strings

STRINGS = ["<script>alert(1)</script>", "'\"><img src=x onerror=alert(1)>", "\u202etest\u202e", "x" * 400]
NAMES = ["a\0.jpg", "rtl_\u202egpj.exe.jpg", "..", '"; filename="evil.html', "\ud83d.jpg"]


def _corpus(folder: Path, strings: list[str], names: list[str]) -> Path:
    (folder / "hostile").mkdir()
    (folder / "hostile/blns.json").write_text(json.dumps(strings))
    (folder / "hostile/names.json").write_text(json.dumps([{"name": name, "why": "made"} for name in names]))
    return folder


def test_every_string_is_kept_or_refused_in_every_field(tmp_path: Path) -> None:
    said: list[str] = []
    result = try_strings(_corpus(tmp_path, STRINGS, NAMES), said.append)
    assert said == []
    assert (result.strings, result.names, result.faults) == (len(STRINGS), len(NAMES), 0)
    assert result.kept > 100
    assert result.refused > 0
    assert {"asset title", "search box", "sign-in address", "file name", "person's name"} <= result.seen


def test_lists_that_cannot_be_read_are_told(tmp_path: Path) -> None:
    with pytest.raises(NoManifest, match="cannot be read"):
        try_strings(tmp_path, print)
    _corpus(tmp_path, [], [])
    (tmp_path / "hostile/blns.json").write_text("{")
    with pytest.raises(NoManifest, match="is no JSON"):
        try_strings(tmp_path, print)
