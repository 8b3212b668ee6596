"""What the demo company plans: two fiscal years of campaigns, with the work and the money in them.

Days are counted from today: below zero is past. One campaign is late, and two of them run into each other.
"""

from dataclasses import dataclass, field

YEAR_NAME = "Northwind year"
FIRST_MONTH = 7
"""The year begins in July, and is called by the one in which it ends."""

ACCOUNTS = {
    "6400": "Media",
    "6410": "Creative production",
    "6420": "Print and point of sale",
    "6430": "Fairs and events",
    "6450": "Photography and film",
}
COST_CENTRES = {"4100": "Brand marketing", "4110": "Marketing DACH", "4120": "Marketing Nordics"}
RATES = {"CHF": "1.05", "NOK": "0.086", "USD": "0.92"}
"""Currency → what one of it is worth in euros, by the plan."""
VENDORS = {
    "V-1001": ("Halden & Frey", "DE", "EUR"),
    "V-1002": ("Studio Brandt", "DE", "EUR"),
    "V-1003": ("Kollwitz Film", "CH", "CHF"),
    "V-1010": ("Druckerei Weiss", "DE", "EUR"),
}
"""Number → name, country, currency; the first three sign in as agencies."""


@dataclass(frozen=True, slots=True)
class Work:
    """A task. Days from today on which it was planned to begin and end."""

    name: str
    first: int
    last: int
    who: str
    """Somebody of the company's list, or the name of an agency."""
    role: str = ""
    hours: int = 0
    kind: str = "work"
    done: int | None = None
    """The day on which it was finished."""
    expected: tuple[int, int] | None = None
    """First and last day as expected now, where that is not as planned."""
    percent: int = 0
    """How much is done of what was begun and is not finished."""
    after: tuple[str, ...] = ()
    """Names of the tasks of the same activity that come before it."""


@dataclass(frozen=True, slots=True)
class Part:
    """An activity or event with its money by month: account → euros for each month it lasts."""

    name: str
    first: int
    last: int
    owner: str
    channel: str
    region: str = ""
    country: str = "DE"
    kind: str = "activity"
    venue: str = ""
    cost_centre: str = "4100"
    monthly: dict[str, int] = field(default_factory=dict)
    certainty: str = "likely"
    tasks: tuple[Work, ...] = ()


@dataclass(frozen=True, slots=True)
class Run:
    """A campaign of a plan."""

    key: str
    """Its key among the choices of the library's attribute `campaign`."""
    name: str
    owner: str
    theme: str
    objective: str
    regions: tuple[str, ...]
    channels: tuple[str, ...]
    parts: tuple[Part, ...]
    expected: tuple[tuple[str, int, str], ...] = ()
    """What it is to bring: figure, value, unit."""
    measured: tuple[tuple[str, str, int], ...] = ()
    """What it came to: figure, value as it is typed, days ago."""


AUTUMN = Run(
    "autumn-trails", "Autumn Trails", "dario",
    "First light belongs to those who are already out.",
    "Win 40,000 new walkers in DACH and the Nordics before the first snow",
    ("germany", "austria", "switzerland", "norway"), ("Social", "Print", "Retail"),
    (
        Part(
            "Launch creative", -91, -60, "mira", "Web", cost_centre="4100",
            monthly={"6410": 21_000, "6450": 14_000}, certainty="committed",
            tasks=(
                Work("Key visual and poster master", -116, -102, "Halden & Frey", "design", 120, done=-95),
                Work("Size family, 22 formats", -101, -88, "Halden & Frey", "design", 80, done=-90,
                     after=("Key visual and poster master",)),
            ),
        ),
        Part(
            "Retail windows", -70, -30, "jonas", "Retail", "germany", cost_centre="4110",
            monthly={"6420": 23_500}, certainty="committed",
            tasks=(
                Work("Print and ship to 64 stores", -75, -46, "jonas", "production", 60, done=-39),
                Work("Photograph installed windows", -45, -32, "jonas", "photography", 24, done=-27,
                     after=("Print and ship to 64 stores",)),
            ),
        ),
        Part(
            "Field guide 07", -10, 45, "dario", "Print", "germany", cost_centre="4110",
            monthly={"6410": 8_600, "6420": 14_200},
            tasks=(
                Work("Copy and layout, 24 pages", -46, -4, "Studio Brandt", "design", 160,
                     expected=(-43, 3), percent=70),
                Work("Press date", 2, 2, "dario", kind="milestone", expected=(7, 7),
                     after=("Copy and layout, 24 pages",)),
            ),
        ),
        Part(
            "Paid social, DACH", -62, 45, "lukas", "Social", "germany", cost_centre="4110",
            monthly={"6400": 18_400}, certainty="committed",
            tasks=(
                Work("Book the flights", -80, -66, "lukas", "media", 16, done=-66),
                Work("Weekly optimisation", -60, 44, "lukas", "media", 60, percent=55),
            ),
        ),
    ),
    (("Visits to the trail pages", 480_000, ""), ("New members", 40_000, ""),
     ("Revenue of the line", 1_900_000, "EUR")),
    (("Visits to the trail pages", "312400", 30), ("Visits to the trail pages", "401250", 2),
     ("New members", "27310", 2), ("Revenue of the line", "1284000", 2)),
)  # fmt: skip
SNOW = Run(
    "first-snow", "First Snow", "dario",
    "The first one out leaves the only track.",
    "Sell through the winter line before the end of January",
    ("germany", "switzerland"), ("Social", "E-mail", "Television"),
    (
        Part(
            "Winter film", -5, 75, "mira", "Television", "switzerland", "CH", cost_centre="4100",
            monthly={"6450": 32_000, "6400": 26_000}, certainty="committed",
            tasks=(
                Work("Script and locations", -60, -44, "Studio Brandt", "film", 60, done=-45),
                Work("Shoot", -40, -31, "Studio Brandt", "film", 120, done=-30,
                     after=("Script and locations",)),
                Work("Cut, 60 and 20 seconds", -29, -8, "Studio Brandt", "film", 90, done=-8,
                     after=("Shoot",)),
            ),
        ),
        Part(
            "Paid social, winter", -6, 60, "lukas", "Social", "germany", cost_centre="4110",
            monthly={"6400": 12_800},
            tasks=(Work("Book the flights", -28, -14, "lukas", "media", 12, done=-15),),
        ),
        Part(
            "Letter to members", 6, 20, "jonas", "E-mail", "germany", cost_centre="4110",
            monthly={"6410": 3_200},
            tasks=(
                Work("Write and set", -6, 4, "jonas", "copy", 20, percent=40),
                Work("Send", 6, 6, "jonas", kind="milestone", after=("Write and set",)),
            ),
        ),
    ),
    (("Revenue of the line", 2_400_000, "EUR"), ("Film seen to the end", 900_000, "")),
    (("Film seen to the end", "61800", 1),),
)  # fmt: skip
CAMP = Run(
    "camp-by-six", "Camp by Six", "dario",
    "Out of the office at five, camp by six, stars by nine.",
    "Make the evening trip a habit of families near cities",
    ("germany", "norway"), ("Social", "Retail"),
    (
        Part(
            "Stories for summer", 92, 150, "jonas", "Social", "germany", cost_centre="4110",
            monthly={"6400": 9_400, "6410": 6_800}, certainty="optional",
            tasks=(
                Work("Story set, three sizes", -12, 6, "Halden & Frey", "design", 48, percent=60),
                Work("Translations", 8, 20, "dario", "copy", 12, after=("Story set, three sizes",)),
            ),
        ),
        Part(
            "Camp on the fjord", 118, 120, "dario", "Event", "norway", "NO", "event", "Bygdøy, Oslo",
            "4120", {"6430": 27_500},
            tasks=(Work("Permits and site", 20, 62, "dario", "events", 40),),
        ),
    ),
    (("Families at camps", 900, ""),),
)  # fmt: skip
TRADE_UP = Run(
    "trade-up", "Trade Up Your Trail", "dario",
    "Bring the old pair, take the new one for a walk.",
    "Bring 6,000 pairs of worn boots back",
    ("austria", "germany"), ("Retail", "Print"),
    (
        Part(
            "Boxes in the shops", 40, 100, "lukas", "Retail", "austria", "AT", cost_centre="4110",
            monthly={"6420": 11_300},
            tasks=(Work("Box and poster", -3, 26, "Studio Brandt", "design", 70, percent=10),),
        ),
    ),
    (("Pairs brought back", 6_000, ""),),
)  # fmt: skip
ALWAYS_ON = Run(
    "always-on", "Always on, spring and summer", "dario",
    "There is a trail behind your house.",
    "Stay in mind between the seasons",
    ("germany", "france"), ("Social", "Web"),
    (
        Part(
            "Trail of the week", -330, -160, "lea", "Social", "france", "FR", cost_centre="4100",
            monthly={"6400": 5_200, "6410": 1_900}, certainty="committed",
            tasks=(
                Work("Plan of themes", -345, -335, "lea", "copy", 30, kind="planning", done=-336),
                Work("26 stories", -330, -170, "Halden & Frey", "design", 200, done=-168,
                     after=("Plan of themes",)),
            ),
        ),
        Part(
            "Shop opening Lyon", -220, -218, "lea", "Event", "france", "FR", "event", "Rue Mercière, Lyon",
            "4100", {"6430": 18_600}, "committed",
            tasks=(Work("Invitations and night", -250, -220, "lea", "events", 60, done=-220),),
        ),
    ),
    (("Visits to the trail pages", 300_000, ""),),
    (("Visits to the trail pages", "318900", 155),),
)  # fmt: skip

THIS_YEAR = (AUTUMN, SNOW, CAMP, TRADE_UP)
LAST_YEAR = (ALWAYS_ON,)
KIDS = Run(
    "", "Rain Days", "sofie",
    "There is no bad weather in these boots.",
    "Sell the kids' rain line where it rains",
    ("norway", "sweden"), ("Social", "Retail"),
    (
        Part(
            "Puddle map", 60, 130, "sofie", "Social", "norway", "NO", cost_centre="4120",
            monthly={"6400": 7_900, "6410": 5_100},
            tasks=(Work("Brief the map", -8, 5, "sofie", "planning", 16, kind="planning", percent=50),),
        ),
    ),
    (("Pairs sold", 12_000, ""),),
)  # fmt: skip
