"""What came of a campaign, beside what was expected; figures are typed one by one, or sent as a table."""

from typing import Any

from flask import Blueprint, render_template, request
from werkzeug.wrappers import Response

from assetlib import clock, language
from assetlib.current import actor, database
from assetlib.errors import Refusal
from assetlib.figures import figure_in_words
from assetlib.planning.actions.results import enter_results
from assetlib.planning.errors import WrongPlanning
from assetlib.planning.permissions.work import EDIT_CAMPAIGN, SEE_CAMPAIGNS
from assetlib.planning.queries.campaigns import get_campaign
from assetlib.planning.queries.results import Measured, activity_names, results_of
from assetlib.planning.rules.results import LARGEST_FILE, MOST_ROWS, Beside, Typed, typed_in
from assetlib.policy import open_to
from assetlib.typed_tables import NoTable, decoded
from assetlib.web.campaigns import around, read
from assetlib.web.changing import made
from assetlib.words import say_n

pages = Blueprint("campaign_results", __name__)


@pages.get("/campaigns/<int:campaign_id>/results")
@open_to(SEE_CAMPAIGNS)
def show(campaign_id: int) -> str:
    """Expected and measured, and every figure as it was entered."""
    return _page(campaign_id)


@pages.post("/campaigns/<int:campaign_id>/results")
@open_to(EDIT_CAMPAIGN)
def enter(campaign_id: int) -> Response | tuple[str, int]:
    """One figure."""
    form = request.form
    typed = Typed(
        form.get("day", ""),
        form.get("kpi", ""),
        form.get("value", ""),
        form.get("unit", ""),
        form.get("activity", ""),
    )
    return _entered(campaign_id, lambda: [typed], "typed", "one")


@pages.post("/campaigns/<int:campaign_id>/results/table")
@open_to(EDIT_CAMPAIGN)
def enter_table(campaign_id: int) -> Response | tuple[str, int]:
    """All figures of a table, or none with a sentence for each row that cannot be read."""
    return _entered(campaign_id, lambda: typed_in(_text()), "csv", "table")


def _entered(campaign_id: int, typed: Any, source: Any, form: str) -> Response | tuple[str, int]:
    return made(
        lambda session: enter_results(
            session,
            actor(),
            get_campaign(session, actor(), campaign_id),
            typed(),
            language=language.language(),
            source=source,
        ),
        said=lambda count: say_n("{count} figure is kept.", "{count} figures are kept.", count),
        to=lambda _: f"/campaigns/{campaign_id}/results",
        refused=lambda refusal: _page(campaign_id, problem=refusal, form=form),
    )


def _text() -> str:
    """The chosen file, else what was pasted."""
    file = request.files.get("file")
    content = file.read(LARGEST_FILE + 1) if file is not None and file.filename else b""
    if not content:
        return request.form.get("rows", "")
    try:
        return decoded(content, most_rows=MOST_ROWS, most_bytes=LARGEST_FILE)
    except NoTable as fault:
        raise WrongPlanning(fault.sentence, fields={"rows": fault.sentence}) from fault


def _page(campaign_id: int, *, problem: Refusal | None = None, form: str = "") -> str:
    with database().reading() as session:
        campaign, _, head = read(session, campaign_id)
        found = results_of(session, campaign)
        names = sorted(activity_names(session, campaign).values())
        activities = [each.name for each in campaign.activities if each.id in names]
    typed = request.form if problem is not None else {}
    return render_template(
        "campaigns/results.html",
        **around(campaign, head, "results"),
        figures=[_figure_view(each) for each in found.figures],
        entered=[_entered_view(each) for each in found.entered],
        hidden=found.total - len(found.entered),
        activities=[(each, each) for each in activities],
        kpis=list(dict.fromkeys(each.kpi for each in found.figures)),
        typed=typed,
        today=clock.today().isoformat(),
        rows_problem=problem if form == "table" else None,
        one_problem=problem if form == "one" else None,
    )


def _figure_view(each: Beside) -> dict[str, Any]:
    return {
        "kpi": each.kpi,
        "unit": each.unit,
        "expected": _written(each.expected, each.unit),
        "measured": _written(each.measured, each.unit),
        "measured_on": each.measured_on,
        "percent": each.percent,
    }


def _entered_view(each: Measured) -> dict[str, Any]:
    return {
        "day": each.measured_on,
        "kpi": each.kpi,
        "value": _written(each.thousandths, each.unit),
        "activity": each.activity,
        "person": each.person,
        "from_table": each.source == "csv",
        "at": each.entered_at,
    }


def _written(thousandths: int | None, unit: str) -> str:
    if thousandths is None:
        return ""
    number = figure_in_words(thousandths, language.language())
    return f"{number} {unit}" if unit else number
