"""Who answers a request is said in SQL, for lists and the board, as the rule says it."""

from dataclasses import replace

from sqlalchemy import select
from sqlalchemy.orm import Session

from assetlib import clock
from assetlib.access.actor import ADMINISTRATOR, ANONYMOUS, LIBRARIAN, SYSTEM, Actor, Scope
from assetlib.catalog.models import AccessRequest, Asset
from assetlib.catalog.permissions.requests import answers
from assetlib.catalog.queries.requests import answerable_by
from tests import make

ENGINES = ("sqlite", "postgresql")


def within(actor: Actor, role: str, organisation_id: int) -> Actor:
    scope = Scope("organisation", frozenset({str(organisation_id)}))
    return replace(actor, roles=frozenset(), scoped_roles=frozenset({(role, scope)}))


def test_the_sql_of_who_answers_and_the_rule_say_the_same(session: Session, people: make.People) -> None:
    assets = [
        make.published(session, people.own, people.librarian),
        make.published(session, people.agency, people.librarian),
        make.asset(session, people.agency),
        make.asset(session, people.own, deleted_at=clock.now()),
    ]
    asked = [
        *({"asset_number": each.id} for each in assets),
        {"asset_number": 9_999_999},
        {"query": "kayak"},
        {"query": "sledge", "state": "refused", "answered_at": clock.now()},
    ]
    people_asking = (people.field_marketer, people.librarian)
    rows = [
        AccessRequest(person_id=who.person_id, purpose="x", created_at=clock.now(), **each)
        for each in asked
        for who in people_asking
    ]
    session.add_all(rows)
    session.flush()
    actors = [
        *people.all(), ANONYMOUS, SYSTEM,
        *(within(people.without_role, role, of.id) for role in (LIBRARIAN, ADMINISTRATOR)
          for of in (people.own, people.agency, people.partner)),
    ]  # fmt: skip
    numbers = set()
    for actor in actors:
        found = set(session.scalars(select(AccessRequest.id).where(answerable_by(actor))))
        assert found == {
            row.id for row in rows if answers(actor, row, session.get(Asset, row.asset_number or 0))
        }, actor
        numbers.add(len(found))
    assert {0, 4, 8, 12} <= numbers, "nobody's, a search's, those of a part, all that lead somewhere"
