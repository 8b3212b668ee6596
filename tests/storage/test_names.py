"""Names that people gave, made fit to be shown and sent."""

import re
import unicodedata
from email.message import Message
from urllib.parse import unquote

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from assetlib.storage.names import (
    LONGEST_NAME,
    NAMELESS,
    clean_name,
    content_disposition,
    folder_fault,
    name_fault,
)

ANY_TEXT = st.text(alphabet=st.characters(codec=None, categories=None), max_size=400)
NASTY = st.text(alphabet="ab.\\/ \"';=%\r\n\0\t\u202e\u200b\u200d\ud800é漢😀*`$<>", max_size=300)


@pytest.mark.parametrize(
    ("given_name", "kept"),
    [
        ("Skirt front.JPG", "Skirt front.JPG"),
        ("../../etc/passwd", "passwd"),
        ("C:\\Fotos\\Winter.tif", "Winter.tif"),
        ("folder/", "folder"),
        ("e\u0301te\u0301.png", "été.png"),
        ("invoice\u202egnp.exe", "invoicegnp.exe"),
        ("a\u200bb\ufeffc.jpg", "abc.jpg"),
        ("line\r\nbreak\u2028.jpg", "linebreak.jpg"),
        ("bad\ud800half.jpg", "badhalf.jpg"),
        ("nul\0byte.jpg", "nulbyte.jpg"),
        ("می\u200cخواهم.jpg", "می\u200cخواهم.jpg"),
        ("👩\u200d👧.png", "👩\u200d👧.png"),
        ("no\u00a0break.jpg", "no break.jpg"),
        ("  padded.jpg  ", "padded.jpg"),
        (".gitignore", ".gitignore"),
        ("", NAMELESS),
        (".", NAMELESS),
        ("..", NAMELESS),
        ("   ", NAMELESS),
        ("\u200b", NAMELESS),
        ("\u200d", NAMELESS),
        ("/", NAMELESS),
    ],
)
def test_a_name_is_cleaned(given_name: str, kept: str) -> None:
    assert clean_name(given_name) == kept


@pytest.mark.parametrize(
    ("given_name", "tail"),
    [
        ("a" * 300 + ".jpeg", ".jpeg"),
        ("漢" * 100 + ".tiff", ".tiff"),
        ("😀" * 100, "😀"),
        ("a" * 300 + "." + "b" * 200, "a"),
        ("." + "b" * 300, "b"),
    ],
)
def test_a_long_name_keeps_its_extension_and_whole_characters(given_name: str, tail: str) -> None:
    cleaned = clean_name(given_name)
    assert len(cleaned.encode()) <= LONGEST_NAME
    assert len(cleaned.encode()) > LONGEST_NAME - 4
    assert cleaned.endswith(tail)


@given(ANY_TEXT | NASTY)
@example("\u0344" * 200)
@example("a" * 254 + "\u0344.jpg")
def test_a_cleaned_name_is_safe_and_stays_as_it_is(name: str) -> None:
    cleaned = clean_name(name)
    assert 1 <= len(cleaned.encode("utf-8")) <= LONGEST_NAME
    assert not set(cleaned) & set("/\\\0\r\n\ud800")
    assert cleaned not in ("", ".", "..")
    assert cleaned.strip()
    assert unicodedata.is_normalized("NFC", cleaned)
    assert {unicodedata.category(c) for c in cleaned if c not in "\u200c\u200d"}.isdisjoint(
        {"Cc", "Cf", "Cs", "Zl", "Zp"}
    )
    assert clean_name(cleaned) == cleaned


@given(ANY_TEXT | NASTY)
def test_a_name_without_a_fault_is_safe_as_it_is(name: str) -> None:
    fault = name_fault(name)
    assert fault is None or fault.endswith(".")
    if fault is None:
        assert clean_name(name) != NAMELESS or name == NAMELESS
        assert len(clean_name(name)) <= len(name), "nothing but forms of blanks and letters differs"
        assert not any(unicodedata.category(each) in ("Cc", "Cs") for each in name)


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("invoice\u202egnp.exe", "cannot be seen"),
        ("nul\0byte.jpg", "cannot be seen"),
        ("half\ud800.jpg", "cannot be seen"),
        ("a/b.jpg", "slash"),
        ("a\\b.jpg", "slash"),
        ("..", "no name of a file"),
        ("\u200d", "no name of a file"),
        ("", "no name of a file"),
        (" a.jpg", "blank"),
        ("é" * 126 + ".jpg", "at most 255 bytes; this one has 256"),
    ],
)
def test_what_cannot_be_kept_is_refused_with_its_reason(name: str, said: str) -> None:
    assert said in (name_fault(name) or "")


@pytest.mark.parametrize(
    "path", ["../a", "a/../b", "a//b", "/a", "a/", "a\\b", "a/\u202eb", "a" * 256, "ab/" * 400]
)
def test_a_folder_that_climbs_or_hides_is_refused(path: str) -> None:
    assert folder_fault(path) is not None


@pytest.mark.parametrize("path", ["", "Spring 27/Prints/Final", "Été", "E\u0301te\u0301"])
def test_a_folder_is_kept_as_it_is(path: str) -> None:
    assert folder_fault(path) is None


@given(ANY_TEXT | NASTY, st.booleans())
@example('evil"; filename=other.exe; x="', True)  # noqa: FBT003
@example("a\r\nSet-Cookie: x=1", True)  # noqa: FBT003
def test_a_disposition_holds_one_name_and_nothing_else(name: str, attachment: bool) -> None:
    header = content_disposition(name, attachment=attachment)
    assert header.isascii()
    assert header.isprintable()
    plain_form = r"(attachment|inline); filename=\"[ A-Za-z0-9_.()+,@=&!~-]+\""
    extended_form = r"; filename\*=UTF-8''[A-Za-z0-9!#$&+.^_`|~%-]+"
    assert re.fullmatch(f"{plain_form}({extended_form})?", header)
    parsed = Message()
    parsed["Content-Disposition"] = header
    assert parsed.get_content_disposition() == ("attachment" if attachment else "inline")
    extended = re.search(r"filename\*=UTF-8''(.+)$", header)
    plain = re.search(r'filename="([^"]*)"', header)
    assert plain is not None
    told = unquote(extended.group(1), errors="strict") if extended else plain.group(1)
    assert told == clean_name(name)


def test_a_plain_name_needs_no_extended_form() -> None:
    assert content_disposition("Look 07.jpg") == 'attachment; filename="Look 07.jpg"'
    assert content_disposition("Été.jpg", attachment=False) == (
        "inline; filename=\"Ete.jpg\"; filename*=UTF-8''%C3%89t%C3%A9.jpg"
    )
