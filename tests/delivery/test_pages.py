"""Every page, empty and full, for everybody who may open it: whole, leading somewhere, narrowly dressed."""

import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from flask import Flask, template_rendered
from sqlalchemy import func, select

from assetlib import tables
from assetlib.access.actor import Actor
from assetlib.app import ROOT, create_app
from assetlib.house import House, open_house
from assetlib.settings import Settings
from tests import make
from tests.delivery.reading import Page, read_page
from tests.delivery.visiting import Visits
from tests.delivery.world import make_world


@dataclass
class Place:
    app: Flask
    house: House
    visits: Visits
    actors: dict[str, Actor]
    paths: list[str]


def settings_for(home: Path, empty: Path) -> Settings:
    shutil.copyfile(empty, home / "assetlib.sqlite")
    return Settings(home=home, search_kind="memory", development=True, secret_key="s" * 40)


ROOMS = [
    "/library", "/library?view=list", "/library?q=tag:nothing", "/library/filters?q=tag:nothing",
    "/collections", "/uploads", "/attributes",
    "/bulk-edits", "/trash", "/jobs", "/jobs?state=dead", "/styleguide", "/my-work", "/notices", "/audit",
    "/outbox", "/shares", "/requests", "/requests/new?asset=1", "/no-such-page", "/people",
    "/people/invite", "/people/invite-many", "/people/tokens", "/people/organisations",
    "/people/organisations/new", "/people/organisations/2", "/people/groups", "/people/groups/new",
    "/people/4", "/people/4/close", "/people/4/erase", "/account", "/account/notices", "/account/tokens",
    "/account/second-factor", "/account/feeds", "/plans/roll-up",
    "/calendar", "/calendar?view=list", "/calendar?view=year",
    "/reference", "/reference/accounts", "/reference/cost-centres",
    "/reference/rates", "/reference/vendors", "/reference/holidays", "/reference/changes",
    "/reference/changes?all=1", "/reference/calendars/new", "/reference/changes/new?what=rate",
    "/campaigns", "/campaigns?late=1", "/campaigns/new", "/tasks", "/tasks?done",
    "/delivery-specs", "/delivery-specs/new", "/deliverables",
    "/deliverables?due=late",
    "/account/second-factor", "/plans", "/plans?state=closed", "/plans/new",
    "/intake", "/intake/forms/new", "/campaign-templates",
]  # fmt: skip


@pytest.fixture(scope="module")
def full(tmp_path_factory: pytest.TempPathFactory, empty_database_file: Path) -> Iterator[Place]:
    """A house with one thing of each sort."""
    settings = settings_for(tmp_path_factory.mktemp("full"), empty_database_file)
    house = open_house(settings)
    world = make_world(house)
    app = create_app(settings, house=house)
    ids = world.ids
    things = [f"/assets/{ids[each]['asset_id']}" for each in ("draft", "published", "trashed")]
    things += [f"/collections/{ids[each]['collection_id']}" for each in ("shared", "private")]
    things += [f"/attributes/{ids['any']['key']}", "/attributes/product"]
    things += [f"/bulk-edits/{ids['any']['bulk_edit_id']}"]
    things += [f"/uploads?as_version_of={ids['draft']['asset_id']}"]
    things += [f"/shares/{ids['link']['share_id']}", f"/shares/new?asset={ids['published']['asset_id']}"]
    things += [f"/people/groups/{ids['any']['group_id']}{each}" for each in ("", "/members")]
    things += [f"/outbox/{ids['any']['mail_id']}"]
    things += [f"/reference/calendars/{ids['any']['calendar_id']}{each}" for each in ("", "/edit")]
    things += [f"/reference/vendors/{ids['any']['vendor_id']}"]
    things += [f"/reference/changes/{ids['change']['change_id']}"]
    campaign, task = f"/campaigns/{ids['task']['campaign_id']}", f"/tasks/{ids['agency_task']['task_id']}"
    things += [campaign, f"{campaign}/board", f"{campaign}/activity", f"{campaign}/edit", task]
    things += [f"{campaign}/activities/new", f"/activities/{ids['task']['activity_id']}"]
    things += [f"{campaign}/results", f"/intake/{ids['wish']['request_id']}"]
    things += [f"/intake/forms/{ids['any']['form_id']}{each}" for each in ("", "/ask")]
    things += [f"/requests/{ids['request']['request_id']}"] if "request" in ids else []
    things += [f"/delivery-specs/{ids['spec']['spec_id']}"]
    things += [f"/deliverables/new?task={ids['any']['ordered_task']}"]
    for each in ("order", "order_draft", "order_house"):
        things += [f"/deliverables/{ids[each]['deliverable_id']}{tail}" for tail in ("", "/edit", "/deliver")]
    for name in ("plan", "plan_draft", "plan_active"):
        page = f"/plans/{ids[name]['plan_id']}"
        things += [page, f"{page}/versions/1", f"{page}/change", f"{page}/compare", f"{page}/compare?all=1"]
    yield Place(app, house, Visits(app, house), world.actors, ROOMS + things)
    house.database.close()


@pytest.fixture(scope="module")
def empty(tmp_path_factory: pytest.TempPathFactory, empty_database_file: Path) -> Iterator[Place]:
    """A house with people and nothing else."""
    settings = settings_for(tmp_path_factory.mktemp("empty"), empty_database_file)
    house = open_house(settings)
    with house.database.transaction() as session:
        people = make.people(session)
    app = create_app(settings, house=house)
    actors = {"A": people.administrator, "L": people.librarian, "F": people.field_marketer}
    actors |= {"C": people.contributor, "P": people.partner_marketer, "N": people.without_role}
    yield Place(app, house, Visits(app, house), actors, ROOMS)
    house.database.close()


def check_whole(page: Page, path: str) -> None:
    assert len(page.tree.xpath("//h1")) >= 1, path
    assert page.tree.findtext(".//title", "").strip() not in ("", "· assetlib"), path
    assert len(page.tree.xpath("//main")) == 1, path
    ids = page.ids()
    assert len(ids) == len(set(ids)), (path, sorted(each for each in ids if ids.count(each) > 1))
    for form in page.forms:
        if (form.get("method") or "get").lower() == "post":
            assert form.xpath(".//input[@name='csrf_token']/@value"), (path, form.get("action"))
    for broken in ("{{", "}}", "{%", "Undefined", "<built-in", "object at 0x", " None "):
        assert broken not in page.text, (path, broken)


HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cache-Control": "private, no-store",
}


def walk(place: Place, letter: str) -> tuple[set[str], dict[str, int]]:
    """Open every page as this person: where the opened ones lead, and the status of each."""
    visit = place.visits.of(place.actors[letter])
    links: set[str] = set()
    statuses = {}
    for path in place.paths:
        answer = visit.get(path)
        statuses[path] = answer.status_code
        assert answer.status_code in (200, 403, 404), f"{path}: {answer.status_code}"
        for name, value in HEADERS.items():
            assert answer.headers.get(name) == value, (path, name)
        policy = answer.headers["Content-Security-Policy"]
        assert "default-src 'none'" in policy
        assert "'unsafe-inline'" not in policy.partition("script-src")[2].partition(";")[0]
        page = read_page(answer)
        if path != "/styleguide":
            check_whole(page, path)
        if answer.status_code == 200 and path != "/styleguide":
            links |= page.links
    return links, statuses


def leads_nowhere(place: Place, letter: str, links: set[str]) -> list[str]:
    """Links that are offered to a person to whom they are not open."""
    visit = place.visits.of(place.actors[letter])
    wrong = []
    for link in sorted(links):
        answer = visit.get(link)
        if answer.status_code not in (200, 302, 303):
            wrong.append(f"{link}: {answer.status_code}")
        answer.close()
    return wrong


@pytest.mark.parametrize("letter", "ALFCGPNME")
def test_every_page_is_whole_and_leads_somewhere(full: Place, letter: str) -> None:
    links, statuses = walk(full, letter)
    assert statuses["/no-such-page"] == 404
    # The files of the world are stand-ins without presets, so downloads of them are left out.
    pages = {each for each in links if "/download" not in each and not each.startswith("/renditions")}
    assert leads_nowhere(full, letter, pages) == []
    assert "library" in "".join(pages) or letter == "N"


@pytest.mark.parametrize("letter", "ALFCPN")
def test_every_page_is_whole_when_nothing_is_there_yet(empty: Place, letter: str) -> None:
    links, _ = walk(empty, letter)
    assert leads_nowhere(empty, letter, links) == []


def page_templates() -> set[str]:
    folder = ROOT / "templates"
    names = {each.relative_to(folder).as_posix() for each in folder.rglob("*.html")}
    parts = ("layouts/", "components/")
    return {each for each in names if not each.startswith(parts) and "/_" not in each}


DRAWN_BY = {
    # What is seen on a way of several steps is drawn where that way is walked.
    "tasks/form.html": "test_campaign_pages.py",
    "account/recovery_codes.html": "test_ways_in.py",
    "confirm.html": "test_ways_in.py",
    "mail/letter.html": "../notify/test_sending.py",
    "shares/asset.html": "test_share_paths.py",
    "shares/closed.html": "test_share_gate.py",
    "shares/gate.html": "test_share_gate.py",
    "shares/made.html": "test_share_failures.py",
    "shares/outside.html": "test_share_gate.py",
    "shares/shared.html": "test_share_paths.py",
    "sign_in/code.html": "test_ways_in.py",
    "sign_in/confirmed.html": "test_single_sign_on.py",
    "sign_in/forgotten.html": "test_ways_in.py",
    "sign_in/kept.html": "test_signed_out.py",
    "sign_in/link.html": "test_ways_in.py",
    "sign_in/link_over.html": "test_ways_in.py",
}


def test_every_template_of_a_page_is_drawn(full: Place) -> None:
    drawn: set[str] = set()

    def note(sender: Flask, template: object, **_: object) -> None:
        drawn.add(str(getattr(template, "name", "")))

    visit = full.visits.of(full.actors["A"])
    with template_rendered.connected_to(note, full.app):
        for path in full.paths:
            for letter in "AE":
                full.visits.of(full.actors[letter]).get(path)
        full.visits.of(full.actors["M"]).get("/reference/changes/new?what=gl_account")
        full.visits.nobody().get("/sign-in")
        visit.post("/bulk-edits/new", {"asset": 1})
    assert page_templates() - drawn == set(DRAWN_BY)
    assert all((Path(__file__).parent / each).exists() for each in DRAWN_BY.values())
    assert len(page_templates()) > 12


def test_results_come_alone_when_a_script_asks(full: Place) -> None:
    visit = full.visits.of(full.actors["L"])
    part = visit.get("/library", headers={"HX-Request": "true"}).get_data(as_text=True)
    assert "<html" not in part
    assert "A published one" in part


def test_filters_are_told_to_scripts_and_offered_to_who_has_none(full: Place) -> None:
    visit = full.visits.of(full.actors["L"])
    told = visit.get("/library/filters?q=tag:kids&sort=name", headers={"Accept": "application/json"})
    (kind,) = (each for each in told.get_json() if each["name"] == "type")
    value, _, leads = kind["choices"][0]
    assert leads == f"/library?q=%23kids+type%3A{value}&sort=name"
    assert told.headers["Vary"].split(", ").count("Accept") == 1
    page = read_page(visit.get("/library/filters?q=tag:kids&sort=name"))
    (form,) = page.tree.xpath("//form[@action='/library']")
    assert dict(form.fields) | {"type": value} == {
        **dict.fromkeys(form.fields, ""), "q": "#kids", "sort": "name", "type": value,
    }  # fmt: skip
    page = read_page(visit.get("/library", query_string=dict(form.fields) | {"type": value}))
    assert {"tag", "type"} <= {each.text for each in page.tree.xpath("//*[@class='chip__field']")}


def test_an_asset_lies_in_the_library(full: Place) -> None:
    visit = full.visits.of(full.actors["L"])
    path = next(each for each in full.paths if each.startswith("/assets/"))
    assert '<a href="/library" aria-current="page">' in visit.get(path).get_data(as_text=True)
    assert '<a href="/library" aria-current' not in visit.get("/collections").get_data(as_text=True)


def test_nobody_is_shown_the_door_and_comes_back(full: Place) -> None:
    nobody = full.visits.nobody()
    for path in full.paths:
        if path in ("/styleguide", "/no-such-page"):
            continue
        answer = nobody.get(path)
        assert answer.status_code == 302, path
        assert answer.headers["Location"].startswith("/sign-in?next=/"), path
        script = nobody.get(path, headers={"HX-Request": "true"})
        assert (script.status_code, script.headers["HX-Redirect"]) == (401, "/sign-in")
    missing = nobody.get("/no-such-page")
    assert missing.status_code == 404
    assert "/sign-in" in read_page(missing).links


def test_a_get_changes_nothing(full: Place) -> None:
    """Not even when it names a page whose form would change something."""
    visit = full.visits.of(full.actors["A"])
    visit.token()
    before = _rows(full)
    rules = [each for each in full.app.url_map.iter_rules() if "POST" in (each.methods or ())]
    tried = refused = 0
    for rule in rules:
        if "GET" in (rule.methods or ()):
            continue
        path = rule.rule.replace("<choice_key>", "autumn").replace("<key>", "season")
        for kind in ("asset_id", "collection_id", "organisation_id", "person_id", "job_id", "bulk_edit_id"):
            path = path.replace(f"<int:{kind}>", "1")
        answer = visit.get(path)
        assert answer.status_code in (200, 302, 303, 403, 404, 405), path
        tried += 1
        refused += answer.status_code == 403  # which is written down
    assert tried > 30
    assert _rows(full) == before | {"audit_entry": before["audit_entry"] + refused}


def _rows(place: Place) -> dict[str, int]:
    with place.house.database.reading() as session:
        return {
            table.name: session.scalar(select(func.count()).select_from(table)) or 0
            for table in tables.METADATA.sorted_tables
        }
