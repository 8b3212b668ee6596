"""Logos, and the documents that go with campaigns."""

from collections.abc import Iterator
from typing import Any

from assetlib.demo.files import Deck, Letter, Mark, Order, Picture, Table
from assetlib.demo.pieces import Piece
from assetlib.media.making.drawings import Logo
from assetlib.media.making.pictures import Look

PINE, PAPER, SUN, INK = "#22332b", "#f4f1ea", "#f1be48", "#1d1d1b"


def papers() -> Iterator[Piece]:
    yield from _logos()
    yield from _documents()


def _logos() -> Iterator[Piece]:
    for file, title, logo, popularity in (
        ("Northwind_logo_positive.svg", "Northwind logo, positive", Logo(ink=PINE), 38),
        ("Northwind_logo_negative.svg", "Northwind logo, negative", Logo(ink=PAPER, ground=PINE), 21),
        ("Northwind_logo_stacked.svg", "Northwind logo, stacked", Logo(ink=PINE, stacked=True), 12),
        ("Northwind_logo_sun.svg", "Northwind logo, on sun", Logo(ink=PINE, ground=SUN, stacked=True), 6),
        ("Northwind_mark.svg", "Northwind mark, alone", Logo("", PINE), 9),
        ("Northwind_mark_negative.svg", "Northwind mark, negative", Logo("", PAPER, PINE), 3),
        ("Northwind_logo_black.svg", "Northwind logo, one colour black", Logo(ink=INK), 2),
    ):
        yield _paper(
            file,
            title,
            "Vector, drawn in strokes, no font needed.",
            Mark(logo),
            "logo",
            popularity=popularity,
        )
    yield _paper(
        "Traverse_wordmark.svg", "Traverse wordmark", "For hang tags only.",
        Mark(Logo("TRAVERSE", PINE)), "logo",
        product="traverse-38", fate="in_review", right="",
    )  # fmt: skip
    for source, title, popularity in (
        ("logo-pos", "Northwind logo, positive, picture", 17),
        ("logo-neg", "Northwind mark, negative, picture", 4),
        ("logo-col", "Northwind logo, colour, picture", 7),
    ):
        order = Picture(source, "png", Look(longest=1200))
        yield _paper(
            f"Northwind_{source}.png", title, "For office use.", order, "logo", popularity=popularity
        )
    yield _paper(
        "Northwind_logo_1998.png", "Northwind logo of 1998", "Not in use any more. Kept for the archive.",
        Picture("logo-col", "png", Look(longest=900, grade="faded")), "logo", fate="archived",
    )  # fmt: skip


def _documents() -> Iterator[Piece]:
    yield _paper(
        "Autumn_creative_brief.docx", "Creative brief, Autumn Trails",
        "What the campaign is to say, to whom, and what not.",
        Letter((
            "Autumn Trails speaks to people who walk on after the season has ended for others.",
            "One thought: stay out longer. Warmth is the reason, weather is the stage.",
            "Lead product is the Ridgeline jacket; Traverse 38 and the Tarn mid boot support it.",
            "Markets: Germany, Austria, the Nordics and France. Start on 4 September.",
            "No summits with flags, no influencers, no artificial snow.",
        )), "document", campaign="autumn-trails", popularity=5,
    )  # fmt: skip
    yield _paper(
        "FirstSnow_press_release.docx", "Press release, First Snow",
        "Embargo until the day of the first mail.",
        Letter((
            "Innsbruck. Northwind Outdoors opens the winter with a jacket that packs into a flask.",
            "The down comes from one farm in the Inn valley and is traced by the bale.",
        )), "document", campaign="first-snow", fate="embargoed", right="not_yet",
    )  # fmt: skip
    yield _paper(
        "Autumn_dealer_deck.pptx", "Dealer presentation, Autumn Trails", "For the visits in August.",
        Deck((
            ("Autumn Trails", ("Stay out longer", "Dealer presentation")),
            ("What your window gets", ("Poster A1 and A3", "Shelf cards", "A loop for the screen")),
            ("When", ("Material from 20 August", "Start on 4 September", "Second push with the first snow")),
        )), "document", campaign="autumn-trails", popularity=8,
    )  # fmt: skip
    yield _paper(
        "Camp_media_plan.pptx", "Media plan, Camp by Six", "Draft for discussion.",
        Deck((("Camp by Six", ("Media plan",)), ("Reach", ("Story 60 %", "Outdoor 25 %", "Radio 15 %")))),
        "document", campaign="camp-by-six", fate="draft", right="",
    )  # fmt: skip
    yield _paper(
        "Dealers_DACH.csv", "Dealers in Germany and Austria",
        "Name, city, and whether the window is booked.",
        Table((
            ("dealer", "city", "window"), ("Alpin Sport", "Innsbruck", "yes"),
            ("Hüttenladen", "Kempten", "yes"), ("Zur Spitze", "Salzburg", "yes"),
            ("Waldläufer", "Freiburg", "no"),
        )), "document", campaign="autumn-trails",
    )  # fmt: skip


def _paper(
    file: str, title: str, description: str, order: Order, type_key: str, *,
    campaign: str = "always-on", product: str = "", **more: Any,
) -> Piece:  # fmt: skip
    return Piece(
        file=file,
        title=title,
        description=description,
        alt_text=title if type_key == "logo" else "",
        order=order,
        type_key=type_key,
        creator="Studio Brandt" if type_key == "logo" else "Northwind Outdoors",
        tags=("logo", "brand") if type_key == "logo" else ("paper",),
        attributes={
            "brand": "northwind",
            "campaign": [campaign],
            "language": ["english"],
            **({"product": [product]} if product else {}),
        },
        sender="nora" if type_key == "logo" else "mira",
        **more,
    )
