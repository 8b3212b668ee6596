"""What the permission says of a version, the clause says in SQL."""

from itertools import product

from sqlalchemy import select
from sqlalchemy.orm import Session

from assetlib.access.actor import FINANCE, PLANNER, Actor, Duty, Scope
from assetlib.planning.models import Plan, PlanVersion, PlanWriter
from assetlib.planning.permissions.plans import APPROVE_PLAN
from assetlib.planning.queries.visibility import decidable_by
from tests import make, make_plans

ENGINES = ("sqlite", "postgresql")
SCOPES = [
    None,
    Scope("region", frozenset({"dach", "austria"})),
    Scope("brand", frozenset({"northwind"})),
    Scope("organisation", frozenset({"1"})),
]
LIMITS: list[tuple[int | None, str]] = [(None, ""), (1_000, "EUR"), (999, "EUR"), (9_999, "CHF")]
DUTIES = [
    (Duty("plan_approver", scope, limit, currency),) for scope, (limit, currency) in product(SCOPES, LIMITS)
]
DUTIES += [(), (Duty("po_approver"),), DUTIES[2] + DUTIES[5]]


def test_the_clause_and_the_permission_agree(session: Session, people: make.People) -> None:
    persons = [make.person(session, people.own, FINANCE) for _ in range(2)]
    outside = make.person(session, people.agency, FINANCE)
    owner = make.actor(make.person(session, people.own, PLANNER), people.own)
    for brand, region, mine in product(
        ("", "northwind"), ("", "austria"), ("", "owner", "creator", "sender", "writer")
    ):
        plan = make_plans.plan(session, owner, brand=brand, region=region)
        version = make_plans.plan_version(session, plan, total_minor=1_000)
        first = persons[0].id
        if mine == "writer":
            session.add(PlanWriter(version_id=version.id, person_id=first))
            session.flush()
        plan.owner_id = first if mine == "owner" else plan.owner_id
        version.created_by_id = first if mine == "creator" else None
        sent = make_plans.plan_version(session, plan, "superseded", total_minor=1_000)
        sent.submitted_by_id = first if mine == "sender" else sent.submitted_by_id
    session.flush()
    session.expire_all()
    versions = session.scalars(select(PlanVersion)).all()
    actors: list[Actor] = [
        make.actor(person, of)
        for person, of in ((persons[0], people.own), (persons[1], people.own), (outside, people.agency))
    ]
    allowed = 0
    for actor, duties in product(actors, DUTIES):
        who = Actor(
            kind="person", name=actor.name, person_id=actor.person_id, roles=actor.roles, duties=duties,
            organisation_id=actor.organisation_id, organisation_kind=actor.organisation_kind,
        )  # fmt: skip
        found = set(
            session.scalars(
                select(PlanVersion.id).join(Plan, Plan.id == PlanVersion.plan_id).where(decidable_by(who))
            )
        )
        expected = {each.id for each in versions if APPROVE_PLAN.allows(who, each)}
        assert found == expected, (who, duties)
        allowed += len(found)
    assert 0 < allowed < len(versions) * len(actors) * len(DUTIES)
