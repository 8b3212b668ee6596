"""An asset as grids and lists draw it."""

from typing import Any

from assetlib import clock
from assetlib.access.actor import Actor
from assetlib.addresses import download_url
from assetlib.catalog.models import AnyAsset, AnyVersion
from assetlib.catalog.queries.tiles import Tile
from assetlib.catalog.rules.rights import RightsState
from assetlib.media.recipes import PRESETS as RECIPES
from assetlib.search.request import Why
from assetlib.tiles import tile_facts
from assetlib.web.context import day, moment
from assetlib.words import say, say_n

STATE_WORDS = {
    "draft": ("circle", say("Draft"), "ink"),
    "in_review": ("circle-dashed", say("In review"), "warn"),
    "approved": ("badge-check", say("Approved"), "ok"),
    "published": ("badge-check", say("Published"), "ok"),
    "withdrawn": ("ban", say("Withdrawn"), "bad"),
    "archived": ("archive", say("Archived"), "ink"),
}
DRAWINGS = {
    "video": "film",
    "audio": "volume-2",
    "pdf": "file-text",
    "office": "file-text",
    "text": "file-text",
    "archive": "package",
}
FORMS = {**{name: str(recipe.preset) for name, recipe in RECIPES.items()}, "original": say("Original file")}
"""What can be downloaded → what it is called."""
PRESETS = list(FORMS.items())


def words(icon: str, label: str, tone: str) -> dict[str, str]:
    return {"icon": icon, "label": label, "tone": tone}


def state_words(asset: AnyAsset) -> dict[str, str]:
    return words(*STATE_WORDS[asset.state])


def rights_words(asset: AnyAsset, state: RightsState) -> dict[str, str]:
    """May I use it? One icon, one word. What is not published yet says where it stands instead."""
    if asset.state != "published":
        return state_words(asset)
    right = asset.right
    if state == "ended" and right is not None:
        return words("ban", say("Ended {day}", day=day(right.ends_on)), "bad")
    if state == "embargoed":
        return words("clock", say("From {day}", day=moment(asset.embargo_until)), "warn")
    if state == "not_yet" and right is not None:
        return words("clock", say("From {day}", day=day(right.starts_on)), "warn")
    if state == "ask":
        return words("lock", say("Ask first"), "ink")
    if state == "expiring" and right is not None and right.ends_on is not None:
        return words("clock", days_left(right.ends_on), "warn")
    if state == "unknown":
        return words("circle-help", say("Rights unknown"), "ink")
    return words("circle-check", say("Cleared"), "ok")


def days_left(last_day: Any) -> str:
    left = (last_day - clock.today()).days
    if left == 0:
        return say("Last day")
    return say_n("{count} day left", "{count} days left", left)


def badge(version: AnyVersion | None) -> dict[str, str] | None:
    """What the still picture cannot show: how long a film is, how many pages there are."""
    if version is None:
        return None
    if version.duration_ms:
        icon = "volume-2" if version.family == "audio" else "play"
        return {"icon": icon, "text": length(version.duration_ms)}
    if version.family == "pdf" and version.pages and version.pages > 1:
        return {"icon": "file-text", "text": say_n("{count} page", "{count} pages", version.pages)}
    return None


def length(milliseconds: int) -> str:
    minutes, seconds = divmod(round(milliseconds / 1000), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{seconds:02}" if hours else f"{minutes}:{seconds:02}"


def tile_view(
    actor: Actor, tile: Tile, why: tuple[Why, ...] = (), labels: dict[str, str] | None = None
) -> dict[str, Any]:
    """What components/tile.html and components/list.html draw."""
    asset, version = tile.asset, tile.version
    facts = tile_facts(actor, tile)
    approved = [a.at for a in version.approvals if a.verdict == "approved"] if version is not None else []
    return {
        "id": asset.id,
        "ref": asset.ref,
        "url": facts.url,
        "title": asset.title,
        "alt": asset.alt_text or asset.title,
        "ar": facts.aspect,
        "colour": facts.colour,
        "thumb_url": facts.thumb_url,
        "processing": version is not None and version.preview_state == "waiting" and tile.preview.is_yes,
        "drawing": DRAWINGS.get(version.family if version is not None else "", "file"),
        "kind_line": facts.kind,
        "badge": badge(version) if facts.thumb_url else None,
        "rights": rights_words(asset, tile.rights),
        "ended": asset.state == "published" and tile.rights == "ended",
        "why": [why_view(each, labels or {}) for each in why],
        "bytes": version.size if version is not None else 0,
        "cleared": facts.may_download,
        "download_url": download_url(asset) if facts.may_download else None,
        "uses": asset.uses,
        "approved_on": day(approved[-1]) if approved else None,
    }


FIELD_LABELS = {
    "title": say("title"),
    "description": say("description"),
    "tags": say("tag"),
    "file_name": say("file name"),
    "text": say("text inside"),
    "alt_text": say("caption"),
}


def why_view(why: Why, labels: dict[str, str]) -> dict[str, Any]:
    label = labels.get(why.field) or FIELD_LABELS.get(why.field, why.field.removeprefix("attr."))
    return {"label": label, "parts": [(part.text, part.hit) for part in why.parts]}
