"""What is taken by a link is counted once, before its first byte, and its limit is never passed."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from assetlib import clock
from assetlib.audit.models import AuditEntry
from assetlib.catalog.models import Asset, Share, ShareAccess, UsageEvent
from assetlib.catalog.rules.forms import COUNTS_ONCE_WITHIN, MOST_STRETCHES, MOST_ZIPS_AGAIN
from assetlib.notify.models import Notice
from tests import make
from tests.catalog.at_once import at_once
from tests.delivery.gallery import EVENING, SECRET, Gallery, version_of
from tests.delivery.sharing import Link, files, make_link, open_link, pack
from tests.delivery.test_byte_paths import read
from tests.delivery.test_share_paths import gallery, whole
from tests.delivery.visiting import Visit

__all__ = ["gallery"]


def downloads(g: Gallery, link: Link) -> tuple[int, int, int]:
    """The link's count, its accesses that were downloads, and the usage that names it."""
    with g.house.database.reading() as session:
        share = session.get_one(Share, link.id)
        given = select(func.count()).select_from(ShareAccess)
        given = given.where(ShareAccess.share_id == link.id, ShareAccess.what == "downloaded")
        used = select(func.count()).select_from(UsageEvent).where(UsageEvent.share_id == link.id)
        return share.downloads, session.scalar(given) or 0, session.scalar(used) or 0


def another(g: Gallery) -> Asset:
    with g.house.database.transaction() as session:
        other = make.asset(session, g.people.agency, state="published", versions=0, title="Another film")
        version = version_of(session, g.house, other, SECRET + b" of another")
        make.approval(session, version, g.people.librarian)
        make.right(session, other)
        return other


def test_a_download_counts_for_link_asset_and_maker(gallery: Gallery) -> None:
    link = make_link(gallery, gallery.people.field_marketer)
    visit = open_link(gallery, link)
    assert read(visit, files(gallery, link)[0])[0].status_code == 200
    assert downloads(gallery, link) == (1, 1, 1)
    with gallery.house.database.reading() as session:
        assert session.get_one(Asset, gallery.asset.id).uses == 1
        event = session.scalars(select(UsageEvent)).one()
        assert (event.person_id, event.form) == (gallery.people.field_marketer.person_id, "original")
        entry = session.scalars(
            select(AuditEntry).where(AuditEntry.action == "catalog.asset_downloaded")
        ).one()
        assert (entry.actor_kind, entry.changes["share"]) == ("share", link.id)
    page = read(gallery.librarian, f"/assets/{gallery.asset.id}")[1].decode()
    assert "By the link Press kit of Finn Field" in page


def seen(visit: Visit, link: Link) -> list[str]:
    """What the maker of a link reads of what was done with it, the latest first."""
    told = visit.get(f"/api/v1/shares/{link.id}/accesses?size=50").json or {}
    return [each["what"] for each in told["accesses"]]


def test_the_rest_of_a_file_is_no_second_download_but_the_whole_is(gallery: Gallery) -> None:
    link = make_link(gallery, gallery.people.field_marketer, download_limit=2)
    visit = open_link(gallery, link)
    path = files(gallery, link)[0]
    data = read(visit, path)[1]
    for start in (4, 9):
        answer, rest = read(visit, path, Range=f"bytes={start}-")
        assert (answer.status_code, rest) == (206, data[start:])
    assert visit.client.head(path).status_code == 200
    assert downloads(gallery, link) == (1, 1, 1)
    assert read(visit, path)[0].status_code == 200
    assert downloads(gallery, link) == (2, 2, 2)
    # Its limit is reached; what was begun in this browser can be ended, and nothing else is given.
    assert read(visit, path, Range="bytes=4-")[0].status_code == 206
    assert read(visit, path)[0].status_code == 403
    other = open_link(gallery, link)
    for asked in ({}, {"Range": "bytes=4-"}, {"Range": "bytes=0-"}):
        assert read(other, path, **asked)[0].status_code == 403
    assert downloads(gallery, link) == (2, 2, 2)
    gallery.clock.enter_context(clock.held_at(EVENING + timedelta(minutes=20)))
    assert read(visit, path, Range="bytes=4-")[0].status_code == 206


@pytest.mark.parametrize(
    "asked",
    [
        {"Range": "bytes=0-"},
        {"Range": "bytes=0-3"},
        {"Range": "bytes=-999999"},
        {"Range": "bytes=4-", "If-Range": '"nope"'},
        {"Range": "bytes=4-", "If-Range": "Mon, 30 Nov 2026 10:00:00 GMT"},
        {"Range": "bytes=4-5,6-"},
        {"Range": "pages=4-"},
    ],
)
def test_what_begins_a_file_anew_is_a_download(gallery: Gallery, asked: dict[str, str]) -> None:
    link = make_link(gallery, gallery.people.field_marketer, download_limit=2)
    visit = open_link(gallery, link)
    path = files(gallery, link)[0]
    read(visit, path)
    read(visit, path, **asked)
    assert downloads(gallery, link) == (2, 2, 2)
    assert read(visit, path, **asked)[0].status_code == 403


def test_going_on_with_a_file_is_seen_by_the_maker_and_ends(gallery: Gallery) -> None:
    link = make_link(gallery, gallery.people.field_marketer, download_limit=1)
    visit, maker = open_link(gallery, link), gallery.visits.of(gallery.people.field_marketer)
    path = files(gallery, link)[0]
    read(visit, path)
    assert read(visit, path, Range="bytes=4-")[0].status_code == 206
    assert seen(maker, link) == ["resumed", "downloaded", "opened"]
    assert "Given again, not counted" in maker.get(f"/shares/{link.id}").get_data(as_text=True)
    statuses = [read(visit, path, Range="bytes=4-")[0].status_code for _ in range(MOST_STRETCHES)]
    assert statuses == [206] * (MOST_STRETCHES - 1) + [403]
    assert seen(maker, link).count("resumed") == MOST_STRETCHES


def test_going_on_with_a_file_ends_with_time(gallery: Gallery) -> None:
    with gallery.house.database.transaction() as session:
        right = session.get_one(Asset, gallery.asset.id).right
        assert right is not None
        right.ends_on = None
    link = make_link(gallery, gallery.people.field_marketer, download_limit=1)
    visit = open_link(gallery, link)
    path = files(gallery, link)[0]
    read(visit, path)
    gallery.clock.enter_context(clock.held_at(EVENING + COUNTS_ONCE_WITHIN - timedelta(minutes=1)))
    assert read(visit, path, Range="bytes=4-")[0].status_code == 206
    gallery.clock.enter_context(clock.held_at(EVENING + COUNTS_ONCE_WITHIN))
    assert read(visit, path, Range="bytes=4-")[0].status_code == 403


def test_a_zip_takes_all_its_files_or_none(gallery: Gallery) -> None:
    other = another(gallery)
    link = make_link(
        gallery, gallery.people.field_marketer, assets=[gallery.asset.id, other.id], download_limit=3
    )
    visit = open_link(gallery, link)
    package = pack(visit, link)
    assert visit.client.head(package).status_code == 200
    assert downloads(gallery, link) == (0, 0, 0)
    assert whole(visit, package).count(SECRET) == 2
    assert downloads(gallery, link) == (2, 2, 2)
    answer = visit.post(f"{link.page}/packages", {"form": "original", "asset": other.id})
    assert SECRET in whole(visit, answer.headers["Location"])
    assert downloads(gallery, link) == (3, 3, 3)
    refused, body = read(open_link(gallery, link), package)
    assert (refused.status_code, b"as many files as it may" in body) == (403, True)
    assert downloads(gallery, link) == (3, 3, 3)


def test_more_than_is_left_is_not_given_as_a_zip(gallery: Gallery) -> None:
    other = another(gallery)
    link = make_link(
        gallery, gallery.people.field_marketer, assets=[gallery.asset.id, other.id], download_limit=1
    )
    visit = open_link(gallery, link)
    refused, body = read(visit, pack(visit, link))
    assert (refused.status_code, b"This link gives 1 more file" in body) == (403, True)
    assert downloads(gallery, link) == (0, 0, 0)


def test_a_zip_that_broke_off_is_given_again_to_the_same_browser_and_not_counted(gallery: Gallery) -> None:
    other = another(gallery)
    link = make_link(
        gallery, gallery.people.field_marketer, assets=[gallery.asset.id, other.id], download_limit=2
    )
    visit, maker = open_link(gallery, link), gallery.visits.of(gallery.people.field_marketer)
    package = pack(visit, link)
    broken = visit.client.get(package, buffered=False)
    assert next(iter(broken.response))
    broken.close()
    # All are counted, though no file was begun; what is given again is written down for each.
    assert downloads(gallery, link) == (2, 2, 0)
    assert whole(visit, package).count(SECRET) == 2
    assert whole(visit, pack(visit, link)).count(SECRET) == 2
    assert downloads(gallery, link) == (2, 2, 2)
    assert seen(maker, link).count("resumed") == 4
    # Another selection is no try again, nor is another browser.
    alone = visit.post(f"{link.page}/packages", {"form": "original", "asset": other.id})
    assert read(visit, alone.headers["Location"])[0].status_code == 403
    assert read(open_link(gallery, link), package)[0].status_code == 403
    for _ in range(MOST_ZIPS_AGAIN - 2):
        assert read(visit, package)[0].status_code == 200
    assert read(visit, package)[0].status_code == 403
    assert downloads(gallery, link) == (2, 2, 2)


def test_of_many_at_once_no_more_than_the_limit_is_given(gallery: Gallery) -> None:
    link = make_link(gallery, gallery.people.field_marketer, download_limit=3)
    browsers = [open_link(gallery, link) for _ in range(8)]
    path = files(gallery, link)[0]

    def take(visit: Visit) -> Callable[[], int]:
        return lambda: read(visit, path)[0].status_code

    answers = at_once([take(each) for each in browsers])
    assert sorted(answers) == [200] * 3 + [403] * 5
    assert downloads(gallery, link) == (3, 3, 3)


def test_the_maker_is_told_of_the_first_opening_and_when_nothing_is_left(gallery: Gallery) -> None:
    link = make_link(gallery, gallery.people.field_marketer, download_limit=1)

    def told() -> list[str]:
        with gallery.house.database.reading() as session:
            who = gallery.people.field_marketer.person_id
            kinds = select(Notice.kind).where(Notice.person_id == who, Notice.kind.startswith("share."))
            return sorted(session.scalars(kinds))

    assert told() == []
    visit = open_link(gallery, link)
    assert told() == ["share.opened"]
    open_link(gallery, link)
    assert told() == ["share.opened"]
    read(visit, files(gallery, link)[0])
    assert told() == ["share.opened", "share.used_up"]


@pytest.mark.parametrize("form", ["original", "large"])
def test_each_form_counts(gallery: Gallery, form: str) -> None:
    link = make_link(gallery, gallery.people.field_marketer, download_limit=5)
    visit = open_link(gallery, link)
    read(visit, f"{link.page}/assets/{gallery.asset.id}/download?form={form}")
    assert downloads(gallery, link) == (1, 1, 1)
    with gallery.house.database.reading() as session:
        assert session.scalars(select(ShareAccess.form).where(ShareAccess.what == "downloaded")).all() == [
            form
        ]


def test_a_link_that_gave_all_offers_nothing_but_a_zip_that_broke_off(gallery: Gallery) -> None:
    link = make_link(gallery, gallery.people.field_marketer, download_limit=1)
    visit, late = open_link(gallery, link), open_link(gallery, link)
    asset = f"{link.page}/assets/{gallery.asset.id}"

    def offered(visit: Visit) -> tuple[bool, bool, bool]:
        page, one = (read(visit, each)[1].decode() for each in (link.page, asset))
        return "/download?form=" in page, "/download?form=" in one, "Download all" in page

    assert offered(late) == (True, True, True)
    whole(visit, pack(visit, link))
    assert offered(visit) == (False, False, True)
    assert offered(late) == (False, False, False)
    for path in (link.page, asset):
        assert b"This link has given all the files it may. Ask Finn Field for more." in read(late, path)[1]
        assert b"for looking only" not in read(late, path)[1]
