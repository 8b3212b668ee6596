"""Which file names can be shown as they are."""

import pytest

from assetlib.corpus.names import unfit
from assetlib.storage.names import clean_name, name_fault

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
    "n" * 300 + ".jpg",
    "\u540d" * 93 + ".jpg",
    "\ud83d.jpg",
]


@pytest.mark.parametrize("name", AWKWARD)
def test_awkward_names_are_refused_and_cleaned_ones_are_fit(name: str) -> None:
    assert name_fault(name) is not None
    assert unfit(name.encode("utf-8", "replace").decode()) or "\ud83d" in name
    assert unfit(clean_name(name)) == ""


@pytest.mark.parametrize(
    "name",
    [
        "plain.jpg",
        "caf\u00e9.jpg",
        "cafe\u0301.jpg",
        "at 3.00\u202fPM.png",
        "=1+1.jpg",
        '"><img src=x>.jpg',
        "CON.jpg",
    ],
)
def test_names_that_only_look_odd_are_left_alone(name: str) -> None:
    assert unfit(name) == ""
    assert name_fault(name) is None
