"""One change to many assets: what may be asked, and what it makes of one asset. Plain values only.

A change names fields, and for each what to do with it:

    {"type_key":    {"set": "logo"},
     "tags":        {"add": ["coast"], "remove": ["draft"]},          or {"set": [...]}
     "attr.brand":  {"set": "aurora"},                                or {"clear": true}
     "attr.region": {"add": ["norway"], "remove": ["sweden"]},        where it takes several values
     "right.ends_on": {"set": "2027-03-31"},                          None clears a day
     "collections": {"add": [3, 7]}}

What an asset says before and after is told by field too: `type_key`, `tags`, `attr.<key>`, `right` (the whole
right by column, days written out; None: no right) and `collections` (those of the named ones it lies in).
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, fields
from datetime import date
from typing import Any

from assetlib.catalog.rules.attributes import Definition, attribute_refusal, checked, shown, type_refusal
from assetlib.catalog.rules.rights_forms import RIGHT_LABELS, RightForm, right_faults
from assetlib.catalog.rules.texts import MOST_TAGS, same_tag, tags_fault, tags_once, without_repeats
from assetlib.words import listed, say

MOST_ASSETS = 10_000
LONGEST_REASON = 300

Changes = dict[str, dict[str, Any]]
Values = dict[str, Any]

_DAYS = ("starts_on", "ends_on")
_LISTS = ("channels", "territories")


@dataclass(frozen=True)
class Schema:
    """What a change is read against."""

    types: Mapping[str, str] = field(default_factory=dict)
    """Key of an asset type → its label."""
    definitions: Mapping[str, Definition] = field(default_factory=dict)
    """Key of an attribute → the attribute."""
    collections: Mapping[int, str] = field(default_factory=dict)
    """Id of a collection that the actor may fill → its name."""


@dataclass(frozen=True)
class Said:
    """What an asset says, as far as a change can touch it."""

    type_key: str
    state: str
    tags: Sequence[str] = ()
    attributes: Mapping[str, Any] = field(default_factory=dict)
    right: Values | None = None
    collections: frozenset[int] = frozenset()

    def value(self, name: str, named: Sequence[int]) -> Any:
        """The value of a field as before and after tell it. `named` are the collections of the change."""
        if name == "type_key":
            return self.type_key
        if name == "tags":
            return list(self.tags)
        if name == "right":
            return self.right
        if name == "collections":
            return [each for each in named if each in self.collections]
        return self.attributes.get(name.removeprefix("attr."))


@dataclass(frozen=True)
class Result:
    """What a change makes of an asset: only the fields that differ. Or the sentence that says why nothing."""

    before: Values = field(default_factory=dict)
    after: Values = field(default_factory=dict)
    refusal: str = ""


def checked_changes(raw: Any, schema: Schema) -> tuple[Changes, dict[str, str]]:
    """The change with every value in its one form, and a sentence for each field that cannot be done."""
    if not isinstance(raw, Mapping) or not raw:
        return {}, {"changes": say("Choose at least one thing to change.")}
    changes: Changes = {}
    faults: dict[str, str] = {}
    for name, wanted in raw.items():
        try:
            changes[str(name)] = _checked(str(name), wanted, schema)
        except _Fault as fault:
            faults[str(name)] = fault.sentence
    return changes, faults


class _Fault(Exception):
    """A sentence about one field."""

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence)
        self.sentence = sentence


def _checked(name: str, wanted: Any, schema: Schema) -> dict[str, Any]:
    if not isinstance(wanted, Mapping) or not wanted:
        raise _Fault(say("Say what to do with this: set, add or remove."))
    check = _CHECKS.get(name)
    if check is not None:
        return check(wanted, schema)
    if name.startswith("right."):
        return _checked_right(name.removeprefix("right."), wanted)
    if name.startswith("attr."):
        return _checked_attribute(name.removeprefix("attr."), wanted, schema)
    raise _Fault(say("This cannot be changed for many assets at once."))


def _only(wanted: Mapping[str, Any], *verbs: str) -> None:
    if not set(wanted) <= set(verbs) or ("set" in wanted and len(wanted) > 1):
        raise _Fault(say("This can be changed by {verbs} only, and set stands alone.", verbs=list(verbs)))


def _checked_type(wanted: Mapping[str, Any], schema: Schema) -> dict[str, Any]:
    _only(wanted, "set")
    if not isinstance(wanted["set"], str) or wanted["set"] not in schema.types:
        raise _Fault(say("There is no such type. Choose one from the list."))
    return {"set": wanted["set"]}


def _checked_tags(wanted: Mapping[str, Any], schema: Schema) -> dict[str, Any]:  # noqa: ARG001
    _only(wanted, "set", "add", "remove")
    for tags in wanted.values():
        fault = tags_fault(tags)
        if fault is not None:
            raise _Fault(fault)
    once = {verb: tags_once(tags) for verb, tags in wanted.items()}
    _not_both({verb: [same_tag(each) for each in tags] for verb, tags in once.items()})
    return once


def _checked_collections(wanted: Mapping[str, Any], schema: Schema) -> dict[str, Any]:
    _only(wanted, "add")
    ids = wanted["add"]
    if not isinstance(ids, list) or not ids:
        raise _Fault(say("Choose a collection."))
    if not all(type(each) is int and each in schema.collections for each in ids):
        raise _Fault(say("There is no such collection, or you may not put anything into it."))
    return {"add": sorted(set(ids))}


def _checked_right(name: str, wanted: Mapping[str, Any]) -> dict[str, Any]:
    _only(wanted, "set")
    if name not in RIGHT_LABELS:
        raise _Fault(say("There is no such field of a right."))
    value = wanted["set"]
    if name in _DAYS:
        value = _day(value)
    elif name in _LISTS:
        if not isinstance(value, list) or not all(isinstance(each, str) for each in value):
            raise _Fault(say("Give a list of texts."))
        value = without_repeats(value)
    elif name == "ask_first":
        if not isinstance(value, bool):
            raise _Fault(say("Say yes or no."))
    elif not isinstance(value, str):
        raise _Fault(say("Write a text."))
    fault = right_faults(right_form({**RightForm().values(), name: value})).get(name)
    if fault is not None:
        raise _Fault(fault)
    return {"set": value}


def _day(value: Any) -> str | None:
    if value is None or value == "":
        return None
    try:
        return date.fromisoformat(value).isoformat()
    except (TypeError, ValueError):
        raise _Fault(say("Write the day as year-month-day, such as 2027-03-31.")) from None


def _checked_attribute(key: str, wanted: Mapping[str, Any], schema: Schema) -> dict[str, Any]:
    definition = schema.definitions.get(key)
    if definition is None:
        raise _Fault(say("There is no such attribute."))
    if "clear" in wanted:
        _only(wanted, "clear")
        return {"clear": True}
    _only(wanted, "set", "add", "remove")
    if "set" not in wanted and not definition.multiple:
        raise _Fault(say("This takes one value. Set it instead."))
    changes: dict[str, Any] = {}
    for verb, raw in wanted.items():
        found = checked(definition, raw)
        if found.fault is not None:
            raise _Fault(found.fault)
        if found.value is None:
            raise _Fault(say("Give a value, or clear it."))
        changes[verb] = found.value
    _not_both(changes)
    return changes


def _not_both(changes: Mapping[str, Any]) -> None:
    if set(changes.get("add", ())) & set(changes.get("remove", ())):
        raise _Fault(say("The same value stands under add and under remove. Decide for one."))


_CHECKS: dict[str, Callable[[Mapping[str, Any], Schema], dict[str, Any]]] = {
    "type_key": _checked_type,
    "tags": _checked_tags,
    "collections": _checked_collections,
}


def named_collections(changes: Mapping[str, Mapping[str, Any]]) -> list[int]:
    """The ids of the collections that a checked change adds to."""
    return list(changes.get("collections", {}).get("add", ()))


def result_of(said: Said, changes: Mapping[str, Mapping[str, Any]], schema: Schema) -> Result:
    """What a checked change makes of an asset that says this."""
    named = named_collections(changes)
    wanted: Values = {}
    for name, change in changes.items():
        if name.startswith("right."):
            right = wanted.get("right", said.right) or right_values(RightForm().values())
            wanted["right"] = {**right, name.removeprefix("right."): change["set"]}
        elif name == "collections":
            wanted[name] = named
        else:
            value = _changed(name, said.value(name, named), change)
            # An attribute without a value is absent; tags are a list that may be empty.
            wanted[name] = None if value == [] and name != "tags" else value
    refusal = _refusal(said, wanted, schema)
    if refusal:
        return Result(refusal=refusal)
    before = {name: said.value(name, named) for name in wanted}
    differing = [name for name, value in wanted.items() if value != before[name]]
    return Result({name: before[name] for name in differing}, {name: wanted[name] for name in differing})


def _changed(name: str, value: Any, change: Mapping[str, Any]) -> Any:
    if "clear" in change:
        return None
    if "set" in change:
        return change["set"]
    if name == "tags":
        gone = {same_tag(each) for each in change.get("remove", ())}
        return tags_once([*(each for each in value if same_tag(each) not in gone), *change.get("add", ())])
    out = set(change.get("remove", ()))
    return without_repeats([*(each for each in value or () if each not in out), *change.get("add", ())])


def _refusal(said: Said, wanted: Values, schema: Schema) -> str:
    if len(wanted.get("tags", ())) > MOST_TAGS:
        return say("It would have more than {most} tags.", most=MOST_TAGS)
    type_key = wanted.get("type_key", said.type_key)
    for name, value in wanted.items():
        if name.startswith("attr."):
            refusal = attribute_refusal(schema.definitions[name[5:]], value, type_key, said.state)
            if refusal:
                return refusal
    if type_key != said.type_key:
        refusal = type_refusal(type_key, _attributes_after(said, wanted), schema.definitions, said.state)
        if refusal:
            return refusal
    if wanted.get("right") is not None:
        faults = right_faults(right_form(wanted["right"]))
        if faults:
            return next(iter(faults.values()))
    return ""


def _attributes_after(said: Said, wanted: Values) -> dict[str, Any]:
    named = {name[5:]: value for name, value in wanted.items() if name.startswith("attr.")}
    return {**said.attributes, **named}


def undo_refusal(said: Said, before: Values, after: Values, schema: Schema, named: Sequence[int]) -> str:
    """Why undoing has to leave an asset alone; nothing when it says what the edit made of it."""
    for name, value in after.items():
        if said.value(name, named) != value:
            return say("Someone changed this since. It was left as it is.")
    if before.get("right", "") is None and said.state == "published":
        return say("It had no rights before, and is published now. Withdraw it first.")
    if "type_key" in before and before["type_key"] not in schema.types:
        return say("The type it had before is gone.")
    for name, value in before.items():
        if name.startswith("attr.") and value is not None:
            definition = schema.definitions.get(name[5:])
            if definition is None or checked(definition, value).fault is not None:
                return say("A value it had before can no longer be chosen.")
    # What became required since, of this edit's fields or of the type it had, stays filled.
    back = before.get("type_key", said.type_key)
    asked = {
        key: each
        for key, each in schema.definitions.items()
        if back != said.type_key or f"attr.{key}" in before
    }
    return type_refusal(back, _attributes_after(said, before), asked, said.state)


def right_values(values: Mapping[str, Any]) -> Values:
    """A right by column with its days written out, as JSON keeps it."""
    return {
        name: value.isoformat() if isinstance(value, date) else list(value) if name in _LISTS else value
        for name, value in values.items()
    }


def right_form(values: Mapping[str, Any]) -> RightForm:
    """The right whose values these are."""
    read = {each.name: values[each.name] for each in fields(RightForm)}
    for name in _DAYS:
        if isinstance(read[name], str):
            read[name] = date.fromisoformat(read[name])
    return RightForm(**read)


def in_words(changes: Mapping[str, Mapping[str, Any]], schema: Schema) -> list[str]:
    """The change as people read it, one line per field and verb."""
    lines = []
    for name, change in changes.items():
        for verb, value in change.items():
            lines.append(_in_words(name, verb, value, schema))
    return lines


def _in_words(name: str, verb: str, value: Any, schema: Schema) -> str:
    if name == "type_key":
        label, said = say("Type"), schema.types.get(value, str(value))
    elif name == "tags":
        label, said = say("Tags"), listed(value)
    elif name == "collections":
        label, said = say("Collections"), listed([schema.collections.get(each, "?") for each in value])
    elif name.startswith("right."):
        label, said = RIGHT_LABELS[name[6:]], _right_in_words(value)
    else:
        definition = schema.definitions.get(name[5:])
        # It may be gone by now; then the keys are all that is left.
        definition = definition or Definition(name[5:], name[5:], "text")
        label, said = definition.label, "" if verb == "clear" else shown(definition, value)
    if verb == "clear" or not said:
        return say("{label}: clear", label=label)
    if verb == "add":
        return say("{label}: add {values}", label=label, values=said)
    if verb == "remove":
        return say("{label}: remove {values}", label=label, values=said)
    return say("{label}: {values}", label=label, values=said)


def _right_in_words(value: Any) -> str:
    if isinstance(value, bool):
        return say("yes") if value else say("no")
    if isinstance(value, list):
        return ", ".join(value)
    return value or ""
