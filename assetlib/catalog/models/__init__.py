"""What the catalogue stores, one noun per file."""

from assetlib.catalog.models.asset import Approval, Asset, Rendition, UsageRight, Version
from assetlib.catalog.models.attribute import AssetType, Attribute, AttributeChoice
from assetlib.catalog.models.bulk_edit import BulkEdit, BulkEditItem
from assetlib.catalog.models.collection import (
    Collection,
    CollectionAncestor,
    CollectionGrant,
    CollectionGroupGrant,
    CollectionItem,
)
from assetlib.catalog.models.delivery_spec import DeliverySpec
from assetlib.catalog.models.request import AccessRequest, AssetGrant
from assetlib.catalog.models.share import Share, ShareAccess, ShareItem, ShareSession
from assetlib.catalog.models.usage import Package, UsageEvent

__all__ = [
    "AccessRequest",
    "Approval",
    "Asset",
    "AssetGrant",
    "AssetType",
    "Attribute",
    "AttributeChoice",
    "BulkEdit",
    "BulkEditItem",
    "Collection",
    "CollectionAncestor",
    "CollectionGrant",
    "CollectionGroupGrant",
    "CollectionItem",
    "DeliverySpec",
    "Package",
    "Rendition",
    "Share",
    "ShareAccess",
    "ShareItem",
    "ShareSession",
    "UsageEvent",
    "UsageRight",
    "Version",
]
