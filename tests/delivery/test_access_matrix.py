"""Every route × method × actor × thing: who gets through, and who is turned away.

A letter is an actor. Of the own company: A administrator, L librarian, E planner, M finance, R reviewer,
F field marketer and H another one, N somebody without a role. Of agencies: C contributor of the one that
uploaded the things and D a colleague there, O contributor of another. Of partners: P without a grant, G with
one. X is nobody signed in. T is a program with a token of L and every scope, S a guest in whose browser a
link of F is open. So each thing is met by those whose own it is, by their peers, and by other organisations.
A route that is missing here fails the test.
"""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy.orm import Session
from werkzeug.routing import Rule

from assetlib.app import create_app
from assetlib.audit import append_chain
from assetlib.database import Database
from assetlib.house import open_house
from assetlib.settings import Settings
from tests.delivery.access_rows import GUEST, MATRIX, PROGRAM, letters_for
from tests.delivery.visiting import Program, Visit, Visits
from tests.delivery.world import ACTORS, World, make_world


class Trial(Database):
    """A database on which everything is tried and nothing stays, so that one world serves every case."""

    @contextmanager
    def transaction(self) -> Iterator[Session]:
        session = Session(self.engine.execution_options(assetlib_writes=True), expire_on_commit=False)
        try:
            yield session
            session.flush()
            append_chain(session)
            session.expunge_all()  # as after a commit, rows go on saying what they said
        finally:
            session.rollback()
            session.close()


@pytest.fixture(scope="module")
def place(
    tmp_path_factory: pytest.TempPathFactory, empty_database_file: Path
) -> Iterator[tuple[Flask, World, Visits]]:
    home = tmp_path_factory.mktemp("matrix")
    shutil.copyfile(empty_database_file, home / "assetlib.sqlite")
    settings = Settings(home=home, search_kind="memory", development=True, secret_key="s" * 40)
    house = open_house(settings)
    world = make_world(house)
    trial = replace(house, database=Trial(f"sqlite:///{home / 'assetlib.sqlite'}"))
    app = create_app(settings, house=trial)
    visits = Visits(app, house)
    for letter, actor in world.actors.items():
        if letter != "X":
            visits.of(actor)
    yield app, world, visits
    trial.database.close()
    house.database.close()


def cases(app: Flask) -> Iterator[tuple[Rule, str]]:
    for rule in sorted(app.url_map.iter_rules(), key=lambda each: each.rule):
        for method in sorted((rule.methods or set()) - {"HEAD", "OPTIONS"}):
            yield rule, method


def test_every_route_is_in_the_matrix_and_nothing_else_is(place: tuple[Flask, World, Visits]) -> None:
    endpoints = {rule.endpoint for rule in place[0].url_map.iter_rules()}
    assert endpoints == set(MATRIX)


def test_everybody_gets_through_where_they_may_and_nowhere_else(place: tuple[Flask, World, Visits]) -> None:
    app, world, visits = place
    wrong = []
    count = 0
    for rule, method in cases(app):
        row = MATRIX[rule.endpoint]
        for thing, letters in row.items() if isinstance(row, dict) else [("", row)]:
            through = letters_for(rule.endpoint, method, letters)
            for letter in ACTORS + PROGRAM + GUEST:
                status = call(app, world, visits, rule, method, thing, letter)
                count += 1
                if status >= 500 or (letter in through) != (status not in (401, 403, 404)):
                    wrong.append(f"{method} {rule.rule} {thing} {letter}: {status}")
    assert not wrong, f"{len(wrong)} of {count}:\n" + "\n".join(wrong)
    assert count > 5_000


def static_file(app: Flask) -> str:
    names: dict[str, str] = app.extensions["assetlib-static"]
    return "/static/" + names["app.css"]


def call(app: Flask, world: World, visits: Visits, rule: Rule, method: str, thing: str, letter: str) -> int:
    """The status that an actor meets; a redirect to the door counts as 401."""
    values = world.values_for(rule, thing) if rule.endpoint != "static" else {}
    with app.test_request_context():
        path = app.url_for(rule.endpoint, **values) if rule.endpoint != "static" else static_file(app)
    visit: Visit
    if letter == "X":
        visit = visits.nobody()
    elif letter == GUEST:
        visit = visits.nobody()
        for name, value in world.guest.items():
            visit.client.set_cookie(name, value)
    elif letter == PROGRAM:
        visit = Program(app.test_client(), world.token)
    elif rule.endpoint == "sign_in.sign_out":
        visit = visits.anew(world.actors[letter])
    else:
        visit = visits.of(world.actors[letter])
    more: dict[str, Any] = world.body_for(rule.endpoint, thing)
    if method == "GET":
        response = visit.get(path, query_string=more.get("query", {}))
    else:
        response = visit.send(method, path, **{key: each for key, each in more.items() if key != "query"})
    response.close()
    if response.status_code in (302, 303) and response.headers["Location"].startswith("/sign-in"):
        return 200 if rule.endpoint == "sign_in.sign_out" and letter not in ("X", GUEST) else 401
    return response.status_code
