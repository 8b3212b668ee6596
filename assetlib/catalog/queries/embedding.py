"""Which attributes a new asset gets from the metadata inside its file."""

from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from assetlib.catalog.models import Attribute
from assetlib.catalog.rules.embedded import Field, Metadata, value_from


def attributes_from(session: Session, type_key: str, metadata: Metadata) -> dict[str, Any]:
    """Attribute key → value, for the attributes of this type that name a key of the metadata."""
    rows = session.scalars(
        select(Attribute).where(Attribute.embedded_as != "").options(selectinload(Attribute.choices))
    )
    found: dict[str, Any] = {}
    for row in rows:
        if row.types and type_key not in row.types:
            continue
        field = Field(row.kind, row.multiple, {choice.key: choice.label for choice in row.choices})
        value = value_from(field, metadata.get(row.embedded_as, {}).get("value"))
        if value is not None:
            found[row.key] = value
    return found
