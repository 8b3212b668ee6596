"""What the catalogue stores, one noun per file."""

from assetlib.catalog.models.asset import Approval, Asset, Rendition, UsageRight, Version
from assetlib.catalog.models.attribute import AssetType, Attribute, AttributeChoice
from assetlib.catalog.models.bulk_edit import BulkEdit, BulkEditItem
from assetlib.catalog.models.collection import (
    Collection,
    CollectionAncestor,
    CollectionGrant,
    CollectionItem,
)
from assetlib.catalog.models.usage import Package, UsageEvent

__all__ = [
    "Approval",
    "Asset",
    "AssetType",
    "Attribute",
    "AttributeChoice",
    "BulkEdit",
    "BulkEditItem",
    "Collection",
    "CollectionAncestor",
    "CollectionGrant",
    "CollectionItem",
    "Package",
    "Rendition",
    "UsageEvent",
    "UsageRight",
    "Version",
]
