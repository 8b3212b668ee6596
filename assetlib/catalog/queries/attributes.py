"""The schema, as pages and rules look at it."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import groupby
from typing import Any, NamedTuple

from sqlalchemy import func, select
from sqlalchemy.orm import Session, aliased, selectinload

from assetlib.catalog.errors import NoSuchAttribute
from assetlib.catalog.models import Asset, AssetType, Attribute, AttributeChoice
from assetlib.catalog.rules.attributes import Choice, Definition, shown
from assetlib.catalog.rules.texts import text_fault
from assetlib.database import rows_of
from assetlib.words import say


def schema(session: Session) -> list[Attribute]:
    """Every attribute with its choices, in order. Two statements."""
    return list(
        session.scalars(
            select(Attribute)
            .options(selectinload(Attribute.choices))
            .order_by(Attribute.position, Attribute.id)
        )
    )


def definitions(session: Session, *, hold: Iterable[str] = ()) -> dict[str, Definition]:
    """Key → attribute in plain values, for the rules.

    The attributes with the keys of `hold` stay as they are until this transaction ends: nobody removes one,
    or a choice of it, while a value is being put in.
    """
    keys = [key for key in hold if text_fault(key, 40) is None]
    if keys:
        session.execute(
            select(Attribute.id)
            .where(Attribute.key.in_(keys))
            .order_by(Attribute.id)
            .with_for_update(read=True)
        )
    return {each.definition.key: each.definition for each in defined(session)}


def definition_of(row: Attribute) -> Definition:
    """One attribute in plain values. Needs its choices loaded."""
    keys = {choice.id: choice.key for choice in row.choices}
    return Definition(
        key=row.key,
        label=row.label,
        kind=row.kind,
        multiple=row.multiple,
        required=row.required,
        types=row.types,
        choices=[
            Choice(
                choice.key, choice.label, keys.get(choice.parent_id) if choice.parent_id is not None else None
            )
            for choice in row.choices
        ],
    )


def get_attribute(session: Session, key: str) -> Attribute:
    row = session.scalars(
        select(Attribute).where(Attribute.key == key).options(selectinload(Attribute.choices))
    ).one_or_none()
    if row is None:
        raise NoSuchAttribute(say("There is no such attribute."))
    return row


def held(session: Session, attribute: Attribute) -> Attribute:
    """The same attribute with its choices, read afresh and held until this transaction ends."""
    row = session.scalars(
        select(Attribute)
        .where(Attribute.id == attribute.id)
        .options(selectinload(Attribute.choices))
        .with_for_update(of=Attribute)
        .execution_options(populate_existing=True)
    ).one_or_none()
    if row is None:
        raise NoSuchAttribute(say("There is no such attribute."))
    return row


def get_choice(attribute: Attribute, key: str) -> AttributeChoice:
    for choice in attribute.choices:
        if choice.key == key:
            return choice
    raise NoSuchAttribute(say("There is no such choice."))


class TypeName(NamedTuple):
    """A type of assets."""

    key: str
    label: str


_TYPES = select(AssetType.key, AssetType.label).order_by(AssetType.position, AssetType.key)


def asset_types(session: Session) -> list[TypeName]:
    """Every type, in order."""
    return [TypeName(*row) for row in session.execute(_TYPES)]


def uses_of_attribute(session: Session, key: str) -> int:
    """How many assets have something under this key, the trash included."""
    return session.scalar(select(func.count()).where(Asset.attributes[key].as_string().is_not(None))) or 0


def uses_of_choice(session: Session, attribute: Attribute, choice_key: str) -> int:
    """How many assets hold this choice, the trash included."""
    rows = session.scalars(
        select(Asset.attributes).where(Asset.attributes[attribute.key].as_string().is_not(None))
    )
    return sum(1 for values in rows if _holds(values, attribute.key, choice_key))


def _holds(values: Mapping[str, Any], key: str, choice_key: str) -> bool:
    value = values.get(key)
    return choice_key in value if isinstance(value, list) else value == choice_key


@dataclass(frozen=True)
class AttributeRow:
    """One attribute of one asset, ready to be shown and edited."""

    key: str
    label: str
    kind: str
    hint: str
    multiple: bool
    required: bool
    value: Any
    shown: str
    choices: list[tuple[str, str, int]]
    """Key, label and depth, in the order of the tree."""
    asked: bool = True
    """Whether it is asked of this type of asset; else it is only shown."""


def attribute_rows(session: Session, asset: Asset) -> list[AttributeRow]:
    """The attributes that an asset of this type has, with what it says. One statement."""
    rows = []
    for definition, hint, _ in defined(session):
        value = asset.attributes.get(definition.key)
        if not definition.is_for(asset.type_key) and value is None:
            continue
        rows.append(
            AttributeRow(
                key=definition.key,
                label=definition.label,
                kind=definition.kind,
                hint=hint,
                multiple=definition.multiple,
                required=definition.required,
                value=value,
                shown=shown(definition, value),
                choices=in_tree_order(definition),
                asked=definition.is_for(asset.type_key),
            )
        )
    return rows


_ABOVE = aliased(AttributeChoice)
_PLAIN = (
    select(
        Attribute.id,
        Attribute.key,
        Attribute.label,
        Attribute.kind,
        Attribute.hint,
        Attribute.facet,
        Attribute.multiple,
        Attribute.required,
        Attribute.types,
        AttributeChoice.key.label("choice_key"),
        AttributeChoice.label.label("choice_label"),
        _ABOVE.key.label("parent_key"),
    )
    .outerjoin(AttributeChoice, AttributeChoice.attribute_id == Attribute.id)
    .outerjoin(_ABOVE, _ABOVE.id == AttributeChoice.parent_id)
    .order_by(Attribute.position, Attribute.id, AttributeChoice.position, AttributeChoice.id)
)


class Defined(NamedTuple):
    """An attribute, and how it is offered."""

    definition: Definition
    hint: str
    facet: bool


def defined(session: Session) -> Iterator[Defined]:
    """Every attribute in order, in one statement and without entities: most pages ask."""
    for _, rows in groupby(rows_of(session, _PLAIN, {}), key=lambda row: row.id):
        first, *rest = rows
        choices = [
            Choice(row.choice_key, row.choice_label, row.parent_key)
            for row in (first, *rest)
            if row.choice_key is not None
        ]
        yield Defined(
            Definition(
                key=first.key,
                label=first.label,
                kind=first.kind,
                multiple=first.multiple,
                required=first.required,
                types=first.types,
                choices=choices,
            ),
            first.hint,
            first.facet,
        )


def in_tree_order(definition: Definition) -> list[tuple[str, str, int]]:
    """Key, label and depth of each choice, every one right after what it lies below."""
    below: dict[str | None, list[Choice]] = {}
    for choice in definition.choices:
        below.setdefault(choice.parent if choice.parent in definition.by_key else None, []).append(choice)

    def walk(parent: str | None, depth: int) -> list[tuple[str, str, int]]:
        found = []
        for choice in below.get(parent, []):
            found.append((choice.key, choice.label, depth))
            found += walk(choice.key, depth + 1)
        return found

    return walk(None, 0)
