"""Lists of planning as files: the same rows that whoever asks sees on the pages."""

from collections.abc import Iterable, Iterator, Sequence
from typing import cast

from flask import Blueprint, Response, request, stream_with_context

from assetlib import clock
from assetlib.current import actor, database
from assetlib.errors import Invalid
from assetlib.planning.permissions.plans import SEE_MONEY, SEE_PLANS
from assetlib.planning.permissions.work import SEE_CAMPAIGNS, SEE_TASKS
from assetlib.planning.queries.listing import (
    TasksWanted,
    campaigns_listed,
    plans_listed,
    tasks_listed,
)
from assetlib.planning.queries.marketing_calendar import Choices, calendar_between, choices_of
from assetlib.policy import open_to
from assetlib.sheets import FORMS, Cell, Column, Form, Money, Sheet, written
from assetlib.storage.names import content_disposition
from assetlib.web.calendar import asked_filters, asked_span
from assetlib.web.calendar_view import VIEWS
from assetlib.web.forms import row_number
from assetlib.words import say, say_as

pages = Blueprint("exports", __name__, url_prefix="/exports")

KINDS = {
    "activity": say_as("of a campaign", "Activity"), "event": say("Event"), "campaign": say("Campaign"),
    "work": say_as("a task", "Work"), "planning": say_as("a task", "Planning"), "milestone": say("Milestone"),
}  # fmt: skip
STATES = {
    "planned": say("Planned"), "running": say("Running"), "done": say("Done"), "cancelled": say("Cancelled"),
    "to_do": say("To do"), "doing": say("Doing"), "waiting": say("Waiting"),
    "draft": say("Draft"), "in_review": say("In review"), "changes_requested": say("Changes requested"),
    "taken_back": say("Taken back"), "rejected": say("Rejected"), "approved": say("Approved"),
    "active": say("Active"), "superseded": say("Superseded"), "closed": say("Closed"),
}  # fmt: skip


def asked_form() -> Form:
    form = request.args.get("format", "csv")
    if form not in FORMS:
        raise Invalid(say("Lists are given as CSV or as XLSX. Choose one of them."))
    return cast("Form", form)


def as_file(
    name: str,
    title: str,
    columns: Sequence[Column],
    rows: Iterable[Sequence[Cell]],
    filters: Sequence[tuple[str, str]] = (),
) -> Response:
    """The table as the file that was asked for. Its rows were read before; no transaction waits for bytes."""
    form, moment = asked_form(), clock.now()
    sheet = Sheet(title, columns, rows, moment, [each for each in filters if each[1]])
    response = Response(stream_with_context(written(sheet, form)), content_type=FORMS[form])
    response.headers["Content-Disposition"] = content_disposition(f"{name}-{clock.today()}.{form}")
    response.headers["Cache-Control"] = "private, no-store"
    return response


@pages.get("/calendar")
@open_to(SEE_CAMPAIGNS)
def calendar() -> Response:
    """What the calendar's page shows for the same address, with every clash in words."""
    span, wanted = asked_span(clock.today()), asked_filters()
    with database().reading() as session:
        shown = calendar_between(session, actor(), span.first, span.last, wanted)
    others: dict[int, list[str]] = {}
    for clash in shown.clashes:
        others.setdefault(clash.first, []).append(shown.by_activity[clash.second].name)
        others.setdefault(clash.second, []).append(shown.by_activity[clash.first].name)
    rows = (
        (
            KINDS.get(each.kind),
            each.name,
            each.campaign,
            each.starts_on,
            each.ends_on,
            ", ".join(each.channels),
            _regions(each.regions, shown.choices),
            shown.choices.brand(each.brand) if each.brand else "",
            each.owner,
            STATES.get(each.state),
            ", ".join(others.get(each.id, [])) if each.kind != "campaign" else "",
        )
        for each in shown.entries
    )
    columns = [
        Column(say("Kind"), width=12), Column(say("Name"), width=36), Column(say("Campaign")),
        Column(say("First day"), "day"), Column(say("Last day"), "day"), Column(say("Channel"), width=18),
        Column(say("Regions")), Column(say("Brand"), width=18), Column(say("Owner"), width=20),
        Column(say("State"), width=14), Column(say("Clashes with")),
    ]  # fmt: skip
    filters = [
        (VIEWS[span.view], span.title),
        (say("Region"), shown.choices.region(wanted.region)),
        (say("Channel"), wanted.channel),
        (say("Brand"), shown.choices.brand(wanted.brand)),
        (say("Clashes only"), say("yes") if wanted.clashes_only else ""),
    ]
    return as_file("calendar", say("Marketing calendar"), columns, rows, filters)


@pages.get("/plans")
@open_to(SEE_PLANS)
def plans() -> Response:
    """Plans with their latest versions; the sums for those who see money."""
    with_money = SEE_MONEY.allows(actor())
    with database().reading() as session:
        listed = plans_listed(session, actor())
        choices = choices_of(session)

    def rows() -> Iterator[Sequence[Cell]]:
        for plan, owner, number, state, total in listed:
            money: tuple[Cell, ...] = (Money(total, plan.currency), plan.currency) if with_money else ()
            yield (
                plan.ref,
                plan.name,
                plan.fiscal_year,
                choices.brand(plan.brand) if plan.brand else "",
                choices.region(plan.region) if plan.region else "",
                owner,
                number,
                STATES.get(state or ""),
                *money,
            )

    sums = [Column(say("Planned money"), "money"), Column(say("Currency"), width=10)] if with_money else []
    columns = [
        Column(say("Number"), width=12), Column(say("Name"), width=36), Column(say("Fiscal year"), "number"),
        Column(say("Brand"), width=18), Column(say("Region")), Column(say("Owner"), width=20),
        Column(say("Version"), "number"), Column(say("State"), width=16), *sums,
    ]  # fmt: skip
    return as_file("plans", say("Plans"), columns, rows())


@pages.get("/campaigns")
@open_to(SEE_CAMPAIGNS)
def campaigns() -> Response:
    with database().reading() as session:
        listed = campaigns_listed(session, actor())
        choices = choices_of(session)
    rows = (
        (
            each.name,
            plan,
            each.theme,
            choices.brand(each.brand) if each.brand else "",
            _regions(each.regions, choices),
            ", ".join(each.channels),
            each.starts_on,
            each.ends_on,
            owner,
            STATES.get(each.state),
            activities,
        )
        for each, plan, owner, activities in listed
    )
    columns = [
        Column(say("Campaign"), width=36), Column(say("Plan")), Column(say("Theme"), width=36),
        Column(say("Brand"), width=18), Column(say("Regions")), Column(say("Channels")),
        Column(say("First day"), "day"), Column(say("Last day"), "day"), Column(say("Owner"), width=20),
        Column(say("State"), width=14), Column(say("Activities"), "number"),
    ]  # fmt: skip
    return as_file("campaigns", say("Campaigns"), columns, rows)


@pages.get("/tasks")
@open_to(SEE_TASKS)
def tasks() -> Response:
    """Of an agency those alone that were given to it. `campaign`, `mine=1` and `open=1` leave fewer."""
    wanted = TasksWanted(
        campaign_id=request.args.get("campaign", type=row_number),
        assignee_id=actor().person_id if request.args.get("mine") == "1" else None,
        still_open=request.args.get("open") == "1",
    )
    with database().reading() as session:
        listed = tasks_listed(session, actor(), wanted)
    rows = (
        (
            each.name, campaign, activity, KINDS.get(each.kind), STATES.get(each.stage), person, agency,
            each.role, each.effort_hours, each.baseline_start, each.baseline_finish,
            each.forecast_start, each.forecast_finish, each.actual_start, each.actual_finish, each.percent,
        )
        for each, activity, campaign, person, agency in listed
    )  # fmt: skip
    columns = [
        Column(say("Task"), width=36), Column(say("Campaign")), Column(say_as("of a campaign", "Activity")),
        Column(say("Kind"), width=12), Column(say("State"), width=12), Column(say("Who does it")),
        Column(say("Agency")), Column(say("Role"), width=14), Column(say("Hours"), "number"),
        Column(say("Planned start"), "day"), Column(say("Planned finish"), "day"),
        Column(say("Forecast start"), "day"), Column(say("Forecast finish"), "day"),
        Column(say("Actual start"), "day"), Column(say("Actual finish"), "day"),
        Column(say("Complete"), "percent"),
    ]  # fmt: skip
    filters = [
        (say("Campaign"), listed[0][2] if wanted.campaign_id is not None and listed else ""),
        (say("Only your own"), say("yes") if wanted.assignee_id else ""),
        (say("Only open ones"), say("yes") if wanted.still_open else ""),
    ]
    return as_file("tasks", say("Tasks"), columns, rows, filters)


def _regions(keys: Iterable[str], choices: Choices) -> str:
    return ", ".join(choices.region(key) for key in keys)
