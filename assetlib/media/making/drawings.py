"""Vector logos: a mark of two peaks and a wind, and letters drawn as strokes, so that no font is needed."""

from dataclasses import dataclass
from xml.sax.saxutils import escape

from assetlib.media.making.said import Said, xmp_packet

_MARK = (
    "M8 92 L44 36 L62 64",
    "M50 84 L78 40 L112 92",
    "M74 30 H100 A11 11 0 1 0 89 19",
)
_LETTERS = {
    "A": "M0 40 L14 0 L28 40 M5 27 H23",
    "B": "M0 40 V0 H14 A9 9 0 0 1 14 19 H0 M14 19 A10 10 0 0 1 14 40 H0",
    "C": "M27 8 A16 20 0 1 0 27 32",
    "D": "M0 0 H10 A16 20 0 0 1 10 40 H0 Z",
    "E": "M24 0 H0 V40 H24 M0 19 H20",
    "G": "M27 8 A16 20 0 1 0 28 30 V22 H17",
    "H": "M0 0 V40 M26 0 V40 M0 19 H26",
    "I": "M0 0 V40",
    "L": "M0 0 V40 H22",
    "M": "M0 40 V0 L15 24 L30 0 V40",
    "N": "M0 40 V0 L26 40 V0",
    "O": "M15 0 A15 20 0 1 0 15 40 A15 20 0 1 0 15 0 Z",
    "P": "M0 40 V0 H14 A11 11 0 0 1 14 22 H0",
    "R": "M0 40 V0 H14 A10.5 10.5 0 0 1 14 21 H0 M13 21 L26 40",
    "S": "M24 6 A11 10 0 1 0 13 20 A11 10 0 1 1 1 34",
    "T": "M0 0 H26 M13 0 V40",
    "V": "M0 0 L14 40 L28 0",
    "W": "M0 0 L10 40 L20 8 L30 40 L40 0",
}
_WIDTHS = {"I": 0, "M": 30, "W": 40, "A": 28, "V": 28, "O": 30, "E": 24, "L": 22}


@dataclass(frozen=True, slots=True)
class Logo:
    """A mark, a word beside or below it, and two colours. `ground` may be empty: then it is transparent."""

    word: str = "NORTHWIND"
    ink: str = "#22332b"
    ground: str = ""
    stacked: bool = False


def logo_file(logo: Logo, said: Said) -> bytes:
    """The bytes of an SVG."""
    word, word_width = _word(logo.word)
    if not logo.word:
        width, height, places = 160, 140, ("translate(20 20)", "")
    elif logo.stacked:
        width, height = round(word_width + 80), 240
        places = (f"translate({width / 2 - 60:g} 30)", "translate(40 165)")
    else:
        width, height, places = round(word_width + 210), 140, ("translate(20 20)", "translate(165 53)")
    ground = f'<rect width="{width}" height="{height}" fill="{logo.ground}"/>' if logo.ground else ""
    mark = "".join(f'<path d="{path}"/>' for path in _MARK)
    packet = xmp_packet(said).decode()
    rdf = packet[packet.index("<rdf:RDF") : packet.index("</x:xmpmeta>")]
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width * 4}" height="{height * 4}" '
        f'viewBox="0 0 {width} {height}" role="img">'
        f"<title>{escape(said.title)}</title><metadata>{rdf}</metadata>{ground}"
        f'<g fill="none" stroke="{logo.ink}" stroke-linejoin="round" stroke-linecap="round">'
        f'<g stroke-width="9" transform="{places[0]}">{mark}</g>'
        f'<g stroke-width="6.5" transform="{places[1]}">{word}</g></g></svg>\n'
    ).encode()


def _word(word: str) -> tuple[str, float]:
    """The letters as paths, and how wide they are together."""
    found, x = [], 0.0
    for letter in word:
        if letter == " ":
            x += 22
            continue
        found.append(f'<path transform="translate({x:g} 0)" d="{_LETTERS[letter]}"/>')
        x += _WIDTHS.get(letter, 26) + 16
    return "".join(found), max(x - 16, 0)
