"""How collections may lie in one another."""

from assetlib.catalog.errors import WrongValue
from assetlib.catalog.rules.texts import LONGEST_TEXT, text_fault

LONGEST_NAME = 200
DEEPEST = 12
AUDIENCES = ("private", "organisation")


def must_be_described(*, name: str, description: str, audience: str) -> None:
    """Nothing, or `WrongValue` with a sentence per field."""
    found = {
        "name": text_fault(name, LONGEST_NAME, required=True),
        "description": text_fault(description, LONGEST_TEXT),
        "audience": None if audience in AUDIENCES else "Choose who sees it.",
    }
    faults = {field: fault for field, fault in found.items() if fault is not None}
    if faults:
        raise WrongValue(
            "This collection cannot be kept like that. Look at the marked fields.", fields=faults
        )


def must_fit_inside(*, audience: str, parent_audience: str | None, depth: int) -> None:
    """What the organisation sees never lies in something private: it would be found by nobody."""
    if parent_audience == "private" and audience != "private":
        sentence = "The collection around it is private. Open that one first, or keep this one private."
        raise WrongValue(sentence, fields={"parent": sentence})
    if depth > DEEPEST:
        sentence = f"Collections lie at most {DEEPEST} deep."
        raise WrongValue(sentence, fields={"parent": sentence})
