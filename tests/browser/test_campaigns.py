"""A campaign in a real browser: its forecast moved by the mouse and by keys, and its board."""

from datetime import timedelta

import pytest
from playwright.sync_api import Browser, Page, expect

from assetlib import clock
from assetlib.access.actor import PLANNER
from assetlib.accounts.models import Person
from assetlib.audit import append_chain
from assetlib.database import Database
from assetlib.planning.models import Task
from tests import make, make_plans
from tests.browser.conftest import PATIENCE
from tests.browser.site import Site
from tests.browser.test_accessibility import faults
from tests.browser.visiting import listen, sign_in

pytestmark = pytest.mark.browser


@pytest.fixture
def planned(site: Site) -> tuple[Database, int, int]:
    """A campaign of a planner with a task of two weeks that begins next Monday; campaign and task."""
    database = Database(f"sqlite:///{site.home / 'assetlib.sqlite'}", before_commit=[append_chain])
    with database.transaction() as session:
        known = session.query(Person).filter_by(email=site.emails["librarian"]).one()
        person = make.person(session, known.organisation, PLANNER, name="Mira Koch")
        person.password_hash = known.password_hash
        site.emails["planner"] = person.email
        today = clock.today()
        monday = today + timedelta(days=7 - today.weekday())
        planner = make.actor(person, known.organisation)
        activity = make_plans.running_campaign(
            session, planner, name="Autumn Trails", starts_on=monday, ends_on=monday + timedelta(days=60)
        )
        task = make_plans.task(session, activity, name="Key visual", finish=monday + timedelta(days=11))
        make_plans.task(session, activity, name="Press date", kind="milestone", finish=monday)
        return database, activity.campaign_id, task.id


def forecast(database: Database, task_id: int) -> tuple[int, int]:
    """By how many days the task's first and last day lie behind the plan."""
    with database.reading() as session:
        task = session.get_one(Task, task_id)
        assert task.baseline_start is not None
        assert task.baseline_finish is not None
        return (
            (task.forecast_start - task.baseline_start).days,
            (task.forecast_finish - task.baseline_finish).days,
        )


def drag(page: Page, handle: str, days: int, *, end: bool = False) -> None:
    """Take a bar, or its end, and let it go so many days later."""
    box = page.locator(handle).bounding_box()
    track = page.locator(".gantt__track").last.bounding_box()
    assert box is not None
    assert track is not None
    per_day = track["width"] / int(page.locator("gantt-chart").get_attribute("data-days") or 1)
    x = box["x"] + (box["width"] - 4 if end else box["width"] / 2)
    y = box["y"] + box["height"] / 2
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x + days * per_day / 2, y)
    page.mouse.move(x + days * per_day, y)
    page.mouse.up()


def test_a_forecast_is_moved_by_the_mouse_and_by_keys(
    browser: Browser, site: Site, planned: tuple[Database, int, int]
) -> None:
    database, campaign, task = planned
    context = browser.new_context(viewport={"width": 1440, "height": 900}, locale="en-GB")
    context.set_default_timeout(PATIENCE)
    page = context.new_page()
    complaints = listen(page)
    sign_in(page, site, "planner")
    page.goto(f"{site.url}/campaigns/{campaign}")
    assert faults(page) == []
    row, handle = page.locator(f"#task-{task}"), f"#task-{task} .gantt__handle"

    drag(page, handle, 7)
    expect(row.locator(".came")).to_contain_text("+5 d")
    assert forecast(database, task) == (7, 7)
    drag(page, handle, 3, end=True)
    expect(row.locator(".came")).to_contain_text("+6 d")
    assert forecast(database, task) == (7, 10)

    page.locator(handle).focus()
    for key in ("ArrowLeft", "ArrowLeft", "Shift+ArrowRight", "Escape"):
        page.keyboard.press(key)
    assert forecast(database, task) == (7, 10), "Escape takes it back"
    for key in ("Shift+ArrowLeft", "ArrowRight", "Enter"):
        page.keyboard.press(key)
    expect(page.locator("#live")).to_have_text("Forecast saved")
    first, last = forecast(database, task)
    assert first == 8
    assert last > 7
    expect(page.locator(handle)).to_be_focused()
    assert faults(page) == []

    with database.transaction() as session:
        session.get_one(Task, task).note = "Somebody else was here"
    page.locator(handle).focus()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Enter")
    expect(page.get_by_role("alert").filter(has_text="Somebody changed")).to_be_visible()
    assert forecast(database, task) == (first, last)

    page.goto(f"{site.url}/campaigns/{campaign}/board")
    assert faults(page) == []
    page.locator(f"#card-{task}").drag_to(page.locator('[data-stage="doing"]'))
    expect(page.locator(f'[data-stage="doing"] #card-{task}')).to_be_visible()
    page.locator(f"#card-{task}").get_by_role("button", name="Finish").press("Enter")
    expect(page.locator(f'[data-stage="done"] #card-{task}')).to_be_visible()
    page.goto(f"{site.url}/tasks/{task}")
    assert faults(page) == []
    page.goto(f"{site.url}/campaigns/{campaign}/activity")
    expect(page.get_by_text("Mira Koch expects Key visual on other days").first).to_be_visible()
    # Chromium writes down each answer that is a refusal.
    assert [each for each in complaints if "409" not in each] == []
    context.close()
