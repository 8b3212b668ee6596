"""Strings that break things, through every text field: kept exactly, or refused with a sentence."""

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from assetlib.accounts.models import Organisation, Person
from assetlib.app import create_app
from assetlib.catalog.models import Asset, Attribute, BulkEdit, Collection, UsageRight
from assetlib.house import House, open_house
from assetlib.settings import Settings
from assetlib.storage.models import Upload
from tests.delivery.reading import read_page
from tests.delivery.test_refused_forms import revision_of
from tests.delivery.visiting import Visits
from tests.delivery.world import World, make_world

STRINGS = {
    "NUL": "a\0b",
    "half of a character": "a\ud83d",
    "other half": "\ude00b",
    "right to left": "مجموعة الخريف שלום",
    "turned around": "\u202egpj.exe\u202c \u2066x\u2069",
    "emoji": "🏔️ 👩🏽\u200d🚒 🇳🇴",
    "combined": "Z̷͎͠a̵l̴g̶o é e\u0301",
    "script": "<script>alert(1)</script>",
    "image": '"><img src=x onerror=alert(1)>',
    "template": "{{7*7}} ${7*7} {% raw %} #{7*7} %(name)s %s",
    "quotes": "' OR '1'='1' -- \" ` \\ ; DROP TABLE asset",
    "lines": "first\r\nSecond: x\n\ttabbed\x0b\x0c\x1b[31m\x7f\x85\u2028",
    "invisible": "a\u200bb\ufeffc\u00add\u180e",
    "far planes": "\U0001f9ff \U000e0041 \ufffe \U0010ffff",
    "formula": "=cmd|' /C calc'!A0",
    "path": "../../etc/passwd%00.jpg",
    "wide": "ｆｕｌｌ　ｗｉｄｔｈ ﷽",
    "blank": " \u00a0\u3000 ",
    "long": "m" * 39_999,
    "too long": "w" * 40_001,
    "yes": "true null undefined NaN 1e309",
}
EVERY_TIME = (
    "NUL", "half of a character", "turned around", "script", "template", "lines", "formula", "too long",
)  # fmt: skip
"""Of each sort of trouble one; `make proof` sends them all."""
PREVIEWS = {"/people/invite-many"}
"""Forms that show what would come of it, and do nothing yet."""
KINDS = [
    pytest.param(each, id=each, marks=() if each in EVERY_TIME else (pytest.mark.proof,)) for each in STRINGS
]
# Sent as JSON: who, method, path, body with the string at its place.
PLACE = "<here>"
JSON_FIELDS: list[tuple[str, str, str, dict[str, Any]]] = [
    ("L", "PATCH", "/assets/1", {"revision": 0, "title": PLACE}),
    ("L", "PATCH", "/assets/1", {"revision": 0, "description": PLACE}),
    ("L", "PATCH", "/assets/1", {"revision": 0, "tags": [PLACE]}),
    ("L", "PATCH", "/assets/1", {"revision": 0, "type": PLACE}),
    ("L", "PATCH", "/assets/1/attributes", {"revision": 0, "values": {"photographer": [PLACE]}}),
    ("L", "PATCH", "/assets/1/attributes", {"revision": 0, "values": {PLACE: "x"}}),
    ("L", "PUT", "/assets/1/right", {"revision": 0, "holder": PLACE, "licence": PLACE, "credit_line": PLACE}),
    ("L", "PUT", "/assets/1/right", {"revision": 0, "terms": PLACE}),
    ("L", "PUT", "/assets/1/right", {"revision": 0, "channels": [PLACE]}),
    ("L", "PUT", "/assets/1/right", {"revision": 0, "territories": [PLACE]}),
    ("L", "POST", "/assets/2/withdraw", {"reason": PLACE}),
    ("L", "POST", "/assets/1/approve", {"version": 1, "sha256": PLACE, "seen": PLACE, "note": PLACE}),
    ("L", "POST", "/collections", {"name": PLACE}),
    ("L", "POST", "/collections", {"name": "x", "description": PLACE}),
    ("L", "POST", "/collections", {"name": "x", "audience": PLACE}),
    ("L", "PUT", "/attributes/season", {"revision": 0, "label": PLACE}),
    ("L", "PUT", "/attributes/season", {"revision": 0, "label": "x", "hint": PLACE}),
    ("L", "POST", "/attributes", {"key": PLACE, "label": "x", "kind": "text"}),
    ("L", "POST", "/attributes/season/choices", {"label": PLACE, "key": "k"}),
    ("L", "POST", "/attributes/season/choices", {"label": "x", "key": PLACE}),
    ("L", "POST", "/bulk-edits", {"assets": [1], "changes": {"tags": {"add": [PLACE]}}}),
    ("L", "POST", "/bulk-edits", {"assets": [1], "changes": {PLACE: {"set": "x"}}}),
    ("L", "POST", "/packages", {"assets": [2], "form": PLACE}),
    ("A", "POST", "/organisations", {"name": PLACE, "kind": "agency"}),
    ("A", "POST", "/people", {"name": PLACE, "email": "a@b.example", "organisation_id": 1,
                              "roles": ["reviewer"], "password": "four words in a row"}),
    ("A", "POST", "/people", {"name": "x", "email": PLACE, "organisation_id": 1, "roles": [PLACE],
                              "password": PLACE}),
    ("C", "POST", "/uploads", {"name": PLACE, "size": 3, "mtime": 1, "fingerprint": "x"}),
    ("C", "POST", "/uploads", {"name": "x", "size": 3, "mtime": 1, "fingerprint": PLACE, "folder": PLACE}),
]  # fmt: skip
FORM_FIELDS: list[tuple[str, str, dict[str, Any]]] = [
    ("L", "/assets/1/describe", {"revision": 0, "title": PLACE, "description": PLACE, "alt_text": PLACE}),
    ("L", "/assets/1/describe", {"revision": 0, "tags": PLACE}),
    (
        "L",
        "/assets/1/rights",
        {"revision": 0, "holder": PLACE, "licence": PLACE, "credit_line": PLACE, "terms": PLACE},
    ),
    ("L", "/assets/2/withdraw", {"reason": PLACE}),
    ("L", "/collections", {"name": PLACE, "description": PLACE}),
    ("L", "/attributes", {"key": "k", "label": PLACE, "kind": "text", "hint": PLACE}),
    ("L", "/bulk-edits", {"asset": 1, "tags.add": PLACE}),
    (
        "A",
        "/people/invite",
        {"name": PLACE, "email": PLACE, "organisation_id": "1", "roles": "reviewer", "message": PLACE},
    ),
    (
        "A",
        "/people/invite",
        {
            "name": PLACE,
            "email": "s@x.example",
            "organisation_id": "1",
            "roles": PLACE,
            "message": PLACE,
            "where": PLACE,
            "role": "reviewer",
        },
    ),
    ("A", "/people/3", {"name": PLACE, "email": "fina@x.example"}),
    ("A", "/people/3/duties", {"duty": PLACE, "where": PLACE, "limit": PLACE, "currency": PLACE}),
    ("A", "/people/groups", {"name": PLACE, "description": PLACE, "roles": "reviewer"}),
    ("A", "/people/groups/1", {"revision": 1, "name": "Autumn", "description": PLACE}),
    ("A", "/people/invite-many", {"text": PLACE}),
    ("A", "/people/invite-many/send", {"text": PLACE}),
    ("A", "/people/organisations", {"name": PLACE, "kind": "agency"}),
]
QUERIES = ["/library?q=", "/library?sort=", "/jobs?state=", "/assets/1/download?form=", "/api/v1/library?q=",
           "/api/v1/suggestions?q=", "/bulk-edits/1?outcome=", "/sign-in?next="]  # fmt: skip


PAGES = (
    "/assets/1", "/assets/2", "/collections", "/attributes", "/people?size=96", "/people/groups", "/people/3",
    "/people/organisations?size=96", "/bulk-edits", "/library",
)  # fmt: skip


def put(body: Any, text: str) -> Any:
    if isinstance(body, dict):
        return {put(key, text): put(value, text) for key, value in body.items()}
    if isinstance(body, list):
        return [put(each, text) for each in body]
    return text if body == PLACE else body


def kept(house: House) -> set[str]:
    """Every text that is kept of what people can write."""
    with house.database.reading() as session:
        rows: list[Any] = [
            row
            for model in (Asset, UsageRight, Collection, Attribute, Organisation, Person, Upload)
            for row in session.scalars(select(model))
        ]
        found = {value for row in rows for value in vars(row).values() if isinstance(value, str)}
        for row in rows:
            for value in vars(row).values():
                found |= set(_texts(value))
            if isinstance(row, Attribute):
                found |= {choice.label for choice in row.choices}
        for edit in session.scalars(select(BulkEdit)):
            found |= set(_texts(edit.changes))
    return found


def _texts(value: Any) -> list[str]:
    if isinstance(value, str):
        return [value]
    if isinstance(value, dict):
        return [text for each in value.values() for text in _texts(each)]
    if isinstance(value, list):
        return [text for each in value for text in _texts(each)]
    return []


@pytest.fixture(scope="module")
def opened(
    tmp_path_factory: pytest.TempPathFactory, empty_database_file: Path
) -> Iterator[tuple[World, Visits]]:
    """One house for all strings; they pile up in it."""
    home = tmp_path_factory.mktemp("strings")
    shutil.copyfile(empty_database_file, home / "assetlib.sqlite")
    settings = Settings(home=home, search_kind="memory", development=True, secret_key="s" * 40)
    house = open_house(settings)
    yield make_world(house), Visits(create_app(settings, house=house), house)
    house.database.close()


MARKUP = ("script", "image", "quotes", "template")
# These tidy what they keep (names of files, addresses) or do not repeat it (reasons, notes).
SILENT = ("/uploads", "/people", "/organisations", "/packages", "/assets/2/withdraw", "/assets/1/approve")


@pytest.mark.parametrize("kind", KINDS)
def test_json_is_kept_exactly_or_refused(opened: tuple[World, Visits], kind: str) -> None:
    world, visits = opened
    text = STRINGS[kind]
    told: set[str] = set()
    for who, method, path, body in JSON_FIELDS:
        sent = put(body, text)
        if "revision" in sent:
            sent["revision"] = revision_of(visits.of(world.actors["L"]), path)
        answer = visits.of(world.actors[who]).send(method, f"/api/v1{path}", json=sent)
        assert answer.status_code < 500, (path, body, answer.text)
        if answer.status_code >= 400:
            assert (answer.json or {})["detail"].endswith("."), (path, body)
        elif path not in SILENT:
            assert text in _texts(answer.json), (path, body)
            told.add(text)
    assert told <= kept(visits.house)
    if kind in MARKUP:
        _is_shown_escaped(visits, world)


def _is_shown_escaped(visits: Visits, world: World) -> None:
    """Nothing of it became part of a page."""
    for path in PAGES:
        answer = visits.of(world.actors["A"]).get(path)
        assert answer.status_code == 200, path
        text = answer.get_data(as_text=True)
        assert "<script>alert" not in text
        assert "<img src=x" not in text
        tree = read_page(answer).tree
        assert not tree.xpath("//@onerror | //script[contains(text(), 'alert')]")


@pytest.mark.parametrize("kind", KINDS)
def test_forms_keep_or_refuse_and_show_it_again(opened: tuple[World, Visits], kind: str) -> None:
    world, visits = opened
    text = STRINGS[kind].encode("utf-8", "surrogatepass").decode("utf-8", "replace")
    for who, path, form in FORM_FIELDS:
        sent = put(form, text)
        if "revision" in sent:
            sent["revision"] = revision_of(visits.of(world.actors[who]), path)
        answer = visits.of(world.actors[who]).post(path, sent)
        taken = (200,) if path in PREVIEWS else (302, 303)
        assert answer.status_code in (*taken, 403, 404, 409, 413, 422), (path, answer.status_code)
        if answer.status_code == 422:
            page = read_page(answer)
            assert page.tree.xpath("//*[@role='alert'] | //*[@class='error__text']"), path
            assert not page.tree.xpath("//@onerror | //script[contains(text(), 'alert')]"), path
    if kind in MARKUP:
        _is_shown_escaped(visits, world)


@pytest.mark.parametrize("kind", KINDS)
def test_addresses_with_it_are_answered(opened: tuple[World, Visits], kind: str) -> None:
    world, visits = opened
    text = STRINGS[kind][:1_500]
    visit = visits.of(world.actors["A"])
    for path in QUERIES:
        name = path.partition("?")[2].rstrip("=")
        raw = text.encode("utf-8", "surrogatepass")
        answer = visit.get(path.partition("?")[0], query_string={name: raw.decode("utf-8", "replace")})
        assert answer.status_code < 500, path
        if answer.mimetype == "text/html":
            assert "<script>alert" not in answer.get_data(as_text=True)
        answer.close()
