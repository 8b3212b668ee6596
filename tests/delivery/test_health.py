"""Whether it runs, what its log tells, and that it does not start half open."""

import io
import json
import logging
import shutil
import sqlite3
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import structlog
from flask import Flask
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError, SQLAlchemyError

from assetlib import clock, logs, web
from assetlib.accounts.models import Person
from assetlib.accounts.passwords import hash_password
from assetlib.app import create_app
from assetlib.database import Database
from assetlib.house import House
from assetlib.policy import MissingPolicy
from assetlib.search.whoosh_index import WhooshIndex
from tests import make
from tests.delivery.reading import read_page
from tests.delivery.visiting import Visit, Visits

NOON = datetime(2027, 3, 31, 12, tzinfo=UTC)
PASSWORD = "seven wet boots on the ridge"


def test_alive_says_nothing_but_that(visits: Visits) -> None:
    answer = visits.nobody().get("/healthz")
    assert (answer.status_code, answer.json) == (200, {"status": "ok"})


def test_ready_names_its_parts(visits: Visits) -> None:
    answer = visits.nobody().get("/readyz")
    assert answer.status_code == 200
    assert (answer.json or {})["status"] == "ready"
    assert set((answer.json or {})["parts"]) == {
        "database",
        "store",
        "index",
        "previews",
        "files",
    }


def test_a_stranger_who_asks_often_costs_one_look(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    looks: list[bool] = []
    look = house.store.check

    def counted() -> None:
        looks.append(True)
        look()

    monkeypatch.setattr(house.store, "check", counted)
    visit = Visit(create_app(house.settings, house=house).test_client())
    with clock.held_at(NOON):
        assert [visit.get("/readyz").status_code for _ in range(5)] == [200] * 5
        assert len(looks) == 1
    with clock.held_at(NOON + timedelta(seconds=9)):
        visit.get("/readyz")
        assert len(looks) == 1
    with clock.held_at(NOON + timedelta(seconds=11)):
        visit.get("/readyz")
        assert len(looks) == 2


def test_not_ready_while_the_index_cannot_be_read(house: House, tmp_path: Path) -> None:
    index = WhooshIndex(tmp_path / "index")
    broken = replace(house, index=index)
    for file in (tmp_path / "index").rglob("*"):
        if file.is_file():
            file.write_bytes(b"not an index")
    answer = create_app(house.settings, house=broken).test_client().get("/readyz")
    assert answer.status_code == 503
    assert (answer.json or {})["parts"]["index"] is False
    assert (answer.json or {})["parts"]["store"] is True
    index.close()


def test_damage_is_told_but_keeps_nobody_out(house: House, visits: Visits) -> None:
    with house.database.transaction() as session:
        make.blob(session, damaged_at=clock.now())
    answer = visits.nobody().get("/readyz")
    assert (answer.status_code, (answer.json or {})["parts"]["files"]) == (200, False)


def test_not_ready_while_the_store_is_away(house: House, visits: Visits) -> None:
    shutil.rmtree(house.settings.files)
    house.settings.files.write_text("not a folder")
    answer = visits.nobody().get("/readyz")
    assert answer.status_code == 503
    assert (answer.json or {})["parts"]["store"] is False
    assert (answer.json or {})["parts"]["database"] is True
    assert visits.nobody().get("/healthz").status_code == 200


def test_not_ready_while_the_database_is_away(house: House) -> None:
    away = replace(house, database=Database("sqlite:////nowhere/at/all.sqlite"))
    answer = create_app(house.settings, house=away).test_client().get("/readyz")
    assert answer.status_code == 503
    assert (answer.json or {})["parts"]["database"] is False
    away.database.close()


@pytest.mark.parametrize(
    ("given", "taken"),
    [("from-the-proxy-1", True), ("short", False), ("a b c d e f g h", False), ("x" * 65, False)],
)
def test_a_request_has_an_id(visits: Visits, given: str, taken: bool) -> None:
    told = visits.nobody().get("/sign-in", headers={"X-Request-Id": given}).headers["X-Request-Id"]
    assert (told == given) is taken
    assert len(told) >= 8


@pytest.fixture
def lines(house: House) -> Iterator[Callable[[], list[dict[str, Any]]]]:
    """What is written to the log as machines read it."""
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    logs.set_up(house.settings)
    written = io.StringIO()
    handler = root.handlers[0]
    assert isinstance(handler, logging.StreamHandler)
    handler.setStream(written)
    yield lambda: [json.loads(each) for each in written.getvalue().splitlines()]
    root.handlers[:] = handlers
    root.setLevel(level)
    structlog.reset_defaults()


def test_the_log_tells_of_requests_and_no_secrets(
    house: House, people: make.People, visits: Visits, lines: Callable[[], list[dict[str, Any]]]
) -> None:
    with house.database.transaction() as session:
        person = session.get_one(Person, people.administrator.person_id)
        person.email, person.password_hash = "ida@northwind.example", hash_password(PASSWORD)
    visit = visits.nobody()
    visit.post("/sign-in", {"email": "ida@northwind.example", "password": "wrong " + PASSWORD})
    visit.post("/sign-in", {"email": "ida@northwind.example", "password": PASSWORD})
    token = visit.client.get_cookie("assetlib")
    assert token is not None
    form = {
        "name": "Ann Secretname",
        "email": "ann@x",
        "organisation_id": "1",
        "password": "another secret word",
    }
    assert Visit(visit.client).post("/people/invite", form).status_code == 422
    assert visit.get("/library?q=quiet+words", headers={"X-Request-Id": "named-by-me"}).status_code == 200
    visit.get("/healthz")
    written = lines()
    whole = json.dumps(written)
    secrets = [
        PASSWORD,
        "another secret",
        "Ann Secretname",
        "quiet",
        "ida@",
        token.value,
        Visit(visit.client).token(),
    ]
    secrets += [house.settings.secret_key]
    assert [each for each in secrets if each in whole] == []
    asked = next(each for each in written if each.get("request_id") == "named-by-me")
    assert asked | {"method": "GET", "path": "/library", "status": 200} == asked
    assert asked["person"] == people.administrator.person_id
    assert not [each for each in written if each.get("path") == "/healthz"]


def test_what_breaks_is_told_to_the_log_and_not_to_people(
    house: House,
    people: make.People,
    lines: Callable[[], list[dict[str, Any]]],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def broken(*_: object) -> None:
        raise RuntimeError("the cellar is under water")

    app = create_app(house.settings, house=house)
    visit = Visits(app, house).of(people.librarian)
    visit.token()
    monkeypatch.setattr(web.collections, "tree_of", broken)
    page = visit.get("/collections")
    assert page.status_code == 500
    assert "cellar" not in page.get_data(as_text=True)
    reference = page.headers["X-Request-Id"][:9]
    assert reference in read_page(page).text
    told = [each for each in lines() if each["event"] == "unforeseen"]
    assert told[0]["request_id"].startswith(reference)
    assert "under water" in told[0]["exception"]


@pytest.mark.parametrize("inside", [False, True])
def test_what_the_database_quotes_is_not_told_to_the_log(
    house: House,
    people: make.People,
    lines: Callable[[], list[dict[str, Any]]],
    monkeypatch: pytest.MonkeyPatch,
    inside: bool,
) -> None:
    def broken(*_: object) -> None:
        quoted = sqlite3.IntegrityError("DETAIL: Key (name)=(quiet words) already exists.")
        try:
            raise quoted
        except sqlite3.IntegrityError:
            error = IntegrityError("INSERT", {}, quoted)
            if inside:
                raise RuntimeError("on the way out") from error
            raise error from quoted

    visit = Visits(create_app(house.settings, house=house), house).of(people.librarian)
    visit.token()
    monkeypatch.setattr(web.collections, "tree_of", broken)
    assert visit.get("/collections").status_code == 500
    written = lines()
    assert "quiet words" not in json.dumps(written)
    (told,) = [each for each in written if each["event"] == "unforeseen"]
    assert told["exception"].endswith("RuntimeError" if inside else "IntegrityError")
    assert "in broken" in told["exception"]


def test_an_error_of_the_database_does_not_repeat_what_people_typed(house: House) -> None:
    with pytest.raises(SQLAlchemyError) as caught, house.database.reading() as session:
        session.execute(text("SELECT * FROM nothing WHERE a = :a"), {"a": PASSWORD})
    assert PASSWORD not in str(caught.value)


def test_a_route_without_a_policy_keeps_it_from_starting(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    install = web.install

    def with_one_more(app: Flask) -> None:
        install(app)
        app.add_url_rule("/back-door", "back_door", lambda: "come in")

    monkeypatch.setattr(web, "install", with_one_more)
    with pytest.raises(MissingPolicy, match="/back-door"):
        create_app(house.settings, house=house)


@pytest.fixture
def librarian(visits: Visits, people: make.People) -> Visit:
    return visits.of(people.librarian)


def multipart(values: list[str]) -> dict[str, Any]:
    """A form with these values in as many fields."""
    fields = [
        f'--edge\r\nContent-Disposition: form-data; name="f{n}"\r\n\r\n{value}\r\n'
        for n, value in enumerate(values)
    ]
    body = ("".join(fields) + "--edge--\r\n").encode()
    return {"data": body, "headers": {"Content-Type": "multipart/form-data; boundary=edge"}}


def test_too_much_at_once(librarian: Visit) -> None:
    page = librarian.send("POST", "/collections", **multipart(["x" * 600_000]))
    assert page.status_code == 413
    assert "Files go up on the upload page" in read_page(page).text
    many = librarian.send("POST", "/bulk-edits/new", **multipart(["x"] * 1_001))
    assert many.status_code == 413
    body = b'{"name": "' + b"x" * (17 * 1024 * 1024) + b'"}'
    told = librarian.send(
        "POST", "/api/v1/collections", data=body, headers={"Content-Type": "application/json"}
    )
    assert (told.status_code, told.content_type) == (413, "application/problem+json")
    assert (told.json or {})["detail"].endswith(".")


@pytest.mark.parametrize(
    ("path", "status"),
    [("/no-such-page", 404), ("/assets/999", 405), ("/library", 405), ("/assets/1/submit", 404)],
)
def test_what_is_not_there_is_said_in_the_house_s_words(librarian: Visit, path: str, status: int) -> None:
    page = librarian.post(path)
    assert page.status_code == status
    read = read_page(page)
    assert read.tree.xpath("//*[@class='error__text']")
    assert "/library" in read.links
    told = librarian.send("POST", "/api/v1" + path)
    assert told.content_type == "application/problem+json"
    assert (told.json or {})["status"] == told.status_code
