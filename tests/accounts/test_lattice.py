"""Whatever people try with one another, nobody's rights grow unless an administrator gave them."""

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy.orm import Session

from assetlib.access.actor import ADMINISTRATOR, ROLES
from assetlib.accounts import actions
from assetlib.accounts.models import Person
from assetlib.accounts.queries import get_person
from assetlib.accounts.queries.directory import get_group
from assetlib.accounts.rules.roles import DutyAt
from assetlib.catalog.queries.actors import actor_of
from assetlib.catalog.queries.scopes import known_scopes
from assetlib.errors import Refusal
from tests import make

ACTS = (
    "roles", "scoped", "duty", "group roles", "join", "leave", "groups", "suspend", "reopen", "close",
    "delete group",
)  # fmt: skip
STEPS = st.lists(
    st.tuples(
        st.integers(0, 6), st.sampled_from(ACTS), st.integers(0, 6), st.sampled_from(ROLES), st.booleans()
    ),
    min_size=1,
    max_size=12,
)


def rights_of(session: Session, ids: list[int]) -> dict[int, frozenset[object]]:
    session.flush()
    session.expire_all()
    found = {}
    for each in ids:
        who = actor_of(session, each)
        open_to_them = get_person(session, each).state == "active"
        held = {*who.roles, *who.scoped_roles, *who.duties, *who.collections, *who.assets}
        found[each] = frozenset(held) if open_to_them else frozenset()
    return found


def attempt(session: Session, who: int, act: str, whom: int, role: str, kept: bool, group_id: int) -> None:
    """One act of one person upon another; whether it is allowed is what is tried."""
    actor, person = actor_of(session, who), get_person(session, whom)
    known = known_scopes(session)
    match act:
        case "roles":
            before = [grant.role for grant in person.grants] if kept else []
            actions.set_roles(session, actor, person, {role, *before}, known=known)
        case "scoped":
            own = next(iter(known["organisation"]))
            actions.set_roles(session, actor, person, [f"{role}@organisation:{own}"], known=known)
        case "duty":
            actions.grant_duty(session, actor, person, DutyAt("po_approver", limit_minor=5, currency="EUR"))
        case "group roles":
            actions.set_group_roles(session, actor, get_group(session, group_id), [role] if kept else [])
        case "join":
            actions.add_members(session, actor, get_group(session, group_id), [person])
        case "leave":
            actions.remove_member(session, actor, get_group(session, group_id), person)
        case "groups":
            actions.set_groups(session, actor, person, [get_group(session, group_id)] if kept else [])
        case "suspend":
            actions.suspend_person(session, actor, person)
        case "reopen":
            actions.reopen_person(session, actor, person, reason="Back")
        case "close":
            actions.close_person(session, actor, person, still_open=[])
        case _:
            actions.delete_group(session, actor, get_group(session, group_id))


def administrators(session: Session, ids: list[int]) -> list[Person]:
    people = [get_person(session, each) for each in ids]
    return [each for each in people if ADMINISTRATOR in each.roles and each.state == "active"]


@given(STEPS)
@settings(
    max_examples=25,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
def test_rights_never_grow_without_a_grant_by_somebody_who_may(
    session: Session, people: make.People, steps: list[tuple[int, str, int, str, bool]]
) -> None:
    ids = [each.person_id or 0 for each in people.all()]
    with session.begin_nested() as world:
        group = actions.add_group(session, people.administrator, name="Everybody")
        first = [get_person(session, each) for each in ids[:3]]
        actions.add_members(session, people.administrator, group, first)
        group_id = group.id
        before = rights_of(session, ids)
        for who, act, whom, role, kept in steps:
            by_administrator = ADMINISTRATOR in actor_of(session, ids[who]).roles
            by_one_who_is_in = get_person(session, ids[who]).state == "active"
            if not by_one_who_is_in:
                continue  # no request of theirs gets as far as an action
            done = session.begin_nested()
            try:
                attempt(session, ids[who], act, ids[whom], role, kept, group_id)
                done.commit()
            except Refusal:
                done.rollback()
            after = rights_of(session, ids)
            grown = {each for each in ids if after[each] - before[each]}
            assert not grown or by_administrator, (act, grown)
            assert administrators(session, ids), "somebody always looks after people"
            before = after
        world.rollback()
    session.expire_all()
