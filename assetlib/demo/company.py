"""Who is who at Northwind Outdoors and around it, and the words its library is sorted by."""

from dataclasses import dataclass

PASSWORD = "walk with the wind"  # noqa: S105  # printed at every start of the demo, for invented people
OWN = "Northwind Outdoors"
HALDEN, BRANDT, KOLLWITZ = "Halden & Frey", "Studio Brandt", "Kollwitz Film"
ALPIN, TALSTATION = "Alpin Sport Innsbruck", "Talstation Zürich"

ORGANISATIONS = {
    OWN: "own", HALDEN: "agency", BRANDT: "agency", KOLLWITZ: "agency",
    ALPIN: "partner", TALSTATION: "partner",
}  # fmt: skip
CORE, LEGAL, DEALERS = "Autumn Trails core team", "Legal and brand", "Dealers DACH"

GROUPS = {
    CORE: ("Everybody who works on the autumn campaign, house and agency.", ("reviewer",)),
    LEGAL: ("Looks at claims, logos and releases before print.", ("reviewer",)),
    DEALERS: ("Shops in Germany, Austria and Switzerland.", ("partner",)),
}
"""Name → what it is for, and the roles that it gives."""


@dataclass(frozen=True, slots=True)
class Colleague:
    """Somebody of the company or around it."""

    name: str
    email: str
    organisation: str
    roles: tuple[str, ...]
    """As `accounts.rules.roles` writes them, also `librarian@brand:…`; what groups give comes on top."""
    groups: tuple[str, ...] = ()
    locale: str | None = None
    zone: str | None = None
    duties: tuple[tuple[str, int | None], ...] = ()
    """Each with its limit in whole euros; None: without one."""

    @property
    def is_of_a_part(self) -> bool:
        """A role is held for a part of the library only."""
        return any("@" in role for role in self.roles)

    @property
    def said_roles(self) -> str:
        """The roles as people read them."""
        said = []
        for role in self.roles or ("partner",):
            name, _, part = role.partition("@")
            of = part.partition(":")[2].replace("-", " ").title()
            said.append(name.replace("_", " ") + (f" for {of}" if of else ""))
        return ", ".join(said)


PEOPLE = {
    "ida": Colleague(
        "Ida Solberg", "ida.solberg@northwind.example", OWN, ("administrator",), (LEGAL,), "en",
        "Europe/Oslo", (("plan_approver", None), ("vendor_maintainer", None)),
    ),
    "henrik": Colleague(
        "Henrik Dahl", "henrik.dahl@northwind.example", OWN, ("administrator",),
        duties=(("plan_approver", 50_000),),
    ),
    "mira": Colleague(
        "Mira Koch", "mira.koch@northwind.example", OWN, ("librarian",), (CORE, LEGAL), "en", "Europe/Berlin",
        (("receipt_acceptor", None),),
    ),
    "sanna": Colleague("Sanna Lindqvist", "sanna.lindqvist@northwind.example", OWN, ("librarian",)),
    "ella": Colleague(
        "Ella Nyman", "ella.nyman@northwind.example", OWN, ("librarian@brand:northwind-kids",), (), "en",
        "Europe/Helsinki",
    ),
    "dario": Colleague(
        "Dario Kern", "dario.kern@northwind.example", OWN, ("planner",), (CORE,), "de", "Europe/Berlin",
        (("budget_approver", 25_000), ("plan_approver", 25_000)),
    ),
    "sofie": Colleague(
        "Sofie Lund", "sofie.lund@northwind.example", OWN, ("planner",), (CORE,), "en", "Europe/Oslo",
    ),
    "petra": Colleague(
        "Petra Lang", "petra.lang@northwind.example", OWN, ("finance",), (), "de", "Europe/Berlin",
        (("po_approver", 20_000), ("invoice_approver", 20_000), ("period_closer", None)),
    ),
    "marta": Colleague("Marta Weiss", "marta.weiss@northwind.example", OWN, ("reviewer",), (LEGAL,), "de"),
    "jonas": Colleague(
        "Jonas Berg", "jonas.berg@northwind.example", OWN, ("field_marketer",), (CORE,), "en", "Europe/Berlin"
    ),
    "lea": Colleague(
        "Léa Fontaine", "lea.fontaine@northwind.example", OWN, ("field_marketer@region:france",), (), "en",
        "Europe/Paris",
    ),
    "lukas": Colleague(
        "Lukas Moser", "lukas.moser@northwind.example", OWN, ("field_marketer",), (), "de", "Europe/Vienna"
    ),
    "rosa": Colleague(
        "Rosa Feld", "rosa.feld@halden-frey.example", HALDEN, ("agency_contributor",), (CORE,), "en"
    ),
    "emil": Colleague("Emil Haas", "emil.haas@halden-frey.example", HALDEN, ("agency_contributor",)),
    "clara": Colleague("Clara Frey", "clara.frey@halden-frey.example", HALDEN, ("reviewer",), (CORE,), "de"),
    "nora": Colleague("Nora Brandt", "nora.brandt@studio-brandt.example", BRANDT, ("agency_contributor",)),
    "jannis": Colleague("Jannis Ott", "jannis.ott@studio-brandt.example", BRANDT, ("reviewer",), (), "de"),
    "tobias": Colleague(
        "Tobias Huber", "tobias.huber@alpin-sport.example", ALPIN, ("partner",), (DEALERS,), "de",
        "Europe/Vienna",
    ),
    "seraina": Colleague(
        "Seraina Caduff", "seraina.caduff@talstation.example", TALSTATION, (), (DEALERS,), "de",
        "Europe/Zurich",
    ),
}  # fmt: skip
"""Those who sign in."""
GONE = {
    "anselm": Colleague("Anselm Roth", "anselm.roth@northwind.example", OWN, ("field_marketer",)),
    "viktor": Colleague("Viktor Lind", "viktor.lind@studio-brandt.example", BRANDT, ("agency_contributor",)),
}
"""Those who signed in once: one has left, one is suspended."""
INVITED = {
    "samir": Colleague(
        "Samir Haddad", "samir.haddad@northwind.example", OWN, ("field_marketer@region:nordics",)
    ),
    "juno": Colleague("Juno Albrecht", "juno.albrecht@kollwitz.example", KOLLWITZ, ("agency_contributor",)),
}
"""Those who did not come in yet."""

BRANDS = {"northwind": "Northwind", "northwind-kids": "Northwind Kids"}
CAMPAIGNS = {
    "autumn-trails": "Autumn Trails",
    "first-snow": "First Snow",
    "camp-by-six": "Camp by Six",
    "trade-up": "Trade Up Your Trail",
    "always-on": "Always on",
}
PRODUCTS = {
    "ridgeline": (
        "Ridgeline",
        {"ridgeline-jacket": "Ridgeline jacket", "ridgeline-beanie": "Ridgeline beanie"},
    ),
    "traverse": ("Traverse", {"traverse-38": "Traverse 38", "steel-flask": "Steel flask 0.75"}),
    "basecamp": (
        "Basecamp",
        {
            "basecamp-3": "Basecamp 3 tent",
            "camp-lantern": "Camp lantern",
            "camp-kitchen": "Camp kitchen",
            "sleeping-pad": "Roll-up pad",
            "cooler-24": "Cooler 24",
        },
    ),
    "tarn": ("Tarn footwear", {"tarn-boot": "Tarn mid boot"}),
}
"""Key of a line → its label, and below it key → label of its products."""
