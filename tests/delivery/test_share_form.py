"""The form of a link: made once, told once, and nothing in it is dropped or left unsaid."""

import re
from datetime import date
from typing import Any

import pytest
from sqlalchemy import select

from assetlib import clock
from assetlib.catalog.models import Asset, CollectionItem, Share, UsageRight
from tests.delivery.gallery import Gallery
from tests.delivery.reading import read_page
from tests.delivery.test_byte_paths import read
from tests.delivery.test_share_counting import another
from tests.delivery.test_share_paths import gallery
from tests.delivery.visiting import Visit

__all__ = ["gallery"]

HIDDEN = "is not shown now, because it is not published, approved and cleared"


def filled(gallery: Gallery, **typed: Any) -> dict[str, Any]:
    form = {"name": "Press kit", "asset": gallery.asset.id, "expires_on": "2027-04-02", "forms": "original"}
    return {**form, "password": "abcd-efgh-jkmn", "suggested": "abcd-efgh-jkmn", **typed}


def maker(gallery: Gallery) -> Visit:
    return gallery.visits.of(gallery.people.field_marketer)


def shares(gallery: Gallery) -> list[Share]:
    with gallery.house.database.reading() as session:
        return list(session.scalars(select(Share)))


def faults(page: str) -> int:
    return page.count('class="field__error"')


def ended(gallery: Gallery) -> Asset:
    """One whose rights have ended."""
    asset = another(gallery)
    with gallery.house.database.transaction() as session:
        right = session.scalars(select(UsageRight).where(UsageRight.asset_id == asset.id)).one()
        right.ends_on = date(2020, 1, 1)
    return asset


def test_a_link_is_told_once_and_a_reload_makes_no_other(gallery: Gallery) -> None:
    visit = maker(gallery)
    made = visit.post("/shares/new", filled(gallery, with_password="1"))
    there = made.headers["Location"]
    assert (made.status_code, there) == (303, "/shares/1")
    page = visit.get(there).get_data(as_text=True)
    (link,) = re.findall(r'value="https?://[^/]+(/s/[^"]+)"', page)
    assert 'value="abcd-efgh-jkmn"' in page
    assert link not in made.get_data(as_text=True)
    for _ in range(2):
        page = visit.get(there).get_data(as_text=True)
        assert link not in page
        assert "What was done with it" in page
    assert len(shares(gallery)) == 1
    found = gallery.visits.nobody().post(link, {"password": "abcd-efgh-jkmn"})
    assert found.status_code == 303


def test_a_password_that_somebody_wrote_holds_without_its_box(gallery: Gallery) -> None:
    visit = maker(gallery)
    assert visit.post("/shares/new", filled(gallery)).status_code == 303
    assert visit.post("/shares/new", filled(gallery, password="")).status_code == 303
    assert visit.post("/shares/new", filled(gallery, password="my own words 7")).status_code == 303
    refused = visit.post("/shares/new", filled(gallery, password="my own"))
    assert refused.status_code == 422
    box = read_page(refused).tree.xpath("//input[@name='with_password']")[0]
    assert box.get("checked") is not None
    assert [each.password_hash is not None for each in shares(gallery)] == [False, False, True]


def test_all_faults_of_the_form_are_said_at_once(gallery: Gallery) -> None:
    typed = {"name": " ", "expires_on": "2020-01-01", "download_limit": "-3", "password": "short"}
    answer = maker(gallery).post("/shares/new", filled(gallery, with_password="1", **typed))
    page = answer.get_data(as_text=True)
    assert (answer.status_code, faults(page)) == (422, 4)
    assert "Look at the marked fields." in page
    answer = maker(gallery).post("/shares/new", filled(gallery, name="", expires_on="soon"))
    page = answer.get_data(as_text=True)
    assert (faults(page), "Choose a day." in page) == (2, True)
    assert shares(gallery) == []


def test_a_changed_link_is_refused_with_all_its_faults(gallery: Gallery) -> None:
    visit = maker(gallery)
    visit.post("/shares/new", filled(gallery))
    visit.get("/shares/1")
    typed = {"revision": 1, "name": "", "expires_on": "", "download_limit": "0"}
    answer = visit.post("/shares/1", typed)
    assert (answer.status_code, faults(answer.get_data(as_text=True))) == (422, 3)


def test_what_is_not_shown_is_said_before_the_link_is_made(gallery: Gallery) -> None:
    other, visit = ended(gallery), maker(gallery)
    page = visit.get(f"/shares/new?asset={gallery.asset.id}&asset={other.id}").get_data(as_text=True)
    assert ("1 of them " + HIDDEN in page, "Make the link" in page) == (True, True)
    page = visit.get(f"/shares/new?asset={other.id}").get_data(as_text=True)
    assert ("None of this can be shared now." in page, "Make the link" in page) == (True, False)
    with gallery.house.database.transaction() as session:
        within = {"collection_id": gallery.collection.id, "asset_id": other.id}
        session.add(CollectionItem(**within, position=9, added_at=clock.now()))
    page = visit.get(f"/shares/new?collection={gallery.collection.id}").get_data(as_text=True)
    assert ("1 of them " + HIDDEN in page, "Make the link" in page) == (True, True)
    form = filled(gallery, collection=gallery.collection.id, what="live")
    form.pop("asset")
    told = visit.get(visit.post("/shares/new", form).headers["Location"]).get_data(as_text=True)
    assert "1 of them " + HIDDEN in told


@pytest.mark.parametrize("asked", ["", "?asset=abc", "?asset=999999"])
def test_nothing_chosen_is_no_form(gallery: Gallery, asked: str) -> None:
    page = maker(gallery).get(f"/shares/new{asked}").get_data(as_text=True)
    assert ("Nothing is chosen" in page, "Make the link" in page) == (True, False)


def test_what_is_not_open_is_not_counted(gallery: Gallery) -> None:
    page = maker(gallery).get(f"/shares/new?asset={gallery.asset.id}&asset=999999").get_data(as_text=True)
    assert "Share 1 asset<" in page
    assert "more" not in page.partition('class="share-strip"')[2].partition("</ul>")[0]


def test_a_refused_form_answers_where_it_can_be_loaded_again(gallery: Gallery) -> None:
    visit = maker(gallery)
    chosen = visit.post("/shares/new", {"asset": gallery.asset.id})
    there = chosen.headers["Location"]
    assert (chosen.status_code, there) == (303, f"/shares/new?asset={gallery.asset.id}")
    form = read_page(visit.get(there)).tree.xpath("//form[.//input[@name='expires_on']]")[0]
    assert form.get("action") == there
    refused = read_page(visit.post(there, filled(gallery, name="")))
    assert refused.tree.xpath("//form[.//input[@name='expires_on']]")[0].get("action") == there
    assert read(visit, there)[0].status_code == 200


def test_the_name_of_a_link_does_not_turn_the_guests_page_round(gallery: Gallery) -> None:
    answer = maker(gallery).post("/shares/new", filled(gallery, name="For dealers \u202egpj.exe"))
    assert answer.status_code == 422
    assert "turns the line round" in answer.get_data(as_text=True)
    assert shares(gallery) == []
