"""Photographs: ten places, each as the full picture and in the cuts and grades that layouts ask for."""

from collections.abc import Iterator
from dataclasses import dataclass, replace

from assetlib.demo.files import Picture
from assetlib.demo.pieces import Piece
from assetlib.media.making.pictures import Look


@dataclass(frozen=True, slots=True)
class Place:
    """A landscape of `media/`, what it shows, and who took it."""

    source: str
    title: str
    where: str
    country: str
    description: str
    alt_text: str
    creator: str
    camera: str
    tags: tuple[str, ...]
    campaign: str
    region: tuple[str, ...]
    product: tuple[str, ...] = ()
    people: tuple[str, ...] = ()
    longest: int = 2400


PLACES = (
    Place(
        "golden", "Ridgeline hikers, Kaltwald", "Kaltwald", "Austria",
        "Two hikers on the last rise before the hut, low sun behind the needle. Hero of Autumn Trails.",
        "Two hikers stand on a dark ridge against a golden valley and a tall rock needle.",
        "Ines Kvale", "Halvard X2", ("ridge", "hikers", "golden hour", "valley"),
        "autumn-trails", ("germany-austria", "switzerland"), ("ridgeline-jacket",), ("Pia Lund", "Oskar Reh"),
    ),
    Place(
        "ridge-noon", "Steinkar ridge, midday", "Steinkar", "Austria",
        "The north side of Steinkar in hard light, for cropping. Sky has room for a headline.",
        "A grey rock ridge above a wooded valley under a clear blue sky.",
        "Tomas Aurell", "Halvard X2", ("ridge", "rock", "blue sky", "midday"),
        "autumn-trails", ("germany-austria",), ("traverse-38",),
    ),
    Place(
        "alpen-glow", "Warm is a place, plate", "Hochalm", "Austria",
        "Background plate of the billboard, shot without anything in front.",
        "Snow-covered peaks glow pink in the last light above a dark slope.",
        "Ines Kvale", "Halvard X2", ("alpenglow", "snow", "peaks", "evening"),
        "first-snow", ("germany-austria", "france"), ("ridgeline-jacket",), (), 5200,
    ),
    Place(
        "blue-hour", "Camp at Tarn Head, blue hour", "Tarn Head", "Norway",
        "Basecamp 3 lit from inside, no moon. The star plate is separate.",
        "A lit tent stands on the dark shore of a lake under a blue night sky.",
        "Henrike Voss", "Sella 5", ("night", "tent", "lake", "blue hour"),
        "camp-by-six", ("nordics",), ("basecamp-3",),
    ),
    Place(
        "lake-dawn", "First light, Tarn Head", "Tarn Head", "Norway",
        "Still water ten minutes before sunrise. Walkers in shell jackets were retouched out.",
        "Mountain walls in first light are mirrored in a still lake.",
        "Henrike Voss", "Sella 5", ("dawn", "lake", "reflection", "first light"),
        "camp-by-six", ("nordics", "germany-austria"), ("basecamp-3", "camp-kitchen"),
    ),
    Place(
        "fjord", "Hvalsund narrows, morning", "Hvalsund", "Norway",
        "From the old drove road, high water. Good for travel pages.",
        "A narrow fjord between green slopes and steep rock, seen from above.",
        "Aino Rautio", "Halvard X1", ("fjord", "water", "green", "morning"),
        "always-on", ("nordics",), ("tarn-boot",),
    ),
    Place(
        "forest", "Fog over Kaltwald", "Kaltwald", "Austria",
        "Ridges behind ridges in fog, very quiet picture. Used as the cover of Field guide 07.",
        "Wooded ridges fade into pale green fog.",
        "Ines Kvale", "Halvard X2", ("fog", "forest", "green", "quiet"),
        "autumn-trails", ("germany-austria", "switzerland", "france"),
    ),
    Place(
        "storm", "Weather over Steinkar", "Steinkar", "Austria",
        "Front coming in from the west, shot through drizzle.",
        "Grey clouds and rain drift over jagged peaks.",
        "Tomas Aurell", "Sella 5", ("storm", "rain", "clouds", "grey"),
        "first-snow", ("germany-austria", "nordics"), ("ridgeline-jacket",),
    ),
    Place(
        "winter", "First snow, Hochalm", "Hochalm", "Austria",
        "The morning after the first snowfall. Opener of the winter mail.",
        "Fresh snow lies on a broad mountain bowl under a dark blue sky.",
        "Lucien Marchetti", "Halvard X1", ("snow", "winter", "peaks", "cold"),
        "first-snow", ("germany-austria", "france", "nordics"), ("ridgeline-jacket", "ridgeline-beanie"),
    ),
    Place(
        "desert", "Red mesa, long light", "Mesa Roja", "United States",
        "From the Arizona test trip, dust in the air. Licence of the land office is limited.",
        "Eroded sandstone towers in warm light under a hazy sky.",
        "Lucien Marchetti", "Sella 5", ("desert", "sandstone", "warm", "heat"),
        "always-on", ("united-states",), ("traverse-38", "steel-flask"),
    ),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Take:
    """A cut or grade that is made of every place."""

    suffix: str
    ending: str
    form: str
    extension: str
    look: Look
    note: str
    tags: tuple[str, ...]


TAKES = (
    Take("panorama", "panorama", "jpeg", "jpg", Look((0, 0.3, 1, 0.72), longest=1800),
         "Cut 3 to 1 for page headers.", ("panorama", "header")),
    Take("upright", "upright", "jpeg", "jpg", Look((0.3, 0, 0.77, 1), longest=1300),
         "Upright cut for posters and stories.", ("upright",)),
    Take("detail", "detail", "webp", "webp", Look((0.32, 0.12, 0.72, 0.6), longest=1200),
         "Detail for the shop's blog.", ("detail", "blog")),
    Take("dusk", "dusk grade", "jpeg", "jpg", Look(grade="dusk", longest=1300, mirrored=True),
         "Graded for night motifs, mirrored so that the headline can stand left.", ("dusk", "graded")),
    Take("bw", "black and white", "avif", "avif", Look(grade="mono", longest=1200),
         "For the annual report.", ("black and white",)),
)  # fmt: skip
_CMYK = Take("print", "for print", "tiff-cmyk", "tif", Look(longest=1200),
             "Separated with the press profile of the Innsbruck printer.", ("cmyk", "print"))  # fmt: skip
_RIGHTS = ("own", "licensed", "nine_days", "own", "web_only", "licensed", "own", "ask", "own", "ended")
_NOT_GREY = ("golden", "lake-dawn", "forest", "desert")
"""Places whose picture is nothing without its colours."""
_FATES = {
    ("winter", "dusk"): "in_review",
    ("storm", "bw"): "draft",
    ("storm", "dusk"): "archived",
    ("desert", "detail"): "withdrawn",
    ("desert", "dusk"): "trash",
    ("fjord", "dusk"): "trash",
    ("fjord", "bw"): "approved",
    ("blue-hour", "bw"): "returned",
    ("forest", "dusk"): "returned",
    ("lake-dawn", "dusk"): "embargoed",
    ("alpen-glow", "bw"): "draft",
    ("ridge-noon", "dusk"): "in_review",
}


def photographs() -> Iterator[Piece]:
    """The full pictures, then their cuts and grades."""
    for number, place in enumerate(PLACES):
        yield _full(place, _RIGHTS[number], 30 - 2 * number)
        for turn, take in enumerate(TAKES):
            if take.suffix == "bw" and place.source in _NOT_GREY:
                continue
            yield _taken(place, take, _RIGHTS[(number + turn + 1) % len(_RIGHTS)], (number * 3 + turn) % 9)
        if number % 2 == 0:
            yield _taken(place, _CMYK, "print_dach", 2)


def _full(place: Place, right: str, popularity: int) -> Piece:
    turned = 6 if place.source == "fjord" else 1
    return _of(
        place,
        file=f"{place.where.replace(' ', '')}_{place.source}_master.jpg",
        title=place.title,
        description=place.description,
        order=Picture(place.source, look=Look(longest=place.longest, orientation=turned), quality=84),
        right=right,
        popularity=popularity,
    )


def _taken(place: Place, take: Take, right: str, popularity: int) -> Piece:
    piece = _of(
        place,
        file=f"{place.where.replace(' ', '')}_{place.source}_{take.suffix}.{take.extension}",
        title=f"{place.title}, {take.ending}",
        description=f"{take.note} {place.description}",
        order=Picture(place.source, take.form, take.look),
        right=right,
        popularity=popularity,
    )
    fate = _FATES.get((place.source, take.suffix), "published")
    return replace(
        piece,
        tags=(*place.tags, *take.tags),
        fate=fate,
        right="" if fate in ("draft", "in_review", "returned") else right,
        sender="emil" if take.form in ("webp", "avif") else "rosa",
    )


def _of(
    place: Place, *, file: str, title: str, description: str, order: Picture, right: str, popularity: int
) -> Piece:
    return Piece(
        file=file,
        title=title,
        description=description,
        alt_text=place.alt_text,
        order=order,
        creator=place.creator,
        camera=place.camera,
        place=place.where,
        country=place.country,
        tags=place.tags,
        attributes={
            "brand": "northwind",
            "campaign": [place.campaign],
            "region": list(place.region),
            "product": list(place.product),
            "people_shown": list(place.people),
            "released": bool(place.people),
            "job_number": f"HF-{2400 + sum(map(ord, place.source)) % 97}",
        },
        right=right,
        popularity=popularity,
    )
