"""Files are small and carry names of the field."""

import re
from pathlib import Path

import pytest

from tests.conventions.sources import ROOT, sources

LONGEST = 400
FOLDERS = ("assetlib", "tests", "scripts", "benchmarks", "migrations", "templates", "frontend")
NAMELESS = {
    "util",
    "utils",
    "helper",
    "helpers",
    "common",
    "manager",
    "managers",
    "misc",
    "core",
    "base",
    "stuff",
}
STYLE = "frontend/css/base.css"
"""What style sheets call the rules of plain elements."""


def own_files(*suffixes: str) -> list[Path]:
    return [
        path
        for folder in FOLDERS
        for path in sorted((ROOT / folder).rglob("*"))
        if path.suffix in suffixes and "node_modules" not in path.parts
    ]


@pytest.mark.parametrize("suffixes", [(".py",), (".js",), (".css",), (".html",)])
def test_no_file_is_longer_than_a_few_screens(suffixes: tuple[str, ...]) -> None:
    files = own_files(*suffixes)
    lengths = {path.relative_to(ROOT).as_posix(): len(path.read_text("utf-8").splitlines()) for path in files}
    assert lengths
    assert {place: lines for place, lines in lengths.items() if lines > LONGEST} == {}


def test_every_name_says_what_is_inside() -> None:
    places = [path.relative_to(ROOT) for path in own_files(".py", ".js", ".css", ".html")]
    nameless = [
        place.as_posix()
        for place in places
        if NAMELESS & {word for part in (*place.parts[:-1], place.stem) for word in re.split(r"[_\-.]", part)}
        and place.as_posix() != STYLE
    ]
    assert nameless == []


def test_what_mypy_is_told_to_overlook_has_a_code_and_a_reason() -> None:
    bare = [
        f"{source.place}:{number}"
        for source in sources()
        for number, line in enumerate(source.text.splitlines(), start=1)
        if re.search(r"#\s*type:\s*ignore(?!\[[a-z, -]+\]  # \w)", line)
    ]
    assert bare == []


def test_every_module_says_what_it_is() -> None:
    silent = [source.place for source in sources() if source.text.strip() and not _docstring(source.text)]
    assert silent == []


def _docstring(text: str) -> bool:
    return text.lstrip().startswith(('"""', 'r"""'))
