"""Librarians shape the schema; those who may edit an asset fill it in."""

import re
import unicodedata
from collections.abc import Collection, Mapping, Sequence
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from assetlib import clock
from assetlib.access.actor import Actor
from assetlib.audit import record
from assetlib.catalog.actions.assets import must_be_revision
from assetlib.catalog.errors import InUse, WrongValue
from assetlib.catalog.models import Asset, AssetType, Attribute, AttributeChoice
from assetlib.catalog.models.attribute import KINDS
from assetlib.catalog.permissions.assets import EDIT_ASSET, SHAPE_SCHEMA
from assetlib.catalog.queries.assets import locked
from assetlib.catalog.queries.attributes import (
    definition_of,
    definitions,
    get_choice,
    held,
    uses_of_attribute,
    uses_of_choice,
)
from assetlib.catalog.rules import revisions
from assetlib.catalog.rules.attributes import (
    MULTIPLE_KINDS,
    attribute_refusal,
    faults_of,
    key_fault,
    would_loop,
)
from assetlib.catalog.rules.texts import name_fault, text_fault
from assetlib.media.metadata_keys import METADATA_KEYS
from assetlib.words import say, say_n, together

DESCRIBED = ("label", "hint", "facet", "required", "types", "embedded_as")
NOT_ADDED = say("This choice cannot be added.")
_CHOICE_KEY = re.compile(r"[a-z0-9][a-z0-9_-]{0,58}")


def set_attributes(
    session: Session, actor: Actor, asset: Asset, raw: Mapping[str, Any], *, revision: int
) -> None:
    """Set what is given and leave the rest; an empty value clears. All faults are told at once."""
    asset = locked(session, asset)
    EDIT_ASSET.require(actor, asset)
    must_be_revision(asset, revision)
    known = definitions(session, hold=raw.keys())
    values, faults = faults_of(known, raw)
    for key, value in values.items():
        refusal = attribute_refusal(known[key], value, asset.type_key, asset.state)
        if refusal and value != asset.attributes.get(key):
            faults[key] = refusal
    if faults:
        raise WrongValue(say("Some of this cannot be kept. Look at the marked fields."), fields=faults)
    before = {
        key: asset.attributes.get(key) for key, value in values.items() if asset.attributes.get(key) != value
    }
    if not before:
        return
    after = {key: values[key] for key in before}
    merged = {**asset.attributes, **after}
    asset.attributes = {key: value for key, value in merged.items() if value is not None}
    asset.updated_at = clock.now()
    session.flush()
    record(session, actor, "catalog.attributes_set", asset, before=before, after=after)


def add_attribute(
    session: Session,
    actor: Actor,
    *,
    key: str,
    label: str,
    kind: str,
    hint: str = "",
    multiple: bool = False,
    facet: bool = False,
    required: bool = False,
    types: Sequence[str] = (),
    embedded_as: str = "",
    reserved: Collection[str],
) -> Attribute:
    """A new field for assets. Its key and kind stay for ever.

    `reserved`: what the search calls its own fields; the caller knows, as it stands above both.
    """
    SHAPE_SCHEMA.require(actor)
    faults = _described_faults(session, label=label, hint=hint, types=types, embedded_as=embedded_as)
    fault = key_fault(key, reserved)
    if fault is not None:
        faults["key"] = fault
    elif session.scalars(select(Attribute.id).where(Attribute.key == key)).first() is not None:
        faults["key"] = say("There is an attribute with this key already.")
    if kind not in KINDS:
        faults["kind"] = say("Choose one of the kinds.")
    elif multiple and kind not in MULTIPLE_KINDS:
        faults["multiple"] = say("This kind takes one value.")
    if faults:
        raise WrongValue(say("This attribute cannot be added. Look at the marked fields."), fields=faults)
    last = session.scalar(select(func.max(Attribute.position))) or 0
    row = Attribute(
        key=key,
        label=label,
        kind=kind,
        hint=hint,
        multiple=multiple,
        facet=facet,
        required=required,
        types=list(types),
        embedded_as=embedded_as,
        position=last + 10,
    )
    session.add(row)
    session.flush()
    after = {name: getattr(row, name) for name in ("key", "kind", "multiple", *DESCRIBED)}
    record(session, actor, "catalog.attribute_added", row, after=after)
    return row


def change_attribute(
    session: Session,
    actor: Actor,
    attribute: Attribute,
    *,
    revision: int,
    label: str,
    hint: str,
    facet: bool,
    required: bool,
    types: Sequence[str] = (),
    embedded_as: str | None = None,
    position: int | None = None,
) -> None:
    """What people see of it and in which place, whether it is offered at the side, when it must be filled.

    `embedded_as` names what fills it from inside a file at upload. None leaves it, and the position, as it
    is. `revision` is the one that the person saw.
    """
    SHAPE_SCHEMA.require(actor)
    attribute = held(session, attribute)
    says = {name: getattr(attribute, name) for name in DESCRIBED}
    revisions.must_be_revision(attribute.revision, revision, says)
    embedded_as = attribute.embedded_as if embedded_as is None else embedded_as
    faults = _described_faults(session, label=label, hint=hint, types=types, embedded_as=embedded_as)
    if faults:
        raise WrongValue(say("This cannot be kept. Look at the marked fields."), fields=faults)
    wanted = {
        "label": label,
        "hint": hint,
        "facet": facet,
        "required": required,
        "types": list(types),
        "embedded_as": embedded_as,
        "position": attribute.position if position is None else position,
    }
    before = {
        name: getattr(attribute, name) for name, value in wanted.items() if getattr(attribute, name) != value
    }
    for name in before:
        setattr(attribute, name, wanted[name])
    if before:
        attribute.revision += 1
        after = {name: wanted[name] for name in before}
        record(session, actor, "catalog.attribute_changed", attribute, before=before, after=after)


def remove_attribute(session: Session, actor: Actor, attribute: Attribute) -> None:
    """Drop a field that no asset has filled, not even one in the trash."""
    SHAPE_SCHEMA.require(actor)
    attribute = held(session, attribute)
    uses = uses_of_attribute(session, attribute.key)
    if uses:
        raise InUse(
            say_n(
                "One asset has something in {label}. Clear it there first.",
                "{count} assets have something in {label}. Clear it there first.",
                uses,
                label=attribute.label,
            ),
            uses=uses,
        )
    record(session, actor, "catalog.attribute_removed", attribute, before={"key": attribute.key})
    session.delete(attribute)


def add_choice(
    session: Session,
    actor: Actor,
    attribute: Attribute,
    *,
    label: str,
    key: str = "",
    parent: str | None = None,
) -> AttributeChoice:
    """One more value to choose. The key is made from the label unless it is given, and stays for ever."""
    SHAPE_SCHEMA.require(actor)
    if attribute.kind not in ("choice", "tree"):
        raise WrongValue(say("Only choices and trees have values to choose from."))
    fault = name_fault(label, 200, required=True)
    if fault is not None:
        raise WrongValue(together(NOT_ADDED, fault), fields={"label": fault})
    if parent and attribute.kind != "tree":
        sentence = say("Only the values of a tree lie below one another.")
        raise WrongValue(together(NOT_ADDED, sentence), fields={"parent": sentence})
    attribute = held(session, attribute)
    taken = {choice.key for choice in attribute.choices}
    key = key or _free_key(label, taken)
    if not _CHOICE_KEY.fullmatch(key) or key in taken:
        sentence = say("Use a free key of small letters, digits, - and _.")
        raise WrongValue(together(NOT_ADDED, sentence), fields={"key": sentence})
    above = get_choice(attribute, parent) if parent else None
    choice = AttributeChoice(
        key=key,
        label=label,
        parent_id=above.id if above is not None else None,
        position=max((each.position for each in attribute.choices), default=0) + 10,
    )
    attribute.choices.append(choice)
    session.flush()
    record(session, actor, "catalog.choice_added", attribute, after={"key": key, "label": choice.label})
    return choice


def rename_choice(session: Session, actor: Actor, attribute: Attribute, key: str, *, label: str) -> None:
    """What people read; the assets that hold it are found under the new words."""
    SHAPE_SCHEMA.require(actor)
    fault = name_fault(label, 200, required=True)
    if fault is not None:
        raise WrongValue(together(say("This name cannot be kept."), fault), fields={"label": fault})
    choice = get_choice(held(session, attribute), key)
    before = choice.label
    if before == label:
        return
    choice.label = label
    record(
        session, actor, "catalog.choice_renamed", attribute, before={key: before}, after={key: choice.label}
    )


def move_choice(
    session: Session, actor: Actor, attribute: Attribute, key: str, *, parent: str | None
) -> None:
    """Put a value of a tree below another one, or at the top."""
    SHAPE_SCHEMA.require(actor)
    # Held, so that two who move at once cannot put each below the other.
    attribute = held(session, attribute)
    choice = get_choice(attribute, key)
    above = get_choice(attribute, parent) if parent else None
    if attribute.kind != "tree" or would_loop(definition_of(attribute).choices, key, parent):
        raise WrongValue(
            say("A value cannot lie below itself. Choose another place."), fields={"parent": say("Not here.")}
        )
    before = choice.parent_id
    after = above.id if above is not None else None
    if before == after:
        return
    choice.parent_id = after
    session.flush()
    record(session, actor, "catalog.choice_moved", attribute, before={key: before}, after={key: after})


def remove_choice(session: Session, actor: Actor, attribute: Attribute, key: str) -> None:
    """Drop a value that no asset holds, not even one in the trash, and that nothing lies below."""
    SHAPE_SCHEMA.require(actor)
    attribute = held(session, attribute)
    choice = get_choice(attribute, key)
    if any(each.parent_id == choice.id for each in attribute.choices):
        raise InUse(say("Other values lie below {label}. Move or remove them first.", label=choice.label))
    uses = uses_of_choice(session, attribute, key)
    if uses:
        raise InUse(
            say_n(
                "One asset says {label}. Change that first.",
                "{count} assets say {label}. Change that first.",
                uses,
                label=choice.label,
            ),
            uses=uses,
        )
    attribute.choices.remove(choice)
    record(session, actor, "catalog.choice_removed", attribute, before={"key": key, "label": choice.label})


def _described_faults(
    session: Session, *, label: str, hint: str, types: Sequence[str], embedded_as: str
) -> dict[str, str]:
    known = set(session.scalars(select(AssetType.key)))
    found = {
        "label": name_fault(label, 100, required=True),
        "hint": text_fault(hint, 300),
        "types": None if set(types) <= known else say("There is no such type. Choose from the list."),
        "embedded_as": None
        if embedded_as in ("", *METADATA_KEYS)
        else say("Files say nothing under this name. Choose from the list."),
    }
    return {name: fault for name, fault in found.items() if fault is not None}


def _free_key(label: str, taken: set[str]) -> str:
    plain = unicodedata.normalize("NFKD", label).encode("ascii", "ignore").decode()
    stem = re.sub(r"[^a-z0-9]+", "-", plain.lower()).strip("-")[:50] or "choice"
    key, number = stem, 2
    while key in taken:
        key, number = f"{stem}-{number}", number + 1
    return key
