"""Which rows are found by which words: an asset's rows into a document."""

import math
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload, undefer

from assetlib.access.actor import ScopeKind
from assetlib.catalog.models import Approval, Asset, CollectionItem, UsageRight, Version
from assetlib.catalog.queries.attributes import definitions
from assetlib.catalog.rules.attributes import Definition, with_ancestors
from assetlib.search.request import Document
from assetlib.search.spans import ATTRIBUTE_SCALE, MOST

AT_ONCE = 500
MOST_LETTERS_INSIDE = 200_000

SCOPED: tuple[ScopeKind, ...] = ("brand", "region")

Values = dict[str, tuple[str, ...]]


def documents_of(session: Session, asset_ids: Sequence[int]) -> list[Document]:
    """The documents of these assets. Those in the trash or gone have none.

    Five statements for the first `AT_ONCE` assets, three for each further lot.
    """
    schema = definitions(session)
    found: list[Document] = []
    for start in range(0, len(asset_ids), AT_ONCE):
        found += _lot(session, schema, asset_ids[start : start + AT_ONCE])
    return found


def next_ids(session: Session, after: int = 0) -> list[int]:
    """The next `AT_ONCE` ids of assets that belong into the index, in order; empty at the end."""
    return list(
        session.scalars(
            select(Asset.id)
            .where(Asset.id > after, Asset.deleted_at.is_(None))
            .order_by(Asset.id)
            .limit(AT_ONCE)
        )
    )


def _lot(session: Session, schema: Mapping[str, Definition], asset_ids: Sequence[int]) -> Iterator[Document]:
    assets = session.scalars(
        select(Asset)
        .where(Asset.id.in_(asset_ids), Asset.deleted_at.is_(None))
        .options(joinedload(Asset.current_version).options(undefer(Version.text)), joinedload(Asset.right))
        .order_by(Asset.id)
        .execution_options(populate_existing=True)
    ).all()
    approved = _approvals(session, assets)
    collections = _collections(session, assets)
    for asset in assets:
        yield _document(asset, schema, approved.get(asset.id), collections.get(asset.id, ()))


def _approvals(session: Session, assets: Iterable[Asset]) -> dict[int, datetime]:
    """Asset id → when exactly the bytes in force were approved, where that is the last word said of them."""
    rows = session.execute(
        select(Version.asset_id, Approval.verdict, Approval.at)
        .join(Approval, Approval.version_id == Version.id)
        .where(
            Version.id.in_([asset.current_version_id for asset in assets]), Approval.sha256 == Version.sha256
        )
        .order_by(Approval.id)
    )
    last: dict[int, datetime] = {}
    for asset_id, verdict, at in rows:
        last.pop(asset_id, None)
        if verdict == "approved":
            last[asset_id] = at
    return last


def _collections(session: Session, assets: Iterable[Asset]) -> dict[int, tuple[int, ...]]:
    rows = session.execute(
        select(CollectionItem.asset_id, CollectionItem.collection_id).where(
            CollectionItem.asset_id.in_([asset.id for asset in assets])
        )
    )
    found: dict[int, list[int]] = defaultdict(list)
    for asset_id, collection_id in rows:
        found[asset_id].append(collection_id)
    return {asset_id: tuple(sorted(each)) for asset_id, each in found.items()}


def _document(
    asset: Asset, schema: Mapping[str, Definition], approved: datetime | None, collections: tuple[int, ...]
) -> Document:
    version, right = asset.current_version, asset.right
    told = version is not None and _is_told(asset, version, approved is not None)
    texts: dict[str, Iterable[str]] = {
        "ref": [asset.ref],
        "title": [asset.title],
        "description": [asset.description],
        "alt_text": [asset.alt_text],
        "tags": asset.tags,
        "file_name": [version.file_name] if version and told else [],
        "text": [version.text[:MOST_LETTERS_INSIDE]] if version and told else [],
        "rights": [right.holder, right.licence, right.credit_line] if right else [],
    }
    keywords: dict[str, Iterable[str]] = {
        "type": [asset.type_key],
        "state": [asset.state],
        "tag": asset.tags,
        "format": [version.format] if version else [],
        "family": [version.family] if version else [],
        "shape": [version.shape] if version and version.shape else [],
        "colour": version.colours if version else [],
        "has": _has(asset, version, right),
        "is": ["approved"] if approved is not None else [],
    }
    numbers = _numbers(asset, version, right, approved)
    for key, value in asset.attributes.items():
        if key in schema and value is not None:
            _add_attribute(schema[key], value, texts, keywords, numbers)
    return Document(
        id=asset.id,
        organisation_id=asset.organisation_id,
        created_by=asset.created_by_id,
        texts=_filled(texts),
        keywords=_filled(keywords),
        numbers=numbers,
        collections=collections,
        scopes=_filled({kind: _keys(asset.scope_facts[kind]) for kind in SCOPED}),
        published=asset.state == "published",
        # Rounded up: never open in the index before it is open in the catalogue.
        embargo_until=None if asset.embargo_until is None else math.ceil(asset.embargo_until.timestamp()),
        requires_request=right.ask_first if right else False,
        has_right=right is not None,
    )


def _keys(values: Iterable[Any]) -> list[str]:
    """Those that can be the key of a scope, in order."""
    return sorted(value for value in values if isinstance(value, str))


def _is_told(asset: Asset, version: Version, approved: bool) -> bool:
    """Whether all who see the asset may be told of its version: else its name and words are not found.

    An agency sees its own upload as a draft, but not the file that somebody else laid over it.
    """
    return version.organisation_id == asset.organisation_id or (approved and asset.state == "published")


def _filled(fields: Mapping[str, Iterable[str]]) -> Values:
    found = {name: tuple(value for value in values if value) for name, values in fields.items()}
    return {name: values for name, values in found.items() if values}


def _has(asset: Asset, version: Version | None, right: UsageRight | None) -> list[str]:
    holds = {
        "licence": right is not None and right.licence,
        "credit": right is not None and right.credit_line,
        "alt_text": asset.alt_text,
        "description": asset.description,
        "tags": asset.tags,
        "text": version is not None and version.text,
        "preview": version is not None and version.preview_state == "ready",
    }
    return [name for name, filled in holds.items() if filled]


def _numbers(
    asset: Asset, version: Version | None, right: UsageRight | None, approved: datetime | None
) -> dict[str, int]:
    numbers: dict[str, int | None] = {
        "created": int(asset.created_at.timestamp()),
        "updated": int(asset.updated_at.timestamp()),
        "approved": None if approved is None else int(approved.timestamp()),
        "uses": asset.uses,
    }
    if version is not None:
        numbers |= {
            "width": version.width,
            "height": version.height,
            "pages": version.pages,
            "duration": version.duration_ms,
            "size": version.size,
        }
    if right is not None:
        numbers["rights_from"] = _day(right.starts_on)
        numbers["rights_to"] = _day(right.ends_on)
    return {name: number for name, number in numbers.items() if number is not None}


def _day(day: date | None) -> int | None:
    return None if day is None else day.toordinal()


def _add_attribute(
    definition: Definition,
    value: Any,
    texts: dict[str, Iterable[str]],
    keywords: dict[str, Iterable[str]],
    numbers: dict[str, int],
) -> None:
    """What an attribute's value adds: a choice by key for filters and by label for words, and so on."""
    name = f"attr.{definition.key}"
    values = value if isinstance(value, list) else [value]
    match definition.kind:
        case "text" | "people":
            texts[name] = keywords[name] = values
        case "choice" | "tree":
            keys = dict.fromkeys(key for each in values for key in with_ancestors(definition, each))
            keywords[name] = keys
            texts[name] = [definition.by_key[key].label for key in keys]
        case "boolean":
            keywords[name] = ["yes" if value else "no"]
        case "date":
            numbers[name] = date.fromisoformat(value).toordinal()
        case "number":
            numbers[name] = max(-MOST, min(MOST, int(Decimal(value) * ATTRIBUTE_SCALE)))
