"""In which forms a file leaves the house, and which renditions only serve the pages."""

from collections.abc import Collection
from datetime import timedelta

from assetlib.catalog.errors import NoSuchRendition, WrongValue
from assetlib.words import say

ORIGINAL = "original"
MOST_IN_A_PACKAGE = 2_000
COUNTS_ONCE_WITHIN = timedelta(hours=6)
"""All stretches of a file that somebody asks for within this time are one download."""
MOST_STRETCHES = 20
"""How often the rest of a file is given by a link without being counted again."""
MOST_ZIPS_AGAIN = 5
"""How often the same ZIP is, which can only be had from its beginning."""
_INERT_BEFORE = "=+-@\t\r\n＝＋－＠"


def must_be_form(form: str, presets: Collection[str]) -> None:
    """Nothing, or `WrongValue` for a form in which nothing can be had."""
    if form != ORIGINAL and form not in presets:
        known = [ORIGINAL, *presets]
        raise WrongValue(
            say("There is no such form. Choose one of {known}.", known=known),
            fields={"form": say("Choose one from the list.")},
        )


def must_be_for_pages(recipe: str, *, recipes: Collection[str], presets: Collection[str]) -> None:
    """Nothing, or `NoSuchRendition` for a recipe that does not exist or that is only had by a download."""
    if recipe not in recipes or recipe in presets:
        raise NoSuchRendition(say("There is no such preview."))


def must_fit_in_a_package(count: int) -> None:
    """Nothing, or `WrongValue` for a selection that is empty or too large for one ZIP."""
    fault = ""
    if count == 0:
        fault = say("Choose at least one asset.")
    elif count > MOST_IN_A_PACKAGE:
        fault = say(
            "One ZIP holds at most {most} assets. Choose fewer.",
            most=MOST_IN_A_PACKAGE,
        )
    if fault:
        raise WrongValue(fault, fields={"assets": fault})


def inert(cell: str) -> str:
    """The text of a table's cell, with an apostrophe before what a spreadsheet would take for a formula."""
    return f"'{cell}" if cell[:1] and cell[0] in _INERT_BEFORE else cell
