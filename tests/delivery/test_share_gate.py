"""The gate of a link: what looking at it changes, what it tells, and whose cookie counts where."""

from datetime import timedelta

import pytest
from sqlalchemy import func, select

from assetlib import clock
from assetlib.accounts.models import PersonSession
from assetlib.audit.models import AuditEntry
from assetlib.catalog.models import Asset, ShareAccess, ShareSession
from tests.delivery.gallery import EVENING, Gallery
from tests.delivery.sharing import everything, files, make_link, open_link, plain, previews
from tests.delivery.test_byte_paths import read
from tests.delivery.test_share_paths import gallery, set_password
from tests.delivery.visiting import Visit

__all__ = ["gallery"]


def rows(g: Gallery) -> tuple[int, ...]:
    with g.house.database.reading() as session:
        return tuple(
            session.scalar(select(func.count()).select_from(each)) or 0
            for each in (ShareSession, ShareAccess, PersonSession, AuditEntry)
        )


def test_looking_at_a_link_opens_and_counts_nothing(gallery: Gallery) -> None:
    link = make_link(gallery, gallery.people.field_marketer)
    scanner = gallery.visits.nobody()
    scanner.token()
    before = rows(gallery)
    for method in ("GET", "HEAD", "OPTIONS"):
        for _ in range(3):
            answer = scanner.client.open(link.url, method=method)
            assert answer.status_code == 200
            assert scanner.client.get_cookie(f"assetlib-share-{link.id}") is None
    assert rows(gallery) == before
    foreign = scanner.client.post(link.url)
    assert foreign.status_code == 403  # no form token of ours
    assert rows(gallery) == before


def test_what_a_link_was_is_told_only_where_it_was_open(gallery: Gallery) -> None:
    link = make_link(gallery, gallery.people.field_marketer)
    inside = open_link(gallery, link)
    nobody = gallery.visits.nobody()
    unknown = read(nobody, "/s/" + "x" * 43)
    gallery.visits.of(gallery.people.field_marketer).post(f"/shares/{link.id}/revoke")
    over = read(nobody, link.url)
    assert (over[0].status_code, plain(over[1])) == (404, plain(unknown[1]))
    assert b"Ask the person who sent it" in over[1]
    told = read(inside, link.page)
    assert told[0].status_code == 404
    assert b"took this link back" in told[1]
    assert b"Finn Field" in told[1]
    assert plain(read(nobody, link.page)[1]) == plain(read(nobody, "/shared/999999")[1])


def test_no_page_of_a_link_tells_others_where_one_comes_from(
    gallery: Gallery, capsys: pytest.CaptureFixture[str]
) -> None:
    link = make_link(gallery, gallery.people.field_marketer)
    token = link.url.rpartition("/")[2]
    visit = open_link(gallery, link)
    for path in (link.url, *everything(gallery, link), "/s/nothing", "/shared/999999"):
        answer, body = read(visit, path)
        assert answer.headers["Referrer-Policy"] == "no-referrer", path
        assert "noindex" in answer.headers["X-Robots-Tag"], path
        assert answer.headers["Cache-Control"].startswith("private, no-"), path
        if path != link.url:
            assert token.encode() not in body
    told = capsys.readouterr().out
    assert "path=/s/…" in told
    assert token not in told


def test_passwords_of_links_are_not_guessed(gallery: Gallery) -> None:
    link = make_link(gallery, gallery.people.field_marketer, password="kite-lamp-7")
    visit = gallery.visits.nobody()
    answers = [visit.post(link.url, {"password": "wrong-guess-1"}) for _ in range(11)]
    assert [each.status_code for each in answers] == [403] * 10 + [429]
    assert visit.post(link.url, {"password": "kite-lamp-7"}).status_code == 429
    gallery.clock.enter_context(clock.held_at(EVENING + timedelta(minutes=16)))
    with gallery.house.database.transaction() as session:
        right = session.get_one(Asset, gallery.asset.id).right
        assert right is not None
        right.ends_on = None
    assert visit.post(link.url, {"password": "kite-lamp-7"}).status_code == 303
    with gallery.house.database.reading() as session:
        told = session.scalars(select(ShareAccess.what).where(ShareAccess.share_id == link.id)).all()
    assert sorted(told) == ["opened"] + ["refused"] * 10


def test_those_who_know_the_password_do_not_use_up_the_tries_of_their_network(gallery: Gallery) -> None:
    link = make_link(gallery, gallery.people.field_marketer, password="kite-lamp-7")
    for _ in range(12):
        open_link(gallery, link, "kite-lamp-7")


def test_person_and_link_in_one_browser_do_not_mix(gallery: Gallery) -> None:
    """Below /shared/ the link's cookie counts alone, everywhere else the person's alone."""
    link = make_link(gallery, gallery.people.field_marketer, forms=[])
    for person in (gallery.people.administrator, gallery.people.without_role):
        visit: Visit = gallery.visits.anew(person)
        assert visit.post(link.url).status_code == 303
        assert read(visit, files(gallery, link)[0])[0].status_code == 403
        assert read(visit, previews(gallery, link)[0])[0].status_code == 200
        may = person is gallery.people.administrator
        status = read(visit, f"/renditions/{gallery.version.id}/thumb")[0].status_code
        assert (status == 200) == may
    set_password(gallery, link)
    assert read(visit, link.page)[0].status_code == 404


def test_the_gate_tells_who_sent_it_and_nothing_that_the_sender_wrote(gallery: Gallery) -> None:
    for password in (None, "kite-lamp-7"):
        link = make_link(
            gallery,
            gallery.people.field_marketer,
            name="Merger kit",
            message="For the merger.",
            password=password,
        )
        body = read(gallery.visits.nobody(), link.url)[1]
        assert (b"Finn Field shared files with you" in body, b"erger" in body) == (True, False)


def test_who_has_a_link_open_comes_to_it_again_without_its_password(gallery: Gallery) -> None:
    link = make_link(gallery, gallery.people.field_marketer, password="kite-lamp-7")
    visit = open_link(gallery, link, "kite-lamp-7")
    before = rows(gallery)
    answer = read(visit, link.url)[0]
    assert (answer.status_code, answer.headers["Location"]) == (303, link.page)
    assert rows(gallery) == before
    assert read(gallery.visits.nobody(), link.url)[0].status_code == 200
    visit.client.set_cookie(f"assetlib-share-{link.id}", "made-up")
    assert b'name="password"' in read(visit, link.url)[1]
    again = open_link(gallery, link, "kite-lamp-7")
    set_password(gallery, link)
    assert b'name="password"' in read(again, link.url)[1]


def test_the_same_browser_opens_a_link_once(gallery: Gallery) -> None:
    link = make_link(gallery, gallery.people.field_marketer, download_limit=1)
    visit = open_link(gallery, link)
    read(visit, files(gallery, link)[0])
    assert visit.post(link.url).status_code == 303
    with gallery.house.database.reading() as session:
        done = session.scalars(select(ShareAccess.what).order_by(ShareAccess.id)).all()
        assert (done, session.scalar(select(func.count()).select_from(ShareSession))) == (
            ["opened", "downloaded"],
            1,
        )
    # What was begun before is still its own.
    assert read(visit, files(gallery, link)[0], Range="bytes=4-")[0].status_code == 206
    open_link(gallery, link)
    with gallery.house.database.reading() as session:
        opened = select(func.count()).select_from(ShareAccess).where(ShareAccess.what == "opened")
        assert session.scalar(opened) == 2


@pytest.mark.parametrize("where", ["packages", "close"])
def test_a_form_that_is_too_old_leads_a_guest_back_and_not_to_a_sign_in(gallery: Gallery, where: str) -> None:
    link = make_link(gallery, gallery.people.field_marketer)
    visit = open_link(gallery, link)
    answer = visit.client.post(f"{link.page}/{where}", data={"csrf_token": "old"})
    body = answer.get_data(as_text=True)
    assert (answer.status_code, f'href="{link.page}"' in body) == (403, True)
    assert ("This page is too old" in body, "/sign-in" in body) == (True, False)
    gate = gallery.visits.nobody().client.post(link.url, data={"csrf_token": "old"})
    assert (gate.status_code, f'href="{link.url}"' in gate.get_data(as_text=True)) == (403, True)
