"""What an asset shows of itself among others, for pages and for programs alike."""

from dataclasses import dataclass
from functools import lru_cache

from assetlib.access.actor import Actor
from assetlib.addresses import asset_url, rendition_url
from assetlib.catalog.cards import AnyVersion
from assetlib.catalog.permissions.assets import may_have_bytes
from assetlib.catalog.queries.tiles import Tile
from assetlib.words import recalled, say, say_n


@dataclass(frozen=True)
class TileFacts:
    """A tile, as this actor may know it."""

    url: str
    kind: str
    """`kind_line` of its version."""
    aspect: float
    colour: str | None
    thumb_url: str | None
    """None where there is no preview, or none that may be shown."""
    may_download: bool


def tile_facts(actor: Actor, tile: Tile) -> TileFacts:
    asset, version = tile.asset, tile.version
    shown = version is not None and tile.preview.is_yes and version.preview_state == "ready"
    return TileFacts(
        url=asset_url(asset),
        kind=kind_line(version),
        aspect=aspect(version),
        colour=version.main_colour if version is not None else None,
        thumb_url=rendition_url(version, "thumb") if shown and version is not None else None,
        may_download=version is not None and may_have_bytes(actor, asset, version, "download").is_yes,
    )


def kind_line(version: AnyVersion | None) -> str:
    """JPEG 7360 × 4912, or PDF, 24 pages, or MP4 3840 × 2160."""
    if version is None:
        return ""
    return _kind_line(version.format, version.family, version.pages, version.width, version.height)


@lru_cache(4_096)
def _kind_line(written: str, family: str, pages: int | None, width: int | None, height: int | None) -> str:
    format_ = recalled(written)
    if family in ("pdf", "office") and pages:
        return say_n("{format}, {count} page", "{format}, {count} pages", pages, format=format_)
    if width and height and family != "vector":
        return say("{format} {size}", format=format_, size=f"{width} × {height}")
    return format_


def aspect(version: AnyVersion | None) -> float:
    """Width by height, kept within what a row can hold."""
    if version is None or not version.width or not version.height:
        return 1.0 if version is not None and version.family == "audio" else 4 / 3
    return min(max(version.width / version.height, 0.4), 4.0)
