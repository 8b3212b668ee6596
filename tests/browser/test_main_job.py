"""The main job: a folder comes in, is interrupted, goes on; it is approved, published, found and had.

And nobody else gets any of it by any path, until a collection is opened to them and after it is closed again.
"""

import csv
import hashlib
import io
import re
import zipfile
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from PIL import Image
from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests.browser import media
from tests.browser.gate import Gate, Parts
from tests.browser.site import Site
from tests.browser.visiting import act, edit, listen, post, save, send, sign_in, visit

pytestmark = pytest.mark.browser

ARRIVING = 2
"""Parts of the large file that get through before the page is closed; two more are on their way then."""


def test_from_a_folder_to_a_download_and_no_further(
    browser: Browser, context: BrowserContext, site: Site, tmp_path: Path
) -> None:
    contents = media.delivery(tmp_path / "spring-coast")
    send_folder(context, site, tmp_path / "spring-coast")
    assets = describe_and_submit(context, site)
    context.close()
    with visit(browser, site, "librarian") as librarian:
        for number, asset in enumerate(assets):
            approve_and_publish(librarian, site, asset, with_rights_in_place=number == 0)
        with visit(browser, site, "field_marketer") as marketer:
            find(marketer, site)
            paths = download(marketer, site, assets, contents[media.PICTURE])
        for who in ("other_contributor", "partner_marketer"):
            with visit(browser, site, who) as stranger:
                gets_nothing(stranger, site, assets, paths)
        collection = open_to_partner(librarian, site, assets)
        with visit(browser, site, "partner_marketer") as partner:
            gets_what_was_opened(partner, site, collection, assets, contents[media.PICTURE])
            close_to_partner(librarian, site, collection)
            gets_nothing(partner, site, assets, paths)
            assert partner.request.get(f"{site.url}/collections/{collection}").status == 404


def send_folder(context: BrowserContext, site: Site, folder: Path) -> None:
    """Nine of ten files arrive, also over the end of the page; the tenth is refused with its sentence."""
    page, parts = context.new_page(), Parts(context)
    complaints = listen(page)
    sign_in(page, site, "contributor")
    Gate(page, lambda number: number > ARRIVING)
    page.goto(site.url + "/uploads")
    page.locator("upload-queue[data-ready]").wait_for()
    page.get_by_label("Choose a folder").set_input_files(folder)
    expect(page.locator(".upload-row[data-key]")).to_have_count(10)
    large = page.locator(".upload-row").filter(has_text=Path(media.LARGE).name)
    refused = page.locator(".upload-row[data-key]").first
    expect(refused).to_contain_text(Path(media.REFUSED).name)
    expect(refused).to_contain_text("Not taken")
    expect(refused).to_contain_text("Programs, scripts, web pages and playlists are not taken.")
    expect(page.locator('.upload-row[data-state="ready"]')).to_have_count(8)
    expect(large).to_contain_text("part 3 of 4")
    assert complaints == []
    page.close()
    uploads = {upload for upload, number in parts.sent if number > 1}
    assert len(uploads) == 1
    (upload,) = uploads
    taken = set(parts.taken)
    assert {(upload, 1), (upload, 2)} <= taken
    assert not {(upload, 3), (upload, 4)} & taken
    before = len(parts.sent)

    page = context.new_page()
    complaints = listen(page)
    page.goto(site.url + "/uploads")
    row = page.locator(".upload-row[data-key]").filter(has_text=Path(media.LARGE).name)
    expect(row).to_contain_text("Ready")
    assert sorted(parts.sent[before:]) == [(upload, 3), (upload, 4)]
    assert complaints == []
    page.close()


def describe_and_submit(context: BrowserContext, site: Site) -> list[int]:
    """The agency says what three of its files are, and asks for approval; their ids."""
    page = context.new_page()
    complaints = listen(page)
    page.goto(site.url + "/library?q=format:jpeg")
    page.get_by_role("link", name="Lighthouse dawn").click()
    page.wait_for_url("**/assets/*")
    place = edit(page, "title and description")
    place.get_by_label("Title").fill("Lighthouse at dawn")
    save(place)
    expect(page.get_by_role("heading", level=1)).to_have_text("Lighthouse at dawn")
    place = edit(page, "tags")
    place.get_by_label("Tags").fill("coast, first light")
    save(place)
    expect(page.locator("#fact-tags")).to_contain_text("coast, first light")
    with page.expect_navigation():
        page.get_by_role("button", name="Send for approval").click()
    expect(page.locator(".asset__top")).to_contain_text("In review")
    expect(page.get_by_role("button", name="Approve")).to_have_count(0)
    assets = [int(urlsplit(page.url).path.rsplit("/", 1)[1])]
    tiles = page.request.get(f"{site.url}/api/v1/library?q=format:png,pdf").json()["tiles"]
    assert len(tiles) == 2
    for tile in tiles:
        assert send(page, "POST", f"{site.url}/api/v1/assets/{tile['id']}/submit").ok
        assets.append(tile["id"])
    assert complaints == []
    page.close()
    return assets


def approve_and_publish(page: Page, site: Site, asset: int, *, with_rights_in_place: bool) -> None:
    page.goto(f"{site.url}/assets/{asset}")
    act(page, "approve", re.compile("Approve"))
    publish = page.get_by_role("button", name="Publish")
    expect(publish).to_have_attribute("aria-disabled", "true")
    expect(page.locator("#why-not-publish")).to_contain_text("No rights are recorded")
    if with_rights_in_place:
        place = edit(page, "rights")
        place.get_by_label("Countries").fill("DE, AT")
        place.get_by_label("Holder").fill("Halden & Frey")
        save(place)
        expect(page.locator("#fact-rights")).to_contain_text("Halden & Frey")
    else:
        revision = page.locator("#fact-rights input[name=revision]").input_value()
        right = {"revision": int(revision), "holder": "Halden & Frey", "territories": ["DE"]}
        assert send(page, "PUT", f"{site.url}/api/v1/assets/{asset}/right", right).ok
        page.reload()
    act(page, "publish", "Publish")
    expect(page.locator(".asset__top")).to_contain_text("Published, v1")


def find(page: Page, site: Site) -> None:
    """By typed words, a chip and a facet."""
    page.goto(site.url + "/library")
    expect(page.locator("li.tile")).to_have_count(3)
    field = page.get_by_label("Find in the library")
    field.fill("lighthouse")
    field.press("Enter")
    expect(page.locator("#results-count")).to_have_text("2 assets")
    page.get_by_role("button", name="adds a filter").click()
    page.get_by_role("combobox", name="Find a filter").fill("shape")
    page.keyboard.press("Enter")
    page.get_by_role("option", name="Landscape").click()
    expect(page.locator("#results-count")).to_have_text("1 asset")
    expect(page.locator(".chip")).to_have_text(re.compile("Landscape"))
    page.locator('[data-facet="format"]').get_by_label(re.compile("JPEG")).check()
    expect(page.locator(".chip")).to_have_count(2)
    expect(page.locator("li.tile")).to_have_count(1)
    expect(page.locator("li.tile")).to_contain_text("Cleared")
    expect(page.locator(".tile__why")).to_contain_text("Lighthouse")


def download(page: Page, site: Site, assets: list[int], original: bytes) -> list[str]:
    """The original, a preset and a ZIP of three; gives every address that gave bytes."""
    page.get_by_role("link", name="Lighthouse at dawn").click()
    page.wait_for_url("**/assets/*")
    picture = page.locator(".stage__picture").get_attribute("src") or ""
    assert page.request.get(site.url + picture).ok
    with page.expect_download() as had:
        page.locator("[data-download-now]").click()
    path = had.value.path()
    assert hashlib.sha256(path.read_bytes()).hexdigest() == hashlib.sha256(original).hexdigest()
    page.get_by_role("button", name="Other formats").click()
    with page.expect_download() as had:
        page.get_by_role("menuitem", name=re.compile("Web 2048 px")).click()
    with Image.open(had.value.path()) as preset:
        assert (preset.format, max(preset.size)) == ("JPEG", 2048)
    downloads = page.locator("#downloads a, [data-download-now]")
    paths = [picture, *(each.get_attribute("href") or "" for each in downloads.all())]

    page.goto(site.url + "/library")
    boxes = page.locator("li.tile input[name=asset]")
    expect(boxes).to_have_count(3)
    for box in boxes.all():
        box.check()
    expect(page.get_by_role("region", name="Selection")).to_contain_text("3 selected")
    page.get_by_label("Download as").select_option("original")
    with page.expect_download() as had:
        page.locator("[data-download-all]").click()
    with zipfile.ZipFile(had.value.path()) as archive:
        assert archive.testzip() is None
        names = archive.namelist()
        rows = list(csv.DictReader(io.StringIO(archive.read("manifest.csv").decode("utf-8-sig"))))
        kept = {hashlib.sha256(archive.read(name)).hexdigest() for name in names if name != "manifest.csv"}
    assert (len(names), len(rows), len(kept)) == (4, 3, 3)
    assert hashlib.sha256(original).hexdigest() in kept
    package = had.value.url
    assert "/packages/" in package
    version = picture.split("/")[2]
    return [
        *paths,
        package.removeprefix(site.url),
        *(f"/renditions/{version}/{recipe}" for recipe in ("thumb", "preview", "large", "square", "zoom")),
        f"/zoom/{version}",
        f"/zoom/{version}/0/0/0",
        *(f"/assets/{asset}" for asset in assets),
        *(f"/api/v1/assets/{asset}" for asset in assets),
        *(f"/assets/{asset}/download?form=office" for asset in assets),
    ]


def gets_nothing(page: Page, site: Site, assets: list[int], paths: list[str]) -> None:
    """No page, no bytes, no tile, no count, no word."""
    assert {path: page.request.get(site.url + path).status for path in paths} == dict.fromkeys(paths, 404)
    form = {"asset": str(assets[0]), "preset": "original"}
    assert post(page, site.url + "/packages", form).status == 404
    api = site.url + "/api/v1"
    assert send(page, "POST", f"{api}/packages", {"assets": assets, "form": "original"}).status == 404
    for query in ("", "lighthouse", "tag:coast", "format:jpeg", f"id:{assets[0]}"):
        found = page.request.get(f"{api}/library", params={"q": query}).json()
        facets = [row for facet in found["facets"] for row in facet["rows"] if row["count"]]
        assert (query, found["total"], found["tiles"], facets) == (query, 0, [], [])
        assert "Lighthouse" not in " ".join(found["notes"])
    for start in ("lig", "coa", "first"):
        assert page.request.get(f"{api}/suggestions", params={"q": start}).json()["suggestions"] == []
    page.goto(site.url + "/library?q=lighthouse")
    assert "Lighthouse at dawn" not in page.content()
    assert "first light" not in page.content()
    page.goto(site.url + "/library")
    expect(page.locator("li.tile")).to_have_count(0)


def open_to_partner(page: Page, site: Site, assets: list[int]) -> int:
    """The librarian makes a collection of one picture and opens it to the partner; its id."""
    page.goto(f"{site.url}/library?q=id:{assets[0]}")
    page.locator("li.tile input[name=asset]").check()
    page.get_by_role("button", name="Add to collection").click()
    page.get_by_label("Name of a new collection").fill("For Alpin Sport")
    page.get_by_role("button", name="Make it and add").click()
    page.wait_for_url("**/collections/*")
    expect(page.locator("li.tile")).to_have_count(1)
    page.get_by_role("main").get_by_role("button", name="More").click()
    page.get_by_role("menuitem", name="Name, place and who sees it").click()
    page.locator("#edit-collection").get_by_label("Everybody of this company").check()
    with page.expect_navigation():
        page.locator("#edit-collection").get_by_role("button", name="Save").click()
    page.get_by_role("button", name="Open to others").click()
    page.get_by_label("Agency or partner").select_option(label="Alpin Sport")
    with page.expect_navigation():
        page.get_by_role("button", name="Open it to them").click()
    expect(page.get_by_role("button", name="Opened to 1")).to_be_visible()
    return int(page.url.rsplit("/", 1)[1])


def gets_what_was_opened(page: Page, site: Site, collection: int, assets: list[int], original: bytes) -> None:
    """That picture and nothing else."""
    page.goto(f"{site.url}/collections/{collection}")
    expect(page.locator("li.tile")).to_have_count(1)
    found = page.request.get(f"{site.url}/api/v1/library").json()
    assert [tile["id"] for tile in found["tiles"]] == assets[:1]
    page.get_by_role("link", name="Lighthouse at dawn").click()
    with page.expect_download() as had:
        page.locator("[data-download-now]").click()
    assert had.value.path().read_bytes() == original
    others = {page.request.get(f"{site.url}/assets/{asset}").status for asset in assets[1:]}
    assert others == {404}


def close_to_partner(page: Page, site: Site, collection: int) -> None:
    page.goto(f"{site.url}/collections/{collection}")
    page.get_by_role("button", name="Opened to 1").click()
    with page.expect_navigation():
        page.get_by_role("button", name="Close to Alpin Sport").click()
    expect(page.get_by_role("button", name="Open to others")).to_be_visible()
