"""What the catalogue stores, one noun per file."""

from assetlib.catalog.models.asset import Approval, Asset, Rendition, UsageRight, Version
from assetlib.catalog.models.attribute import AssetType, Attribute, AttributeChoice
from assetlib.catalog.models.bulk_edit import BulkEdit, BulkEditItem
from assetlib.catalog.models.card import AnyAsset, AnyRight, AnyVersion, AssetCard, RightCard, VersionCard
from assetlib.catalog.models.collection import (
    Collection,
    CollectionAncestor,
    CollectionGrant,
    CollectionGroupGrant,
    CollectionItem,
)
from assetlib.catalog.models.request import AccessRequest, AssetGrant
from assetlib.catalog.models.share import Share, ShareAccess, ShareItem, ShareSession
from assetlib.catalog.models.usage import Package, UsageEvent

__all__ = [
    "AccessRequest",
    "AnyAsset",
    "AnyRight",
    "AnyVersion",
    "Approval",
    "Asset",
    "AssetCard",
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
    "Package",
    "Rendition",
    "RightCard",
    "Share",
    "ShareAccess",
    "ShareItem",
    "ShareSession",
    "UsageEvent",
    "UsageRight",
    "Version",
    "VersionCard",
]
