"""Draw a version, with no transaction open while the child works and while bytes move."""

import tempfile
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, fields
from pathlib import Path

from assetlib.access.actor import SYSTEM
from assetlib.catalog.actions.renditions import (
    Made,
    begin_try,
    excuse_try,
    give_up_drawing,
    keep_renditions,
    warn_of,
)
from assetlib.catalog.models import Version
from assetlib.errors import Unavailable
from assetlib.jobs.work import GiveUp, Work
from assetlib.media import draw, zoom
from assetlib.media.errors import CannotDraw
from assetlib.media.examination import Drawing, Examination
from assetlib.media.recipes import FIRST, PRESETS
from assetlib.storage import BlobStore
from assetlib.storage.blobs import NoSuchBlob, new_key
from assetlib.storage.models import Blob
from assetlib.words import say

_KNOWN = frozenset(field.name for field in fields(Examination))
_EXTENSIONS = {
    "image/webp": "webp",
    "image/jpeg": "jpg",
    "image/png": "png",
    "video/mp4": "mp4",
    zoom.MEDIA_TYPE: "zoom",
}


@dataclass(frozen=True)
class _Source:
    """What is needed to draw a version, as plain values."""

    key: str
    examination: Examination
    family: str


def make_renditions(work: Work, store: BlobStore, *, version_id: int) -> None:
    """Make the first pictures and the presets. After three tries that broke the preview counts as failed."""
    with work.database.transaction() as session:
        if not begin_try(session, SYSTEM, version_id):
            return
    source = _source(work, version_id)
    try:
        _draw_and_keep(work, store, version_id, source, first_recipes(source.family), first=True)
    except CannotDraw as nothing:
        _give_up(work, version_id, "none", nothing.sentence)
    except NoSuchBlob as gone:
        sentence = say("The bytes of this file are gone. Tell an administrator.")
        _give_up(work, version_id, "failed", sentence)
        raise GiveUp(sentence) from gone
    except Unavailable:
        with work.database.transaction() as session:
            excuse_try(session, SYSTEM, version_id)
        raise


def make_pages(work: Work, store: BlobStore, *, version_id: int) -> None:
    """Make a picture of each page of a document."""
    _make_later(work, store, version_id, ("pages",))


def make_zoom(work: Work, store: BlobStore, *, version_id: int) -> None:
    """Make the tiles by which a large picture is looked at closely."""
    _make_later(work, store, version_id, ("zoom",))


def make_film(work: Work, store: BlobStore, *, version_id: int) -> None:
    """Make the small film that pages play, and the strip of its pictures."""
    _make_later(work, store, version_id, ("proxy", "filmstrip"))


def first_recipes(family: str) -> tuple[str, ...]:
    """What is drawn at once: from a film or a sound only what the pages show."""
    return FIRST if family in ("video", "audio") else tuple(dict.fromkeys((*FIRST, *PRESETS)))


def _make_later(work: Work, store: BlobStore, version_id: int, recipes: Sequence[str]) -> None:
    with work.database.reading() as session:
        if session.get(Version, version_id) is None:
            return
    try:
        _draw_and_keep(work, store, version_id, _source(work, version_id), recipes, first=False)
    except CannotDraw as nothing:
        with work.database.transaction() as session:
            warn_of(session, SYSTEM, session.get_one(Version, version_id), [nothing.sentence])


def _source(work: Work, version_id: int) -> _Source:
    with work.database.reading() as session:
        version = session.get_one(Version, version_id)
        known = {name: value for name, value in version.facts.items() if name in _KNOWN}
        examination = Examination.from_json({**known, "metadata": version.embedded})
        return _Source(session.get_one(Blob, version.blob_id).key, examination, version.family)


def _draw_and_keep(
    work: Work, store: BlobStore, version_id: int, source: _Source, recipes: Sequence[str], *, first: bool
) -> None:
    work.settings.scratch.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="draw-", dir=work.settings.scratch) as scratch:
        with store.local_path(source.key) as path:
            drawing = draw(path, source.examination, scratch=Path(scratch), recipes=tuple(recipes))
        made = _put(store, drawing)
    spare = [each.key for each in made]
    try:
        with work.database.transaction() as session:
            version = session.get(Version, version_id)
            if version is not None:
                spare = keep_renditions(
                    session, SYSTEM, version, made, warnings=drawing.warnings, first=first
                )
    finally:
        for key in spare:
            with suppress(Unavailable):  # the sweeper finds what could not be dropped now
                store.delete(key)


def _put(store: BlobStore, drawing: Drawing) -> list[Made]:
    made = []
    for drawn in drawing.files:
        key = new_key(f"{drawn.recipe}.{_EXTENSIONS.get(drawn.media_type, 'bin')}")
        with drawn.path.open("rb") as file:
            measured = store.put(key, file, drawn.size)
        made.append(
            Made(drawn.recipe, drawn.page or 1, key, measured, drawn.media_type, drawn.width, drawn.height)
        )
    return made


def _give_up(work: Work, version_id: int, state: str, reason: str) -> None:
    with work.database.transaction() as session:
        version = session.get(Version, version_id)
        if version is not None:
            give_up_drawing(session, SYSTEM, version, state=state, reason=reason)
