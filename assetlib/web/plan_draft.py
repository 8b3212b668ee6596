"""The forms of a draft, with what it says or with what was typed and not taken."""

from collections.abc import Sequence
from typing import Any

from flask import request
from sqlalchemy.orm import Session

from assetlib.errors import Refusal
from assetlib.planning.queries.plan_books import currencies_into
from assetlib.planning.rules.plans import CERTAINTIES
from assetlib.web.plan_form import (
    LINE,
    MORE,
    RESULT,
    Row,
    lines_as_typed,
    results_as_typed,
    rows_typed,
    with_spare,
)
from assetlib.web.plan_view import Look, month_of
from assetlib.words import say


def draft_view(session: Session, look: Look, problem: Refusal | None, form: str) -> dict[str, Any]:
    """What the forms of a draft hold. Of the one that was sent: what was typed."""
    more = MORE in request.form
    return {
        "revision": look.version.revision,
        "words": _words(look, typed=form == "words"),
        "products": _products(look),
        "expected": with_spare(
            rows_typed(RESULT, by=("kpi", "value"))
            if form == "expected"
            else results_as_typed(look.content.expected),
            dict.fromkeys(RESULT, ""),
            more=more and form == "expected",
        ),
        "campaigns": _campaigns(look),
        "activities": _activities(look, typed=form == "activities"),
        "lines": _lines(look, more=more, typed=form == "lines"),
        "line_choices": _line_choices(session, look),
        "faults": (problem.details.get("fields") if problem is not None else None) or {},
    }


def _words(look: Look, *, typed: bool) -> dict[str, Any]:
    said, form = look.content, request.form
    if typed:
        return {
            **{name: form.get(name, "") for name in ("objectives", "assumptions", "segments", "channels")},
            "products": form.getlist("products"),
        }
    return {
        "objectives": "\n".join(said.objectives),
        "assumptions": said.assumptions,
        "segments": "\n".join(said.segments),
        "channels": "\n".join(said.channels),
        "products": list(said.products),
    }


def _products(look: Look) -> list[tuple[str, str]]:
    definition = look.words.product
    return [(each.key, each.label) for each in definition.choices] if definition is not None else []


def _campaigns(look: Look) -> list[tuple[str, str]]:
    """The campaigns of the plan, to choose from."""
    return list({str(each.campaign_id): each.campaign for each in look.activities}.items())


def _activities(look: Look, *, typed: bool) -> list[dict[str, Any]]:
    """Every activity of the plan under its campaign, with whether the draft takes it in, and its days."""
    planned = {each.activity_id: each for each in look.content.activities}
    ticked = set(request.form.getlist("activity")) if typed else {str(each) for each in planned}
    found: dict[int, dict[str, Any]] = {}
    for each in look.activities:
        if each.state == "cancelled" and str(each.id) not in ticked:
            continue
        said = planned.get(each.id)
        starts, ends = (said.starts_on, said.ends_on) if said else (each.starts_on, each.ends_on)
        of = found.setdefault(
            each.campaign_id,
            {"name": each.campaign, "url": f"/campaigns/{each.campaign_id}", "activities": []},
        )
        of["activities"].append(
            {
                "id": each.id,
                "name": each.name,
                "taken": str(each.id) in ticked,
                "starts": request.form.get(f"starts-{each.id}", "") if typed else starts.isoformat(),
                "ends": request.form.get(f"ends-{each.id}", "") if typed else ends.isoformat(),
            }
        )
    return list(found.values())


def _lines(look: Look, *, more: bool, typed: bool) -> Sequence[Row]:
    blank = {**dict.fromkeys(LINE, ""), "currency": look.plan.currency, "certainty": "likely"}
    rows = rows_typed(LINE, by=("activity", "amount")) if typed else lines_as_typed(look.content.lines)
    return with_spare(rows, blank, more=more and typed)


def _line_choices(session: Session, look: Look) -> dict[str, list[tuple[str, str]]]:
    """What the cells of a line choose from: what the version has, and what is good in the plan's year."""
    assert look.books is not None  # noqa: S101  # whoever writes a plan sees its money
    kept, rules = look.books, look.books.rules
    used = {each.currency for each in look.content.lines} | {look.plan.currency}
    taken = [each.activity_id for each in look.content.activities]
    return {
        "activity": [(str(each), look.names.get(each, "")) for each in taken],
        "period": [(str(each.id), month_of(each)) for each in kept.periods],
        "account": [(str(each.id), each.label) for each in kept.accounts if rules.accounts.get(each.id)],
        "centre": [(str(each.id), each.label) for each in kept.cost_centres if rules.cost_centres[each.id]],
        "currency": [(code, code) for code in sorted(used | set(currencies_into(session, look.plan)))],
        "certainty": list(CERTAINTIES.items()),
        "fixed": [("", say("Variable")), ("1", say("Fixed"))],
    }
