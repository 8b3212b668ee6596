"""What the pages for readers name is there."""

import re
from pathlib import Path

import pytest

from tests.conventions.sources import ROOT

PICTURES = ROOT / "docs" / "guides" / "pictures"
MOST_BYTES = 150_000
_LINK = re.compile(r"(!?)\[([^\]]*)\]\(([^)\s]+)\)")


def pages() -> list[Path]:
    return [ROOT / "README.md", ROOT / "CHANGELOG.md", *sorted((ROOT / "docs").rglob("*.md"))]


def _without_code(text: str) -> str:
    return re.sub(r"```.*?```|`[^`\n]*`", "", text, flags=re.DOTALL)


def _anchors(page: Path) -> set[str]:
    heads = re.findall(r"^#+ (.+)$", page.read_text("utf-8"), flags=re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", head.lower()).strip().replace(" ", "-") for head in heads}


def _links(page: Path) -> list[tuple[str, str]]:
    """Words and target of each link to something of ours."""
    found = _LINK.findall(_without_code(page.read_text("utf-8")))
    return [(words, target) for _, words, target in found if not re.match(r"[a-z]+:", target)]


@pytest.mark.parametrize("paper", pages(), ids=lambda paper: paper.relative_to(ROOT).as_posix())
def test_every_link_within_the_house_leads_somewhere(paper: Path) -> None:
    lost = []
    for _, target in _links(paper):
        path, _, anchor = target.partition("#")
        there = (paper.parent / path).resolve() if path else paper
        if not there.exists() or (anchor and anchor not in _anchors(there)):
            lost.append(target)
    assert lost == []


def _named() -> dict[Path, str]:
    return {
        (page.parent / target).resolve(): words
        for page in pages()
        for mark, words, target in _LINK.findall(page.read_text("utf-8"))
        if mark
    }


def test_every_picture_is_named_by_a_guide_and_says_what_it_shows() -> None:
    there = {each.resolve() for each in PICTURES.iterdir()}
    assert there
    assert there == _named().keys()
    assert all(_named().values())


def test_pictures_are_small() -> None:
    assert [each.name for each in PICTURES.iterdir() if each.stat().st_size > MOST_BYTES] == []


def test_the_readme_fits_one_screen() -> None:
    assert len((ROOT / "README.md").read_text("utf-8").splitlines()) <= 60
