"""An agency delivers in a real browser: a file fails its spec, is mended, sent and accepted."""

from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Locator, Page, expect
from sqlalchemy import select

from assetlib.access.actor import PLANNER
from assetlib.accounts.models import Organisation, Person
from assetlib.audit import append_chain
from assetlib.catalog.queries.actors import actor_of
from assetlib.database import Database
from assetlib.planning.models import DeliverableItem
from tests import make, make_plans
from tests.browser import media
from tests.browser.site import Site
from tests.browser.test_accessibility import faults
from tests.browser.visiting import reload_until, visit
from tests.planning.orders import spec

pytestmark = pytest.mark.browser


@dataclass
class Order:
    url: str
    tall: Path
    """What is asked for."""
    square: Path
    wrong: Path
    """A picture of another size and another name."""


@pytest.fixture
def order(site: Site, tmp_path: Path) -> Order:
    """Two pictures are asked of the agency; the files that come for them."""
    database = Database(f"sqlite:///{site.home / 'assetlib.sqlite'}", before_commit=[append_chain])
    with database.transaction() as session:
        own, agency = (
            session.scalars(select(Organisation).where(Organisation.name == name)).one()
            for name in ("Northwind Outdoors", "Halden & Frey")
        )
        planner = make.person(session, own, PLANNER, name="Mira Koch", email="mira@northwind.example")
        task = make_plans.task(
            session, make_plans.running_campaign(session, actor_of(session, planner.id)), agency_id=agency.id
        )
        rules = spec(
            session, formats=["JPEG"], colour=["RGB"], heaviest=400_000_000, file_name="NW_AT26_*_v#"
        )
        row = make_plans.deliverable(
            session, task, items=0, agency=agency, name="Camp by 6, story set", spec_id=rules.id,
            scope_state="scope_approved", brief="First light, last in. The glow is a layer.",
        )  # fmt: skip
        for place, (name, width, height) in enumerate((("Story", 540, 960), ("Square", 540, 540))):
            session.add(
                DeliverableItem(deliverable_id=row.id, name=name, width=width, height=height, position=place)
            )
        assert session.get(Person, planner.id) is not None
        url = f"{site.url}/deliverables/{row.id}"
    database.close()
    paths = [tmp_path / f"NW_AT26_{name}.jpg" for name in ("STORY_540x960_v1", "SQUARE_540x540_v1")]
    paths.append(tmp_path / "story final.jpg")
    for path, (width, height), hue in zip(
        paths, ((540, 960), (540, 540), (640, 400)), (20, 90, 200), strict=True
    ):
        path.write_bytes(media.jpeg(width, height, hue=hue))
    return Order(url, *paths)


def row(page: Page, text: str) -> Locator:
    return page.locator("#delivery .deliver-row").filter(has_text=text)


def test_a_file_that_fails_its_spec_is_mended_and_delivered(
    browser: Browser, site: Site, order: Order
) -> None:
    with visit(browser, site, "contributor") as page:
        page.get_by_role("link", name="My requests").first.click()
        page.get_by_role("link", name="Camp by 6, story set").click()
        page.locator("upload-queue[data-ready]").wait_for()
        send = page.get_by_role("button", name="Send for a decision")
        expect(send).to_have_attribute("aria-disabled", "true")
        expect(page.get_by_text("Opens when a file is here")).to_be_visible()
        assert faults(page) == []

        page.get_by_label("Choose file, Story").set_input_files(order.wrong)
        failed = row(page, "story final.jpg")
        expect(failed.get_by_text("2 of 5 checks failed")).to_be_visible()
        expect(failed).to_contain_text("Size is 640 × 400. Needs 540 × 960 pixels.")
        expect(failed).to_contain_text("The name is story final.jpg. Needs the form NW_AT26_*_v#.")
        expect(page.locator("#send-why")).to_have_text("Opens when 1 file is fixed, removed or let through.")
        assert faults(page) == []

        # Both are dropped at once: each finds the one that it is for.
        page.locator('.drop input[type="file"]').set_input_files([order.square, order.tall])
        expect(row(page, "NW_AT26_STORY_540x960_v1.jpg").get_by_text("5 of 5 checks passed")).to_be_visible()
        expect(row(page, "NW_AT26_SQUARE_540x540_v1.jpg").get_by_text("5 of 5 checks passed")).to_be_visible()
        expect(row(page, "NW_AT26_STORY")).to_contain_text("Story, 540 × 960 px")
        page.get_by_label("Note to the reviewers").fill("Type is live, glow is a separate layer.")
        page.get_by_role("button", name="Send 2 files for a decision").click()
        expect(page.get_by_text("Sent, waits for a decision")).to_have_count(2)

    with visit(browser, site, "librarian") as page:
        page.goto(site.url + "/my-work")
        expect(page.get_by_text("Camp by 6, story set").first).to_be_visible()
        page.goto(order.url)
        expect(page.get_by_text("Type is live, glow is a separate layer.").first).to_be_visible()
        assert faults(page) == []
        page.get_by_role("button", name="Accept Story").click()
        expect(page.get_by_text("Accepted", exact=True).first).to_be_visible()
        page.get_by_role("button", name="Send back, Square").click()
        page.get_by_label("Why").fill("Crop the tent closer.")
        page.get_by_role("dialog").get_by_role("button", name="Send back").click()
        expect(page.get_by_text("It came back: Crop the tent closer.")).to_be_visible()

    with visit(browser, site, "contributor") as page:
        page.goto(order.url)
        expect(row(page, "Crop the tent closer.")).to_be_visible()
        expect(row(page, "Story").get_by_text("Accepted")).to_be_visible()


def test_a_file_is_delivered_without_scripts(browser: Browser, site: Site, order: Order) -> None:
    with visit(browser, site, "contributor", java_script_enabled=False) as page:
        page.goto(order.url)
        form = row(page, "Square")
        form.locator('input[type="file"]').set_input_files(order.square)
        form.get_by_role("button", name="Send this file").click()
        expect(page.get_by_text("The file is here and is being checked.")).to_be_visible()
        reload_until(page, page.get_by_text("5 of 5 checks passed"))
        page.get_by_role("button", name="Send 1 file for a decision").click()
        expect(page.get_by_text("Sent, waits for a decision")).to_be_visible()
