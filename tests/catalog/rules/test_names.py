import pytest

from assetlib.catalog.rules.names import download_name, extension_of, readable, title_from
from assetlib.storage.names import clean_name


@pytest.mark.parametrize(
    ("name", "title"),
    [
        ("spring_hero-shot.jpg", "spring hero shot"),
        ("spring-2026.final.psd", "spring 2026.final"),
        ("IMG_0042.JPG", "IMG_0042"),
        ("DSC00017.ARW", "DSC00017"),
        ("日本の春.png", "日本の春"),
        ("no extension", "no extension"),
        ("___.png", "___"),
        ("-.png", "-"),
        (".png", ".png"),
        ("a - b.pdf", "a - b"),
    ],
)
def test_a_file_name_is_made_readable(name: str, title: str) -> None:
    assert readable(name) == title


def test_a_title_is_never_empty_or_too_long() -> None:
    assert len(readable("x" * 255)) == 255
    assert 0 < len(readable("_" * 300)) <= 300


@pytest.mark.parametrize(
    ("embedded", "title"),
    [
        ("Lighthouse at dusk", "Lighthouse at dusk"),
        (" Lighthouse ", "Lighthouse"),
        ("", "hero"),
        ("   ", "hero"),
        (None, "hero"),
        ("a\0b", "hero"),
        ("x" * 301, "hero"),
    ],
)
def test_the_title_inside_the_file_goes_first_if_it_can_be_one(embedded: str | None, title: str) -> None:
    assert title_from("hero.jpg", embedded) == title


def test_a_downloaded_file_is_called_by_its_number_and_title() -> None:
    name = download_name("AST-00042", "Sun / moon \\ sea", ".jpg", clean=clean_name)
    assert name == "AST-00042 Sun - moon - sea.jpg"


@pytest.mark.parametrize(
    ("media_type", "file_name", "extension"),
    [
        ("image/jpeg", "hero.psd", ".jpg"),
        ("image/webp", "hero", ".webp"),
        ("application/x-unknown", "hero.tar.gz", ".gz"),
        ("application/x-unknown", "hero", ""),
    ],
)
def test_a_file_goes_by_the_extension_of_its_type(media_type: str, file_name: str, extension: str) -> None:
    assert extension_of(media_type, file_name) == extension
