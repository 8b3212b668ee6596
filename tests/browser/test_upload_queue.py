"""The queue of uploads: each file and all of them can be stopped, go on, fail, and be seen to."""

import re
import signal
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Locator, Page, Route, expect

from tests.browser import media
from tests.browser.gate import PART, Gate, Parts
from tests.browser.site import Site
from tests.browser.visiting import reload_until, sign_in

pytestmark = pytest.mark.browser

LISTEN = """() => {
    const region = document.getElementById("live");
    const {dataset} = document.documentElement;
    dataset.heard = "";
    new MutationObserver(() => { if (region.textContent) dataset.heard += region.textContent + " | "; })
        .observe(region, {childList: true, characterData: true, subtree: true});
}"""
GIVE = """([way, files]) => {
    const transfer = new DataTransfer();
    for (const [name, type, bytes] of files) {
        transfer.items.add(new File([new Uint8Array(bytes)], name, {type}));
    }
    const event = way === "paste"
        ? new ClipboardEvent("paste", {clipboardData: transfer, bubbles: true, cancelable: true})
        : new DragEvent(way, {dataTransfer: transfer, bubbles: true, cancelable: true});
    document.querySelector(".drop").dispatchEvent(event);
}"""


def open_queue(page: Page, site: Site) -> None:
    page.goto(site.url + "/uploads")
    page.locator("upload-queue[data-ready]").wait_for()
    page.evaluate(LISTEN)


def heard(page: Page, pattern: str) -> None:
    """What a screen reader was told since the page was opened."""
    expect(page.locator("html")).to_have_attribute("data-heard", re.compile(pattern))


def choose(page: Page, *files: Path) -> None:
    page.locator('input[type="file"][multiple]').set_input_files(files)


def row(page: Page, name: str) -> Locator:
    return page.locator(".upload-row[data-key]").filter(has_text=name)


def give(page: Page, way: str, files: list[tuple[str, str, bytes]]) -> None:
    """Paste or drop files that were made here."""
    page.evaluate(GIVE, [way, [[name, kind, list(content)] for name, kind, content in files]])


@pytest.fixture
def pictures(tmp_path: Path) -> list[Path]:
    """Two small pictures of one part each."""
    paths = [tmp_path / "ridge.jpg", tmp_path / "shore.jpg"]
    for number, path in enumerate(paths):
        path.write_bytes(media.jpeg(300, 200, hue=50 * number))
    return paths


@pytest.fixture
def large(tmp_path: Path) -> Path:
    """A picture of two parts."""
    path = tmp_path / "headland.tiff"
    path.write_bytes(media.large_tiff(2300))
    return path


def uploads(page: Page, site: Site, state: str) -> list[str]:
    """The names of this person's uploads in that state, as the server keeps them."""
    found = page.request.get(f"{site.url}/api/v1/uploads?state={state}").json()["uploads"]
    return sorted(each["name"] for each in found)


def test_files_are_paused_go_on_and_are_taken_out(
    page: Page, site: Site, pictures: list[Path], said: list[str]
) -> None:
    sign_in(page, site, "contributor")
    open_queue(page, site)
    gate = Gate(page)
    choose(page, *pictures)
    ridge, shore = row(page, "ridge.jpg"), row(page, "shore.jpg")
    expect(page.locator('.upload-row[data-state="uploading"]')).to_have_count(2)
    ridge.get_by_role("button", name="Pause").click()
    expect(ridge).to_contain_text("Pausing…")
    expect(shore).to_have_attribute("data-state", "uploading")
    page.get_by_role("button", name="Pause all").click()
    expect(shore).to_contain_text("Pausing…")

    page.reload()
    page.locator("upload-queue[data-ready]").wait_for()
    expect(page.locator("[data-sum]")).to_have_text("2 paused")
    page.evaluate(LISTEN)
    shore.get_by_role("button", name="Remove").click()
    expect(shore).to_have_count(0)
    expect(page.locator("[data-sum]")).to_have_text("1 paused")
    ridge.get_by_role("button", name="Resume").click()
    expect(ridge).to_have_attribute("data-state", "uploading")
    assert uploads(page, site, "open") == ["ridge.jpg"]
    choose(page, pictures[1])
    expect(page.locator('.upload-row[data-state="uploading"]')).to_have_count(2)
    page.get_by_role("button", name="Pause all").click()
    expect(ridge).to_contain_text("Pausing…")
    gate.open()
    expect(page.locator("[data-sum]")).to_have_text("2 paused")
    expect(ridge).to_contain_text("100 %, paused")
    page.get_by_role("button", name="Resume all").click()
    expect(page.locator("[data-sum]")).to_have_text("2 ready")
    heard(page, "All files are here: 2")
    expect(ridge.get_by_role("link", name="ridge.jpg")).to_be_visible()
    page.get_by_role("button", name="Clear what is ready").click()
    expect(page.locator(".upload-row[data-key]")).to_have_count(0)


def test_a_pause_lets_what_is_on_its_way_arrive_and_begins_nothing(
    context: BrowserContext, page: Page, site: Site, tmp_path: Path, said: list[str]
) -> None:
    sign_in(page, site, "contributor")
    open_queue(page, site)
    parts, gate = Parts(context), Gate(page)
    files = [tmp_path / f"wave-{number}.jpg" for number in range(6)]
    for number, path in enumerate(files):
        path.write_bytes(media.jpeg(300, 200, hue=35 * number))
    choose(page, *files)
    flying = page.locator('.upload-row[data-state="uploading"]')
    expect(flying).to_have_count(4)
    flying.first.get_by_role("button", name="Pause").click()
    page.get_by_role("button", name="Pause all").click()
    pausing = page.locator('.upload-row[data-state="pausing"]')
    expect(pausing).to_have_count(4)
    expect(page.locator('.upload-row[data-state="paused"]')).to_have_count(2)
    # Taken out, it ends at once; taken up again before it stood still, it just goes on.
    pausing.last.get_by_role("button", name="Remove").click()
    expect(pausing).to_have_count(3)
    pausing.last.get_by_role("button", name="Resume").click()
    expect(flying).to_have_count(1)
    gate.open()
    expect(page.locator("[data-sum]")).to_have_text("1 ready, 4 paused")
    expect(page.get_by_text("100 %, paused")).to_have_count(2)
    assert (len(parts.sent), len(parts.taken)) == (4, 3)
    page.reload()
    page.locator("upload-queue[data-ready]").wait_for()
    expect(page.locator("[data-sum]")).to_have_text("4 paused")
    expect(page.get_by_text("100 %, paused")).to_have_count(2)


def ref(page: Page, name: str) -> str:
    """What the queue says that a file became: the last part of its asset's address."""
    link = row(page, name).get_by_role("link", name=name)
    address = link.get_attribute("href") or ""
    return address.partition("?")[0].rpartition("/")[2]


def test_a_known_file_says_which_asset_it_is_and_is_left_out_or_joins_it(
    page: Page, site: Site, pictures: list[Path], said: list[str]
) -> None:
    sign_in(page, site, "contributor")
    open_queue(page, site)
    ridge = row(page, "ridge.jpg")

    def again(ready: str, *files: Path) -> None:
        choose(page, *files)
        expect(page.locator("[data-sum]")).to_have_text(ready)

    again("1 ready", pictures[0])
    first = ref(page, "ridge.jpg")
    page.get_by_role("button", name="Clear what is ready").click()
    again("1 ready", pictures[0])
    expect(ridge).to_contain_text("Known file")
    same = ridge.get_by_role("link", name=f"AST-{int(first):05d} ridge")
    expect(same).to_have_attribute("href", f"/assets/{first}")
    expect(ridge.get_by_role("button", name="Add as version")).to_have_count(0)
    copy = ref(page, "ridge.jpg")
    ridge.get_by_role("button", name="Leave it out").click()
    expect(ridge).to_contain_text("Left out")
    assert page.request.get(f"{site.url}/api/v1/assets/{copy}").status == 404

    page.goto(f"{site.url}/uploads?as_version_of={first}")
    page.locator("upload-queue[data-ready]").wait_for()
    expect(page.locator(".upload__lately")).to_contain_text("The same bytes as")
    again("1 ready", pictures[1])
    open_queue(page, site)
    again("1 ready", pictures[0])
    ridge.get_by_role("button", name=f"Add as version of AST-{int(first):05d}").click()
    expect(ridge.get_by_role("link", name="ridge.jpg")).to_have_attribute("href", f"/assets/{first}")
    versions = page.request.get(f"{site.url}/api/v1/assets/{first}").json()["versions"]
    assert [each["number"] for each in versions] == [3, 2, 1]
    assert versions[0]["sha256"] == versions[2]["sha256"]


def test_what_failed_is_tried_again(page: Page, site: Site, pictures: list[Path]) -> None:
    sign_in(page, site, "contributor")
    open_queue(page, site)
    problem = (
        '{"status": 409, "code": "busy", "title": "Busy", "detail": "The shelf is full. Make room first."}'
    )

    def refuse(route: Route) -> None:
        route.fulfill(status=409, content_type="application/problem+json", body=problem)

    page.route(PART, refuse)
    choose(page, *pictures)
    expect(page.locator("[data-sum]")).to_have_text("2 not taken")
    expect(row(page, "ridge.jpg")).to_contain_text("The shelf is full. Make room first.")
    row(page, "ridge.jpg").get_by_role("button", name="Try again").click()
    expect(page.locator("[data-sum]")).to_have_text("2 not taken")
    page.unroute(PART, refuse)
    page.get_by_role("button", name="Try all again").click()
    expect(page.locator("[data-sum]")).to_have_text("2 ready")


def test_one_part_goes_alone_until_the_line_is_known(
    page: Page, context: BrowserContext, site: Site, large: Path
) -> None:
    """On a line that often ends, parts side by side would all be lost at once."""
    sign_in(page, site, "contributor")
    open_queue(page, site)
    parts, gate = Parts(context), Gate(page)
    with page.expect_request(PART):
        choose(page, large)
    headland = row(page, "headland.tiff")
    expect(headland).to_contain_text("part 1 of 2")
    assert [number for _, number in parts.sent] == [1]
    gate.open()
    expect(headland).to_have_attribute("data-state", "ready")
    assert [number for _, number in parts.sent] == [1, 2]
    assert parts.taken[0][1] == 1


def test_it_goes_on_by_itself_when_the_line_is_back(
    page: Page, context: BrowserContext, site: Site, large: Path
) -> None:
    sign_in(page, site, "contributor")
    open_queue(page, site)
    parts, gate = Parts(context), Gate(page, lambda number: number > 1)
    choose(page, large)
    headland = row(page, "headland.tiff")
    expect(headland).to_contain_text("part 2 of 2")
    heard(page, "50 % uploaded|75 % uploaded")
    gate.holds = lambda number: False
    context.set_offline(True)
    expect(headland).to_contain_text(re.compile(r"Connection lost at \d+ %\. Nothing to redo"))
    expect(page.locator("[data-sum]")).to_have_text("1 waiting for network")
    context.set_offline(False)
    expect(headland).to_have_attribute("data-state", "ready")
    assert [number for _, number in parts.sent].count(1) == 1


def test_it_goes_on_when_the_server_comes_back(
    page: Page, context: BrowserContext, site: Site, large: Path
) -> None:
    sign_in(page, site, "contributor")
    open_queue(page, site)
    parts, gate = Parts(context), Gate(page, lambda number: number > 1)
    choose(page, large)
    headland = row(page, "headland.tiff")
    expect(headland).to_contain_text("part 2 of 2")
    site.stop("serve", signal.SIGKILL)
    gate.open()
    expect(headland).to_contain_text("Connection lost at")
    site.start("serve")
    expect(headland).to_have_attribute("data-state", "ready")
    assert [number for _, number in parts.taken].count(1) == 1


def test_pictures_are_pasted_and_dropped_and_a_refused_file_stands_first(
    page: Page, site: Site, said: list[str]
) -> None:
    sign_in(page, site, "contributor")
    open_queue(page, site)
    give(page, "paste", [("image.png", "image/png", media.saved(media.landscape(80, 60), "PNG"))])
    expect(row(page, "pasted-")).to_have_attribute("data-state", "ready")
    give(
        page,
        "drop",
        [("ridge.jpg", "image/jpeg", media.jpeg(90, 60)), ("setup.exe", "", b"MZ" + bytes(600))],
    )
    expect(page.locator("[data-sum]")).to_have_text("2 ready, 1 not taken")
    first = page.locator(".upload-row[data-key]").first
    expect(first).to_contain_text("setup.exe")
    expect(first).to_contain_text(re.compile(r"Not taken"))
    expect(first.get_by_role("button", name="Try again")).to_have_count(0)
    heard(page, "Here: 2. Not taken: 1.")


def test_two_tabs_do_not_send_the_same_file(
    page: Page, context: BrowserContext, site: Site, pictures: list[Path]
) -> None:
    sign_in(page, site, "contributor")
    open_queue(page, site)
    parts = Parts(context)
    Gate(page)
    choose(page, pictures[0])
    expect(row(page, "ridge.jpg")).to_have_attribute("data-state", "uploading")
    other = context.new_page()
    open_queue(other, site)
    expect(other.get_by_text("Your uploads run in another tab.")).to_be_visible()
    choose(other, pictures[1])
    expect(row(other, "shore.jpg")).to_have_attribute("data-state", "ready")
    expect(row(other, "ridge.jpg")).to_have_count(0)
    before = len(parts.sent)
    page.close()
    expect(row(other, "ridge.jpg")).to_have_attribute("data-state", "ready")
    expect(other.get_by_text("Your uploads run in another tab.")).to_be_hidden()
    # What was on the line as the first tab was closed may have arrived; it is never sent twice more.
    assert len(parts.sent) - before <= 1
    assert uploads(other, site, "available") == ["ridge.jpg", "shore.jpg"]


def test_a_file_goes_up_without_scripts(browser: Browser, site: Site, pictures: list[Path]) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    sign_in(page, site, "contributor")
    page.goto(site.url + "/uploads")
    page.get_by_label("File", exact=True).set_input_files(pictures[0])
    page.get_by_role("button", name="Send this file").click()
    expect(page.get_by_text("The file is here and is being looked at.")).to_be_visible()
    lately = page.locator(".upload__lately .upload-row")
    expect(lately).to_contain_text("ridge.jpg")
    reload_until(page, lately.filter(has_text="Ready"))
    context.close()
