"""The words of the booklets."""

from assetlib.demo.files import Leaf

_WALKS = (
    ("Kaltwald round", "forest", "11 km, 480 m up", (
        "Begin at the saw mill before seven: the fog lies in the beeches until nine,",
        "and then it lifts within ten minutes. Take the left path at the cross.",
        "The Ridgeline jacket goes into its own pocket on the climb and comes out",
        "again at the needle, where the wind never stops.",
    )),
    ("Steinkar ridge", "ridge-noon", "14 km, 920 m up", (
        "A long day with water only at the start. Three hours of ridge, no shade,",
        "and a view over both valleys. Turn back at the saddle if clouds build up",
        "in the west; there is no way down before the hut.",
    )),
    ("Tarn Head", "lake-dawn", "9 km, 260 m up", (
        "An evening walk with a night by the water. Basecamp 3 stands on the small",
        "green tongue south of the outlet. Swim before breakfast, not after.",
    )),
    ("Hochalm", "alpen-glow", "12 km, 740 m up", (
        "The larches turn in the second week of October. Boots with a stiff sole help",
        "on the last hour, the Tarn mid boot was made on this path.",
    )),
    ("Hvalsund drove road", "fjord", "16 km, 310 m up", (
        "Drovers took four days for it, you take one. The bus back leaves at ten to six.",
    )),
)  # fmt: skip
_THINGS = (
    ("Ridgeline jacket", "jacket-rust", "800-fill down, 390 g. Packs to the size of a flask."),
    ("Traverse 38", "pack-blue", "38 litres, 1.1 kg, repaired for life."),
    ("Steel flask 0.75", "bottle-trio", "Keeps tea hot for eleven hours, we tried."),
    ("Basecamp 3 tent", "tent", "Up in four minutes, three people, 2.4 kg."),
    ("Camp lantern", "lantern", "Sixty hours on the lowest step."),
    ("Camp kitchen", "pot", "One pot, one lid, one mug, enough."),
    ("Roll-up pad", "pad", "R 4.1. Frost in the grass, warm on the back."),
    ("Ridgeline beanie", "beanie", "Merino and recycled wool, knitted in Bregenz."),
    ("Tarn mid boot", "boot", "Resoled twice before it is old."),
    ("Enamel mugs", "mug", "They chip. They do not break."),
)


def _field_guide() -> tuple[Leaf, ...]:
    leaves = [
        Leaf("broch-cover"),
        Leaf("broch-p2"),
        Leaf("broch-p3"),
        Leaf("", "Before you go", (
            "Autumn is short, and the light is shorter. Start early, tell somebody where you",
            "go, and put the jacket on top of the pack, not at its bottom.",
        )),
    ]  # fmt: skip
    for name, source, climb, lines in _WALKS:
        leaves.append(Leaf(source, name, (climb, "", *lines)))
        leaves.append(Leaf("", f"{name}, the way", (
            "0.0 km  Car park, bus stop", "2.4 km  Bridge, keep right", "5.1 km  Hut, water",
            "8.0 km  Highest point", "Back by the same path or down to the road.",
        )))  # fmt: skip
    leaves += [Leaf(source, name, (line, "", "See it in your store.")) for name, source, line in _THINGS[:9]]
    leaves.append(
        Leaf(
            "",
            "Northwind Outdoors",
            ("Outdoors since 1974.", "northwind.example", "Printed in Innsbruck."),
            dark=True,
        )
    )
    return tuple(leaves)


FIELD_GUIDE = _field_guide()
FIELD_GUIDE_FR = (
    Leaf("broch-cover"),
    Leaf("forest", "Avant de partir", (
        "L’automne est court, la lumière encore plus. Partez tôt, dites où vous allez,",
        "et gardez la veste en haut du sac.",
    )),
    Leaf("ridge-noon", "La crête du Steinkar", ("14 km, 920 m de montée", "De l’eau au départ seulement.")),
    Leaf("lake-dawn", "Tarn Head", ("9 km, 260 m de montée", "Une nuit au bord de l’eau.")),
    Leaf("jacket-rust", "Veste Ridgeline", ("Duvet 800, 390 g. Elle tient dans une gourde.",)),
    Leaf("pack-rust", "Traverse 38", ("38 litres, 1,1 kg, réparé à vie.",)),
    Leaf("tent", "Tente Basecamp 3", ("Montée en quatre minutes, trois places, 2,4 kg.",)),
    Leaf("", "Northwind Outdoors", ("Dehors depuis 1974.", "northwind.example"), dark=True),
)  # fmt: skip
BRAND_BOOK = (
    Leaf("", "Northwind, the brand book", ("Second edition",), dark=True),
    Leaf("logo-pos", "The mark", (
        "Two peaks and a wind. Free space around it is as wide as one peak.",
        "Never turn it, never outline it, never put it on a busy picture.",
    )),
    Leaf("logo-neg", "On dark", ("On pine green the mark is paper white. There is no grey version.",)),
    Leaf("logo-col", "On sun", ("The yellow is for sale periods and shelf cards only.",)),
    Leaf("golden", "Pictures", (
        "People are small, weather is real. Low sun, no filters, no flags on summits.",
        "Name the place in the caption and the photographer in the credit.",
    )),
    Leaf("pos", "Prices", ("Prices stand at the lower right, with the sign of the currency behind them.",)),
)  # fmt: skip
SIZE_CHART = (
    Leaf("", "Size chart", (
        "Jackets     XS     S      M      L      XL     XXL",
        "Chest cm    84     90     96     104    112    120",
        "Chest in    33     35     38     41     44     47",
        "", "Boots EU    36     38     40     42     44     46",
        "Boots UK    3.5    5      6.5    8      9.5    11",
    )),
    Leaf("boot", "How to measure", ("Stand on a sheet of paper in the evening, in your walking socks.",)),
)  # fmt: skip
