"""The form in which a spec says what delivered files have to keep to. What is not said is not checked."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import date
from typing import Any

from assetlib.catalog.errors import WrongValue
from assetlib.catalog.rules.texts import LONGEST_NOTE, name_fault, text_fault
from assetlib.words import say

COLOURS = ("RGB", "CMYK", "Grey", "Lab")
"""Colour spaces that can be asked for, by the words of the examination."""
LONGEST_NAME, LONGEST_PATTERN, MOST_SIZES, MOST_NAMES = 200, 100, 30, 30
LARGEST_SIDE, LONGEST_SECONDS, HEAVIEST = 100_000, 24 * 3600, 50 * 10**9
_SIZE = re.compile(r"([0-9]{1,6})\s*[x×*]\s*([0-9]{1,6})", re.IGNORECASE)
NOT_SAVED = say("This was not saved. Look at the marked fields.")


@dataclass(frozen=True)
class Rules:
    """What `DeliverySpec.rules` says; each name is a key of it, left out where nothing is asked."""

    formats: Sequence[str] = ()
    """As people say them: JPEG, PSD, MP4."""
    sizes: Sequence[Sequence[int]] = ()
    """Allowed pixels, width and height, of a file whose item names none itself."""
    at_least: bool = False
    """Sizes may be larger than asked."""
    dpi: int | None = None
    """Of print sizes; 300 unless it is said."""
    colour: Sequence[str] = ()
    profile: str = ""
    """Words in the name of the colour profile."""
    bit_depth: int | None = None
    shortest_s: int | None = None
    longest_s: int | None = None
    heaviest: int | None = None
    """Bytes."""
    file_name: str = ""
    """Of the file, without what follows the last dot: `*` any letters, `#` one digit or more."""
    attributes: Sequence[str] = ()
    """Keys of details that have to be filled in."""
    rights_holder: bool = False
    rights_until: date | None = None
    """The rights last up to this day at least."""
    rights_channels: Sequence[str] = ()
    """The rights cover each of these."""


def must_be_rules(given: Mapping[str, Any]) -> dict[str, Any]:
    """The rules in the form that is stored, without what says nothing; or a sentence per field."""
    faults: dict[str, str] = {}
    known = {each.name for each in fields(Rules)}
    for name in given.keys() - known:
        faults[name] = say("There is no such rule.")
    said = {name: value for name, value in given.items() if name in known and says_something(value)}
    for name, value in said.items():
        if fault := _rule_fault(name, value):
            faults[name] = fault
    shortest, longest = said.get("shortest_s"), said.get("longest_s")
    if not faults and shortest is not None and longest is not None and shortest > longest:
        faults["longest_s"] = say("The longest is shorter than the shortest.")
    if faults:
        raise WrongValue(NOT_SAVED, fields=faults)
    if isinstance(until := said.get("rights_until"), date):
        said["rights_until"] = until.isoformat()
    return {name: list(value) if isinstance(value, tuple) else value for name, value in said.items()}


def must_be_spec(*, name: str, description: str) -> None:
    """Nothing, or `WrongValue` with a sentence per field."""
    faults: dict[str, str] = {}
    if fault := name_fault(name, LONGEST_NAME, required=True):
        faults["name"] = fault
    if fault := text_fault(description, LONGEST_NOTE):
        faults["description"] = fault
    if faults:
        raise WrongValue(NOT_SAVED, fields=faults)


def rules_of(stored: Mapping[str, Any]) -> Rules:
    """What is stored, to be asked. A rule that is not known any more asks nothing."""
    known = {each.name for each in fields(Rules)}
    values = {name: value for name, value in stored.items() if name in known}
    if isinstance(until := values.get("rights_until"), str):
        values["rights_until"] = date.fromisoformat(until)
    return Rules(**values)


def sizes_in(text: str) -> list[list[int]]:
    """The sizes in a text such as `1080 × 1920, 1080x1350`; `WrongValue` names what is none."""
    found = []
    for word in (each.strip() for each in re.split(r"[,;\n]+", text)):
        if not word:
            continue
        match = _SIZE.fullmatch(word)
        if match is None:
            raise WrongValue(
                NOT_SAVED,
                fields={"sizes": say("“{word}” is no size. Write one such as 1080 × 1920.", word=word[:40])},
            )
        found.append([int(match[1]), int(match[2])])
    return found


def says_something(value: Any) -> bool:
    """Whether a rule or a detail holds anything."""
    return value is not None and value is not False and value != "" and value != [] and value != ()


def _rule_fault(name: str, value: Any) -> str | None:
    match name:
        case "formats" | "attributes" | "rights_channels":
            return _names_fault(value)
        case "sizes":
            return _sizes_fault(value)
        case "colour":
            wrong = _names_fault(value)
            return wrong or (say("Choose among the colour spaces.") if set(value) - set(COLOURS) else None)
        case "at_least" | "rights_holder":
            return None if value is True else say("Say yes or no.")
        case "dpi":
            return _number_fault(value, 36, 2400)
        case "bit_depth":
            return _number_fault(value, 1, 32)
        case "shortest_s" | "longest_s":
            return _number_fault(value, 1, LONGEST_SECONDS)
        case "heaviest":
            return _number_fault(value, 1, HEAVIEST)
        case "rights_until":
            return _day_fault(value)
    return name_fault(value, LONGEST_PATTERN)


def _names_fault(value: Any) -> str | None:
    if not isinstance(value, list | tuple) or len(value) > MOST_NAMES:
        return say("Name at most {most}.", most=MOST_NAMES)
    return next((fault for each in value if (fault := name_fault(each, 60, required=True))), None)


def _sizes_fault(value: Any) -> str | None:
    if not isinstance(value, list | tuple) or len(value) > MOST_SIZES:
        return say("Name at most {most}.", most=MOST_SIZES)
    for each in value:
        sides = list(each) if isinstance(each, list | tuple) else []
        if len(sides) != 2 or any(_number_fault(side, 1, LARGEST_SIDE) for side in sides):
            return say("A size has two sides of 1 to {most} pixels.", most=LARGEST_SIDE)
    return None


def _number_fault(value: Any, least: int, most: int) -> str | None:
    if isinstance(value, int) and not isinstance(value, bool) and least <= value <= most:
        return None
    return say("Write a whole number from {least} to {most}.", least=least, most=most)


def _day_fault(value: Any) -> str | None:
    if isinstance(value, date):
        return None
    try:
        date.fromisoformat(str(value))
    except ValueError:
        return say("Choose a day.")
    return None
