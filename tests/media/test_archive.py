"""ZIP archives: one bad entry refuses the whole, odd names are told."""

import io
import struct
import zipfile

import pytest

from assetlib.media import archive
from assetlib.media.errors import NameDisagrees, UnsafeArchive
from tests.media import samples
from tests.media.conftest import Looking


def _check(data: bytes) -> tuple[list[dict[str, object]], list[str]]:
    return archive.check(io.BytesIO(data), whole=True)


def _with_link() -> bytes:
    entry = zipfile.ZipInfo("link")
    entry.create_system = 3
    entry.external_attr = 0o120777 << 16
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as packed:
        packed.writestr(entry, "/etc/passwd")
    return out.getvalue()


def _encrypted() -> bytes:
    data = bytearray(samples.zipped({"a.txt": b"secret"}, method=zipfile.ZIP_STORED))
    central = data.find(b"PK\x01\x02")
    data[6] |= 1
    data[central + 8] |= 1
    return bytes(data)


def _with_wrong_crc() -> bytes:
    return samples.zipped({"a.txt": b"hello"}, method=zipfile.ZIP_STORED).replace(b"hello", b"jello")


def _overlapping() -> bytes:
    data = bytearray(samples.zipped({"a": b"x" * 50, "b": b"y" * 50}, method=zipfile.ZIP_STORED))
    second = data.rfind(b"PK\x01\x02")
    data[second + 42 : second + 46] = struct.pack("<I", 0)
    return bytes(data)


def _nested(levels: int) -> bytes:
    data = samples.zipped({"a.txt": b"x"})
    for level in range(levels):
        data = samples.zipped({f"{level}.zip": data})
    return data


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (samples.zipped({"../a.txt": b"x"}), "outside"),
        (samples.zipped({"b/../../a.txt": b"x"}), "outside"),
        (samples.zipped({"/etc/passwd": b"x"}), "outside"),
        (samples.zipped({"C:/a.txt": b"x"}), "outside"),
        (samples.zipped({"..\\a.txt": b"x"}), "outside"),
        (_with_link(), "link"),
        (_encrypted(), "password"),
        (_with_wrong_crc(), "damaged"),
        (samples.zipped({"a": b"x"})[:-30], "damaged"),
        (b"PK\x03\x04" + bytes(40), "damaged"),
        (samples.zipped({"a": bytes(5_000_000)}), "200 times"),
        (_overlapping(), "over each other"),
        (_nested(2), "archives in archives"),
        (samples.zipped({f"{i}": b"" for i in range(10_001)}), "10,000"),
    ],
    # An archive holds the moment in which it was made: no name for a test that several processes collect.
    ids=lambda each: each if isinstance(each, str) else "archive",
)
def test_a_bad_entry_refuses_the_whole(data: bytes, says: str) -> None:
    with pytest.raises(UnsafeArchive, match=says):
        _check(data)


def test_one_archive_inside_another_is_fine() -> None:
    files, warnings = _check(_nested(1))
    assert [f["name"] for f in files] == ["0.zip"]
    assert warnings == []


@pytest.mark.parametrize(
    ("names", "sentence"),
    [
        (["ab\u202egpj.exe"], archive.ODD_NAMES),
        (["x" * 300 + ".jpg"], archive.LONG_NAMES),
        (["a.jpg", "A.JPG"], archive.TWINS),
    ],
)
def test_odd_names_are_told(names: list[str], sentence: str) -> None:
    _, warnings = _check(samples.zipped(dict.fromkeys(names, b"x")))
    assert warnings == [sentence]


def test_a_size_that_lies_is_found() -> None:
    data = bytearray(samples.zipped({"a": b"hello world" * 20}))
    central = data.find(b"PK\x01\x02")
    data[central + 24 : central + 28] = struct.pack("<I", 3)
    with pytest.raises(UnsafeArchive):
        _check(bytes(data))


def test_contents_are_listed_through_the_sandbox(look: Looking) -> None:
    seen = look(samples.zipped({"b/pic.jpg": b"12345", "a.txt": b"1"}), "set.zip")
    assert (seen.family, seen.drawable) == ("archive", False)
    assert seen.contents == ({"name": "b/pic.jpg", "size": 5}, {"name": "a.txt", "size": 1})
    assert seen.warnings == (archive.NOT_SHOWN,)
    with pytest.raises(UnsafeArchive, match="outside"):
        look(samples.zipped({"../a.txt": b"x"}), "set.zip")
    with pytest.raises(NameDisagrees, match="plain ZIP"):
        look(samples.zipped({"a": b"x"}), "plan.docx")
    with pytest.raises(NameDisagrees, match="Word"):
        look(samples.docx(), "plan.zip")
