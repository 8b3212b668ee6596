"""Every setting is documented, and nothing else is."""

import re
from dataclasses import Field, fields
from typing import Any

import pytest

from assetlib.settings import Settings, variable
from tests.conventions.sources import ROOT

PAGE = (ROOT / "docs" / "settings.md").read_text(encoding="utf-8")
ROWS = {
    row[0]: row[1] for row in re.findall(r"^\| `(ASSETLIB_[A-Z0-9_]+)` \| (.+) \| .+ \|$", PAGE, re.MULTILINE)
}


@pytest.mark.parametrize("setting", fields(Settings), ids=lambda each: each.name)
def test_every_setting_is_documented_in_its_own_words(setting: Field[Any]) -> None:
    said = ROWS[variable(setting.name)]
    assert said.startswith(setting.metadata["help"])
    assert said.endswith("Secret.") is setting.metadata["secret"]


def test_nothing_is_documented_that_is_no_setting() -> None:
    assert set(ROWS) == {variable(each.name) for each in fields(Settings)}


def test_no_secret_shows_itself() -> None:
    secrets: dict[str, Any] = {each.name: "sesame" for each in fields(Settings) if each.metadata["secret"]}
    assert "sesame" not in repr(Settings(**secrets))
