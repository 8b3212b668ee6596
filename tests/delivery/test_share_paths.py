"""Every address that gives something by a link × everything that closes it, from that moment on."""

import io
import zipfile
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from datetime import timedelta

import pytest
from sqlalchemy import delete

from assetlib import clock
from assetlib.accounts.models import Group, GroupMember, Person, RoleGrant
from assetlib.catalog.models import Asset, Share, ShareSession, Version
from assetlib.errors import Refusal
from assetlib.house import House
from tests import make
from tests.delivery.gallery import EVENING, SECRET, Gallery, furnish, version_of
from tests.delivery.sharing import Link, files, make_link, open_link, pack, previews
from tests.delivery.test_byte_paths import done, on_asset, read, rights
from tests.delivery.visiting import Visit, Visits

NO = (303, 403, 404)


@pytest.fixture
def gallery(house: House, visits: Visits, people: make.People) -> Iterator[Gallery]:
    with ExitStack() as stack:
        stack.enter_context(clock.held_at(EVENING))
        yield furnish(house, visits, people, stack)


def revoke(g: Gallery, link: Link) -> None:
    done(g.visits.of(g.people.field_marketer).post(f"/shares/{link.id}/revoke"))


def revoked_by_a_librarian(g: Gallery, link: Link) -> None:
    done(g.librarian.post(f"/shares/{link.id}/revoke"))


def expire(g: Gallery, link: Link) -> None:
    with g.house.database.transaction() as session:
        row = session.get_one(Asset, g.asset.id).right
        assert row is not None
        row.ends_on = None  # so that it is the link that ends, not the right
    g.clock.enter_context(clock.held_at(EVENING + timedelta(days=2)))


def set_password(g: Gallery, link: Link) -> None:
    answer = g.visits.of(g.people.field_marketer).send(
        "PUT",
        f"/api/v1/shares/{link.id}/password",
        json={"password": "kite-lamp-7", "revision": link.revision},
    )
    assert answer.status_code == 200, answer.text


def reach_limit(g: Gallery, link: Link) -> None:
    with g.house.database.transaction() as session:
        share = session.get_one(Share, link.id)
        share.download_limit = max(share.downloads, 1)
        share.downloads = share.download_limit


def suspend_maker(g: Gallery, link: Link) -> None:
    with g.house.database.transaction() as session:
        session.get_one(Person, g.people.field_marketer.person_id).state = "suspended"


def take_role(g: Gallery, link: Link) -> None:
    with g.house.database.transaction() as session:
        session.execute(delete(RoleGrant).where(RoleGrant.person_id == g.people.field_marketer.person_id))


def day_ends(g: Gallery, link: Link) -> None:
    g.clock.enter_context(clock.held_at(EVENING + timedelta(minutes=31)))


def embargo(g: Gallery, link: Link) -> None:
    with g.house.database.transaction() as session:
        session.get_one(Asset, g.asset.id).embargo_until = EVENING + timedelta(days=1)


def new_version_unapproved(g: Gallery, link: Link) -> None:
    with g.house.database.transaction() as session:
        version_of(session, g.house, session.get_one(Asset, g.asset.id), b"a newer one")


def give_back(g: Gallery, link: Link) -> None:
    with g.house.database.transaction() as session:
        version = session.get_one(Version, g.version.id)
        make.approval(session, version, g.people.librarian, verdict="returned")


def close_browser_session(g: Gallery, link: Link) -> None:
    with g.house.database.transaction() as session:
        session.execute(delete(ShareSession).where(ShareSession.share_id == link.id))


EVENTS: dict[str, Callable[[Gallery, Link], None]] = {
    "share revoked": revoke,
    "share revoked by a librarian": revoked_by_a_librarian,
    "share expired": expire,
    "password set": set_password,
    "session closed": close_browser_session,
    "maker suspended": suspend_maker,
    "maker's role removed": take_role,
    "asset withdrawn": lambda g, _: on_asset("withdraw", reason="A mistake")(g, g.people.librarian),
    "asset archived": lambda g, _: on_asset("archive")(g, g.people.librarian),
    "asset deleted": lambda g, _: on_asset("delete")(g, g.people.librarian),
    "rights ended with the day": day_ends,
    "rights recorded as ended": lambda g, _: rights(ends_on="2027-03-30")(g, g.people.librarian),
    "ask first": lambda g, _: rights(ask_first="on", terms="Call Ida")(g, g.people.librarian),
    "embargo": embargo,
    "new version unapproved": new_version_unapproved,
    "approval returned": give_back,
}


def before(g: Gallery, visit: Visit, link: Link) -> tuple[dict[str, str], str]:
    """Everything read once: ETag of each address, and the address of a ZIP."""
    tags = {}
    for path in [*previews(g, link), *files(g, link)]:
        answer, body = read(visit, path)
        assert (answer.status_code, SECRET in body) == (200, True), path
        tags[path] = answer.headers["ETag"]
    package = pack(visit, link)
    assert SECRET in whole(visit, package)
    for path in (link.page, f"{link.page}/assets/{g.asset.id}"):
        assert b"The film" in read(visit, path)[1]
    return tags, package


def whole(visit: Visit, package: str) -> bytes:
    answer, body = read(visit, package)
    if answer.status_code != 200:
        assert answer.status_code in NO
        return b""
    with zipfile.ZipFile(io.BytesIO(body)) as archive:
        return b"".join(archive.read(each) for each in archive.namelist())


def still_open(visit: Visit, tags: dict[str, str]) -> list[str]:
    found = []
    for path, tag in tags.items():
        for asked in ({}, {"If-None-Match": tag}, {"Range": "bytes=2-"}):
            answer, body = read(visit, path, **asked)
            if answer.status_code not in NO or SECRET[-8:] in body or "ETag" in answer.headers:
                found.append(f"{path} {asked}: {answer.status_code}")
        head = visit.client.head(path)
        if head.status_code not in NO or "ETag" in head.headers:
            found.append(f"HEAD {path}: {head.status_code}")
    return found


@pytest.mark.parametrize("event", list(EVENTS))
def test_nothing_is_given_from_that_moment_on(gallery: Gallery, event: str) -> None:
    ends = (EVENING + timedelta(days=1)).isoformat()
    link = make_link(gallery, gallery.people.field_marketer, expires_at=ends)
    visit = open_link(gallery, link)
    tags, package = before(gallery, visit, link)
    EVENTS[event](gallery, link)
    assert still_open(visit, tags) == []
    assert SECRET not in whole(visit, package)
    for path in (link.page, f"{link.page}/assets/{gallery.asset.id}"):
        _, body = read(visit, path)
        assert b"The film" not in body
        assert f"/renditions/{gallery.version.id}/".encode() not in body
    again = visit.post(f"{link.page}/packages", {"form": "original"})
    assert again.status_code in (403, 404, 422)


def test_nothing_is_given_when_the_limit_is_reached(gallery: Gallery) -> None:
    link = make_link(gallery, gallery.people.field_marketer, download_limit=20)
    visit = open_link(gallery, link)
    _, package = before(gallery, visit, link)
    reach_limit(gallery, link)
    other = open_link(gallery, link)
    for path in files(gallery, link):
        for asked in ({}, {"If-None-Match": f'"{gallery.version.sha256}"'}, {"Range": "bytes=2-"}):
            answer, body = read(other, path, **asked)
            assert (answer.status_code, SECRET in body) == (403, False), path
        assert other.client.head(path).status_code == 403
        assert read(visit, path)[0].status_code == 403
    assert SECRET not in whole(other, package)  # whose own it was may try again when it broke off
    assert read(other, previews(gallery, link)[0])[0].status_code == 200  # looking is not limited


def test_what_the_maker_had_by_a_group_ends_with_the_group(gallery: Gallery) -> None:
    with gallery.house.database.transaction() as session:
        member = make.person(session, gallery.people.own, name="Mira by a group")
        group = Group(name="Press", created_at=clock.now())
        session.add(group)
        session.flush()
        session.add_all(
            [
                GroupMember(group_id=group.id, person_id=member.id, added_at=clock.now()),
                RoleGrant(group_id=group.id, role="field_marketer"),
            ]
        )
        maker = make.actor(member, gallery.people.own)
        group_id = group.id
    link = make_link(gallery, maker)
    visit = open_link(gallery, link)
    tags, package = before(gallery, visit, link)
    with gallery.house.database.transaction() as session:
        session.execute(delete(GroupMember).where(GroupMember.group_id == group_id))
    assert still_open(visit, tags) == []
    assert SECRET not in whole(visit, package)


def test_a_live_link_follows_its_collection(gallery: Gallery) -> None:
    link = make_link(gallery, gallery.people.field_marketer, collection=gallery.collection.id)
    frozen = make_link(gallery, gallery.people.field_marketer)
    visit, other = open_link(gallery, link), open_link(gallery, frozen)
    tags, package = before(gallery, visit, link)
    kept, _ = before(gallery, other, frozen)
    done(gallery.librarian.post(f"/collections/{gallery.collection.id}/remove", {"asset": gallery.asset.id}))
    assert still_open(visit, tags) == []
    assert SECRET not in whole(visit, package)
    assert read(other, next(iter(kept)))[0].status_code == 200


def test_a_zip_breaks_off_when_the_link_is_taken_back_under_way(gallery: Gallery) -> None:
    link = make_link(gallery, gallery.people.field_marketer)
    visit = open_link(gallery, link)
    answer = visit.get(pack(visit, link), buffered=False)
    pieces = answer.iter_encoded()
    given = [next(pieces)]
    revoke(gallery, link)
    with pytest.raises(Refusal):
        given.extend(pieces)
    answer.close()
    assert SECRET not in b"".join(given)
