"""What an attribute can hold. Plain definitions and values in; checked values or a sentence per field out.

The forms in `Asset.attributes`: text and people are strings, a number is a decimal written out ("12.5"), a
date is year-month-day, choice and tree hold keys, boolean is true or false; several values are a list.
"""

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from assetlib.catalog.rules.publishing import is_filled
from assetlib.catalog.rules.texts import name_fault, text_fault
from assetlib.words import listed, say

LONGEST_VALUE = 2_000
LONGEST_NAME = 200
MOST_VALUES = 100
MULTIPLE_KINDS = frozenset({"text", "choice", "tree", "people"})
NUMBER_DIGITS = 30
_KEY = re.compile(r"[a-z][a-z0-9_]{0,38}")


@dataclass(frozen=True)
class Choice:
    """One value of a choice or tree. `parent` is the key of the one above it."""

    key: str
    label: str
    parent: str | None = None


@dataclass(frozen=True)
class Definition:
    """An attribute of the schema in plain values."""

    key: str
    label: str
    kind: str
    multiple: bool = False
    required: bool = False
    types: Sequence[str] = ()
    choices: Sequence[Choice] = ()
    by_key: Mapping[str, Choice] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "by_key", {choice.key: choice for choice in self.choices})

    def is_for(self, type_key: str) -> bool:
        return not self.types or type_key in self.types


@dataclass(frozen=True)
class Checked:
    """A value in its form (None: cleared), or the sentence that says why there is none."""

    value: Any = None
    fault: str | None = None


def checked(definition: Definition, raw: Any) -> Checked:
    """The value in its one form, from what a form (texts) or JSON (any value) sent."""
    parts = [each for each in (raw if isinstance(raw, list) else [raw]) if each is not None and each != ""]
    if not parts:
        return Checked()
    if len(parts) > 1 and not definition.multiple:
        return Checked(fault=say("This takes one value."))
    if len(parts) > MOST_VALUES:
        return Checked(
            fault=say(
                "This takes at most {most} values; these are {count}.",
                most=MOST_VALUES,
                count=len(parts),
            )
        )
    values = []
    for part in parts:
        one = _one(definition, part)
        if one.fault is not None:
            return one
        values.append(one.value)
    return Checked(list(dict.fromkeys(values)) if definition.multiple else values[0])


def _one(definition: Definition, raw: Any) -> Checked:
    if definition.kind == "boolean":
        return _boolean(raw)
    if definition.kind == "number":
        return _number(raw)
    if not isinstance(raw, str):
        return Checked(fault=say("Write a text here."))
    if definition.kind == "date":
        return _date(raw)
    if definition.kind in ("choice", "tree"):
        if raw in definition.by_key:
            return Checked(raw)
        return Checked(fault=say("This is not among the choices. Take one from the list."))
    is_name = definition.kind == "people"
    fault = (
        name_fault(raw, LONGEST_NAME, required=True)
        if is_name
        else text_fault(raw, LONGEST_VALUE, required=True)
    )
    return Checked(raw) if fault is None else Checked(fault=fault)


def _boolean(raw: Any) -> Checked:
    if isinstance(raw, bool):
        return Checked(raw)
    said = {"true": True, "yes": True, "1": True, "false": False, "no": False, "0": False}
    if isinstance(raw, str) and raw.lower() in said:
        return Checked(said[raw.lower()])
    return Checked(fault=say("Say yes or no."))


def _number(raw: Any) -> Checked:
    fault = Checked(fault=say("Write a number, such as 1250 or 12.5."))
    if isinstance(raw, bool) or not isinstance(raw, (int, float, str)) or len(str(raw)) > NUMBER_DIGITS:
        return fault
    text = str(raw).strip()
    # Digits of other scripts and forms such as 1_000 are numbers to Python, not to people.
    if not text.isascii() or "_" in text:
        return fault
    try:
        number = Decimal(text)
    except InvalidOperation:
        return fault
    if not number.is_finite() or abs(number.adjusted()) > NUMBER_DIGITS:
        return fault
    # Adding 0 takes the sign from -0, so that each number has one form.
    written = f"{number.normalize() + 0:f}"
    return Checked(written) if len(written) <= NUMBER_DIGITS else fault


def _date(raw: str) -> Checked:
    try:
        return Checked(date.fromisoformat(raw.strip()).isoformat())
    except ValueError:
        return Checked(fault=say("Write the day as year-month-day, such as 2027-03-31."))


def faults_of(
    definitions: Mapping[str, Definition], raw: Mapping[str, Any]
) -> tuple[dict[str, Any], dict[str, str]]:
    """Key → checked value, and key → sentence, of everything that was sent."""
    values: dict[str, Any] = {}
    faults: dict[str, str] = {}
    for key, each in raw.items():
        definition = definitions.get(key)
        if definition is None:
            faults[key] = say("There is no such attribute.")
            continue
        found = checked(definition, each)
        if found.fault is not None:
            faults[key] = found.fault
        else:
            values[key] = found.value
    return values, faults


def key_fault(key: str, reserved: Collection[str]) -> str | None:
    """Why an attribute cannot have this key, as a sentence; None when it can.

    `reserved` are the names by which people search for something else: `title:dusk` asks for one thing only.
    """
    if not _KEY.fullmatch(key):
        return say("Use a word of small letters, digits and _, beginning with a letter.")
    if key in reserved:
        return say(
            "The search asks for something else by “{key}:”. Choose another word for the key.", key=key
        )
    return None


def attribute_refusal(definition: Definition, value: Any, type_key: str, state: str) -> str:
    """Why an asset of this type, in this state, cannot say `value`; nothing when it can."""
    if value is not None and not definition.is_for(type_key):
        return say("{label} is not asked of this type of asset.", label=definition.label)
    if isinstance(value, list) and len(value) > MOST_VALUES:
        return say(
            "{label} would have more than {most} values.",
            label=definition.label,
            most=MOST_VALUES,
        )
    return _empty_refusal(definition, value, type_key, state)


def type_refusal(
    type_key: str, attributes: Mapping[str, Any], definitions: Mapping[str, Definition], state: str
) -> str:
    """Why an asset in this state, with these attributes, cannot be of this type; nothing when it can."""
    for key, definition in definitions.items():
        refusal = _empty_refusal(definition, attributes.get(key), type_key, state)
        if refusal:
            return refusal
    return ""


def _empty_refusal(definition: Definition, value: Any, type_key: str, state: str) -> str:
    if definition.required and definition.is_for(type_key) and state == "published" and not is_filled(value):
        return say("{label} is required while this is published.", label=definition.label)
    return ""


def with_ancestors(definition: Definition, key: str) -> list[str]:
    """A tree's value with everything above it, the value first."""
    path: list[str] = []
    choice = definition.by_key.get(key)
    while choice is not None and choice.key not in path:
        path.append(choice.key)
        choice = definition.by_key.get(choice.parent) if choice.parent is not None else None
    return path


def shown(definition: Definition, value: Any) -> str:
    """A value as people read it; nothing when it is not filled."""
    if value is None:
        return ""
    values = value if isinstance(value, list) else [value]
    return listed([_shown_one(definition, each) for each in values])


def _shown_one(definition: Definition, value: Any) -> str:
    if definition.kind == "boolean":
        return say("Yes") if value is True else say("No")
    if definition.kind in ("choice", "tree"):
        labels = [definition.by_key[key].label for key in with_ancestors(definition, str(value))]
        return " / ".join(reversed(labels)) or str(value)
    return str(value)


def would_loop(choices: Sequence[Choice], key: str, parent: str | None) -> bool:
    """Whether a choice moved below `parent` would come to lie below itself."""
    above = {choice.key: choice.parent for choice in choices}
    seen = {key}
    while parent is not None:
        if parent in seen:
            return True
        seen.add(parent)
        parent = above.get(parent)
    return False
