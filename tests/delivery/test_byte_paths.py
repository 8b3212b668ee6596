"""Every address that gives bytes × everything that closes it: open before, closed from the same moment on."""

import csv
import io
import zipfile
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from datetime import date, timedelta

import pytest
from werkzeug.test import TestResponse

from assetlib import clock
from assetlib.access.actor import Actor
from assetlib.catalog.models import Asset, Version
from assetlib.errors import Refusal
from assetlib.house import House
from tests import make
from tests.delivery.gallery import EVENING, SECRET, Gallery, furnish, version_of
from tests.delivery.reading import read_page
from tests.delivery.test_refused_forms import revision_of
from tests.delivery.visiting import Visit, Visits

NO = (302, 401, 403, 404)


@pytest.fixture
def gallery(house: House, visits: Visits, people: make.People) -> Iterator[Gallery]:
    with ExitStack() as stack:
        stack.enter_context(clock.held_at(EVENING))
        yield furnish(house, visits, people, stack)


def done(answer: TestResponse) -> None:
    assert answer.status_code in (302, 303), answer.get_data(as_text=True)[:2000]


def on_asset(verb: str, **form: str) -> Callable[[Gallery, Actor], None]:
    return lambda g, _: done(g.librarian.post(f"/assets/{g.asset.id}/{verb}", form))


def rights(**form: str) -> Callable[[Gallery, Actor], None]:
    def recorded(g: Gallery, reader: Actor) -> None:
        revision = str(revision_of(g.librarian, f"/assets/{g.asset.id}"))
        on_asset("rights", revision=revision, **form)(g, reader)

    return recorded


def day_ends(g: Gallery, reader: Actor) -> None:
    g.clock.enter_context(clock.held_at(EVENING + timedelta(minutes=31)))


def embargo(g: Gallery, reader: Actor) -> None:
    on_asset("withdraw", reason="Too early")(g, reader)
    on_asset("publish", embargo_until="2027-04-02T09:00")(g, reader)


def supersede(g: Gallery, reader: Actor) -> None:
    with g.house.database.transaction() as session:
        newer = version_of(
            session, g.house, session.get_one(Asset, g.asset.id), b"a newer one", current=False
        )
    on_asset("approve", v="3", sha256=newer.sha256, seen="published.3.0")(g, reader)


def give_back(g: Gallery, reader: Actor) -> None:
    """While it is published a librarian would withdraw it first; here the verdict alone has to do."""
    with g.house.database.transaction() as session:
        version = session.get_one(Version, g.version.id)
        make.approval(session, version, g.people.librarian, verdict="returned")


def take_grant_back(g: Gallery, reader: Actor) -> None:
    done(g.librarian.post(f"/collections/{g.collection.id}/grants/{reader.organisation_id}/end"))


def take_out(g: Gallery, reader: Actor) -> None:
    done(g.librarian.post(f"/collections/{g.collection.id}/remove", {"asset": g.asset.id}))


def drop_collection(g: Gallery, reader: Actor) -> None:
    done(g.librarian.post(f"/collections/{g.collection.id}/delete"))


def suspend(g: Gallery, reader: Actor) -> None:
    done(g.administrator.post(f"/people/{reader.person_id}/suspend"))


def take_roles(g: Gallery, reader: Actor) -> None:
    done(g.administrator.post(f"/people/{reader.person_id}/roles"))


def suspend_organisation(g: Gallery, reader: Actor) -> None:
    done(g.administrator.post(f"/people/organisations/{reader.organisation_id}/suspend"))


def sign_out(g: Gallery, reader: Actor) -> None:
    done(g.visits.anew(reader).post("/sign-out"))


def fall_idle(g: Gallery, reader: Actor) -> None:
    with g.house.database.transaction() as session:  # so that it is the session that ends, not the right
        row = session.get_one(Asset, g.asset.id).right
        assert row is not None
        row.ends_on = None
    g.clock.enter_context(clock.held_at(EVENING + timedelta(hours=8, minutes=1)))


ENDED = {"ends_on": "2027-03-30"}
EVENTS: dict[str, tuple[Callable[[Gallery, Actor], None], str]] = {
    "withdrawn": (on_asset("withdraw", reason="A mistake"), "FG"),
    "archived": (on_asset("archive"), "F"),
    "deleted": (on_asset("delete"), "FG"),
    "rights ended with the day": (day_ends, "FG"),
    "rights recorded as ended": (rights(**ENDED), "F"),
    "rights begin later": (rights(starts_on="2027-04-01"), "F"),
    "under embargo": (embargo, "FG"),
    "superseded": (supersede, "FG"),
    "approval returned": (give_back, "FG"),
    "grant taken back": (take_grant_back, "G"),
    "taken out of the collection": (take_out, "G"),
    "collection deleted": (drop_collection, "G"),
    "person suspended": (suspend, "FG"),
    "roles taken": (take_roles, "FG"),
    "organisation suspended": (suspend_organisation, "G"),
    "signed out": (sign_out, "F"),
    "session fell idle": (fall_idle, "F"),
}

PERSONAL = ("person suspended", "roles taken", "signed out")


def reader_of(g: Gallery, letter: str) -> Actor:
    return {"F": g.people.field_marketer, "G": g.partner, "C": g.people.contributor}[letter]


def read(visit: Visit, path: str, **headers: str) -> tuple[TestResponse, bytes]:
    answer = visit.get(path, headers=headers)
    body = answer.get_data()
    answer.close()
    return answer, body


def open_all(visit: Visit, paths: list[str]) -> dict[str, str]:
    """Read each address; its ETag, if it has one."""
    tags = {}
    for path in paths:
        answer, body = read(visit, path)
        assert answer.status_code == 200, f"{path}: {answer.status_code}"
        assert path.startswith("/zoom") or SECRET in body, path
        tags[path] = answer.headers.get("ETag", '"none"')
    return tags


def still_open(visit: Visit, tags: dict[str, str]) -> list[str]:
    """What gives something away: for an ETag seen before, or as a stretch of the file."""
    found = []
    for path, tag in tags.items():
        for asked in ({"If-None-Match": tag}, {"Range": "bytes=2-"}):
            answer, body = read(visit, path, **asked)
            if answer.status_code not in NO or SECRET[-8:] in body or "ETag" in answer.headers:
                found.append(f"{path} {asked}: {answer.status_code}")
    return found


@pytest.mark.parametrize("event", list(EVENTS))
def test_nothing_is_given_from_that_moment_on(gallery: Gallery, event: str) -> None:
    happen, letters = EVENTS[event]
    readers = [reader_of(gallery, letter) for letter in letters]
    seen = [_before(gallery, reader) for reader in readers]
    for reader in readers if event in PERSONAL else readers[:1]:
        happen(gallery, reader)
    for reader, (tags, package) in zip(readers, seen, strict=True):
        visit = gallery.visits.of(reader)
        assert still_open(visit, tags) == []
        for path in gallery.current_files():
            answer, body = read(visit, path, **{"If-None-Match": f'"{gallery.version.sha256}"'})
            assert SECRET not in body
            assert answer.status_code in NO or (event == "superseded" and b"a newer one" in body)
        assert SECRET not in _whole(visit, package)
        for path in (f"/api/v1/assets/{gallery.asset.id}", "/api/v1/library", f"/assets/{gallery.asset.id}"):
            assert f"/renditions/{gallery.version.id}/".encode() not in read(visit, path)[1]


def _before(gallery: Gallery, reader: Actor) -> tuple[dict[str, str], str]:
    visit = gallery.visits.of(reader)
    package = gallery.pack(reader)
    assert SECRET in _whole(visit, package)
    offered = read(visit, f"/api/v1/assets/{gallery.asset.id}")[0].json or {}
    previews = [*gallery.previews(), offered["versions"][0]["preview_url"]]
    open_all(visit, gallery.current_files())
    return open_all(visit, [*previews, *gallery.tiles(), *gallery.files()]), package


def _whole(visit: Visit, package: str) -> bytes:
    """All files of a ZIP, or nothing where it is refused."""
    answer, body = read(visit, package)
    if answer.status_code != 200:
        assert answer.status_code in NO
        return b""
    with zipfile.ZipFile(io.BytesIO(body)) as archive:
        return b"".join(archive.read(each) for each in archive.namelist())


def test_what_must_be_asked_for_is_shown_but_not_given(gallery: Gallery) -> None:
    reader = gallery.people.field_marketer
    visit = gallery.visits.of(reader)
    _, package = _before(gallery, reader)
    rights(ask_first="on", terms="Call Ida")(gallery, reader)
    open_all(visit, gallery.previews())
    closed = [*gallery.tiles(), *gallery.files(), *gallery.current_files()]
    assert still_open(visit, dict.fromkeys(closed, f'"{gallery.version.sha256}"')) == []
    refusal = read(visit, f"/assets/{gallery.asset.id}/download")[0].get_data(as_text=True)
    assert "Call Ida" in refusal
    assert SECRET not in _whole(visit, package)


@pytest.mark.parametrize("event", ["person suspended", "roles taken", "organisation suspended", "deleted"])
def test_older_versions_are_its_agency_s_until_it_is_closed_to_them(gallery: Gallery, event: str) -> None:
    agency = gallery.people.contributor
    visit = gallery.visits.of(agency)
    paths = [f"/assets/{gallery.asset.id}/download?v=1", f"/renditions/{gallery.older.id}/thumb"]
    for path in paths:
        answer, body = read(visit, path)
        assert (answer.status_code, b"an older one" in body) == (200, True)
        field = gallery.visits.of(gallery.people.field_marketer)
        assert read(field, path)[0].status_code == 404
    EVENTS[event][0](gallery, agency)
    for path in paths:
        answer, body = read(visit, path)
        assert answer.status_code in NO
        assert b"an older one" not in body


def test_a_librarian_looks_at_what_lies_in_the_trash_but_does_not_download_it(gallery: Gallery) -> None:
    done(gallery.librarian.post(f"/assets/{gallery.asset.id}/delete"))
    open_all(gallery.librarian, gallery.previews())
    refused = dict.fromkeys([*gallery.tiles(), *gallery.files(), *gallery.current_files()], '"x"')
    assert still_open(gallery.librarian, refused) == []


def test_a_package_leaves_out_what_was_withdrawn_and_says_why(gallery: Gallery) -> None:
    with gallery.house.database.transaction() as session:
        other = make.asset(session, gallery.people.agency, state="published", versions=0, title="Stays")
        version = version_of(session, gallery.house, other, b"it stays")
        make.approval(session, version, gallery.people.librarian)
        make.right(session, other)
    visit = gallery.visits.of(gallery.people.field_marketer)
    made = visit.post("/packages", {"asset": [gallery.asset.id, other.id], "preset": "large"})
    assert made.status_code == 303
    package = made.headers["Location"]
    rights(ends_on="2027-03-30")(gallery, gallery.people.field_marketer)
    answer, body = read(visit, package)
    assert int(answer.headers["Content-Length"]) == len(body)
    assert answer.headers["Content-Disposition"].startswith("attachment; ")
    assert answer.headers["Cache-Control"] == "private, no-store"
    with zipfile.ZipFile(io.BytesIO(body)) as archive:
        assert archive.testzip() is None
        assert len(archive.namelist()) == 2
        rows = list(csv.DictReader(io.StringIO(archive.read("manifest.csv").decode("utf-8-sig"))))
    assert [row["Title"] for row in rows] == ["The film", "Stays"]
    assert "30" in rows[0]["Not included because"]
    assert rows[0]["File"] == ""
    assert rows[1]["Not included because"] == ""
    stranger = gallery.visits.of(gallery.people.librarian)
    assert read(stranger, package)[0].status_code == 404


def test_a_package_breaks_off_when_a_file_is_withdrawn_under_way(gallery: Gallery) -> None:
    visit = gallery.visits.of(gallery.people.field_marketer)
    answer = visit.get(gallery.pack(gallery.people.field_marketer), buffered=False)
    pieces = answer.iter_encoded()
    given = [next(pieces)]
    done(gallery.librarian.post(f"/assets/{gallery.asset.id}/withdraw", {"reason": "A mistake"}))
    with pytest.raises(Refusal):
        given.extend(pieces)
    answer.close()
    assert SECRET not in b"".join(given)
    assert len(b"".join(given)) < int(answer.headers["Content-Length"])


def test_originals_are_kept_not_shown(gallery: Gallery) -> None:
    visit = gallery.visits.of(gallery.people.field_marketer)
    for path in [*gallery.files(), *gallery.current_files()]:
        answer, _ = read(visit, path)
        assert answer.headers["Content-Disposition"].startswith("attachment; filename="), path
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert answer.headers["Content-Security-Policy"] == "default-src 'none'; sandbox"
        assert answer.headers["Cache-Control"] == "private, no-store"
        assert answer.headers["Accept-Ranges"] == "bytes"


def test_previews_are_asked_for_each_time(gallery: Gallery) -> None:
    visit = gallery.visits.of(gallery.people.field_marketer)
    for path in [*gallery.previews(), gallery.tiles()[1]]:
        answer, _ = read(visit, path)
        tag = answer.headers["ETag"]
        again, body = read(visit, path, **{"If-None-Match": tag})
        assert (again.status_code, body) == (304, b""), path
        for each in (answer, again):
            assert "Content-Language" not in each.headers, "a picture is in no language"
            assert each.headers["Cache-Control"] == "private, no-cache"
            assert each.headers["X-Content-Type-Options"] == "nosniff"
            assert "sandbox" in each.headers["Content-Security-Policy"]
    index, _ = read(visit, gallery.tiles()[0])
    assert index.headers["Cache-Control"] == "private, no-cache"


def test_a_stretch_of_a_file_is_given_and_counts_once(gallery: Gallery) -> None:
    visit = gallery.visits.of(gallery.people.field_marketer)
    path = gallery.current_files()[0]
    whole = read(visit, path)[1]
    answer, rest = read(visit, path, Range="bytes=4-")
    assert (answer.status_code, rest) == (206, whole[4:])
    assert read(visit, path, Range=f"bytes={len(whole)}-")[0].status_code == 416
    with gallery.house.database.reading() as session:
        assert session.get_one(Asset, gallery.asset.id).uses == 1


@pytest.mark.parametrize(
    ("title", "name"),
    [
        ('He said "go"', "He said"),
        ("Zwei\r\nSet-Cookie: assetlib=stolen", "Set-Cookie"),
        ("Über den Dächern – Größe 5", "%C3%9Cber"),
        ("../../etc/passwd", "etc"),
        ("\u202egpj.exe", "gpj"),
        ("…", ""),
        ("山の朝 🏔", "%E5%B1%B1"),
        ("<script>alert(1)</script>; a=b", "script"),
    ],
)
def test_a_title_makes_a_safe_file_name(gallery: Gallery, title: str, name: str) -> None:
    with gallery.house.database.transaction() as session:
        session.get_one(Asset, gallery.asset.id).title = title
    answer, _ = read(gallery.visits.of(gallery.people.field_marketer), gallery.current_files()[0])
    header = answer.headers["Content-Disposition"]
    assert answer.status_code == 200
    assert answer.headers.get("Set-Cookie") is None
    assert name in header
    assert header.isascii()
    assert header.isprintable()
    plain = header.partition('filename="')[2].partition('"')[0]
    assert plain.endswith(".jpg")
    assert not set(plain) & set('/\\<>:;"\r\n')
    assert header.count('"') == 2


def test_no_button_hides_why_a_download_is_refused(gallery: Gallery) -> None:
    """An address that the browser only keeps would lay the refusal into a list of failed downloads."""
    with gallery.house.database.transaction() as session:
        right = session.get_one(Asset, gallery.asset.id).right
        assert right is not None
        right.ends_on = date(2020, 1, 1)
    visit = gallery.visits.of(gallery.people.field_marketer)
    answer, body = read(visit, f"/assets/{gallery.asset.id}/download")
    assert (answer.status_code, f'href="/assets/{gallery.asset.id}"'.encode() in body) == (403, True)
    assert b"rights ended" in body
    for path in (f"/assets/{gallery.asset.id}", "/library", "/library?view=list"):
        page = read_page(gallery.librarian.get(path))
        links = page.tree.xpath("//a[contains(@href, '/download')]")
        assert all(each.get("download") is None for each in links), path
    assert read_page(gallery.librarian.get(f"/assets/{gallery.asset.id}")).tree.xpath(
        "//a[contains(@href, '/download')]"
    )
