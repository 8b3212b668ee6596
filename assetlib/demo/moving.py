"""Films and sounds."""

from collections.abc import Iterator
from typing import Any

from assetlib.demo.files import Film, Order, Sound
from assetlib.demo.pieces import Piece

_NIGHT = ("blue-hour", 8.0, 1.0, 1.2)
_JINGLE = (220.0, 329.6, 277.2, 440.0)


def moving() -> Iterator[Piece]:
    yield _film(
        "Camp_cutdown_20s.mp4", "Camp by 6, 20 s cut-down",
        "Cut-down of the cinema spot, music is cleared for the web.",
        "A tent is lit at nightfall, then the lake lies in first light.",
        Film((_NIGHT, ("lake-dawn", 7, 1.2, 1.0), ("story", 5, 1.0, 1.06)), notes=_JINGLE),
        campaign="camp-by-six", product=("basecamp-3",), popularity=19, right="web_only",
        newer=(
            Film((_NIGHT, ("lake-dawn", 7, 1.2, 1.0), ("tent", 5, 1.1, 1.0)), notes=_JINGLE),
        ),
    )  # fmt: skip
    yield _film(
        "Autumn_opener_12s.mp4", "Autumn Trails, opener 12 s", "Opens the dealer film.",
        "Golden ridges, then fog over woods.",
        Film((("golden", 5, 1.0, 1.2), ("forest", 4, 1.15, 1.0), ("ridge-noon", 3, 1.0, 1.1))),
        campaign="autumn-trails", product=("ridgeline-jacket",), popularity=11,
    )  # fmt: skip
    yield _film(
        "Ridgeline_turn_square.mp4", "Ridgeline jacket, both colours, square", "Loop for social feeds.",
        "A rust jacket, then a slate one.",
        Film((("jacket-rust", 3, 1.0, 1.12), ("jacket-blue", 3, 1.12, 1.0)), (480, 480)),
        campaign="autumn-trails", product=("ridgeline-jacket",), popularity=8,
    )  # fmt: skip
    yield _film(
        "Traverse_tradeup_8s.mp4", "Traverse 38, trade up 8 s", "For the store screens, without sound.",
        "An orange and a blue backpack.",
        Film((("pack-rust", 4, 1.0, 1.15), ("pack-blue", 4, 1.15, 1.0))),
        campaign="trade-up", product=("traverse-38",), right="ended",
    )  # fmt: skip
    yield _film(
        "FirstSnow_10s.mp4", "First snow, 10 s", "Weather-triggered spot: runs when it snows in the region.",
        "Clouds over peaks, then fresh snow.",
        Film((("storm", 5, 1.2, 1.0), ("winter", 5, 1.0, 1.2)), notes=_JINGLE[:2]),
        campaign="first-snow", product=("ridgeline-jacket",), fate="embargoed", right="not_yet",
    )  # fmt: skip
    yield _film(
        "TarnHead_loop.mp4", "Tarn Head, loop for trade fairs",
        "Six quiet seconds that repeat without a seam.",
        "A still mountain lake at dawn.", Film((("lake-dawn", 6, 1.0, 1.0),)),
        campaign="camp-by-six", popularity=4,
    )  # fmt: skip
    yield _film(
        "Basecamp_story.mov", "Basecamp 3, story 9 to 16", "Upright, for phones.",
        "A tent by night, then the words Stars by 9.",
        Film((("story", 4, 1.0, 1.15), ("blue-hour", 3, 1.3, 1.1)), (360, 640), "mov"),
        campaign="camp-by-six", product=("basecamp-3",), fate="in_review", right="",
    )  # fmt: skip
    yield _film(
        "Hvalsund_travel.mp4", "Hvalsund, travel pages", "From the drone still, moved in post.",
        "A fjord seen from above.", Film((("fjord", 7, 1.25, 1.0),)),
        campaign="always-on", right="ask", product=("tarn-boot",),
    )  # fmt: skip
    yield _sound(
        "Northwind_jingle.wav", "Northwind jingle", "Four notes, the long version.", Sound(_JINGLE, 5, "wav")
    )
    yield _sound(
        "Radio_autumn_DE_15s.mp3", "Radio spot Autumn Trails, German", "15 seconds, for regional stations.",
        Sound((*_JINGLE, 392.0, 329.6), 15, "mp3"), right="radio", campaign="autumn-trails",
    )  # fmt: skip
    yield _sound(
        "Radio_autumn_NO_15s.m4a", "Radio spot Autumn Trails, Norwegian", "15 seconds, voice by Nils Aasen.",
        Sound((*_JINGLE[::-1], 392.0), 15, "m4a"), right="radio", campaign="autumn-trails",
    )  # fmt: skip
    yield _sound(
        "Store_ambience.m4a", "Store ambience, rain", "Loops in the changing rooms.",
        Sound((110.0, 98.0, 123.5), 12, "m4a"), right="ask", fate="approved",
    )  # fmt: skip


def _film(
    file: str, title: str, description: str, alt_text: str, order: Order, *, campaign: str,
    product: tuple[str, ...] = (), **more: Any,
) -> Piece:  # fmt: skip
    return Piece(
        file=file,
        title=title,
        description=description,
        alt_text=alt_text,
        order=order,
        type_key="video",
        creator="Halden & Frey Film",
        tags=("film", *campaign.split("-")[:1]),
        attributes={
            "brand": "northwind",
            "campaign": [campaign],
            "product": list(product),
            "region": ["germany-austria", "nordics"],
            "language": ["english"],
            "released": True,
            "job_number": f"HF-{3500 + len(file)}",
        },
        sender="emil",
        **more,
    )


def _sound(
    file: str, title: str, description: str, order: Order, *, campaign: str = "always-on", **more: Any
) -> Piece:
    return Piece(
        file=file,
        title=title,
        description=description,
        alt_text="",
        order=order,
        type_key="audio",
        creator="Tonhof Innsbruck",
        tags=("sound",),
        attributes={"brand": "northwind", "campaign": [campaign], "job_number": "HF-3710"},
        sender="emil",
        **more,
    )
