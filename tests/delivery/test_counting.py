"""Whoever takes a file leaves a use and a record, however they ask for it; who only looks leaves none."""

from contextlib import ExitStack
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import func, select
from werkzeug.test import TestResponse

from assetlib import clock
from assetlib.app import create_app
from assetlib.audit.models import AuditEntry
from assetlib.catalog.models import UsageEvent
from assetlib.house import House
from assetlib.storage.local import LocalStore
from tests import make
from tests.delivery.gallery import EVENING, SECRET, Gallery, furnish
from tests.delivery.visiting import Visit, Visits

STORE = "https://store.example/"


class AddressGiver(LocalStore):
    """A keeper that hands out addresses, as an S3 server does."""

    def url(
        self, key: str, *, seconds: int, file_name: str, media_type: str, attachment: bool = True
    ) -> str | None:
        return f"{STORE}{key}?for={seconds}"


@pytest.fixture(params=["bytes of our own", "addresses of the store"])
def gallery(request: pytest.FixtureRequest, house: House, people: make.People) -> Gallery:
    if request.param != "bytes of our own":
        house = replace(house, store=AddressGiver(house.settings.files))
    return furnish(house, Visits(create_app(house.settings, house=house), house), people, ExitStack())


def get(visit: Visit, path: str, **headers: str) -> tuple[TestResponse, bytes]:
    answer = visit.get(path, headers=headers)
    body = answer.get_data()
    answer.close()
    return answer, body


def gives(answer: TestResponse, body: bytes) -> bool:
    """Whether it holds the file, or an address of it."""
    return SECRET in body or answer.headers.get("Location", "").startswith(STORE)


def counted(gallery: Gallery) -> tuple[int, int]:
    """How many uses and how many records of downloads there are."""
    with gallery.house.database.reading() as session:
        uses = session.scalar(select(func.count(UsageEvent.id))) or 0
        said = select(func.count(AuditEntry.seq)).where(AuditEntry.action == "catalog.asset_downloaded")
        return uses, session.scalar(said) or 0


WHOLE_BY_A_STRETCH = [
    {"Range": "bytes=-{size}"},
    {"Range": "bytes=1-", "If-Range": '"an older one"'},
    {"Range": "bytes=0-"},
]


@pytest.mark.parametrize("headers", WHOLE_BY_A_STRETCH, ids=str)
def test_a_stretch_may_be_the_whole_so_it_counts(gallery: Gallery, headers: dict[str, str]) -> None:
    visit, path = gallery.visits.of(gallery.people.field_marketer), gallery.current_files()[0]
    headers = {name: each.format(size=gallery.version.size) for name, each in headers.items()}
    assert gives(*get(visit, path, **headers))
    assert counted(gallery) == (1, 1)


def test_stretches_of_one_file_count_once_for_a_while(gallery: Gallery) -> None:
    field, librarian = gallery.people.field_marketer, gallery.people.librarian
    path, preset = gallery.current_files()
    with clock.held_at(EVENING):
        visit = gallery.visits.of(field)
        for start in range(4):
            get(visit, path, Range=f"bytes={start}-")
        assert counted(gallery) == (1, 1)
        get(visit, preset, Range="bytes=1-")
        assert counted(gallery) == (2, 2), "another form of it is another file"
        get(gallery.visits.of(librarian), path, Range="bytes=1-")
        assert counted(gallery) == (3, 3), "another person is another download"
        get(visit, path)
        get(visit, path, Range="bytes=9-")
        assert counted(gallery) == (4, 4), "begun anew it counts, what broke off does not"
    with clock.held_at(EVENING + timedelta(hours=6, minutes=1)):
        get(gallery.visits.of(librarian), path, Range="bytes=1-")
    assert counted(gallery) == (5, 5)


def test_who_only_asks_what_it_would_be_gets_neither_bytes_nor_an_address(gallery: Gallery) -> None:
    visit, path = gallery.visits.of(gallery.people.field_marketer), gallery.current_files()[0]
    told = visit.client.head(path)
    assert (told.status_code, told.get_data()) == (200, b"")
    assert not gives(told, b"")
    assert int(told.headers["Content-Length"]) == gallery.version.size
    assert told.headers["Content-Disposition"].startswith("attachment; ")
    assert told.headers["Content-Type"] == "image/jpeg"
    assert told.headers["ETag"] == f'"{gallery.version.sha256}"'
    assert counted(gallery) == (0, 0)


@pytest.mark.parametrize("headers", [{}, {"Range": "bytes=1-"}], ids=str)
def test_what_only_pages_show_is_had_by_no_kind_of_request(gallery: Gallery, headers: dict[str, str]) -> None:
    visit = gallery.visits.of(gallery.people.field_marketer)
    path = f"/assets/{gallery.asset.id}/download?form=proxy"
    answer, body = get(visit, path, **headers)
    assert answer.status_code == 422
    assert not gives(answer, body)
    assert visit.client.head(path, headers=headers).status_code == 422
    assert counted(gallery) == (0, 0)
