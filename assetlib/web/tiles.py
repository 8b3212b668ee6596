"""An asset as grids and lists draw it."""

from typing import Any

from flask_babel import format_decimal

from assetlib import clock
from assetlib.access.actor import Actor
from assetlib.addresses import asset_url, download_url, rendition_url
from assetlib.catalog.models import Asset, Version
from assetlib.catalog.permissions.assets import may_have_bytes
from assetlib.catalog.queries.assets import Tile
from assetlib.catalog.rules.rights import RightsState
from assetlib.search.request import Why
from assetlib.web.context import day

STATE_WORDS = {
    "draft": ("circle", "Draft", "ink"),
    "in_review": ("circle-dashed", "In review", "warn"),
    "approved": ("badge-check", "Approved", "ok"),
    "published": ("badge-check", "Published", "ok"),
    "withdrawn": ("ban", "Withdrawn", "bad"),
    "archived": ("archive", "Archived", "ink"),
}
DRAWINGS = {
    "video": "film",
    "audio": "volume-2",
    "pdf": "file-text",
    "office": "file-text",
    "text": "file-text",
    "archive": "package",
}
PRESETS = [
    ("large", "Web 2048 px, sRGB JPEG"),
    ("office", "Office 1600 px"),
    ("square", "Social square 1080 px"),
    ("original", "Original file"),
]


def words(icon: str, label: str, tone: str) -> dict[str, str]:
    return {"icon": icon, "label": label, "tone": tone}


def state_words(asset: Asset) -> dict[str, str]:
    return words(*STATE_WORDS[asset.state])


def rights_words(asset: Asset, state: RightsState) -> dict[str, str]:
    """May I use it? One icon, one word. What is not published yet says where it stands instead."""
    if asset.state != "published":
        return state_words(asset)
    right = asset.right
    if state == "ended" and right is not None:
        return words("ban", f"Ended {day(right.ends_on)}", "bad")
    if state == "not_yet" and right is not None:
        return words("clock", f"From {day(right.starts_on)}", "warn")
    if state == "ask":
        return words("lock", "Ask first", "ink")
    if state == "expiring" and right is not None and right.ends_on is not None:
        return words("clock", days_left(right.ends_on), "warn")
    if state == "unknown":
        return words("circle-help", "Rights unknown", "ink")
    return words("circle-check", "Cleared", "ok")


def days_left(last_day: Any) -> str:
    left = (last_day - clock.today()).days
    if left == 0:
        return "Last day"
    return "1 day left" if left == 1 else f"{left} days left"


def kind_line(version: Version | None) -> str:
    """JPEG 7360 × 4912, or PDF, 24 pages, or MP4 3840 × 2160."""
    if version is None:
        return ""
    if version.family in ("pdf", "office") and version.pages:
        return (
            f"{version.format}, 1 page" if version.pages == 1 else f"{version.format}, {version.pages} pages"
        )
    if version.width and version.height and version.family != "vector":
        return f"{version.format} {version.width} × {version.height}"
    return version.format


def badge(version: Version | None) -> dict[str, str] | None:
    """What the still picture cannot show: how long a film is, how many pages there are."""
    if version is None:
        return None
    if version.duration_ms:
        icon = "volume-2" if version.family == "audio" else "play"
        return {"icon": icon, "text": length(version.duration_ms)}
    if version.family == "pdf" and version.pages and version.pages > 1:
        return {"icon": "file-text", "text": f"{format_decimal(version.pages)} pages"}
    return None


def length(milliseconds: int) -> str:
    minutes, seconds = divmod(round(milliseconds / 1000), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{seconds:02}" if hours else f"{minutes}:{seconds:02}"


def aspect(version: Version | None) -> float:
    """Width by height, kept within what a row can hold."""
    if version is None or not version.width or not version.height:
        return 1.0 if version is not None and version.family == "audio" else 4 / 3
    return min(max(version.width / version.height, 0.4), 4.0)


def tile_view(
    actor: Actor, tile: Tile, why: tuple[Why, ...] = (), labels: dict[str, str] | None = None
) -> dict[str, Any]:
    """What components/tile.html and components/list.html draw."""
    asset, version = tile.asset, tile.version
    shown = version is not None and tile.preview.is_yes and version.preview_state == "ready"
    download = may_have_bytes(actor, asset, version, "download") if version is not None else None
    downloadable = download is not None and download.is_yes
    approved = [a.at for a in version.approvals if a.verdict == "approved"] if version is not None else []
    return {
        "id": asset.id,
        "ref": asset.ref,
        "url": asset_url(asset),
        "title": asset.title,
        "alt": asset.alt_text or asset.title,
        "ar": aspect(version),
        "colour": version.main_colour if version is not None else None,
        "thumb_url": rendition_url(version, "thumb") if shown and version is not None else None,
        "processing": version is not None and version.preview_state == "waiting" and tile.preview.is_yes,
        "drawing": DRAWINGS.get(version.family if version is not None else "", "file"),
        "kind_line": kind_line(version),
        "badge": badge(version) if shown else None,
        "rights": rights_words(asset, tile.rights),
        "ended": asset.state == "published" and tile.rights == "ended",
        "why": [why_view(each, labels or {}) for each in why],
        "bytes": version.size if version is not None else 0,
        "cleared": downloadable,
        "download_url": download_url(asset) if downloadable else None,
        "uses": asset.uses,
        "approved_on": day(approved[-1]) if approved else None,
    }


FIELD_LABELS = {
    "title": "title",
    "description": "description",
    "tags": "tag",
    "file_name": "file name",
    "text": "text inside",
    "alt_text": "caption",
}


def why_view(why: Why, labels: dict[str, str]) -> dict[str, Any]:
    label = labels.get(why.field) or FIELD_LABELS.get(why.field, why.field.removeprefix("attr."))
    return {"label": label, "parts": [(part.text, part.hit) for part in why.parts]}
