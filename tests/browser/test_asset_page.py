"""The page of an asset: edited where it stands, decided upon, looked into."""

import re
from pathlib import Path
from typing import TypeAlias

import pytest
from playwright.sync_api import Browser, Locator, Page, Response, expect

from tests.browser import media
from tests.browser.furnishing import Furniture
from tests.browser.site import Site
from tests.browser.visiting import act, confirm, edit, listen, save, send, sign_in, visit

pytestmark = pytest.mark.browser

Furnished: TypeAlias = tuple[Site, Furniture]

LENGTH = """film => film.readyState >= 1 ? film.duration : new Promise((resolve, reject) => {
    film.addEventListener("loadedmetadata", () => resolve(film.duration));
    film.addEventListener("error", () => reject(film.error));
})"""


def open_asset(page: Page, site: Site, asset: int) -> None:
    page.goto(f"{site.url}/assets/{asset}")


def fact(page: Page, key: str) -> Locator:
    return page.locator(f"#fact-{key}")


def more(page: Page, label: str) -> None:
    """Choose from the menu of what is done seldom."""
    page.locator(".asset__top").get_by_role("button", name="More").click()
    page.get_by_role("menuitem", name=label).click()


def test_every_kind_of_attribute_is_edited_where_it_stands(
    page: Page, furnished: Furnished, said: list[str]
) -> None:
    site, furniture = furnished
    sign_in(page, site, "contributor")
    open_asset(page, site, furniture.draft)
    place = edit(page, "Region")
    place.get_by_label("Norway").check()
    place.get_by_label("Japan").check()
    save(place)
    expect(fact(page, "region")).to_contain_text("Norway")
    expect(page.get_by_label("Edit Region", exact=True)).to_be_focused()
    place = edit(page, "Language")
    place.get_by_label("German").check()
    save(place)
    expect(fact(page, "language")).to_contain_text("German")
    place = edit(page, "Photographer")
    place.get_by_label("Photographer").first.fill("Ana Ruiz")
    place.get_by_role("button", name="Another").click()
    place.get_by_label("Photographer").last.fill("Per Dahl")
    save(place)
    expect(fact(page, "photographer")).to_contain_text("Ana Ruiz, Per Dahl")
    place = edit(page, "Releases are on file")
    place.get_by_label("Yes").check()
    save(place)
    expect(fact(page, "released")).to_contain_text("Yes")
    place = edit(page, "Shot on")
    place.get_by_label("Shot on").fill("2021-05-04")
    save(place)
    expect(fact(page, "shot_on")).to_contain_text("4 May 2021")
    place = edit(page, "Job number")
    place.get_by_label("Job number").fill("HF-2041")
    save(place)
    expect(fact(page, "job_number")).to_contain_text("HF-2041")
    place = edit(page, "type")
    place.get_by_label("Type").select_option(label="Layout and print")
    save(place)
    place = edit(page, "Print run")
    place.get_by_label("Print run").fill("2500")
    save(place)
    expect(fact(page, "print_run")).to_contain_text("2500")
    place = edit(page, "Region")
    place.get_by_label("Norway").uncheck()
    place.get_by_label("Japan").uncheck()
    save(place)
    page.reload()
    expect(fact(page, "region")).to_contain_text("not yet")
    expect(fact(page, "photographer")).to_contain_text("Ana Ruiz, Per Dahl")


def test_what_is_refused_stays_as_it_was_typed(page: Page, furnished: Furnished) -> None:
    site, furniture = furnished
    sign_in(page, site, "librarian")
    open_asset(page, site, furniture.draft)
    place = edit(page, "title and description")
    place.get_by_label("Title").fill(" ")
    place.get_by_label("Description").fill("A long thought that must not be lost.")
    with page.expect_response("**/describe") as answered:
        place.get_by_role("button", name="Save").click()
    assert answered.value.status == 422
    expect(place.get_by_label("Title")).to_have_attribute("aria-invalid", "true")
    expect(place.get_by_label("Title")).to_be_focused()
    expect(place.get_by_label("Description")).to_have_value("A long thought that must not be lost.")
    place.get_by_label("Title").fill("A better title")
    save(place)
    expect(page.get_by_role("heading", level=1)).to_have_text("A better title")
    expect(fact(page, "title")).to_contain_text("A long thought")

    place = edit(page, "rights")
    place.get_by_label("First day").fill("2026-09-01")
    place.get_by_label("Last day").fill("2026-08-01")
    place.get_by_label("Holder").fill("Halden & Frey")
    with page.expect_response("**/rights") as answered:
        place.get_by_role("button", name="Save").click()
    assert answered.value.status == 422
    expect(place.locator(".field__error").first).to_be_visible()
    expect(place.get_by_label("Holder")).to_have_value("Halden & Frey")
    expect(place.get_by_label("Last day")).to_have_value("2026-08-01")
    place.get_by_label("Last day").fill("2027-08-01")
    save(place)
    expect(fact(page, "rights")).to_contain_text("Licence ends 1 Aug 2027")
    place = edit(page, "tags")
    place.get_by_label("Tags").fill("dawn")
    page.keyboard.press("Escape")
    expect(place).to_be_hidden()
    expect(page.get_by_label("Edit tags", exact=True)).to_be_focused()
    expect(fact(page, "tags")).not_to_contain_text("dawn")


def test_of_two_editors_the_second_is_told_and_keeps_the_words(
    browser: Browser, page: Page, furnished: Furnished
) -> None:
    site, furniture = furnished
    sign_in(page, site, "librarian")
    open_asset(page, site, furniture.draft)
    place = edit(page, "title and description")
    place.get_by_label("Description").fill("Mine, typed slowly.")
    with visit(browser, site, "contributor") as other:
        open_asset(other, site, furniture.draft)
        theirs = edit(other, "title and description")
        theirs.get_by_label("Title").fill("Theirs, saved first")
        save(theirs)
    with page.expect_response("**/describe") as answered:
        place.get_by_role("button", name="Save").click()
    assert answered.value.status == 409
    expect(page.locator("#asset-info .notice")).to_be_visible()
    expect(place.get_by_label("Description")).to_have_value("Mine, typed slowly.")
    page.reload()
    expect(page.get_by_role("heading", level=1)).to_have_text("Theirs, saved first")


def test_an_asset_is_returned_approved_published_withdrawn_deleted_and_brought_back(
    browser: Browser, page: Page, furnished: Furnished, tmp_path: Path, said: list[str]
) -> None:
    site, furniture = furnished
    site.start("worker")
    sign_in(page, site, "librarian")
    open_asset(page, site, furniture.in_review)
    more(page, "Return with a reason")
    page.locator("#act-return").get_by_label("Reason").fill("Straighten the horizon.")
    confirm(page, "return", "Return it")
    expect(page.locator(".asset__top")).to_contain_text("Draft")
    with visit(browser, site, "contributor") as agency:
        open_asset(agency, site, furniture.in_review)
        expect(agency.locator("#asset-info")).to_contain_text("Straighten the horizon.")
        add_version(agency, tmp_path / "mended.jpg")
        with agency.expect_navigation():
            agency.get_by_role("button", name="Send for approval").click()
    page.reload()
    act(page, "approve", re.compile("Approve"))
    expect(page.locator("#toasts")).to_contain_text("Approved: exactly these bytes.")
    expect(page.locator(".versions")).to_contain_text("Approved")
    place = edit(page, "rights")
    place.get_by_label("Holder").fill("Halden & Frey")
    save(place)
    act(page, "publish", "Publish")
    expect(page.locator(".asset__top")).to_contain_text("Published, v1")
    more(page, "Withdraw")
    page.locator("#act-withdraw").get_by_label("Reason").fill("The shot is wrong.")
    confirm(page, "withdraw", "Withdraw")
    expect(page.locator(".asset__top")).to_contain_text("Withdrawn")
    more(page, "Move to trash")
    confirm(page, "delete", "Move to trash")
    page.wait_for_url("**/library")
    toast = page.locator(".toast")
    expect(toast).to_contain_text("Moved to the trash")
    toast.get_by_role("button", name="Undo").click()
    page.wait_for_url(f"**/assets/{furniture.in_review}")
    expect(page.locator(".asset__top")).to_contain_text("Withdrawn")
    more(page, "Move to trash")
    confirm(page, "delete", "Move to trash")
    page.goto(site.url + "/trash")
    page.get_by_role("checkbox", name="Select Second draft").check()
    page.get_by_role("button", name="Restore the selected").click()
    expect(page.locator("#toasts")).to_contain_text("Back, with all its ties.")
    expect(page.get_by_role("checkbox", name="Select Second draft")).to_have_count(0)
    open_asset(page, site, furniture.in_review)
    expect(page.locator("#asset-info")).to_contain_text("took this out of the trash")


def add_version(page: Page, file: Path) -> None:
    """From the page of an asset and back to it."""
    title = page.get_by_role("heading", level=1).inner_text()
    page.get_by_role("link", name="Add version").first.click()
    expect(page.get_by_role("heading", level=1)).to_have_text(f"New version of {title}")
    page.locator("upload-queue[data-ready]").wait_for()
    file.write_bytes(media.jpeg(1300, 700, hue=30))
    page.locator('input[type="file"][multiple]').set_input_files(file)
    expect(page.locator(".upload-row[data-key]")).to_have_attribute("data-state", "ready")
    page.get_by_role("link", name="Back to the asset").click()


def test_a_new_version_joins_the_old_one(
    page: Page, furnished: Furnished, tmp_path: Path, said: list[str]
) -> None:
    site, furniture = furnished
    site.start("worker")
    sign_in(page, site, "contributor")
    open_asset(page, site, furniture.draft)
    add_version(page, tmp_path / "first-draft-2.jpg")
    strip = page.locator(".version")
    expect(strip).to_have_count(2)
    expect(strip.first).to_contain_text("v2")
    strip.last.click()
    page.wait_for_url("**?v=1")
    expect(page.locator("#asset-info")).to_contain_text("This is version 1.")
    expect(page.locator("#asset-info")).to_contain_text("1100 × 900")
    page.get_by_role("link", name="Open the current one").click()
    expect(page.locator("#asset-info")).to_contain_text("1300 × 700")


def test_a_large_picture_is_zoomed_into(page: Page, furnished: Furnished, said: list[str]) -> None:
    site, furniture = furnished
    sign_in(page, site, "field_marketer")
    open_asset(page, site, furniture.picture)
    tiles: list[Response] = []
    page.on(
        "response", lambda answer: tiles.append(answer) if re.search(r"/zoom/\d+/\d+", answer.url) else None
    )
    percent = page.locator("[data-zoom-percent]")
    expect(percent).to_have_text(re.compile(r"^\d+ %$"))
    fitted = percent.inner_text()
    with page.expect_response(re.compile(r"/zoom/\d+/\d+/\d+/\d+")):
        page.get_by_role("button", name="Zoom in").click()
    expect(page.locator(".deep-zoom__view canvas").first).to_be_visible()
    expect(percent).not_to_have_text(fitted)
    expect(page.locator(".deep-zoom__view")).to_be_visible()
    deepest = page.request.get(f"{site.url}{page.locator('deep-zoom').get_attribute('data-zoom')}").json()
    assert (deepest["width"], deepest["height"]) == (5200, 1000)
    with page.expect_response(re.compile(rf"/zoom/\d+/{deepest['max_level']}/")):
        page.keyboard.press("1")
    expect(percent).to_have_text("100 %")
    page.keyboard.press("-")
    expect(percent).to_have_text(re.compile(r"^6\d %$"))
    assert {tile.status for tile in tiles} == {200}
    page.keyboard.press("0")
    expect(percent).to_have_text(re.compile(r"^[12]\d %$"))


def test_films_and_pages_are_shown(page: Page, furnished: Furnished, said: list[str]) -> None:
    site, furniture = furnished
    sign_in(page, site, "field_marketer")
    open_asset(page, site, furniture.film)
    assert page.locator(".stage video").evaluate(LENGTH) == pytest.approx(1, abs=0.3)
    open_asset(page, site, furniture.pages)
    pages = page.locator(".stage__page img")
    expect(pages).to_have_count(3)
    for each in pages.all():
        each.scroll_into_view_if_needed()
        assert each.evaluate("picture => picture.decode().then(() => picture.naturalWidth)") > 0


def test_when_rights_have_ended_there_is_no_picture(page: Page, furnished: Furnished) -> None:
    site, furniture = furnished
    sign_in(page, site, "field_marketer")
    complaints = listen(page)
    page.goto(site.url + "/library?q=campaign")
    tile = page.locator(f'li.tile[data-id="{furniture.ended}"]')
    expect(tile).to_contain_text("Ended")
    expect(tile.locator("img")).to_have_count(0)
    open_asset(page, site, furniture.ended)
    expect(page.locator(".asset__top")).to_contain_text("Rights ended")
    expect(page.locator(".stage img, .stage video, deep-zoom")).to_have_count(0)
    expect(page.get_by_role("button", name="Download")).to_have_attribute("aria-disabled", "true")
    assert complaints == []
    for path in (
        f"/renditions/{furniture.ended_version}/thumb",
        f"/assets/{furniture.ended}/download?form=large",
    ):
        assert page.request.get(site.url + path).status == 403


def test_what_is_gone_while_somebody_writes_says_so_and_keeps_their_words(
    page: Page, browser: Browser, furnished: Furnished
) -> None:
    site, furniture = furnished
    sign_in(page, site, "contributor")
    open_asset(page, site, furniture.draft)
    place = edit(page, "title and description")
    place.get_by_label("Title").fill("The ridge at dusk")
    with visit(browser, site, "librarian") as other:
        answer = send(other, "DELETE", f"{site.url}/api/v1/assets/{furniture.draft}")
        assert answer.ok, answer.text()
    place.get_by_role("button", name="Save").click()
    notice = page.locator("[data-complaint]")
    expect(notice).to_contain_text("There is no such asset, or it is not open to you.")
    expect(place.get_by_label("Title")).to_have_value("The ridge at dusk")
    bar, close = notice.bounding_box(), notice.get_by_role("button", name="Close").bounding_box()
    assert bar is not None
    assert close is not None
    assert bar["x"] + bar["width"] - (close["x"] + close["width"]) < 24
