"""Posters, mails, shelf cards and booklets: what agencies lay out from the pictures."""

from collections.abc import Iterator
from typing import Any

from assetlib.demo.booklets import BRAND_BOOK, FIELD_GUIDE, FIELD_GUIDE_FR, SIZE_CHART
from assetlib.demo.files import Booklet, Loop, Order, Picture, Poster
from assetlib.demo.pieces import Piece
from assetlib.media.making.paper import MM, Words
from assetlib.media.making.pictures import Look

POSTER = (594 * MM, 742.5 * MM)
A3 = (297 * MM, 420 * MM)
_KEY_VISUAL_WORDS = (
    "The Ridgeline jacket. 800-fill warmth that packs to the size of a flask.",
    "From 4 September in stores and at northwind.example",
)
_STAY = {
    "german": ("Bleib", "länger", "draussen."),
    "french": ("Reste", "dehors plus", "longtemps."),
    "norwegian": ("Bli ute", "litt", "lenger."),
}
_SHELF = {
    "german": ("Traverse 38", "38 Liter, 1,1 kg, lebenslange Reparatur", "149 €", "germany-austria"),
    "french": ("Traverse 38", "38 litres, 1,1 kg, réparé à vie", "149 €", "france"),
    "norwegian": ("Traverse 38", "38 liter, 1,1 kg, repareres livet ut", "1 690 kr", "norway"),
}
_SPREADS = (
    ("broch-cover", 1, "Cover with misty hills.", "published"),
    ("broch-p2", 2, "Text page with a fjord.", "published"),
    ("broch-p3", 3, "Nine products on dark green.", "archived"),
)


def layouts() -> Iterator[Piece]:
    yield from _key_visual()
    yield from _motifs()
    yield from _shelf_cards()
    yield from _booklets()


def _key_visual() -> Iterator[Piece]:
    inside = (Words(("Stay out longer.", *_KEY_VISUAL_WORDS), 120, 400, 44, hidden=True),)
    yield _layout(
        "Autumn_KV_A1_master.pdf",
        "Stay out longer, poster A1",
        "Key visual for Autumn Trails. Print master with 3 mm bleed, layered source attached.",
        "Two hikers stand on a dark ridge; above them the words Stay out longer.",
        Poster("kv-poster-v2", POSTER, inside, Look(grade="cool", longest=1400)),
        newer=(
            Poster("kv-poster-v2", POSTER, inside, Look(longest=1400)),
            Poster("kv-poster", POSTER, inside, Look(longest=1600)),
        ),
        product=("ridgeline-jacket",),
        print_run=1200,
        popularity=46,
        right="kv",
    )
    for number, (language, lines) in enumerate(_STAY.items()):
        words = (
            Words(lines, 70, 960, 96, "bold", 1.0, 1.05),
            Words(_KEY_VISUAL_WORDS[1:], 70, 110, 18, "sans", 1.0),
        )
        yield _layout(
            f"Autumn_KV_A3_{language[:2].upper()}.pdf",
            f"Stay out longer, poster A3, {language.capitalize()}",
            f"Localised key visual: “{' '.join(lines)}”",
            "Two hikers stand on a dark ridge below a large headline.",
            Poster("golden", A3, words, Look((0.22, 0, 0.7, 1), longest=1300)),
            language=language,
            region=(("germany-austria",), ("france",), ("norway",))[number],
            fate=("published", "published", "in_review")[number],
            right=("kv", "kv", "")[number],
            print_run=(400, 350, 120)[number],
            popularity=9 - number,
        )


def _motifs() -> Iterator[Piece]:
    big = Look(longest=2000)
    yield _layout(
        "FirstSnow_billboard_18-1.jpg", "Warm is a place, billboard 18/1",
        "Large format, 3 560 × 2 520 mm at 1:10. Check the fold before you order.",
        "Pink mountain peaks with the words Warm is a place.",
        Picture("billboard", "jpeg-cmyk", big), campaign="first-snow", print_run=85, popularity=12,
    )  # fmt: skip
    yield _layout(
        "TradeUp_banner_970x250.png", "Trade up your trail, banner 970 × 250",
        "Web banner with a button. 25 % back on any old pack until 31 October.",
        "Grey peaks, the words Trade up your trail, and a button Find a store.",
        Picture("banner", "png", Look(longest=1456)), campaign="trade-up", popularity=18, right="ended",
    )  # fmt: skip
    yield _layout(
        "TradeUp_banner_loop.gif", "Trade up your trail, banner loop",
        "Three frames, plays for ever. Mind the 500 kB limit of the ad server.",
        "The banner Trade up your trail alternates with an orange and a blue backpack.",
        Loop(("banner", "pack-rust", "pack-blue")), campaign="trade-up", popularity=5,
    )  # fmt: skip
    yield _layout(
        "FirstSnow_mail_header.webp", "Snow is on the way, newsletter",
        "Layout of the mail of 12 November, as it went out.",
        "A newsletter with a snowy mountain, a blue jacket and a hat.",
        Picture("email", "webp", Look(longest=1200)), campaign="first-snow", popularity=7,
    )  # fmt: skip
    yield _layout(
        "Autumn_social_1x1.png", "First light, last in, square",
        "Social motif 1080 × 1080 for the autumn trail kit.",
        "A mountain lake at dawn with the words First light, last in.",
        Picture("social-1x1", "png", Look(longest=1080)), popularity=31, right="web_only",
    )  # fmt: skip
    yield _layout(
        "Camp_story_9x16.jpg", "Camp by 6, stars by 9, story",
        "Story 9 to 16. Basecamp 3 tent, up in four minutes.",
        "A lit tent by a night lake with the words Camp by 6, stars by 9.",
        Picture("story", look=Look(longest=1600)), campaign="camp-by-six", popularity=22,
        product=("basecamp-3",),
    )  # fmt: skip
    yield _layout(
        "Camp_story_loop.gif", "Camp by 6, story loop",
        "Four frames for the window screens in Oslo and Bergen.",
        "A tent, a lantern, mugs and a pot one after the other.",
        Loop(("tent", "lantern", "mug", "pot"), 420, 700), campaign="camp-by-six",
    )  # fmt: skip
    yield _layout(
        "Autumn_flyer_background.tif", "Autumn flyer, background",
        "Background of the DIN lang flyer, separated.",
        "A fjord between rock walls, seen upright.",
        Picture("flyer-bg", "tiff-cmyk", Look(longest=1188)), print_run=25_000, right="print_dach",
    )  # fmt: skip
    yield _layout(
        "Flask_carton_dieline.pdf", "Steel flask, carton dieline",
        "Folding carton with dieline on its own layer. Cut contour in spot colour.",
        "Flat drawing of a green carton with fold lines and a barcode.",
        Poster("dieline", (420 * MM, 301 * MM)), campaign="always-on", product=("steel-flask",),
        print_run=18_000, fate="approved",
    )  # fmt: skip


def _shelf_cards() -> Iterator[Piece]:
    yield _layout(
        "Traverse38_shelf_EN.jpg", "Traverse 38, shelf card, English",
        "Shelf card 105 × 148 mm with price.", "An orange backpack on yellow with the price 149 euros.",
        Picture("pos", look=Look(longest=1400)), campaign="trade-up", product=("traverse-38",),
        newer=(Picture("pos", look=Look(longest=1400, grade="warm")),), print_run=2_000,
    )  # fmt: skip
    for number, (language, (name, line, price, region)) in enumerate(_SHELF.items()):
        words = (
            Words((name,), 24, 92, 26, "bold"),
            Words((line,), 24, 72, 9),
            Words((price,), 24, 24, 34, "bold"),
        )
        yield _layout(
            f"Traverse38_shelf_{language[:2].upper()}.pdf",
            f"Traverse 38, shelf card, {language.capitalize()}",
            f"Shelf card 105 × 148 mm. {line}.",
            "An orange backpack above name and price.",
            Poster("pack-rust", (105 * MM, 148 * MM), words, Look(longest=900), band=122),
            campaign="trade-up",
            product=("traverse-38",),
            language=language,
            region=(region,),
            print_run=(1500, 900, 300)[number],
            fate=("published", "embargoed", "draft")[number],
            right=("own", "not_yet", "")[number],
        )


def _booklets() -> Iterator[Piece]:
    yield _layout(
        "FieldGuide07_EN.pdf", "Field guide 07",
        "24 pages, A5. Autumn on foot: five walks between the first frost and the first snow.",
        "Cover of Field guide 07: misty hills above the words Autumn on foot.",
        Booklet(FIELD_GUIDE), print_run=40_000, popularity=27, right="licensed",
    )  # fmt: skip
    yield _layout(
        "FieldGuide07_FR.pdf", "Field guide 07, French",
        "L’automne à pied. Short edition of eight pages for French dealers.",
        "Cover of Field guide 07 in French: misty hills.",
        Booklet(FIELD_GUIDE_FR), language="french", region=("france",), print_run=9_000, right="licensed",
        fate="published",
    )  # fmt: skip
    yield _layout(
        "Northwind_brand_book.pdf", "Brand book",
        "How the mark, the colours and the pictures are used.",
        "Cover of the brand book: the Northwind mark on green.",
        Booklet(BRAND_BOOK, (595, 420)), campaign="always-on", popularity=14,
    )  # fmt: skip
    yield _layout(
        "Northwind_size_chart.pdf", "Size chart, jackets and boots",
        "For packing slips and shelf edges. Centimetres and inches.",
        "A page with a table of sizes.",
        Booklet(SIZE_CHART), campaign="always-on", popularity=6, right="",  fate="draft",
    )  # fmt: skip
    for source, number, shows, fate in _SPREADS:
        yield _layout(
            f"FieldGuide07_spread_{number}.png", f"Field guide 07, page {number}",
            "Page as a picture, for presentations.",
            shows,
            Picture(source, "png", Look(longest=1188)), right="licensed", fate=fate,
        )  # fmt: skip


def _layout(
    file: str,
    title: str,
    description: str,
    alt_text: str,
    order: Order,
    *,
    campaign: str = "autumn-trails",
    product: tuple[str, ...] = (),
    region: tuple[str, ...] = ("germany-austria",),
    language: str = "english",
    print_run: int | None = None,
    **more: Any,
) -> Piece:
    attributes: dict[str, Any] = {
        "brand": "northwind",
        "campaign": [campaign],
        "product": list(product),
        "region": list(region),
        "language": [language],
        "job_number": f"HF-{3000 + len(title)}",
    }
    if print_run is not None:
        attributes["print_run"] = print_run
    return Piece(
        file=file,
        title=title,
        description=description,
        alt_text=alt_text,
        order=order,
        type_key="layout",
        creator="Halden & Frey",
        tags=("layout", campaign.replace("-", " ")),
        attributes=attributes,
        **more,
    )
