"""Cleaning SVGs: what draws stays, what acts or reaches out goes and is told."""

from collections.abc import Callable

import pytest
from lxml import etree
from PIL import Image

from assetlib import media
from assetlib.media import svg, svg_cleaning, svg_references
from assetlib.media.errors import CannotDraw, TooLong, UnsafeMarkup
from tests.media import samples
from tests.media.conftest import Looking


def _clean(inside: str, attributes: str = "width='100' height='60'") -> tuple[str, list[str]]:
    tree, said = svg.cleaned(samples.svg(inside, attributes))
    return etree.tostring(tree, encoding="unicode"), said


@pytest.mark.parametrize(
    ("inside", "gone", "sentence"),
    [
        ("<script>alert(1)</script>", "script", svg_cleaning.ACTIVE),
        ("<x:script xmlns:x='http://www.w3.org/2000/svg'>alert(1)</x:script>", "script", svg_cleaning.ACTIVE),
        ("<script xmlns=''>alert(1)</script>", "alert", svg_cleaning.ACTIVE),
        (
            "<foreignObject><body xmlns='http://www.w3.org/1999/xhtml'/></foreignObject>",
            "foreign",
            svg_cleaning.ACTIVE,
        ),
        ("<iframe xmlns='http://www.w3.org/1999/xhtml' src='x'/>", "iframe", svg_cleaning.ACTIVE),
        ("<rect onclick='alert(1)' width='1'/>", "onclick", svg_cleaning.ACTIVE),
        ("<rect ONLOAD='alert(1)' width='1'/>", "ONLOAD", svg_cleaning.ACTIVE),
        ("<a href='javascript:alert(1)'><rect/></a>", "javascript", svg_cleaning.ACTIVE),
        ("<a xlink:href='java&#10;script&#58;alert(1)'><rect/></a>", "alert", svg_cleaning.ACTIVE),
        ("<a href='data:text/html,x'><rect/></a>", "data:", svg_cleaning.ACTIVE),
        ("<set attributeName='onmouseover' to='alert(1)'/>", "set", svg_cleaning.ACTIVE),
        ("<animate attributeName='href' values='javascript:alert(1)'/>", "animate", svg_cleaning.ACTIVE),
        ("<animate attributeName='x' from='0' to='9' dur='1s'/>", "animate", svg_cleaning.MOVING),
        ("<image href='http://127.0.0.1:9/x.png'/>", "127", svg_cleaning.OUTSIDE),
        ("<image href='file:///etc/passwd'/>", "passwd", svg_cleaning.OUTSIDE),
        ("<image href='data:image/svg+xml;base64,PHN2Zy8+'/>", "svg+xml", svg_cleaning.OUTSIDE),
        ("<use href='other.svg#a'/>", "other", svg_cleaning.OUTSIDE),
        ("<filter id='f'><feImage href='http://127.0.0.1:9/'/></filter>", "127", svg_cleaning.OUTSIDE),
        ("<style>@import url(http://127.0.0.1:9/x.css);</style>", "127", svg_cleaning.OUTSIDE),
        (
            "<style>@font-face{font-family:x;src:url(http://127.0.0.1:9/f)}</style>",
            "127",
            svg_cleaning.OUTSIDE,
        ),
        ("<style>rect{fill:url(//evil.example/x)}</style>", "evil", svg_cleaning.OUTSIDE),
        ("<style>rect{fill:u\\72l(//evil.example/x)}</style>", "evil", svg_cleaning.ACTIVE),
        ("<rect style='fill:url(http://127.0.0.1:9/x)'/>", "127", svg_cleaning.OUTSIDE),
        ("<rect fill='url(http://127.0.0.1:9/x#a)'/>", "127", svg_cleaning.OUTSIDE),
        ("<rect fill='url(http://127.0.0.1:9/x'/>", "127", svg_cleaning.OUTSIDE),
        (
            "<xi:include xmlns:xi='http://www.w3.org/2001/XInclude' href='file:///etc/passwd'/>",
            "passwd",
            svg_cleaning.OUTSIDE,
        ),
        ("<path d='M0 0H9' stroke-dasharray='0.0001'/>", "dasharray", svg_cleaning.HEAVY),
        ("<filter id='f'><feGaussianBlur stdDeviation='1e9'/></filter>", "1e9", svg_cleaning.HEAVY),
        ("<filter id='f'><feTurbulence numOctaves='999999'/></filter>", "999999", svg_cleaning.HEAVY),
        ("<g id='a'><use href='#a'/></g>", "#a", svg_references.CIRCLE),
        ("<g id='a'><use href='#b'/></g><g id='b'><use href='#a'/></g>", "", svg_references.CIRCLE),
        ("<pattern id='p'><rect fill='url(#p)'/></pattern>", "url(#p)", svg_references.CIRCLE),
    ],
)
def test_what_acts_or_reaches_out_is_taken_out_and_told(inside: str, gone: str, sentence: str) -> None:
    markup, said = _clean(inside)
    assert not gone or gone not in markup.replace("xmlns", "").replace("www.w3.org", "")
    assert sentence in said


@pytest.mark.parametrize(
    "kept",
    [
        "<linearGradient id='g'><stop stop-color='red'/></linearGradient><rect fill='url(#g)'/>",
        "<clipPath id='c'><circle r='9'/></clipPath><g clip-path='url(#c)'/>",
        "<style>.a{fill:#0a0;stroke:url(#g)}</style>",
        "<rect style='fill:url(\"#g\")'/>",
        "<text x='1'>Ord <tspan dy='2'>mer</tspan> ord</text>",
        "<path d='M0 0H9' stroke-dasharray='4 2'/>",
    ],
)
def test_what_draws_stays_as_it_is(kept: str) -> None:
    markup, said = _clean(kept)
    assert said == []
    wanted = etree.tostring(etree.fromstring(samples.svg(kept)), method="c14n")
    assert etree.tostring(etree.fromstring(markup), method="c14n") == wanted


def test_editors_own_notes_and_plain_links_go_without_a_word() -> None:
    markup, said = _clean(
        "<metadata><x/></metadata><i:pgf xmlns:i='http://ns.example/i'>x</i:pgf>"
        "<a href='https://brand.example/'><rect id='r'/></a>"
    )
    assert said == []
    assert "brand.example" not in markup
    assert 'id="r"' in markup


@pytest.mark.parametrize(
    "head",
    [
        "<!DOCTYPE svg [<!ENTITY a 'x'>]>",
        "<!DOCTYPE svg [<!ENTITY % p SYSTEM 'http://127.0.0.1:9/e'> %p;]>",
        "<!DOCTYPE svg SYSTEM 'http://127.0.0.1:9/e.dtd'>",
        "<!doctype svg [<!ENTITY x SYSTEM 'file:///etc/passwd'>]>",
    ],
)
@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_a_document_type_with_entities_is_refused(head: str, encoding: str) -> None:
    with pytest.raises(UnsafeMarkup):
        svg.parse((head + samples.svg().decode()).encode(encoding))


def test_a_document_type_cannot_hide_in_an_encoding() -> None:
    with pytest.raises((UnsafeMarkup, CannotDraw)):
        svg.parse(("<!DOCTYPE svg [<!ENTITY a 'x'>]>" + samples.svg().decode()).encode("utf-16-be"))


def test_the_document_type_of_the_w3c_is_fine() -> None:
    head = (
        b'<!DOCTYPE svg PUBLIC "-//W3C//DTD SVG 1.1//EN" "http://www.w3.org/Graphics/SVG/1.1/DTD/svg11.dtd">'
    )
    assert svg.parse(head + samples.svg()).tag.endswith("svg")


@pytest.mark.parametrize(
    ("inside", "sentence"),
    [
        ("<g>" * 300 + "</g>" * 300, svg.TOO_DEEP),
        ("<g/>" * 50_001, svg.TOO_MANY),
        ("<g>", svg.DAMAGED),
        (
            "<g id='l0'><rect/></g>"
            + "".join(f"<g id='l{n}'>" + f"<use href='#l{n - 1}'/>" * 10 + "</g>" for n in range(1, 9)),
            svg_references.TOO_MUCH,
        ),
    ],
)
def test_what_costs_too_much_is_not_drawn(inside: str, sentence: str) -> None:
    with pytest.raises(CannotDraw, match=sentence[:30]):
        svg.cleaned(samples.svg(inside))


@pytest.mark.parametrize(
    ("attributes", "size"),
    [
        ("width='210mm' height='297mm' viewBox='0 0 210 297'", (794, 1123)),
        ("width='1in' height='2in'", (96, 192)),
        ("viewBox='0 0 300 100'", (300, 100)),
        ("width='600' viewBox='0 0 300 100'", (600, 200)),
        ("width='100%' height='50%' viewBox='0 0 400 100'", (400, 50)),
        ("width='x'", (100, 100)),
    ],
)
def test_the_size_is_read_in_every_unit(attributes: str, size: tuple[int, int]) -> None:
    width, height = svg.size_of(svg.parse(samples.svg(attributes=attributes)))
    assert (round(width), round(height)) == size


def test_a_drawing_is_drawn_with_its_colours(
    look: Looking, drawn: Callable[..., dict[str, media.Drawn]]
) -> None:
    inside = "<title>Mark</title><rect width='50' height='60' fill='#d01818'/><script>1</script>"
    seen = look(samples.svgz(samples.svg(inside)), "logo.svgz")
    assert (seen.width, seen.height, seen.family, seen.has_alpha) == (100, 60, "vector", True)
    assert seen.metadata["title"]["value"] == "Mark"
    assert seen.named_colours == ("red",)
    assert seen.warnings == (svg_cleaning.ACTIVE,)
    assert seen.drawable
    made = drawn(samples.svg(inside), "logo.svg", "preview")["preview"]
    assert (made.width, made.height) == (1024, 615)
    with Image.open(made.path) as picture:
        rgba = picture.convert("RGBA")
        assert rgba.getpixel((100, 300))[3] == 255  # type: ignore[index]  # RGBA
        assert rgba.getpixel((900, 300))[3] == 0  # type: ignore[index]


def test_an_endless_drawing_costs_only_its_preview(look: Looking) -> None:
    seen = look(samples.svg(attributes="width='1e9' height='1e9'"), "a.svg")
    assert seen.drawable
    assert svg.HUGE in seen.warnings


def test_more_than_five_megabytes_are_refused(look: Looking) -> None:
    with pytest.raises(TooLong):
        look(samples.svg("<!--" + "x" * 5_300_000 + "-->"), "a.svg")
    with pytest.raises(TooLong):
        look(samples.svgz(samples.svg("<!--" + "x" * 5_300_000 + "-->")), "a.svgz")
