"""Which attributes a new asset gets from the metadata inside its file."""

from typing import Any

from sqlalchemy.orm import Session

from assetlib.catalog.queries.attributes import definition_of, schema
from assetlib.catalog.rules.embedded import Metadata, value_from


def attributes_from(session: Session, type_key: str, metadata: Metadata) -> dict[str, Any]:
    """Attribute key → value, for the attributes of this type that name a key of the metadata."""
    found: dict[str, Any] = {}
    for row in schema(session):
        definition = definition_of(row)
        if not row.embedded_as or not definition.is_for(type_key):
            continue
        value = value_from(definition, metadata.get(row.embedded_as, {}).get("value"))
        if value is not None:
            found[row.key] = value
    return found
