"""What went wrong with links elsewhere, each as a test of its own. The names say whose failure it was."""

from datetime import timedelta

import pytest
from sqlalchemy import func, select

from assetlib import clock
from assetlib.audit.models import AuditEntry
from assetlib.catalog.models import Asset, Share
from tests import make
from tests.delivery.gallery import EVENING, SECRET, Gallery
from tests.delivery.sharing import everything, files, make_link, open_link, pack, plain, previews
from tests.delivery.test_byte_paths import read
from tests.delivery.test_share_paths import NO, gallery

__all__ = ["gallery"]


# Nextcloud


def test_nextcloud_2018_014_previews_of_a_link_are_asked_like_everything(gallery: Gallery) -> None:
    link = make_link(gallery, gallery.people.field_marketer)
    nobody = gallery.visits.nobody()
    for path in everything(gallery, link):
        answer, body = read(nobody, path)
        assert (answer.status_code, SECRET in body) == (404, False), path


def test_nextcloud_2019_002_the_end_of_a_link_is_asked_on_every_request(gallery: Gallery) -> None:
    with gallery.house.database.transaction() as session:
        right = session.get_one(Asset, gallery.asset.id).right
        assert right is not None
        right.ends_on = None
    ends = EVENING + timedelta(minutes=30)
    link = make_link(gallery, gallery.people.field_marketer, expires_at=ends.isoformat())
    visit = open_link(gallery, link)
    gallery.clock.enter_context(clock.held_at(ends - timedelta(seconds=1)))
    assert read(visit, files(gallery, link)[0])[0].status_code == 200
    gallery.clock.enter_context(clock.held_at(ends))
    for path in everything(gallery, link):
        assert read(visit, path)[0].status_code == 404, path
    assert gallery.visits.nobody().post(link.url).status_code == 404


def test_nextcloud_2019_003_a_change_of_one_thing_extends_nothing_else(gallery: Gallery) -> None:
    link = make_link(
        gallery, gallery.people.field_marketer, forms=["large"], download_limit=5,
        expires_at=(EVENING + timedelta(days=2)).isoformat(),
    )  # fmt: skip
    maker = gallery.visits.of(gallery.people.field_marketer)
    asked = {"name": "Renamed", "forms": ["large"], "download_limit": 5, "revision": 1}
    answer = maker.send("PUT", f"/api/v1/shares/{link.id}", json=asked)
    told = answer.json or {}
    assert (told["name"], told["forms"], told["download_limit"]) == ("Renamed", ["large"], 5)
    assert told["expires_at"].startswith("2027-04-02T23:30")
    with gallery.house.database.reading() as session:
        changed = session.scalars(
            select(AuditEntry).where(AuditEntry.action == "catalog.share_changed")
        ).one()
        assert changed.changes["before"] == changed.changes["after"]


def test_nextcloud_2020_015_what_is_for_looking_only_cannot_be_downloaded(gallery: Gallery) -> None:
    link = make_link(gallery, gallery.people.field_marketer, forms=[])
    visit = open_link(gallery, link)
    assert SECRET in read(visit, previews(gallery, link)[0])[1]
    for path in files(gallery, link):
        answer, body = read(visit, path)
        assert (answer.status_code, SECRET in body) == (403, False), path
    for form in ("original", "large"):
        assert visit.post(f"{link.page}/packages", {"form": form}).status_code == 403
    # Presets and zoom tiles are no previews, so that nobody has the picture in full by them.
    for recipe in ("large", "zoom", "office", "square"):
        answer, body = read(visit, f"{link.page}/renditions/{gallery.version.id}/{recipe}")
        assert (answer.status_code in NO, SECRET in body) == (True, False), recipe


def test_nextcloud_34029_one_form_does_not_open_another(gallery: Gallery) -> None:
    link = make_link(gallery, gallery.people.field_marketer, forms=["large"])
    visit = open_link(gallery, link)
    assert read(visit, f"{link.page}/assets/{gallery.asset.id}/download?form=large")[0].status_code == 200
    assert read(visit, f"{link.page}/assets/{gallery.asset.id}/download")[0].status_code == 403
    assert visit.post(f"{link.page}/packages", {"form": "original"}).status_code == 403


def test_nextcloud_2018_012_opening_a_link_begins_a_new_session(gallery: Gallery) -> None:
    link = make_link(gallery, gallery.people.field_marketer)
    visit = gallery.visits.nobody()
    name = f"assetlib-share-{link.id}"
    visit.client.set_cookie(name, "a-session-that-somebody-laid-there")
    assert visit.post(link.url).status_code == 303
    first = visit.client.get_cookie(name)
    assert first is not None
    assert first.value != "a-session-that-somebody-laid-there"
    visit.post(link.url)
    second = visit.client.get_cookie(name)
    assert second is not None
    assert second.value != first.value
    old = gallery.visits.nobody()
    old.client.set_cookie(name, first.value)
    assert read(old, link.page)[0].status_code == 404


def test_nextcloud_2018_013_a_link_signs_nobody_in_and_a_person_opens_no_link(gallery: Gallery) -> None:
    link = make_link(gallery, gallery.people.field_marketer, password="kite-lamp-7")
    visit = open_link(gallery, link, "kite-lamp-7")
    pictures = f"/renditions/{gallery.version.id}/thumb"
    for path in ("/library", "/api/v1/library", f"/assets/{gallery.asset.id}", "/shares", pictures):
        assert read(visit, path)[0].status_code in (302, 401), path
    for person in (gallery.people.administrator, gallery.people.field_marketer):
        for path in everything(gallery, link):
            assert read(gallery.visits.of(person), path)[0].status_code == 404, path


def test_nextcloud_2017_001_a_link_gives_no_more_than_its_maker_has(gallery: Gallery) -> None:
    with gallery.house.database.transaction() as session:
        draft = make.asset(session, gallery.people.own, title="A draft of ours")
        trashed = make.published(
            session,
            gallery.people.own,
            gallery.people.librarian,
            title="In the trash",
            deleted_at=clock.now(),
        )
        ids = [gallery.asset.id, draft.id, trashed.id]
        older = gallery.older.id
    for maker in (gallery.people.field_marketer, gallery.people.librarian, gallery.people.administrator):
        link = make_link(gallery, maker, assets=ids)
        visit = open_link(gallery, link)
        body = read(visit, link.page)[1]
        assert (b"The film" in body, b"A draft of ours" in body, b"In the trash" in body) == (
            True,
            False,
            False,
        )
        for each in (draft.id, trashed.id):
            assert read(visit, f"{link.page}/assets/{each}/download")[0].status_code == 404
        assert read(visit, f"{link.page}/renditions/{older}/thumb")[0].status_code == 404


def test_nextcloud_2017_003_no_refusal_names_what_is_not_shown(gallery: Gallery) -> None:
    with gallery.house.database.transaction() as session:
        other = make.published(session, gallery.people.own, gallery.people.librarian, title="Secret launch")
    link = make_link(gallery, gallery.people.field_marketer)
    visit = open_link(gallery, link)
    there, there_body = read(visit, f"{link.page}/assets/{other.id}/download")
    gone, gone_body = read(visit, f"{link.page}/assets/999999/download")
    assert there.status_code == gone.status_code == 404
    assert there_body == gone_body
    assert b"Secret launch" not in there_body


def test_nextcloud_2020_026_no_password_and_no_token_is_kept_as_it_is(gallery: Gallery) -> None:
    link = make_link(gallery, gallery.people.field_marketer, password="kite-lamp-7")
    token = link.url.rpartition("/")[2]
    with gallery.house.database.reading() as session:
        share = session.get_one(Share, link.id)
        assert (share.password_hash or "").startswith("$argon2id$")
        assert share.token_hash != token
        kept = "".join(str(each.changes) for each in session.scalars(select(AuditEntry)))
    assert "kite-lamp-7" not in kept
    assert token not in kept


def test_nextcloud_45285_every_link_that_reaches_an_asset_stands_on_its_page(gallery: Gallery) -> None:
    make_link(gallery, gallery.people.field_marketer, name="To the press")
    make_link(
        gallery, gallery.people.administrator, name="By its collection", collection=gallery.collection.id
    )
    page = read(gallery.librarian, f"/assets/{gallery.asset.id}")[1].decode()
    assert "To the press" in page
    assert "By its collection" in page
    mine = read(gallery.visits.of(gallery.people.field_marketer), f"/assets/{gallery.asset.id}")[1].decode()
    assert "To the press" in mine
    assert "By its collection" not in mine


def test_nextcloud_files_downloadlimit_each_link_counts_for_itself(gallery: Gallery) -> None:
    first = make_link(gallery, gallery.people.field_marketer, download_limit=1)
    second = make_link(gallery, gallery.people.field_marketer, download_limit=2)
    one, other = open_link(gallery, first), open_link(gallery, second)
    assert read(one, files(gallery, first)[0])[0].status_code == 200
    assert read(one, files(gallery, first)[0])[0].status_code == 403
    assert [read(other, files(gallery, second)[0])[0].status_code for _ in range(3)] == [200, 200, 403]


@pytest.mark.parametrize("weak", ["", "short", "aaaaaaaaaaaa", "x" * 201])
def test_nextcloud_58359_a_refused_password_makes_no_link(gallery: Gallery, weak: str) -> None:
    maker = gallery.visits.of(gallery.people.field_marketer)
    asked = {"name": "x", "assets": [gallery.asset.id], "password": weak}
    assert maker.send("POST", "/api/v1/shares", json=asked).status_code == 422
    form = {
        "name": "x",
        "asset": gallery.asset.id,
        "expires_on": "2027-04-02",
        "with_password": "1",
        "password": weak,
    }
    answer = maker.post("/shares/new", form)
    assert answer.status_code == 422
    assert b"/s/" not in answer.get_data()
    with gallery.house.database.reading() as session:
        assert session.scalar(select(func.count()).select_from(Share)) == 0


# Immich, immich-public-proxy, FileBrowser


def test_immich_29599_nothing_is_read_without_the_password(gallery: Gallery) -> None:
    link = make_link(gallery, gallery.people.field_marketer, password="kite-lamp-7")
    visit = gallery.visits.nobody()
    gate = read(visit, link.url)[1]
    assert b"The film" not in gate
    assert b"renditions" not in gate
    for wrong in ("", "kite-lamp-8", "KITE-LAMP-7", "kite-lamp-7 "):
        answer = visit.post(link.url, {"password": wrong})
        assert (answer.status_code, "Set-Cookie" in str(answer.headers.get("Set-Cookie", ""))) == (403, False)
        assert visit.client.get_cookie(f"assetlib-share-{link.id}") is None
    for path in everything(gallery, link):
        for asked in (
            path,
            f"{path}{'&' if '?' in path else '?'}key={link.url.rpartition('/')[2]}&password=kite-lamp-7",
        ):
            answer, body = read(visit, asked)
            assert (answer.status_code, SECRET in body, b"The film" in body) == (404, False, False), asked
    assert visit.post(f"{link.page}/packages", {"form": "original"}).status_code == 404


def test_immich_29526_what_leaves_by_the_bulk_leaves_the_link_too(gallery: Gallery) -> None:
    link = make_link(gallery, gallery.people.field_marketer, collection=gallery.collection.id)
    visit = open_link(gallery, link)
    answer = gallery.librarian.send(
        "POST",
        f"/api/v1/collections/{gallery.collection.id}/assets/remove",
        json={"assets": [gallery.asset.id]},
    )
    assert answer.status_code == 200
    assert read(visit, previews(gallery, link)[0])[0].status_code == 404


def test_immich_23896_a_link_makes_no_link(gallery: Gallery) -> None:
    link = make_link(gallery, gallery.people.librarian)
    visit = open_link(gallery, link)
    answer = visit.send("POST", "/api/v1/shares", json={"name": "x", "assets": [gallery.asset.id]})
    assert answer.status_code == 401
    assert (
        visit.send("PUT", f"/api/v1/shares/{link.id}", json={"name": "x", "revision": 1}).status_code == 401
    )


# ResourceSpace


def test_resourcespace_2011_4311_a_key_has_to_be_one_of_ours(gallery: Gallery) -> None:
    link = make_link(gallery, gallery.people.field_marketer)
    token = link.url.rpartition("/")[2]
    nobody = gallery.visits.nobody()
    known = plain(read(nobody, "/s/" + "x" * 43)[1])
    for guess in (
        token[:-1],
        token + "x",
        token.swapcase(),
        "%00",
        "x" * 5_000,
        "\u00e4",
        "0",
        "null",
        token[:6],
    ):
        for answer in (nobody.get(f"/s/{guess}"), nobody.post(f"/s/{guess}")):
            assert answer.status_code == 404, guess
            assert plain(answer.get_data()) == known, guess
    other = open_link(gallery, make_link(gallery, gallery.people.field_marketer))
    cookie = other.client.get_cookie(f"assetlib-share-{link.id + 1}")
    assert cookie is not None
    for value in (cookie.value, token, "", "0", "x" * 3_000):
        visit = gallery.visits.nobody()
        visit.client.set_cookie(f"assetlib-share-{link.id}", value)
        assert read(visit, link.page)[0].status_code == 404, value[:50]


def test_resourcespace_2022_31260_a_link_of_something_opens_nothing_else(gallery: Gallery) -> None:
    """One link's session on another link's addresses, with that link's assets and packages too."""
    with gallery.house.database.transaction() as session:
        other = make.published(session, gallery.people.own, gallery.people.librarian, title="Another")
    mine = make_link(gallery, gallery.people.field_marketer)
    theirs = make_link(gallery, gallery.people.field_marketer, assets=[other.id])
    visit, stranger = open_link(gallery, mine), open_link(gallery, theirs)
    package = pack(visit, mine)
    for path in [*everything(gallery, mine), package]:
        assert read(stranger, path)[0].status_code == 404, path
        swapped = path.replace(f"/shared/{mine.id}", f"/shared/{theirs.id}")
        answer, body = read(stranger, swapped)
        assert answer.status_code == (200 if swapped == theirs.page else 404), swapped
        assert SECRET not in body
    assert (
        stranger.post(f"{theirs.page}/packages", {"form": "original", "asset": gallery.asset.id}).status_code
        == 403
    )
