"""Where pages and API say that things are."""

from assetlib.catalog.cards import AnyAsset, AnyVersion


def asset_url(asset: AnyAsset, version: AnyVersion | None = None) -> str:
    """An asset's page; of a version that is not the current one, read only."""
    tail = f"?v={version.number}" if version is not None and version.id != asset.current_version_id else ""
    return f"/assets/{asset.id}{tail}"


def rendition_url(version: AnyVersion, recipe: str, page: int = 1) -> str:
    """Where a rendition is served. The hash makes the address new when the bytes are."""
    tail = f"&page={page}" if page != 1 else ""
    return f"/renditions/{version.id}/{recipe}?v={version.sha256[:12]}{tail}"


def zoom_url(version: AnyVersion) -> str:
    return f"/zoom/{version.id}?v={version.sha256[:12]}"


def download_url(asset: AnyAsset, form: str = "original", version: AnyVersion | None = None) -> str:
    """Where the bytes are fetched, for those who may have them."""
    tail = f"&v={version.number}" if version is not None and version.id != asset.current_version_id else ""
    return f"/assets/{asset.id}/download?form={form}{tail}"
