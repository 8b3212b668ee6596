"""What was drawn of a version is kept with it."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from assetlib import clock
from assetlib.access.actor import Actor
from assetlib.audit import record
from assetlib.catalog.models import Rendition, Version
from assetlib.catalog.permissions.assets import KEEP_RENDITIONS
from assetlib.jobs import enqueue
from assetlib.media.recipes import recipes_for
from assetlib.storage.blobs import Measured
from assetlib.storage.models import Blob
from assetlib.words import kept, say

PART_OF = {"proxy": "film", "filmstrip": "film", "pages": "pages", "zoom": "zoom"}
"""Recipe that is made later → the part of the work that makes it."""
JOBS = {"pages": "catalog.make_pages", "zoom": "catalog.make_zoom", "film": "catalog.make_film"}

MOST_TRIES = 3
TRIES = "preview_tries"
"""Where the tries are counted among `Version.facts`."""
FAILED = say("The preview could not be made. The file itself is kept.")


@dataclass(frozen=True)
class Made:
    """A rendition whose bytes lie in the store already. `page` counts from 1."""

    recipe: str
    page: int
    key: str
    measured: Measured
    media_type: str
    width: int | None
    height: int | None


def keep_renditions(
    session: Session,
    actor: Actor,
    version: Version,
    made: Sequence[Made],
    *,
    warnings: Sequence[str] = (),
    first: bool = False,
) -> list[str]:
    """Keep what was drawn; the keys of bytes that are not needed, since they were there already.

    With the `first` ones the preview is ready, and what takes longer is promised.
    """
    KEEP_RENDITIONS.require(actor)
    held = _held(session, version)
    if held is None:
        return [each.key for each in made]
    rows = session.execute(select(Rendition.recipe, Rendition.page).where(Rendition.version_id == held.id))
    there = {(row.recipe, row.page) for row in rows}
    spare = [each.key for each in made if (each.recipe, each.page) in there]
    new = [each for each in made if (each.recipe, each.page) not in there]
    for each in new:
        session.add(_rendition(session, held, each))
    _warn(held, warnings)
    if first and held.preview_state == "waiting":
        held.preview_state = "ready"
        _promise_the_rest(session, held)
    session.flush()
    if new:
        record(
            session,
            actor,
            "catalog.renditions_made",
            held,
            after={"renditions": sorted({each.recipe for each in new})},
        )
    return spare


def begin_try(session: Session, actor: Actor, version_id: int) -> bool:
    """Count a try to draw. False when there is nothing to draw, or when it was tried often enough and failed.

    It is counted before the work begins: what takes the whole worker down does not come back to count.
    """
    KEEP_RENDITIONS.require(actor)
    version = _waiting(session, version_id)
    if version is None:
        return False
    tries = int(version.facts.get(TRIES, 0)) + 1
    if tries > MOST_TRIES:
        _give_up(session, actor, version, "failed", FAILED)
        return False
    version.facts = {**version.facts, TRIES: tries}
    return True


def excuse_try(session: Session, actor: Actor, version_id: int) -> None:
    """Take a counted try back: not the file was the reason, but a service that was away."""
    KEEP_RENDITIONS.require(actor)
    version = _waiting(session, version_id)
    if version is not None:
        version.facts = {**version.facts, TRIES: max(int(version.facts.get(TRIES, 1)) - 1, 0)}


def give_up_drawing(session: Session, actor: Actor, version: Version, *, state: str, reason: str) -> None:
    """There will be no preview: `none` when there cannot be one, `failed` when it did not work out."""
    KEEP_RENDITIONS.require(actor)
    held = _held(session, version)
    if held is not None and held.preview_state == "waiting":
        _give_up(session, actor, held, state, reason)


def warn_of(session: Session, actor: Actor, version: Version, sentences: Sequence[str]) -> None:
    """Say on the asset's page what people should know about this file."""
    KEEP_RENDITIONS.require(actor)
    held = _held(session, version)
    if held is not None and _warn(held, sentences):
        session.flush()
        record(session, actor, "catalog.version_warned", held, after={"warnings": held.warnings})


def _give_up(session: Session, actor: Actor, held: Version, state: str, reason: str) -> None:
    held.preview_state = state
    _warn(held, [reason])
    session.flush()
    record(session, actor, "catalog.preview_given_up", held, after={"preview_state": state}, reason=reason)


def _warn(held: Version, sentences: Sequence[str]) -> bool:
    new = [each for each in map(kept, sentences) if each not in held.warnings]
    if new:
        held.warnings = [*held.warnings, *new]
    return bool(new)


def _rendition(session: Session, held: Version, made: Made) -> Rendition:
    moment = clock.now()
    blob = Blob(
        key=made.key,
        size=made.measured.size,
        sha256=made.measured.sha256,
        media_type=made.media_type,
        organisation_id=held.organisation_id,
        created_at=moment,
        checked_at=moment,
    )
    session.add(blob)
    session.flush()
    return Rendition(
        version_id=held.id,
        recipe=made.recipe,
        page=made.page,
        blob_id=blob.id,
        media_type=made.media_type,
        width=made.width,
        height=made.height,
        size=made.measured.size,
    )


def _promise_the_rest(session: Session, held: Version) -> None:
    later = recipes_for(held.family, width=held.width, height=held.height, pages=held.pages)
    for part in dict.fromkeys(PART_OF[recipe] for recipe in later):
        enqueue(session, JOBS[part], dedupe=f"{part}-{held.id}", priority=5, version_id=held.id)


def _waiting(session: Session, version_id: int) -> Version | None:
    """The version that waits for its first pictures, read afresh and held."""
    return session.scalars(
        select(Version)
        .where(Version.id == version_id, Version.preview_state == "waiting")
        .with_for_update(of=Version)
        .execution_options(populate_existing=True)
    ).one_or_none()


def _held(session: Session, version: Version) -> Version | None:
    """The version, read afresh and held; None when it is gone."""
    return session.scalars(
        select(Version)
        .where(Version.id == version.id)
        .with_for_update(of=Version)
        .execution_options(populate_existing=True)
    ).one_or_none()
