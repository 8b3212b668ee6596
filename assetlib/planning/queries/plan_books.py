"""What the lines of a plan are reckoned in: months, accounts, cost centres, rates; and their sums."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from assetlib.planning.models import Plan
from assetlib.planning.rules.plan_content import LineSaid
from assetlib.planning.rules.plans import Books
from assetlib.reference.models import CostCentre, ExchangeRate, FiscalPeriod, GlAccount
from assetlib.reference.queries import find_rate, periods_of_year


@dataclass(frozen=True)
class PlanBooks:
    """The rows that lines of a plan can name, those that are not open any more too."""

    periods: Sequence[FiscalPeriod]
    accounts: Sequence[GlAccount]
    cost_centres: Sequence[CostCentre]

    @property
    def rules(self) -> Books:
        """The same as the rules take it."""
        return Books(
            periods=[each.id for each in self.periods],
            accounts={each.id: self._open(each) for each in self.accounts if each.kind == "expense"},
            cost_centres={each.id: self._open(each) for each in self.cost_centres},
        )

    def _open(self, row: GlAccount | CostCentre) -> list[int]:
        """The periods in which it is good for at least a day."""
        return [
            each.id
            for each in self.periods
            if row.valid_from <= each.ends_on
            and (row.valid_until is None or row.valid_until >= each.starts_on)
        ]


def books_of(session: Session, plan: Plan) -> PlanBooks:
    """Three statements."""
    return PlanBooks(
        periods_of_year(session, plan.calendar_id, plan.fiscal_year),
        session.scalars(select(GlAccount).order_by(GlAccount.code)).all(),
        session.scalars(select(CostCentre).order_by(CostCentre.code)).all(),
    )


def rates_for(session: Session, plan: Plan, currencies: Iterable[str]) -> dict[str, int | None]:
    """Currency → how much of the plan's one unit is worth at the plan rate of its year's first day."""
    periods = periods_of_year(session, plan.calendar_id, plan.fiscal_year)
    return {
        each: find_rate(session, each, plan.currency, periods[0].starts_on) if periods else None
        for each in sorted(set(currencies))
    }


@dataclass(frozen=True)
class Sums:
    """The money of a version in the plan's currency; each of the three adds up to the same."""

    total: int
    by_period: Mapping[int, int]
    by_account: Mapping[int, int]
    by_activity: Mapping[int, int]


def sums_of(lines: Iterable[LineSaid]) -> Sums:
    kept = list(lines)
    return Sums(
        sum(each.base_minor for each in kept),
        _summed(kept, lambda each: each.period_id),
        _summed(kept, lambda each: each.gl_account_id),
        _summed(kept, lambda each: each.activity_id),
    )


def _summed(lines: Iterable[LineSaid], key: Callable[[LineSaid], int]) -> dict[int, int]:
    found: defaultdict[int, int] = defaultdict(int)
    for each in lines:
        found[key(each)] += each.base_minor
    return dict(found)


def currencies_into(session: Session, plan: Plan) -> Sequence[str]:
    """Currencies that have had a plan rate into the plan's."""
    return session.scalars(
        select(ExchangeRate.base)
        .where(ExchangeRate.kind == "plan", ExchangeRate.quote == plan.currency)
        .distinct()
        .order_by(ExchangeRate.base)
    ).all()
