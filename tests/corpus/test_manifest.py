"""The list of a corpus, and whether its files are the ones that are meant."""

from pathlib import Path

import pytest

from assetlib.corpus.manifest import NoManifest, read_manifest
from assetlib.corpus.shares import Share
from tests.corpus.lists import write_list


def test_an_entry_names_its_file_and_knows_it(tmp_path: Path) -> None:
    write_list(tmp_path, [("good/a.txt", b"a", "accept"), ("good/b.txt", b"b", "reject")])
    first, second = read_manifest(tmp_path)
    assert (first.name, first.expected, first.fault()) == ("a.txt", "accept", "")
    second.path.write_bytes(b"changed")
    assert "has sha256" in second.fault()
    second.path.unlink()
    assert second.fault() == "is missing"


def test_a_folder_without_a_list_is_told(tmp_path: Path) -> None:
    with pytest.raises(NoManifest, match="cannot be read"):
        read_manifest(tmp_path)


@pytest.mark.parametrize(
    "text", ["", "file,sha256\na,b\n", "file,sha256,bytes,kind,expected\na,b,1,x,maybe\n"]
)
def test_a_list_of_something_else_is_told(tmp_path: Path, text: str) -> None:
    (tmp_path / "manifest.csv").write_text(text)
    with pytest.raises(NoManifest):
        read_manifest(tmp_path)


def test_shares_cover_a_list_and_do_not_overlap() -> None:
    whole = list(range(11))
    shares = [Share(number, 3).of_list(whole) for number in range(3)]
    assert sorted(each for share in shares for each in share) == whole
