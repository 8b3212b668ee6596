"""What the store lost or changed is given to nobody by any path, and administrators are told."""

import csv
import io
import zipfile
from contextlib import ExitStack

import pytest
from sqlalchemy import update

from assetlib import clock
from assetlib.errors import Refusal
from assetlib.house import House
from assetlib.storage.models import Blob
from assetlib.storage.scrub import scrub
from tests import make
from tests.delivery.gallery import SECRET, Gallery, furnish
from tests.delivery.reading import read_page
from tests.delivery.visiting import Visit, Visits


@pytest.fixture
def gallery(house: House, visits: Visits, people: make.People) -> Gallery:
    return furnish(house, visits, people, ExitStack())


def status(visit: Visit, path: str) -> int:
    answer = visit.get(path)
    answer.close()
    return answer.status_code


def damage(gallery: Gallery) -> None:
    """Change the last byte of every kept file, and have that found."""
    for path in (gallery.house.settings.files / "blobs").rglob("*"):
        if path.is_file():
            path.chmod(0o600)
            path.write_bytes(path.read_bytes()[:-1] + b"?")
    scrub(gallery.house.database, gallery.house.store)


def test_no_path_gives_damaged_bytes(gallery: Gallery) -> None:
    reader = gallery.visits.of(gallery.people.field_marketer)
    paths = [*gallery.previews(), *gallery.tiles(), *gallery.files(), *gallery.current_files()]
    assert [path for path in paths if status(reader, path) != 200] == []
    damage(gallery)
    for path in paths:
        for headers in ({}, {"Range": "bytes=1-"}):
            answer = reader.get(path, headers=headers)
            assert answer.status_code == 503, path
            assert SECRET not in answer.get_data()
            assert "damaged on our side" in read_page(answer).text
    assert reader.client.head(paths[-1]).status_code == 503


def test_a_package_leaves_it_out_and_says_why(gallery: Gallery) -> None:
    package = gallery.pack(gallery.people.field_marketer)
    damage(gallery)
    body = gallery.visits.of(gallery.people.field_marketer).get(package).get_data()
    with zipfile.ZipFile(io.BytesIO(body)) as archive:
        assert archive.namelist() == ["manifest.csv"]
        rows = list(csv.DictReader(io.StringIO(archive.read("manifest.csv").decode("utf-8-sig"))))
    assert "damaged on our side" in rows[0]["Not included because"]


def test_a_package_breaks_off_when_damage_is_found_under_way(gallery: Gallery) -> None:
    visit = gallery.visits.of(gallery.people.field_marketer)
    answer = visit.get(gallery.pack(gallery.people.field_marketer), buffered=False)
    pieces = answer.iter_encoded()
    given = [next(pieces)]
    damage(gallery)
    with pytest.raises(Refusal, match="damaged"):
        given.extend(pieces)
    answer.close()
    assert SECRET not in b"".join(given)


def test_administrators_are_told_what_is_damaged_until_it_is_whole(gallery: Gallery) -> None:
    with gallery.house.database.transaction() as session:
        session.execute(
            update(Blob).where(Blob.sha256 == gallery.version.sha256).values(damaged_at=clock.now())
        )
    told = gallery.administrator.get("/api/v1/jobs").json or {}
    assert [
        (each["asset_id"], each["version"], each["form"], each["sha256"]) for each in told["damaged"]
    ] == [(gallery.asset.id, 2, "original", gallery.version.sha256)]
    page = read_page(gallery.administrator.get("/jobs"))
    assert f"/assets/{gallery.asset.id}?v=2" in page.links
    assert "Damaged files" in page.text
    scrub(gallery.house.database, gallery.house.store)
    assert (gallery.administrator.get("/api/v1/jobs").json or {})["damaged"] == []
    assert "Damaged files" not in read_page(gallery.administrator.get("/jobs")).text
    assert status(gallery.librarian, gallery.current_files()[0]) == 200
