"""What renditions there are, as data. Nothing is ever made larger than its original."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Recipe:
    """One kind of rendition.

    A still is fitted inside `longest` pixels, or cut to `box` around the focal point.
    """

    name: str
    kind: str
    """still, pages, proxy, filmstrip, zoom"""

    longest: int = 0
    box: tuple[int, int] | None = None
    format: str = "webp"
    """webp, jpeg, or "office": PNG where something is transparent, else JPEG"""

    quality: int = 80
    preset: str | None = None
    """The name on the download button; None for what only the pages use."""


THUMB = Recipe("thumb", "still", longest=480, quality=80)
PREVIEW = Recipe("preview", "still", longest=1024, quality=80)
LARGE = Recipe("large", "still", longest=2048, format="jpeg", quality=85, preset="Web 2048 px, sRGB JPEG")
OFFICE = Recipe("office", "still", longest=1600, format="office", quality=88, preset="Office 1600 px")
SQUARE = Recipe(
    "square", "still", box=(1080, 1080), format="jpeg", quality=88, preset="Social square 1080 × 1080"
)
PAGES = Recipe("pages", "pages", longest=1400, quality=80)
PROXY = Recipe("proxy", "proxy", longest=1280, format="mp4")
FILMSTRIP = Recipe("filmstrip", "filmstrip", longest=160, format="jpeg", quality=70)
ZOOM = Recipe("zoom", "zoom", format="zoom", quality=80)

RECIPES: dict[str, Recipe] = {
    r.name: r for r in (THUMB, PREVIEW, LARGE, OFFICE, SQUARE, PAGES, PROXY, FILMSTRIP, ZOOM)
}

FIRST = ("thumb", "preview", "large")
"""Made as soon as a version arrives."""

PRESETS = {r.name: r for r in RECIPES.values() if r.preset}

MOST_PAGES = 50
ZOOM_FROM = 4096
"""Longest side in pixels above which a picture gets zoom tiles."""


def recipes_for(family: str, *, width: int | None, height: int | None, pages: int | None) -> tuple[str, ...]:
    """Names of what is worth making for this file beyond the first three, in order of use."""
    later: list[str] = []
    if family == "video":
        later += ["proxy", "filmstrip"]
    if family in {"pdf", "office"} and (pages or 0) > 1:
        later.append("pages")
    if family in {"image", "raw"} and max(width or 0, height or 0) > ZOOM_FROM:
        later.append("zoom")
    return tuple(later)
