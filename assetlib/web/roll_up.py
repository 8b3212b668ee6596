"""Plans, campaigns and activities of a fiscal year with their figures, as a table and as a file."""

from collections.abc import Iterator, Sequence
from typing import Any

from flask import Blueprint, Response, render_template, request

from assetlib import clock, language
from assetlib.calendar import Day
from assetlib.current import actor, database
from assetlib.money import amount_in_words
from assetlib.paging import Page, clamp
from assetlib.planning.permissions.plans import SEE_PLANS
from assetlib.planning.queries.rolling_up import By, RolledUp, Row, roll_up, years_planned
from assetlib.policy import open_to
from assetlib.sheets import Cell, Column, Money
from assetlib.web.exports import STATES, as_file
from assetlib.web.pages import address, pager_view
from assetlib.words import say, say_as

pages = Blueprint("roll_up", __name__)

BY: dict[By, str] = {
    "quarter": say("Quarter"),
    "month": say("Month"),
    "year": say("Year"),
    "account": say("Account"),
}
DEPTHS = {
    "plan": say("Plans"),
    "campaign": say("Campaigns"),
    "activity": say_as("of campaigns", "Activities"),
}
KINDS = {"plan": say("Plan"), "campaign": say("Campaign"), "activity": say_as("of a campaign", "Activity")}
URLS = {"plan": "/plans/", "campaign": "/campaigns/"}


@pages.get("/plans/roll-up")
@open_to(SEE_PLANS)
def index() -> str:
    """Campaigns come by pages; a plan's figures are of all of them, on each page."""
    year, by, depth = _asked_year(), _asked_by(), _asked_depth()
    with database().reading() as session:
        years = years_planned(session, actor())
        chosen = year if year is not None else _usual(years)
        rolled = roll_up(session, actor(), chosen, by)
    campaigns = [(plan, each) for plan in rolled.plans for each in plan.below]
    number, size = clamp(request.args.get("page", type=int), None)
    here = campaigns[(number - 1) * size : number * size] if depth != "plan" else []
    page = Page(here, number, size, len(campaigns) if depth != "plan" else 0)
    shown = [(plan, [each for of, each in here if of is plan]) for plan in rolled.plans]
    return render_template(
        "plans/roll_up.html",
        year=str(chosen),
        years=[(str(each), str(each)) for each in dict.fromkeys([chosen, *years])],
        by=by,
        depth=depth,
        depths=[(label, address(depth=key, page=None), key == depth, "") for key, label in DEPTHS.items()],
        choices=list(BY.items()),
        with_money=rolled.with_money,
        buckets=_bucket_labels(rolled, by),
        rows=[
            line
            for plan, below in shown
            if number == 1 or below
            for line in _lines(plan, below, rolled, depth)
        ],
        pager=pager_view(page) if page.total > size else None,
        exports=[
            (form.upper(), f"/exports/roll-up{address(format=form, page=None)[len(request.path) :]}")
            for form in ("csv", "xlsx")
        ],
    )


@pages.get("/exports/roll-up")
@open_to(SEE_PLANS)
def export() -> Response:
    """All of it, whatever page is looked at; the columns of money for those who see it."""
    year, by = _asked_year(), _asked_by()
    with database().reading() as session:
        chosen = year if year is not None else _usual(years_planned(session, actor()))
        rolled = roll_up(session, actor(), chosen, by)
    labels = _bucket_labels(rolled, by) if by != "year" else []

    def rows() -> Iterator[Sequence[Cell]]:
        for plan in rolled.plans:
            yield _cells(plan, (plan,), rolled, by)
            for campaign in plan.below:
                yield _cells(campaign, (plan, campaign), rolled, by)
                for activity in campaign.below:
                    yield _cells(activity, (plan, campaign, activity), rolled, by)

    money = [*(Column(each, "money") for each in labels), Column(say("Sum"), "money")]
    columns = [
        Column(say("Level"), width=12), Column(say("Plan")), Column(say("Campaign")),
        Column(say_as("of a campaign", "Activity")), Column(say("State"), width=12),
        Column(say("Planned start"), "day"), Column(say("Planned finish"), "day"),
        Column(say("Forecast start"), "day"), Column(say("Forecast finish"), "day"),
        Column(say("Slip in workdays"), "number"), Column(say("Complete"), "percent"),
        Column(say("Tasks"), "number"), Column(say("Done"), "number"), Column(say("Late"), "number"),
        *([*money, Column(say("Currency"), width=10)] if rolled.with_money else []),
    ]  # fmt: skip
    filters = [(say("Fiscal year"), str(chosen)), (say("Money by"), BY[by] if rolled.with_money else "")]
    return as_file("roll-up", say("Roll-up"), columns, rows(), filters)


def _cells(row: Row, path: Sequence[Row], rolled: RolledUp, by: By) -> Sequence[Cell]:
    figures = row.figures
    names: list[Cell] = [*(each.name for each in path), *("" for _ in range(3 - len(path)))]
    buckets = rolled.buckets if by != "year" else ()
    money: list[Cell] = [Money(figures.money[each], row.currency) for each in buckets]
    return [
        KINDS[row.kind], *names, STATES.get(row.state, ""), figures.baseline_start, figures.baseline_finish,
        figures.forecast_start, figures.forecast_finish, row.slip, figures.percent,
        figures.tasks, figures.done, figures.late,
        *([*money, Money(figures.total, row.currency), row.currency] if rolled.with_money else []),
    ]  # fmt: skip


def _asked_year() -> int | None:
    text = request.args.get("year", "")
    return int(text) if len(text) == 4 and text.isascii() and text.isdecimal() else None


def _usual(years: Sequence[int]) -> int:
    """This year if somebody planned it, else the nearest one."""
    this = clock.today().year
    return min(years, key=lambda each: (abs(each - this), each), default=this)


def _asked_by() -> By:
    by = request.args.get("by", "quarter")
    return by if by in BY else "quarter"


def _asked_depth() -> str:
    depth = request.args.get("depth", "campaign")
    return depth if depth in DEPTHS else "campaign"


def _bucket_labels(rolled: RolledUp, by: By) -> list[str]:
    if by == "account":
        return [f"{each} {rolled.labels[each]}" for each in rolled.buckets]
    if by == "quarter":
        return [say("Quarter {number}", number=each) for each in rolled.buckets]
    if by == "month":
        return [say("Month {number}", number=each) for each in rolled.buckets]
    return []


def _lines(plan: Row, campaigns: Sequence[Row], rolled: RolledUp, depth: str) -> Iterator[dict[str, Any]]:
    yield _line(plan, rolled)
    for campaign in campaigns:
        yield _line(campaign, rolled)
        if depth == "activity":
            for activity in campaign.below:
                yield _line(activity, rolled)


def _line(row: Row, rolled: RolledUp) -> dict[str, Any]:
    figures, spoken = row.figures, language.language()
    in_buckets = [figures.money[each] for each in rolled.buckets]
    return {
        "kind": row.kind,
        "name": row.name,
        "url": f"{URLS[row.kind]}{row.id}" if row.kind in URLS else None,
        "baseline": _span(figures.baseline_start, figures.baseline_finish),
        "forecast": _span(figures.forecast_start, figures.forecast_finish),
        "slip": row.slip,
        "percent": figures.percent,
        "tasks": figures.tasks,
        "late": figures.late,
        "open": figures.open,
        "done": figures.done,
        "money": [amount_in_words(each, row.currency, spoken) if each else "" for each in in_buckets],
        "total": amount_in_words(figures.total, row.currency, spoken),
    }


def _span(first: Any, last: Any) -> str:
    if first is None or last is None:
        return ""
    today = clock.today()
    return say("{first} to {last}", first=Day(first, today), last=Day(last, today))
