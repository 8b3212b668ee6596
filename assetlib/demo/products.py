"""Products before an even backdrop: the picture itself, cut out, for the shop, in detail, and for print."""

from collections.abc import Iterator
from dataclasses import dataclass

from assetlib.demo.files import Order, Picture
from assetlib.demo.pieces import Piece
from assetlib.media.making.pictures import Look


@dataclass(frozen=True, slots=True)
class Product:
    """A product picture of `media/`."""

    source: str
    name: str
    colour: str
    product: str
    alt_text: str
    number: str
    """The article number in file names."""
    cut_out: bool = True
    psd: bool = False
    campaign: str = "always-on"

    @property
    def title(self) -> str:
        return f"{self.name}, {self.colour}" if self.colour else self.name


PRODUCTS = (
    Product("jacket-rust", "Ridgeline jacket", "rust", "ridgeline-jacket",
            "A quilted down jacket in rust orange with dark green shoulders, seen from the front.",
            "NW-1040-RU", psd=True, campaign="autumn-trails"),
    Product("jacket-blue", "Ridgeline jacket", "slate", "ridgeline-jacket",
            "A quilted down jacket in slate blue with dark shoulders, seen from the front.",
            "NW-1040-SL", psd=True, campaign="autumn-trails"),
    Product("beanie", "Ridgeline beanie", "moss", "ridgeline-beanie",
            "A knitted cream hat with a moss green brim and bobble.", "NW-1180-MO", campaign="first-snow"),
    Product("pack-rust", "Traverse 38", "rust", "traverse-38",
            "An orange backpack with side pockets and two straps, seen from the front.",
            "NW-2038-RU", psd=True, campaign="trade-up"),
    Product("pack-blue", "Traverse 38", "slate", "traverse-38",
            "A blue backpack with side pockets and two straps, seen from the front.",
            "NW-2038-SL", psd=True, campaign="trade-up"),
    Product("bottle-green", "Steel flask 0.75", "moss", "steel-flask",
            "A green steel flask with a black lid and carrying loop.", "NW-2075-MO"),
    Product("bottle-trio", "Steel flask 0.75", "three colours", "steel-flask",
            "Three steel flasks in orange, blue and white.", "NW-2075-XX", cut_out=False),
    Product("tent", "Basecamp 3 tent", "sun", "basecamp-3",
            "A yellow dome tent with dark poles.", "NW-3003-SU", psd=True, campaign="camp-by-six"),
    Product("lantern", "Camp lantern", "", "camp-lantern",
            "A green camping lantern glows on a dark ground.", "NW-3310", cut_out=False,
            campaign="camp-by-six"),
    Product("mug", "Enamel mugs", "white and blue", "camp-kitchen",
            "Two speckled enamel mugs, one white and one blue.", "NW-3420-XX", cut_out=False),
    Product("pot", "Camp pot with mug", "", "camp-kitchen",
            "A dark camping pot with a white lid and an orange handle, beside it a small mug.", "NW-3400"),
    Product("pad", "Roll-up pad", "moss", "sleeping-pad",
            "A rolled green sleeping pad held by two black straps.", "NW-3120-MO", campaign="camp-by-six"),
    Product("cooler", "Cooler 24", "", "cooler-24",
            "A white cool box with a green lid.", "NW-3024"),
    Product("boot", "Tarn mid boot", "bark", "tarn-boot",
            "A brown laced walking boot with an orange stripe above the sole.", "NW-4010-BK",
            campaign="autumn-trails"),
)  # fmt: skip


FOR_KIDS = ("ridgeline-beanie", "sleeping-pad", "camp-lantern")
"""Products that are sold as Northwind Kids."""


def products() -> Iterator[Piece]:
    """Four or five files of each product."""
    for number, product in enumerate(PRODUCTS):
        yield _of(product, "front", _front(product), popularity=24 - number)
        if product.cut_out:
            order = Picture(product.source, "png", Look(alone=True, longest=900))
            yield _of(product, "cut-out", order, popularity=number % 7 + 4, tags=("transparent",))
        if product.campaign == "always-on" and not product.cut_out:
            continue
        shop = Picture(product.source, "webp", Look((0.06, 0.06, 0.94, 0.94), longest=1200), 84)
        yield _of(product, "shop tile", shop, popularity=number % 5, tags=("shop",))
        detail = Picture(product.source, look=Look((0.3, 0.28, 0.72, 0.7), longest=1200))
        fate = {2: "in_review", 3: "in_review", 8: "draft", 10: "trash", 11: "approved", 12: "withdrawn"}.get(
            number, "published"
        )
        yield _of(product, "detail", detail, fate=fate, tags=("detail", "close-up"))
        if number % 3 == 0:
            for_print = Picture(product.source, "tiff-cmyk", Look(longest=1200))
            yield _of(product, "catalogue", for_print, right="print_dach", tags=("cmyk", "catalogue"))


def _front(product: Product) -> Order:
    if product.psd:
        return Picture(product.source, "psd", Look(longest=1100))
    return Picture(product.source, look=Look(longest=1400))


def _of(
    product: Product,
    view: str,
    order: Order,
    *,
    popularity: int = 1,
    fate: str = "published",
    right: str = "own",
    tags: tuple[str, ...] = (),
) -> Piece:
    form = order.form if isinstance(order, Picture) else ""
    extension = {"jpeg": "jpg", "tiff-cmyk": "tif"}.get(form, form)
    return Piece(
        file=f"{product.number}_{view.replace(' ', '-')}.{extension}",
        title=f"{product.title}, {view}",
        description=f"{product.name}, article {product.number}. Shot on grey in the Innsbruck studio.",
        alt_text=product.alt_text,
        order=order,
        type_key="cutout",
        creator="Henrike Voss",
        camera="Sella 5",
        place="Innsbruck",
        country="Austria",
        tags=(*product.name.lower().split()[:2], "studio", *tags),
        attributes={
            "brand": "northwind-kids" if product.product in FOR_KIDS else "northwind",
            "product": [product.product],
            "campaign": [product.campaign],
            "region": ["germany-austria", "nordics", "france"],
            "job_number": f"SB-{product.number[3:7]}",
        },
        sender="nora",
        fate=fate,
        right="" if fate in ("draft", "in_review") else right,
        popularity=popularity,
    )
