from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import func, select

from assetlib.audit.models import AuditEntry
from assetlib.catalog.jobs import make_renditions, make_zoom
from assetlib.catalog.models import Asset, Rendition, Version
from assetlib.catalog.queries.downloads import preview_of
from assetlib.database import Database
from assetlib.jobs.models import Job
from assetlib.jobs.work import GiveUp, Work
from assetlib.media import draw
from assetlib.media.errors import CannotDraw
from assetlib.storage.blobs import StoreAway
from assetlib.storage.local import LocalStore
from assetlib.storage.models import Blob
from tests import make
from tests.catalog.jobs.conftest import TakeIn
from tests.catalog.pictures import jpeg

DRAW = "assetlib.catalog.jobs.renditions.draw"


def raises(error: BaseException) -> Callable[..., None]:
    def break_off(*args: object, **named: object) -> None:
        raise error

    return break_off


@pytest.fixture
def version_id(work: Work, crew: make.People, taken_in: TakeIn) -> int:
    """A picture that was taken in and waits to be drawn."""
    upload = taken_in(crew.contributor, jpeg(1300, 1200))
    with work.database.reading() as session:
        found = session.scalar(select(Version.id).where(Version.asset_id == upload.asset_id))
        assert found is not None
        return found


def state_of(database: Database, version_id: int) -> tuple[str, list[str]]:
    with database.reading() as session:
        version = session.get_one(Version, version_id)
        return version.preview_state, list(version.warnings)


def recipes_of(database: Database, version_id: int) -> set[str]:
    with database.reading() as session:
        return set(session.scalars(select(Rendition.recipe).where(Rendition.version_id == version_id)))


def test_the_first_pictures_and_the_presets_are_drawn_and_can_be_read(
    work: Work, store: LocalStore, crew: make.People, version_id: int
) -> None:
    make_renditions(work, store, version_id=version_id)
    assert state_of(work.database, version_id) == ("ready", [])
    assert recipes_of(work.database, version_id) == {"thumb", "preview", "large", "office", "square"}
    with work.database.reading() as session:
        file = preview_of(session, crew.contributor, version_id, "preview")
        with store.open(file.key) as stream:
            data = stream.read()
        assert data[8:12] == b"WEBP"
        assert len(data) == file.size
        made = session.scalars(
            select(Rendition).where(Rendition.version_id == version_id, Rendition.recipe == "preview")
        ).one()
        assert (made.width, made.height) == (1024, 945)
    assert list(work.settings.scratch.iterdir()) == []


def test_drawing_twice_changes_nothing_and_leaves_no_orphan(
    work: Work, store: LocalStore, version_id: int
) -> None:
    make_renditions(work, store, version_id=version_id)
    before = {facts.key for facts in store.list()}
    with work.database.transaction() as session:
        session.get_one(Version, version_id).preview_state = "waiting"
    make_renditions(work, store, version_id=version_id)
    make_renditions(work, store, version_id=version_id)
    assert {facts.key for facts in store.list()} == before
    with work.database.reading() as session:
        assert session.scalar(select(func.count()).select_from(Blob)) == len(before)
        made = select(AuditEntry).where(AuditEntry.action == "catalog.renditions_made")
        assert len(session.scalars(made).all()) == 1
    assert state_of(work.database, version_id)[0] == "ready"


def test_what_cannot_be_drawn_is_kept_and_says_so(
    work: Work, store: LocalStore, version_id: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(DRAW, raises(CannotDraw("Nothing can be seen here. It is kept.")))
    make_renditions(work, store, version_id=version_id)
    assert state_of(work.database, version_id) == ("none", ["Nothing can be seen here. It is kept."])


def test_three_tries_that_break_make_it_failed(
    work: Work, store: LocalStore, version_id: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(DRAW, raises(RuntimeError("broken")))
    for _ in range(3):
        with pytest.raises(RuntimeError):
            make_renditions(work, store, version_id=version_id)
        assert state_of(work.database, version_id)[0] == "waiting"
    make_renditions(work, store, version_id=version_id)
    state, warnings = state_of(work.database, version_id)
    assert state == "failed"
    assert warnings == ["The preview could not be made. The file itself is kept."]
    monkeypatch.undo()
    make_renditions(work, store, version_id=version_id)
    assert state_of(work.database, version_id)[0] == "failed"


def test_a_store_that_is_away_costs_no_try(
    work: Work, store: LocalStore, version_id: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(DRAW, raises(StoreAway("Away.")))
    for _ in range(5):
        with pytest.raises(StoreAway):
            make_renditions(work, store, version_id=version_id)
    monkeypatch.undo()
    make_renditions(work, store, version_id=version_id)
    assert state_of(work.database, version_id)[0] == "ready"


def test_bytes_that_are_gone_end_it_at_once(work: Work, store: LocalStore, version_id: int) -> None:
    for facts in list(store.list()):
        store.delete(facts.key)
    with pytest.raises(GiveUp):
        make_renditions(work, store, version_id=version_id)
    assert state_of(work.database, version_id)[0] == "failed"


def test_what_was_drawn_for_a_version_that_is_gone_by_then_is_dropped(
    work: Work, store: LocalStore, version_id: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    def draw_then_lose_it(*args: Any, **named: Any) -> Any:
        drawing = draw(*args, **named)
        with work.database.transaction() as session:
            version = session.get_one(Version, version_id)
            session.get_one(Asset, version.asset_id).current_version_id = None
            session.flush()
            session.delete(version)
        return drawing

    before = {facts.key for facts in store.list()}
    monkeypatch.setattr(DRAW, draw_then_lose_it)
    make_renditions(work, store, version_id=version_id)
    assert {facts.key for facts in store.list()} == before


def test_a_version_that_is_not_there_is_no_trouble(work: Work, store: LocalStore, crew: make.People) -> None:
    make_renditions(work, store, version_id=999)
    make_zoom(work, store, version_id=999)


@pytest.mark.parametrize(
    ("facts", "promised"),
    [
        ({}, set()),
        ({"width": 5000, "height": 3000}, {"catalog.make_zoom"}),
        ({"family": "pdf", "pages": 3}, {"catalog.make_pages"}),
        ({"family": "video"}, {"catalog.make_film"}),
    ],
)
def test_what_takes_longer_is_promised_once_the_preview_is_ready(
    work: Work, store: LocalStore, version_id: int, facts: dict[str, Any], promised: set[str]
) -> None:
    with work.database.transaction() as session:
        version = session.get_one(Version, version_id)
        for name, value in facts.items():
            setattr(version, name, value)
    make_renditions(work, store, version_id=version_id)
    with work.database.reading() as session:
        jobs = session.scalars(select(Job).where(Job.kind != "catalog.make_renditions")).all()
        assert {job.kind for job in jobs} == promised
        assert all(job.arguments == {"version_id": version_id} for job in jobs)


def test_a_later_drawing_that_fails_leaves_the_preview_and_says_so(
    work: Work, store: LocalStore, version_id: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_renditions(work, store, version_id=version_id)
    monkeypatch.setattr(DRAW, raises(CannotDraw("Too large to be looked at closely.")))
    make_zoom(work, store, version_id=version_id)
    make_zoom(work, store, version_id=version_id)
    assert state_of(work.database, version_id) == ("ready", ["Too large to be looked at closely."])
