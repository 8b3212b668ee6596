"""A small schema that the tests of searching share."""

from datetime import date

from assetlib.search.filters import AttributeField, Choice, Known

TODAY = date(2026, 11, 24)

KNOWN = Known(
    today=TODAY,
    types=(Choice("photo", "Photograph"), Choice("logo", "Logo")),
    attributes=(
        AttributeField(
            "region", "Region", "tree", facet=True, choices=(Choice("asia", "Asia"), Choice("jp", "Japan"))
        ),
        AttributeField("people", "People", "people", facet=True),
        AttributeField("edition", "Edition", "number"),
        AttributeField("shot", "Shot on", "date"),
        AttributeField("retouched", "Retouched", "boolean", facet=True),
        AttributeField("size", "Clothing size", "choice", facet=True, choices=(Choice("m", "Medium"),)),
    ),
    collections=lambda name: {"trails": (7, 9), "7": (7, 9), "lakes": (8,)}.get(name, ()),
)
