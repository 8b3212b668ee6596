"""Two who decide, or open, the same at once: exactly one does."""

import pytest
from sqlalchemy import func, select

from assetlib.database import Database
from assetlib.reference.models import FiscalPeriod, GlAccount, ReferenceChange
from tests import make, make_plans
from tests.make_reference import change, keepers
from tests.racing import at_once
from tests.reference.races import decide, open_year

ENGINES = ("sqlite", "postgresql")


@pytest.mark.parametrize("verdicts", [("approve", "approve"), ("approve", "reject")])
def test_exactly_one_of_two_decides(database: Database, database_url: str, verdicts: tuple[str, str]) -> None:
    with database.transaction() as session:
        people = make.people(session)
        kept_by = keepers(session, people)
        third = make.person(session, people.own, "finance")
        row = change(session, kept_by.finance)
    deciders = (kept_by.second.person_id, third.id)
    went = at_once(
        decide,
        [(database_url, who, row.id, verdict) for who, verdict in zip(deciders, verdicts, strict=True)],
    )
    assert sorted(went) == ["done", "wrong_reference_state"]
    with database.reading() as session:
        state = session.get_one(ReferenceChange, row.id).state
        count = session.scalar(select(func.count()).select_from(GlAccount))
        assert (state, count) in [("applied", 1), ("rejected", 0)]
        winner = verdicts[went.index("done")]
        assert state == ("applied" if winner == "approve" else "rejected")


def test_two_changes_of_one_field_do_not_both_come(database: Database, database_url: str) -> None:
    """As if both had been proposed in the same moment, neither seeing the other."""
    with database.transaction() as session:
        kept_by = keepers(session, make.people(session))
        account = make_plans.gl_account(session, name="Ads")
        both = [
            change(
                session, kept_by.finance, thing_id=account.id, before={"name": "Ads"}, after={"name": name}
            ).id
            for name in ("Fairs", "Films")
        ]
    went = at_once(decide, [(database_url, kept_by.second.person_id, each, "approve") for each in both])
    assert sorted(went) == ["done", "reference_changed"]
    with database.reading() as session:
        row = session.get_one(GlAccount, account.id)
        assert (row.name, row.revision) == (("Fairs", "Films")[went.index("done")], 2)


def test_a_year_is_opened_once(database: Database, database_url: str) -> None:
    with database.transaction() as session:
        kept_by = keepers(session, make.people(session))
        calendar = make_plans.fiscal_calendar(session)
    who = (kept_by.finance.person_id, kept_by.second.person_id)
    went = at_once(open_year, [(database_url, each, calendar.id, 2027) for each in who])
    assert sorted(went) == ["done", "wrong_reference_value"]
    with database.reading() as session:
        assert session.scalar(select(func.count()).select_from(FiscalPeriod)) == 12
