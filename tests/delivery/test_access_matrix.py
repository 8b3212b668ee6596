"""Every route × method × actor × thing: who gets through, and who is turned away.

A letter is an actor. Of the own company: A administrator, L librarian, E planner, M finance, R reviewer,
F field marketer and H another one, N somebody without a role. Of agencies: C contributor of the one that
uploaded the things and D a colleague there, O contributor of another. Of partners: P without a grant, G with
one. X is nobody signed in. T is a program with a token of L and every scope. So each thing is met by those
whose own it is, by their peers, and by other organisations. A route that is missing here fails the test.
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
from tests.delivery.visiting import Program, Visit, Visits
from tests.delivery.world import ACTORS, World, make_world

PROGRAM = "T"
EVERYBODY = ACTORS
SIGNED_IN = ACTORS.replace("X", "")
WITH_ROLE = SIGNED_IN.replace("N", "")
OWN = "ALEMRFH"
STAFF = "AL"
UPLOADERS = "ALCDO"

# What a draft and a published asset of agency C are to the actors; the published one lies in a collection
# that is granted to the partner of G.
SEES = {"draft": "ALCD", "published": OWN + "CDG"}
WRITES = {"draft": "ALCD", "published": "AL"}
CURATES = {"draft": "AL", "published": "AL"}
TOLD_OF_TRASH = {"trashed": "AL"}
"""They are told as a conflict who moved it there, with their words kept in the form; nothing is changed."""
COLLECTION_SEEN = {"shared": OWN + "G", "private": "F"}
COLLECTION_CHANGED = {"shared": "AL", "private": "F"}

MATRIX: dict[str, str | dict[str, str]] = {
    # pages
    "health.healthz": EVERYBODY,
    "health.readyz": EVERYBODY,
    "metrics": "",  # for whoever has its token, and nobody is it by being somebody
    "static": EVERYBODY,
    "sign_in.show": EVERYBODY,
    "sign_in.sign_in": EVERYBODY,
    "sign_in.sign_out": SIGNED_IN,
    "door.choose_language": EVERYBODY,
    "sign_in.show_code": "",  # for whoever has shown a password a moment ago
    "sign_in.give_code": "",
    "single_sign_on.begin": "",  # there is none by the settings of this trial
    "single_sign_on.back": "",
    "second_factor.show": SIGNED_IN,
    "second_factor.begin": SIGNED_IN,
    "second_factor.confirm": SIGNED_IN,
    "second_factor.renew_codes": SIGNED_IN,
    "second_factor.switch_off": SIGNED_IN,
    "second_factor.reset": "A",
    "tokens.index": SIGNED_IN,
    "tokens.make": SIGNED_IN,
    "tokens.revoke": "AF",
    "tokens.everybody": "A",
    "tokens.revoke_of_somebody": "A",
    "ways_in.confirm": SIGNED_IN,
    "ways_in.end": "F",
    "ways_in.end_others": SIGNED_IN,
    "api_me.confirm": SIGNED_IN,
    "api_me.end": "F",
    "api_me.end_others": SIGNED_IN,
    "api_me.index": SIGNED_IN,
    "links.arrive_invited": EVERYBODY,
    "links.show_invitation": "",  # for whoever has a link from a mail, whoever that is
    "links.use_invitation": "",
    "links.arrive_forgotten": EVERYBODY,
    "links.show_reset": "",
    "links.use_reset": "",
    "links.show_forgotten": EVERYBODY,
    "links.ask": EVERYBODY,
    "styleguide.index": EVERYBODY,
    "account.show": SIGNED_IN,
    "account.password": SIGNED_IN,
    "account.choose_language": SIGNED_IN,
    "my_work.home": SIGNED_IN,
    "my_work.index": SIGNED_IN,
    "library.index": WITH_ROLE,
    "assets.show": SEES,
    "assets.describe": WRITES | TOLD_OF_TRASH,
    "assets.attributes": WRITES | TOLD_OF_TRASH,
    "assets.rights": CURATES | TOLD_OF_TRASH,
    "assets.submit": WRITES,
    "assets.approve": CURATES,
    "assets.give_back": CURATES,
    "assets.publish": CURATES,
    "assets.embargo": CURATES,
    "assets.open_now": CURATES,
    "assets.withdraw": CURATES,
    "assets.archive": CURATES,
    "assets.reopen": CURATES,
    "assets.drop_rights": CURATES,
    "assets.delete": WRITES,
    "assets.restore": {"trashed": "AL"},
    "audit.index": "A",
    "audit.export": "A",
    "audit.verify": "A",
    "attributes.index": STAFF,
    "attributes.add": STAFF,
    "attributes.show": STAFF,
    "attributes.change": STAFF,
    "attributes.remove": STAFF,
    "attributes.add_choice": STAFF,
    "attributes.change_choice": STAFF,
    "attributes.remove_choice": STAFF,
    "bulk_edits.index": STAFF,
    "bulk_edits.new": STAFF,
    "bulk_edits.preview": STAFF,
    "bulk_edits.show": STAFF,
    "bulk_edits.run": STAFF,
    "bulk_edits.undo": STAFF,
    "collections.index": WITH_ROLE,
    "collections.make": OWN,
    "collections.collect": OWN,
    "collections.show": COLLECTION_SEEN,
    "collections.describe": COLLECTION_CHANGED,
    "collections.add": COLLECTION_CHANGED,
    "collections.remove": COLLECTION_CHANGED,
    "collections.first": COLLECTION_CHANGED,
    "collections.delete": COLLECTION_CHANGED,
    "collections.grant": {"shared": "AL", "private": ""},
    "collections.ungrant": {"shared": "AL", "private": ""},
    "collections.ungrant_group": {"shared": "AL", "private": ""},
    "files.rendition": SEES,
    "files.zoom": SEES,
    "files.tile": SEES,
    "files.download": SEES,
    "files.pack": SEES,
    "files.package": {"package": "F"},
    "jobs.index": "A",
    "jobs.again": "A",
    "notices.index": SIGNED_IN,
    "notices.newest": SIGNED_IN,
    "notices.read": {"notice": "C"},
    "notices.read_all": SIGNED_IN,
    "notices.choices": SIGNED_IN,
    "notices.choose": SIGNED_IN,
    "outbox.index": "A",
    "outbox.show": "A",
    "people.index": "A",
    "people.ask_whom": "A",
    "people.invite": "A",
    "people_bulk.ask": "A",
    "people_bulk.template": "A",
    "people_bulk.look": "A",
    "people_bulk.send": "A",
    "person.show": "A",
    "person.change": "A",
    "person.set_roles": "A",
    "person.set_groups": "A",
    "person.grant_duty": "A",
    "person.end_duty": "A",
    "person.invite_again": "A",
    "person.suspend": "A",
    "person.reopen": "A",
    "person.ask_to_close": "A",
    "person.close": "A",
    "person.ask_to_erase": "A",
    "person.erase": "A",
    "organisations.index": "A",
    "organisations.ask": "A",
    "organisations.add": "A",
    "organisations.show": "A",
    "organisations.rename": "A",
    "organisations.suspend": "A",
    "organisations.reopen": "A",
    "organisations.close": "A",
    "groups.index": "A",
    "groups.ask": "A",
    "groups.add": "A",
    "groups.show": "A",
    "groups.describe": "A",
    "groups.set_roles": "A",
    "groups.add_members": "A",
    "groups.remove_member": "A",
    "groups.delete": "A",
    "share_page.gate": {"link": EVERYBODY},
    "share_page.enter": {"link": EVERYBODY},
    "share_page.show": {"link": ""},  # for a browser in which the link was opened, whoever sits there
    "share_page.show_asset": {"link": ""},
    "share_page.rendition": {"link": ""},
    "share_page.download": {"link": ""},
    "share_page.pack": {"link": ""},
    "share_page.package": {"link": ""},
    "share_page.close": {"link": ""},
    "shares.index": OWN,
    "shares.new": {"published": OWN},
    "shares.make": {"published": OWN},
    "shares.show": {"link": "ALF"},
    "shares.change": {"link": "F"},
    "shares.password": {"link": "F"},
    "shares.revoke": {"link": "ALF"},
    "trash.index": STAFF,
    "trash.restore": STAFF,
    "uploads.index": UPLOADERS,
    "uploads.send": UPLOADERS,
    # API
    "openapi.spec": SIGNED_IN,
    "api_trash.index": STAFF,
    "api_trash.restore": STAFF,
    "api_activity.activity": {"draft": "ALCD", "published": "ALCD"},
    "api_activity.usage": {"draft": "AL", "published": "AL"},
    "api_people.me": SIGNED_IN,
    "api_people.change_me": SIGNED_IN,
    "api_people.change_own_password": SIGNED_IN,
    "api_people.index": "A",
    "api_people.add_person": "A",
    "api_people.invite_many": "A",
    "api_people.show": "A",
    "api_people.change": "A",
    "api_people.set_roles": "A",
    "api_people.set_groups": "A",
    "api_people.grant_duty": "A",
    "api_people.end_duty": "A",
    "api_people.invite_again": "A",
    "api_people.suspend": "A",
    "api_people.reopen": "A",
    "api_people.open_work": "A",
    "api_people.close": "A",
    "api_people.erase": "A",
    "api_organisations.index": "A",
    "api_organisations.add": "A",
    "api_organisations.show": "A",
    "api_organisations.rename": "A",
    "api_organisations.suspend": "A",
    "api_organisations.reopen": "A",
    "api_organisations.matters": "A",
    "api_organisations.close": "A",
    "api_groups.index": "A",
    "api_groups.add": "A",
    "api_groups.show": "A",
    "api_groups.describe": "A",
    "api_groups.set_roles": "A",
    "api_groups.members": "A",
    "api_groups.add_members": "A",
    "api_groups.remove_member": "A",
    "api_groups.delete": "A",
    "api_jobs.index": "A",
    "api_jobs.again": "A",
    "api_notices.index": SIGNED_IN,
    "api_notices.read": {"notice": "C"},
    "api_notices.read_all": SIGNED_IN,
    "api_notices.choices": SIGNED_IN,
    "api_notices.choose": SIGNED_IN,
    "api_my_work.index": SIGNED_IN,
    "api_audit.index": "A",
    "api_audit.verification": "A",
    "api_audit.verify": "A",
    "api_library.search": WITH_ROLE,
    "api_library.suggest": WITH_ROLE,
    "api_packages.make": SEES,
    "api_assets.show": SEES,
    "api_assets.describe": WRITES,
    "api_assets.put_right": CURATES,
    "api_assets.drop_right": CURATES,
    "api_assets.submit": WRITES,
    "api_assets.approve": CURATES,
    "api_assets.give_back": CURATES,
    "api_assets.publish": CURATES,
    "api_assets.put_embargo": CURATES,
    "api_assets.withdraw": CURATES,
    "api_assets.archive": CURATES,
    "api_assets.reopen": CURATES,
    "api_assets.delete": WRITES,
    "api_assets.restore": {"trashed": "AL"},
    "api_attributes.index": WITH_ROLE,
    "api_attributes.add": STAFF,
    "api_attributes.change": STAFF,
    "api_attributes.remove": STAFF,
    "api_attributes.add_choice": STAFF,
    "api_attributes.change_choice": STAFF,
    "api_attributes.remove_choice": STAFF,
    "api_attributes.set_values": WRITES,
    "api_bulk_edits.preview": STAFF,
    "api_bulk_edits.show": STAFF,
    "api_bulk_edits.items": STAFF,
    "api_bulk_edits.run": STAFF,
    "api_bulk_edits.undo": STAFF,
    "api_collections.index": WITH_ROLE,
    "api_collections.make": OWN,
    "api_collections.show": COLLECTION_SEEN,
    "api_collections.change": COLLECTION_CHANGED,
    "api_collections.delete": COLLECTION_CHANGED,
    "api_collections.members": COLLECTION_SEEN,
    "api_collections.add": COLLECTION_CHANGED,
    "api_collections.remove": COLLECTION_CHANGED,
    "api_collections.order": COLLECTION_CHANGED,
    "api_collections.grant": {"shared": "AL", "private": ""},
    "api_collections.ungrant": {"shared": "AL", "private": ""},
    "api_collections.grant_group": {"shared": "AL", "private": ""},
    "api_collections.ungrant_group": {"shared": "AL", "private": ""},
    "api_shares.index": OWN,
    "api_shares.make": {"published": OWN},
    "api_shares.show": {"link": "ALF"},
    "api_shares.change": {"link": "F"},
    "api_shares.password": {"link": "F"},
    "api_shares.revoke": {"link": "ALF"},
    "api_shares.accesses": {"link": "ALF"},
    "api_uploads.begin": UPLOADERS,
    "api_uploads.index": UPLOADERS,
    "api_uploads.show": {"upload": "C"},
    "api_uploads.put_part": {"upload_part": "C"},
    "api_uploads.sign_parts": {"upload": "C"},
    "api_uploads.complete": {"upload_complete": "C"},
    "api_uploads.cancel": {"upload_cancel": "C"},
}


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


NEVER_BY_TOKEN = {
    # A verdict is a person's own word, and so are their password, sessions, tokens and notices.
    "api_assets.approve",
    "api_assets.give_back",
    "api_people.change_own_password",
    "api_me.confirm",
    "api_me.end",
    "api_me.end_others",
    "api_me.index",
}
BYTES_BY_TOKEN = {"files.rendition", "files.zoom", "files.tile", "files.download", "files.package"}


def letters_for(endpoint: str, method: str, letters: str) -> str:
    """With the program: it may what its person may by calls and for bytes, and sees no page of the house."""
    if letters == EVERYBODY:
        may = method == "GET" or endpoint.startswith("api_")
    else:
        by_call = endpoint.startswith("api_") or endpoint == "openapi.spec" or endpoint in BYTES_BY_TOKEN
        may = "L" in letters and by_call and endpoint not in NEVER_BY_TOKEN
    return letters + PROGRAM if may else letters


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
            for letter in ACTORS + PROGRAM:
                status = call(app, world, visits, rule, method, thing, letter)
                count += 1
                if status >= 500 or (letter in through) != (status not in (401, 403, 404)):
                    wrong.append(f"{method} {rule.rule} {thing} {letter}: {status}")
    assert not wrong, f"{len(wrong)} of {count}:\n" + "\n".join(wrong)
    assert count > 2_500


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
        return 200 if rule.endpoint in ("sign_in.sign_out",) and letter != "X" else 401
    return response.status_code
