"""The holder of a link has the bytes that it gives, and beside them the rights of a stranger."""

import sys
from collections.abc import Iterator
from contextlib import ExitStack
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from assetlib import clock
from assetlib.access.actor import ANONYMOUS, Actor
from assetlib.access.permission import Permission
from assetlib.accounts.actions.tokens import make_token
from assetlib.accounts.models import Person
from assetlib.audit.models import AuditEntry
from assetlib.catalog.models import AccessRequest, Asset, Collection, Share, Version
from assetlib.catalog.permissions.assets import may_have_bytes
from assetlib.catalog.queries.actors import actor_of
from assetlib.catalog.queries.links import holder_of, maker_of
from assetlib.catalog.queries.visibility import collections_visible_to
from assetlib.dashboards.my_work import what_waits
from assetlib.house import House
from tests import make
from tests.delivery.gallery import EVENING, Gallery, furnish
from tests.delivery.reading import read_page
from tests.delivery.sharing import Link, files, make_link, open_link, pack
from tests.delivery.test_byte_paths import done, read
from tests.delivery.visiting import Visits


@pytest.fixture
def gallery(house: House, visits: Visits, people: make.People) -> Iterator[Gallery]:
    with ExitStack() as stack:
        stack.enter_context(clock.held_at(EVENING))
        yield furnish(house, visits, people, stack)


def holder(session: Session, link: Link) -> Actor:
    share = session.get_one(Share, link.id)
    return holder_of(session, share, maker_of(session, share), 1)


def permissions() -> list[Permission]:
    """Each that is named in a module of the product."""
    modules = [each for name, each in sys.modules.items() if name.startswith("assetlib.")]
    named = (each for module in modules for each in vars(module).values())
    found = {each.name: each for each in named if isinstance(each, Permission)}
    return [found[name] for name in sorted(found)]


def things_of(session: Session, gallery: Gallery, maker: Actor) -> list[Any]:
    """What the maker of the link has, one of each sort, and what the link gives."""
    person = session.get_one(Person, maker.person_id)
    token, _ = make_token(session, maker, person, name="Import", scopes=["read"], until=clock.today())
    asked = AccessRequest(
        person_id=person.id, asset_number=gallery.asset.id, purpose="A poster", created_at=clock.now()
    )
    session.add(asked)
    upload = make.upload(session, maker, content=b"x", store=gallery.house.store)
    private = make.collection(session, maker, audience="private")
    share = session.scalars(select(Share)).one()
    asset, version = session.get_one(Asset, gallery.asset.id), session.get_one(Version, gallery.version.id)
    return [None, person, token, asked, private, share, asset, version, upload]


def may(permission: Permission, actor: Actor, things: list[Any]) -> set[int]:
    """Which of these things it allows."""
    found = set()
    for number, thing in enumerate(things):
        try:
            if permission.allows(actor, thing):
                found.add(number)
        except AttributeError:  # it is about things of another sort
            continue
    return found


def test_no_permission_says_yes_to_whoever_holds_a_link(gallery: Gallery) -> None:
    maker = gallery.people.librarian
    link = make_link(gallery, maker)
    with gallery.house.database.transaction() as session:
        things = things_of(session, gallery, maker)
        who = holder(session, link)
        more = {each.name: may(each, who, things) - may(each, ANONYMOUS, things) for each in permissions()}
        made = {each.name for each in permissions() if may(each, maker, things)}
        assert {name for name, some in more.items() if some} == set()
        assert {"accounts.own_account", "accounts.revoke_token", "catalog.refuse_upload"} <= made
        assert may_have_bytes(who, things[6], things[7], "download", "original").is_yes


def test_no_list_tells_the_holder_of_a_link_what_its_maker_keeps_private(gallery: Gallery) -> None:
    maker = gallery.people.librarian
    link = make_link(gallery, maker)
    with gallery.house.database.transaction() as session:
        private = make.collection(session, maker, audience="private")
        mine = select(Collection.id).where(collections_visible_to(maker))
        theirs = select(Collection.id).where(collections_visible_to(holder(session, link)))
        assert private.id in session.scalars(mine).all()
        assert session.scalars(theirs).all() == []


def test_the_log_names_no_person_for_what_was_done_with_a_link(gallery: Gallery) -> None:
    link = make_link(gallery, gallery.people.field_marketer)
    visit = open_link(gallery, link)
    assert read(visit, files(gallery, link)[0])[0].status_code == 200
    assert read(visit, pack(visit, link))[0].status_code == 200
    with gallery.house.database.reading() as session:
        entries = session.scalars(select(AuditEntry).where(AuditEntry.actor_kind == "share")).all()
    assert {each.action for each in entries} >= {"catalog.share_opened", "catalog.asset_downloaded"}
    assert {(each.actor_id, each.changes["share_id"]) for each in entries} == {(None, link.id)}
    log = read_page(gallery.administrator.get("/audit")).text
    assert "Somebody with a link" in log
    assert "Finn Field opened" not in log


def watched(gallery: Gallery, actor: Actor) -> list[str]:
    with gallery.house.database.reading() as session:
        waiting = what_waits(session, actor_of(session, actor.person_id or 0))
    return [item.title for group in waiting.groups if group.verb == "watch" for item in group.items]


def test_nobody_is_told_that_they_took_what_went_by_their_link(gallery: Gallery) -> None:
    """Its rights end on this day, which is told to whoever downloaded it."""
    maker = gallery.people.field_marketer
    link = make_link(gallery, maker)
    assert read(open_link(gallery, link), files(gallery, link)[0])[0].status_code == 200
    assert watched(gallery, maker) == []
    assert read(gallery.visits.of(maker), gallery.files()[0].partition("?")[0])[0].status_code == 200
    assert watched(gallery, maker) == ["The film"]


def test_whoever_made_a_link_reads_no_title_that_is_not_open_to_them_any_more(gallery: Gallery) -> None:
    maker = gallery.people.field_marketer
    link = make_link(gallery, maker)
    assert read(open_link(gallery, link), files(gallery, link)[0])[0].status_code == 200
    looking = {"maker": gallery.visits.of(maker), "librarian": gallery.librarian}
    path = f"/shares/{link.id}"
    assert [b"The film" in read(visit, path)[1] for visit in looking.values()] == [True, True]
    done(gallery.librarian.post(f"/assets/{gallery.asset.id}/withdraw", {"reason": "A mistake"}))
    with gallery.house.database.transaction() as session:
        session.get_one(Asset, gallery.asset.id).title = "Launch of the secret tent"
    assert b"secret tent" in read(looking["librarian"], path)[1]
    answer, body = read(looking["maker"], path)
    assert (answer.status_code, b"secret tent" in body) == (200, False)
    assert gallery.asset.ref.encode() in body


def test_a_zip_of_a_link_is_for_those_who_hold_it_alone(gallery: Gallery) -> None:
    maker = gallery.people.librarian
    one, other = make_link(gallery, maker), make_link(gallery, maker)
    inside, beside = open_link(gallery, one), open_link(gallery, other)
    address = pack(inside, one)
    name = address.rsplit("/", 1)[1]
    assert read(inside, address)[0].status_code == 200
    assert read(beside, address.replace(one.page, other.page))[0].status_code == 404
    assert read(gallery.librarian, f"/packages/{name}")[0].status_code == 404
