"""Who proposes, who approves, and who only looks."""

from dataclasses import replace

import pytest
from sqlalchemy.orm import Session

from assetlib.access.actor import FINANCE, Actor, Duty, Scope
from assetlib.reference.models import ReferenceChange
from assetlib.reference.permissions import (
    APPROVE_CHANGE,
    KEEP_CALENDARS,
    KEEP_DAYS,
    PROPOSE_CHANGE,
    SEE_REFERENCE,
)
from assetlib.reference.rules.things import KINDS
from tests import make
from tests.make_reference import Keepers


def who(kept_by: Keepers, people: make.People) -> dict[str, Actor]:
    """Everybody whom the question may concern, by a name."""
    in_norway = Scope("region", frozenset({"no"}))
    return {
        "administrator": people.administrator,
        "finance": kept_by.finance,
        "finance of a region": replace(
            kept_by.finance, roles=frozenset(), scoped_roles=frozenset({(FINANCE, in_norway)})
        ),
        "planner": kept_by.planner,
        "maintainer": kept_by.maintainer,
        "field marketer": people.field_marketer,
        "agency": people.contributor,
        "agency with the duty": replace(people.contributor, duties=(Duty("vendor_maintainer"),)),
        "nobody": people.without_role,
    }


EXPECTED = {
    SEE_REFERENCE: {"administrator", "finance", "finance of a region", "planner", "maintainer"},
    KEEP_CALENDARS: {"administrator", "finance"},
    KEEP_DAYS: {"administrator", "finance", "finance of a region", "planner"},
    APPROVE_CHANGE: {"administrator", "finance"},
}


@pytest.mark.parametrize("permission", EXPECTED, ids=lambda each: each.name)
def test_who_may(permission: object, kept_by: Keepers, people: make.People) -> None:
    allowed = {name for name, actor in who(kept_by, people).items() if permission.allows(actor)}  # type: ignore[attr-defined]
    assert allowed == EXPECTED[permission]  # type: ignore[index]


@pytest.mark.parametrize("kind", KINDS)
def test_who_proposes(kind: str, kept_by: Keepers, people: make.People) -> None:
    allowed = {name for name, actor in who(kept_by, people).items() if PROPOSE_CHANGE.allows(actor, kind)}
    assert allowed == ({"finance", "maintainer"} if kind in ("vendor", "contract") else {"finance"})


def test_nobody_approves_their_own_and_no_program_approves(session: Session, kept_by: Keepers) -> None:
    change = ReferenceChange(made_by_id=kept_by.finance.person_id)
    assert not APPROVE_CHANGE.allows(kept_by.finance, change)
    assert APPROVE_CHANGE.allows(kept_by.second, change)
    program = replace(kept_by.second, token_id=1, token_scopes=frozenset({"read", "edit", "administer"}))
    assert not APPROVE_CHANGE.allows(program, change)
