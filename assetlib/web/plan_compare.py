"""Two versions of a plan beside each other: what was added, removed and changed, in words and signs."""

from collections.abc import Callable, Iterable
from typing import Any

from flask import render_template, request

from assetlib import clock, language
from assetlib.calendar import day_in_words
from assetlib.current import actor, database
from assetlib.planning.models import PlanVersion
from assetlib.planning.queries.plans import content_of, get_plan, version_of
from assetlib.planning.rules.plan_content import (
    ADDED,
    CHANGED,
    REMOVED,
    SAME,
    ActivitySaid,
    Content,
    LineSaid,
    Pair,
    ResultSaid,
    difference,
)
from assetlib.planning.rules.plans import CERTAINTIES, FIELDS
from assetlib.web.forms import row_number
from assetlib.web.plan_view import Look, figure, look_at, money, month_of, plan_view, tag_of
from assetlib.words import say

SIGNS = {
    ADDED: {"icon": "plus", "label": say("Added"), "tone": "ok"},
    REMOVED: {"icon": "minus", "label": say("Removed"), "tone": "bad"},
    CHANGED: {"icon": "pencil-line", "label": say("Changed"), "tone": "warn"},
    SAME: {"icon": "check", "label": say("The same"), "tone": "ink"},
}


def compare_page(plan_id: int) -> str:
    """Versions `from` and `to`, or the two newest; with `all` also what is the same in both."""
    with database().reading() as session:
        plan = get_plan(session, actor(), plan_id)
        numbers = [each.number for each in plan.versions]
        later = request.args.get("to", numbers[0], type=row_number)
        before_it = next((each for each in numbers if each < later), later)
        row = version_of(session, plan, request.args.get("from", before_it, type=row_number))
        after = look_at(session, actor(), plan_id, later)
        said = content_of(row)
    found = difference(said, after.content)
    everything = "all" in request.args
    parts = [
        part
        for part in _parts(after, found)
        if part["rows"] and (everything or any(row["what"] != SAME for row in part["rows"]))
    ]
    for part in parts:
        if not everything:
            part["rows"] = [row for row in part["rows"] if row["what"] != SAME]
    return render_template(
        "plans/compare.html",
        plan=plan_view(after),
        before=_side(row),
        after=_side(after.version),
        parts=parts,
        everything=everything,
        totals=_totals(said, after),
    )


def _side(row: PlanVersion) -> dict[str, Any]:
    return {
        "number": row.number,
        "url": f"/plans/{row.plan_id}/versions/{row.number}",
        "state": tag_of(row.state),
        "reason": row.reason,
    }


def _totals(before: Content, after: Look) -> dict[str, str] | None:
    """Both sums, and by how much the later one is more or less; None to whoever sees no money."""
    if after.books is None:
        return None
    was, now, currency = before.total_minor, after.content.total_minor, after.plan.currency
    more = money(abs(now - was), currency)
    return {
        "before": money(was, currency),
        "after": money(now, currency),
        "more": say("{amount} more", amount=more)
        if now > was
        else say("{amount} less", amount=more)
        if now < was
        else say("as much as before"),
    }


def _parts(look: Look, found: Any) -> list[dict[str, Any]]:
    """Section by section; money only where it is shown."""
    campaigns = {each.campaign_id: each.campaign for each in look.activities}

    def product(key: str) -> str:
        return look.words.label("product", key)

    def result(said: ResultSaid) -> str:
        of = campaigns.get(said.campaign_id or 0, "")
        value = " ".join(each for each in (figure(said.thousandths), said.unit) if each)
        return f"{of}, {said.kpi}: {value}" if of else f"{said.kpi}: {value}"

    def activity(said: ActivitySaid) -> str:
        name = look.names.get(said.activity_id, "")
        return say(
            "{name}, {first} to {last}", name=name, first=_day(said.starts_on), last=_day(said.ends_on)
        )

    parts = [
        _part("objectives", found.objectives, str),
        _part("assumptions", [found.assumptions], str),
        _part("products", found.products, product),
        _part("segments", found.segments, str),
        _part("channels", found.channels, str),
        _part("expected", found.expected, result),
        _part("activities", found.activities, activity),
    ]
    if look.books is not None:
        parts.append(_part("lines", found.lines, _line_writer(look)))
    return parts


def _line_writer(look: Look) -> Callable[[LineSaid], str]:
    assert look.books is not None  # noqa: S101  # asked before
    months = {each.id: month_of(each) for each in look.books.periods}
    accounts = {each.id: each.label for each in look.books.accounts}
    centres = {each.id: each.label for each in look.books.cost_centres}

    def line(said: LineSaid) -> str:
        amount = money(said.amount_minor, said.currency)
        base = (
            f" ({money(said.base_minor, look.plan.currency)})" if said.currency != look.plan.currency else ""
        )
        words = [
            look.names.get(said.activity_id, ""), months.get(said.period_id, ""),
            accounts.get(said.gl_account_id, ""), centres.get(said.cost_centre_id, ""),
            language.in_words(CERTAINTIES[said.certainty]),
            *([language.in_words(say("Fixed"))] if said.is_fixed else []),
            *([said.note] if said.note else []),
        ]  # fmt: skip
        return f"{amount}{base}: {', '.join(each for each in words if each)}"

    return line


def _part(name: str, pairs: Iterable[Pair], write: Callable[[Any], str]) -> dict[str, Any]:
    rows = [
        {
            "what": pair.what,
            "sign": SIGNS[pair.what],
            "before": write(pair.before) if pair.before is not None else "",
            "after": write(pair.after) if pair.after is not None else "",
        }
        for pair in pairs
        if (pair.before, pair.after) != ("", "")
    ]
    return {"name": name, "label": FIELDS[name], "rows": rows}


def _day(day: Any) -> str:
    return day_in_words(day, clock.today(), language.language())
