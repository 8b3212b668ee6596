"""What a right may say. Plain values in, a sentence per wrong field out."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

from assetlib.catalog.rules.texts import LONGEST_TEXT, text_fault
from assetlib.words import say

MOST_CHANNELS = 50
MOST_TERRITORIES = 260


RIGHT_LABELS = {
    "starts_on": say("First day of use"),
    "ends_on": say("Last day of use"),
    "territories": say("Countries"),
    "channels": say("Channels"),
    "holder": say("Holder"),
    "licence": say("Licence"),
    "credit_line": say("Credit line"),
    "ask_first": say("Ask before each use"),
    "terms": say("Terms"),
}
"""Field of a right → what people call it."""


@dataclass(frozen=True)
class RightForm:
    """A usage right as somebody records it. Days include the first and the last."""

    holder: str = ""
    licence: str = ""
    credit_line: str = ""
    channels: Sequence[str] = ()
    territories: Sequence[str] = ()
    starts_on: date | None = None
    ends_on: date | None = None
    ask_first: bool = False
    terms: str = ""

    def values(self) -> dict[str, Any]:
        """The values of the row, by column."""
        values = asdict(self)
        values["channels"], values["territories"] = list(self.channels), list(self.territories)
        return values


def right_faults(form: RightForm) -> dict[str, str]:
    """Field → sentence; empty when the right can be kept."""
    found = {
        "holder": text_fault(form.holder, 200),
        "licence": text_fault(form.licence, 200),
        "credit_line": text_fault(form.credit_line, 300),
        "terms": text_fault(form.terms, LONGEST_TEXT),
        "channels": _list_fault(form.channels, MOST_CHANNELS, 60),
        "territories": _territories_fault(form.territories),
    }
    if form.starts_on is not None and form.ends_on is not None and form.ends_on < form.starts_on:
        found["ends_on"] = say("The last day lies before the first. Change one of them.")
    return {name: fault for name, fault in found.items() if fault is not None}


def _list_fault(values: Sequence[str], most: int, longest: int) -> str | None:
    if len(values) > most:
        return say("Name at most {most}; these are {count}.", most=most, count=len(values))
    faults = (text_fault(value, longest, required=True) for value in values)
    return next((fault for fault in faults if fault is not None), None)


def _territories_fault(values: Sequence[str]) -> str | None:
    if len(values) > MOST_TERRITORIES:
        return say("Name at most {most} countries.", most=MOST_TERRITORIES)
    for value in values:
        if not (
            isinstance(value, str)
            and len(value) == 2
            and value.isascii()
            and value.isalpha()
            and value.isupper()
        ):
            return say("Name countries by their two letters, such as DE or JP.")
    return None
