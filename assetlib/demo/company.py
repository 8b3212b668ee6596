"""Who is who at Northwind Outdoors and around it, and the words its library is sorted by."""

from dataclasses import dataclass

PASSWORD = "walk with the wind"  # noqa: S105  # printed at every start of the demo, for invented people
OWN = "Northwind Outdoors"
HALDEN, BRANDT, ALPIN = "Halden & Frey", "Studio Brandt", "Alpin Sport Innsbruck"

ORGANISATIONS = {OWN: "own", HALDEN: "agency", BRANDT: "agency", ALPIN: "partner"}


@dataclass(frozen=True, slots=True)
class Colleague:
    """Somebody who signs in."""

    name: str
    email: str
    organisation: str
    roles: tuple[str, ...]

    @property
    def said_roles(self) -> str:
        """The roles as people read them."""
        return ", ".join(role.replace("_", " ") for role in self.roles)


PEOPLE = {
    "ida": Colleague("Ida Solberg", "ida.solberg@northwind.example", OWN, ("administrator",)),
    "mira": Colleague("Mira Koch", "mira.koch@northwind.example", OWN, ("librarian",)),
    "sanna": Colleague("Sanna Lindqvist", "sanna.lindqvist@northwind.example", OWN, ("librarian",)),
    "jonas": Colleague("Jonas Berg", "jonas.berg@northwind.example", OWN, ("field_marketer",)),
    "lea": Colleague("Léa Fontaine", "lea.fontaine@northwind.example", OWN, ("field_marketer",)),
    "rosa": Colleague("Rosa Feld", "rosa.feld@halden-frey.example", HALDEN, ("agency_contributor",)),
    "emil": Colleague("Emil Haas", "emil.haas@halden-frey.example", HALDEN, ("agency_contributor",)),
    "nora": Colleague("Nora Brandt", "nora.brandt@studio-brandt.example", BRANDT, ("agency_contributor",)),
    "tobias": Colleague("Tobias Huber", "tobias.huber@alpin-sport.example", ALPIN, ("partner",)),
}

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
