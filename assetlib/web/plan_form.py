"""What planners typed into the forms of a plan, read by the customs of their language."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from flask import request

from assetlib import language
from assetlib.figures import NoFigure, figure_in_words, read_figure
from assetlib.money import NoAmount, amount_as_typed, currencies, read_amount
from assetlib.planning.errors import WrongPlanning
from assetlib.planning.rules.plan_content import ActivitySaid, LineSaid, ResultSaid
from assetlib.planning.rules.plans import NOT_SAVED
from assetlib.web.forms import row_number
from assetlib.words import say

SPARE_ROWS = 3
"""Empty rows at the end of a table, so that more can be written without scripts."""
MORE = "more"
Row = dict[str, str]


def lines_typed(name: str) -> list[str]:
    """A text of one thing a line."""
    return [line.strip() for line in request.form.get(name, "").splitlines() if line.strip()]


def rows_typed(names: Sequence[str], *, by: Sequence[str]) -> list[Row]:
    """The rows of a table in a form, as they were typed, without those that say nothing in the cells `by`.

    A row whose button “Remove” was pressed is left out.
    """
    columns = {name: request.form.getlist(name) for name in names}
    removed = request.form.get("remove", -1, type=int)
    count = max((len(each) for each in columns.values()), default=0)
    rows = (
        {name: values[place] if place < len(values) else "" for name, values in columns.items()}
        for place in range(count)
        if place != removed
    )
    return [row for row in rows if any(row[name].strip() for name in by)]


def asks_for_rows() -> bool:
    """Nothing is to be saved yet: another row is wanted, or one is to go."""
    return MORE in request.form or "remove" in request.form


RESULT = ("kpi", "value", "unit", "campaign")


def read_results(rows: Sequence[Row]) -> list[ResultSaid]:
    """Results as typed, or `WrongPlanning` with a sentence per row."""
    faults: dict[str, str] = {}
    found = []
    for place, row in enumerate(rows):
        try:
            value = read_figure(row["value"], _spoken())
        except NoFigure as fault:
            faults[f"expected-{place}"] = fault.sentence
            continue
        found.append(ResultSaid(row["kpi"].strip(), value, row["unit"].strip(), _number(row["campaign"])))
    _raise(faults)
    return found


def results_as_typed(results: Iterable[ResultSaid]) -> list[Row]:
    return [
        {
            "kpi": each.kpi,
            "value": figure_in_words(each.thousandths, _spoken()),
            "unit": each.unit,
            "campaign": str(each.campaign_id or ""),
        }
        for each in results
    ]


def read_activities() -> list[ActivitySaid]:
    """The activities that were ticked, with their days; `WrongPlanning` where a day is missing."""
    faults: dict[str, str] = {}
    found = []
    for activity_id in request.form.getlist("activity", type=row_number):
        days = [_day(request.form.get(f"{name}-{activity_id}", "")) for name in ("starts", "ends")]
        if days[0] is None or days[1] is None:
            faults[f"activity-{activity_id}"] = say("Choose the first and the last day.")
        else:
            found.append(ActivitySaid(activity_id, days[0], days[1]))
    _raise(faults)
    return found


LINE = ("activity", "period", "account", "centre", "amount", "currency", "certainty", "fixed", "note")


def read_lines(rows: Sequence[Row], usual: Mapping[int, tuple[int | None, int | None]]) -> list[LineSaid]:
    """Lines as typed, or `WrongPlanning` with a sentence per row.

    `usual`: activity → account and cost centre that its lines have unless they name others.
    """
    faults: dict[str, str] = {}
    found = []
    for place, row in enumerate(rows):
        if row["currency"] not in currencies():
            faults[f"line-{place}"] = say("Choose a currency.")
            continue
        try:
            amount = read_amount(row["amount"], row["currency"], _spoken())
        except NoAmount as fault:
            faults[f"line-{place}"] = fault.sentence
            continue
        activity = _number(row["activity"]) or 0
        account, centre = usual.get(activity, (None, None))
        found.append(
            LineSaid(
                activity,
                _number(row["period"]) or 0,
                _number(row["account"]) or account or 0,
                _number(row["centre"]) or centre or 0,
                amount,
                row["currency"],
                certainty=row["certainty"] or "likely",
                is_fixed=row["fixed"] == "1",
                note=row["note"].strip(),
            )
        )
    _raise(faults)
    return found


def lines_as_typed(lines: Iterable[LineSaid]) -> list[Row]:
    return [
        {
            "activity": str(each.activity_id),
            "period": str(each.period_id),
            "account": str(each.gl_account_id),
            "centre": str(each.cost_centre_id),
            "amount": amount_as_typed(each.amount_minor, each.currency, _spoken()),
            "currency": each.currency,
            "certainty": each.certainty,
            "fixed": "1" if each.is_fixed else "",
            "note": each.note,
        }
        for each in lines
    ]


def with_spare(rows: Sequence[Row], blank: Row, *, more: bool) -> list[Row]:
    """The rows with empty ones after them; `blank` is what such a one begins with."""
    return [*rows, *(dict(blank) for _ in range(SPARE_ROWS * (2 if more else 1)))]


def _number(text: Any) -> int | None:
    try:
        return row_number(text)
    except ValueError:
        return None


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def _spoken() -> str:
    return language.language()


def _raise(faults: dict[str, str]) -> None:
    if faults:
        raise WrongPlanning(NOT_SAVED, fields=faults)
