"""An asset as grids and lists draw it."""

from datetime import datetime
from functools import lru_cache
from typing import Any, NamedTuple

from flask import Flask, current_app

from assetlib import clock, language
from assetlib.access.actor import Actor
from assetlib.addresses import download_url
from assetlib.catalog.cards import AnyAsset, AnyVersion
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


class Words(NamedTuple):
    """What components/status.html draws: one icon, one word, one colour."""

    icon: str
    label: str
    tone: str


class Badge(NamedTuple):
    """What stands in a corner of a picture."""

    icon: str
    text: str


class Reason(NamedTuple):
    """Why a search found it: where, and the words there, each with whether it was looked for."""

    label: str
    parts: tuple[tuple[str, bool], ...]


class TileView(NamedTuple):
    """What components/tile.html and components/list.html draw, and nothing that decides."""

    id: int
    ref: str
    url: str
    title: str
    alt: str
    ar: float
    """Width by height."""
    colour: str | None
    thumb_url: str | None
    processing: bool
    drawing: str
    """The icon where there is no picture."""
    kind_line: str
    badge: Badge | None
    rights: Words
    ended: bool
    why: tuple[Reason, ...]
    bytes: int
    cleared: bool
    download_url: str | None
    uses: int
    approved_at: datetime | None


KEPT_DRAWINGS = 8_192
"""Tiles whose drawing is kept by each process; about 1.5 kB each."""


def install(app: Flask) -> None:
    """Give templates `drawn_tile(tile, eager)`."""
    app.jinja_env.globals["drawn_tile"] = drawn_tile


def drawn_tile(tile: TileView, *, eager: bool = False) -> str:
    """The tile as components/tile.html draws it. The same tile is drawn once for readers of one language."""
    return _drawn(tile, eager, language.language(), str(language.zone()))


@lru_cache(KEPT_DRAWINGS)
def _drawn(tile: TileView, eager: bool, spoken: str, zone: str) -> str:  # noqa: ARG001  # they word the drawing
    component: Any = current_app.jinja_env.get_template("components/tile.html").module
    drawn: str = component.picture_tile(tile, eager=eager)  # marked as HTML; a plain string would be escaped
    return drawn


def state_words(asset: AnyAsset) -> Words:
    return Words(*STATE_WORDS[asset.state])


def rights_words(actor: Actor, asset: AnyAsset, state: RightsState) -> Words:
    """May I use it? One icon, one word. What is not published yet says where it stands instead."""
    if asset.state != "published":
        return state_words(asset)
    right = asset.right
    if state == "ended" and right is not None:
        return Words("ban", say("Ended {day}", day=day(right.ends_on)), "bad")
    if state == "embargoed":
        return Words("clock", say("From {day}", day=moment(asset.embargo_until)), "warn")
    if state == "not_yet" and right is not None:
        return Words("clock", say("From {day}", day=day(right.starts_on)), "warn")
    if state == "ask" and asset.id in actor.opened_until:
        return Words("key-round", say("Open to you until {day}", day=day(actor.opened_until[asset.id])), "ok")
    if state == "ask":
        return Words("lock", say("Ask first"), "ink")
    if state == "expiring" and right is not None and right.ends_on is not None:
        return Words("clock", days_left(right.ends_on), "warn")
    if state == "unknown":
        return Words("circle-help", say("Rights unknown"), "ink")
    return Words("circle-check", say("Cleared"), "ok")


def days_left(last_day: Any) -> str:
    left = (last_day - clock.today()).days
    if left == 0:
        return say("Last day")
    return say_n("{count} day left", "{count} days left", left)


def badge(version: AnyVersion | None) -> Badge | None:
    """What the still picture cannot show: how long a film is, how many pages there are."""
    if version is None:
        return None
    if version.duration_ms:
        icon = "volume-2" if version.family == "audio" else "play"
        return Badge(icon, length(version.duration_ms))
    if version.family == "pdf" and version.pages and version.pages > 1:
        return Badge("file-text", say_n("{count} page", "{count} pages", version.pages))
    return None


def length(milliseconds: int) -> str:
    minutes, seconds = divmod(round(milliseconds / 1000), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{seconds:02}" if hours else f"{minutes}:{seconds:02}"


def tile_view(
    actor: Actor, tile: Tile, why: tuple[Why, ...] = (), labels: dict[str, str] | None = None
) -> TileView:
    """A tile as this actor may know it; `labels` are those of attributes that may have been searched."""
    asset, version = tile.asset, tile.version
    facts = tile_facts(actor, tile)
    approved = [a.at for a in version.approvals if a.verdict == "approved"] if version is not None else []
    return TileView(
        id=asset.id,
        ref=asset.ref,
        url=facts.url,
        title=asset.title,
        alt=asset.alt_text or asset.title,
        ar=facts.aspect,
        colour=facts.colour,
        thumb_url=facts.thumb_url,
        processing=version is not None and version.preview_state == "waiting" and tile.preview.is_yes,
        drawing=DRAWINGS.get(version.family if version is not None else "", "file"),
        kind_line=facts.kind,
        badge=badge(version) if facts.thumb_url else None,
        rights=rights_words(actor, asset, tile.rights),
        ended=asset.state == "published" and tile.rights == "ended",
        why=tuple(_reason(each, labels or {}) for each in why),
        bytes=version.size if version is not None else 0,
        cleared=facts.may_download,
        download_url=download_url(asset) if facts.may_download else None,
        uses=asset.uses,
        approved_at=approved[-1] if approved else None,
    )


FIELD_LABELS = {
    "title": say("title"),
    "description": say("description"),
    "tags": say("tag"),
    "file_name": say("file name"),
    "text": say("text inside"),
    "alt_text": say("caption"),
}


def _reason(why: Why, labels: dict[str, str]) -> Reason:
    label = labels.get(why.field) or FIELD_LABELS.get(why.field, why.field.removeprefix("attr."))
    return Reason(label, tuple((part.text, part.hit) for part in why.parts))
