"""What people say about an asset."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy.orm import Session

from assetlib import clock
from assetlib.access.actor import Actor
from assetlib.audit import record
from assetlib.catalog.errors import WrongValue
from assetlib.catalog.models import Asset, AssetType
from assetlib.catalog.permissions.assets import EDIT_ASSET
from assetlib.catalog.queries.assets import locked
from assetlib.catalog.queries.attributes import definitions
from assetlib.catalog.queries.bulk_edits import said_by_right
from assetlib.catalog.rules import revisions
from assetlib.catalog.rules.attributes import type_refusal
from assetlib.catalog.rules.texts import (
    LONGEST_TEXT,
    LONGEST_TITLE,
    name_fault,
    tags_fault,
    tags_once,
    text_fault,
)
from assetlib.words import say

DESCRIBED = ("title", "description", "alt_text", "tags", "type_key")


def describe_asset(
    session: Session,
    actor: Actor,
    asset: Asset,
    *,
    revision: int,
    title: str | None = None,
    description: str | None = None,
    alt_text: str | None = None,
    tags: Sequence[str] | None = None,
    type_key: str | None = None,
) -> None:
    """Change what is given and leave the rest. Texts are kept exactly as typed, or refused.

    `revision` is the one that the person saw: when somebody changed the asset since, `ChangedMeanwhile` says
    what it says now, and nothing is overwritten.
    """
    asset = locked(session, asset)
    EDIT_ASSET.require(actor, asset)
    wanted: dict[str, Any] = {
        "title": title,
        "description": description,
        "alt_text": alt_text,
        "tags": tags,
        "type_key": type_key,
    }
    wanted = {name: value for name, value in wanted.items() if value is not None}
    must_be_revision(asset, revision)
    faults = _faults(session, wanted)
    if "type_key" not in faults and wanted.get("type_key", asset.type_key) != asset.type_key:
        refusal = type_refusal(wanted["type_key"], asset.attributes, definitions(session), asset.state)
        faults |= {"type_key": refusal} if refusal else {}
    if faults:
        raise WrongValue(say("Some of this cannot be kept. Look at the marked fields."), fields=faults)
    if "tags" in wanted:
        wanted["tags"] = tags_once(wanted["tags"])
    before = {name: getattr(asset, name) for name, value in wanted.items() if getattr(asset, name) != value}
    if not before:
        return
    after = {name: wanted[name] for name in before}
    for name, value in after.items():
        setattr(asset, name, value)
    asset.updated_at = clock.now()
    session.flush()
    record(session, actor, "catalog.asset_described", asset, before=before, after=after)


def must_be_revision(asset: Asset, revision: int) -> None:
    """Nothing, or `ChangedMeanwhile` with what the asset says now."""
    says = {name: getattr(asset, name) for name in (*DESCRIBED, "attributes")}
    revisions.must_be_revision(asset.revision, revision, says | {"right": said_by_right(asset.right)})


def _faults(session: Session, wanted: dict[str, Any]) -> dict[str, str]:
    found = {
        "title": name_fault(wanted.get("title", "-"), LONGEST_TITLE, required=True),
        "description": text_fault(wanted.get("description", ""), LONGEST_TEXT),
        "alt_text": text_fault(wanted.get("alt_text", ""), LONGEST_TEXT),
        "tags": tags_fault(wanted.get("tags", ())),
    }
    if "type_key" in wanted:
        key = wanted["type_key"]
        known = text_fault(key, 32) is None and session.get(AssetType, key) is not None
        found["type_key"] = None if known else say("There is no such type. Choose one from the list.")
    return {name: fault for name, fault in found.items() if fault is not None}
