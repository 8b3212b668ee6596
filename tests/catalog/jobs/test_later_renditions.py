"""What takes longer, through the whole path: taken in, drawn in a child, kept, handed out."""

from collections.abc import Callable

import pytest
from sqlalchemy import select

from assetlib.catalog import jobs
from assetlib.catalog.models import Version
from assetlib.catalog.queries.downloads import preview_of
from assetlib.jobs.models import Job
from assetlib.jobs.work import Work
from assetlib.media.making.films import run_ffmpeg
from assetlib.media.zoom import read_index
from assetlib.storage.local import LocalStore
from tests import make
from tests.catalog.jobs.conftest import TakeIn
from tests.catalog.pictures import jpeg, pdf

Draw = Callable[..., int]
LATER = {
    "catalog.make_film": jobs.make_film,
    "catalog.make_pages": jobs.make_pages,
    "catalog.make_zoom": jobs.make_zoom,
}


@pytest.fixture
def drawn(work: Work, store: LocalStore, crew: make.People, taken_in: TakeIn) -> Draw:
    """Take a file in and do all the drawing that is promised for it; the version's id."""

    def go(content: bytes, name: str) -> int:
        upload = taken_in(crew.contributor, content, name=name)
        assert upload.state == "available", upload.refusal
        with work.database.reading() as session:
            version_id = session.scalars(select(Version.id).where(Version.asset_id == upload.asset_id)).one()
        jobs.make_renditions(work, store, version_id=version_id)
        with work.database.reading() as session:
            promised = session.scalars(select(Job.kind).where(Job.kind.in_(LATER))).all()
        for kind in promised:
            LATER[kind](work, store, version_id=version_id)
        return version_id

    return go


def kept(work: Work, version_id: int) -> set[tuple[str, int]]:
    with work.database.reading() as session:
        version = session.get_one(Version, version_id)
        assert version.preview_state == "ready", version.warnings
        return {(each.recipe, each.page) for each in version.renditions}


def test_each_page_of_a_document_can_be_looked_at(
    work: Work, store: LocalStore, crew: make.People, drawn: Draw
) -> None:
    version_id = drawn(pdf(3), "folder.pdf")
    assert kept(work, version_id) >= {("thumb", 1), ("pages", 1), ("pages", 2), ("pages", 3)}
    with work.database.reading() as session:
        pages = [preview_of(session, crew.contributor, version_id, "pages", page=n) for n in (1, 2, 3)]
        assert session.get_one(Version, version_id).pages == 3
    for page in pages:
        with store.open(page.key) as stream:
            assert stream.read()[8:12] == b"WEBP"
    assert len({page.sha256 for page in pages}) == 3


def test_a_large_picture_can_be_looked_at_closely(
    work: Work, store: LocalStore, crew: make.People, drawn: Draw
) -> None:
    version_id = drawn(jpeg(4300, 600), "banner.jpg")
    assert ("zoom", 1) in kept(work, version_id)
    with work.database.reading() as session:
        file = preview_of(session, crew.contributor, version_id, "zoom")

    def read(start: int, length: int) -> bytes:
        with store.open(file.key, start, length) as stream:
            return stream.read()

    index = read_index(read)
    assert (index.width, index.height) == (4300, 600)
    start, length = index.tile(len(index.levels) - 1, 0, 0)
    assert 0 < length == len(read(start, length))


def test_a_film_gets_a_small_film_and_a_strip(work: Work, drawn: Draw) -> None:
    film = run_ffmpeg(
        ["-f", "lavfi", "-i", "testsrc=size=320x180:rate=10:duration=2", "-pix_fmt", "yuv420p"],
        inputs=[],
        output="film.mp4",
    )
    version_id = drawn(film, "spot.mp4")
    assert kept(work, version_id) == {
        ("thumb", 1), ("preview", 1), ("large", 1), ("proxy", 1), ("filmstrip", 1),
    }  # fmt: skip
