"""Plans: make them, write their drafts, and read what their versions say."""

from apiflask import APIBlueprint

from assetlib.api.plan_shapes import (
    ActivitiesIn,
    DifferenceOut,
    DifferenceQuery,
    ExpectedIn,
    LinesIn,
    PlanChange,
    PlanIn,
    PlanOut,
    PlanQuery,
    PlansOut,
    ReasonIn,
    VersionOut,
    WordsIn,
    difference_out,
    plan_out,
    version_out,
)
from assetlib.current import actor, database
from assetlib.planning.actions import plan_drafts as drafts
from assetlib.planning.actions import plans as actions
from assetlib.planning.models import Plan
from assetlib.planning.permissions.plans import EDIT_PLAN, MAKE_PLAN, SEE_PLANS
from assetlib.planning.queries.plans import Wanted, content_of, get_plan, get_version, plans_of
from assetlib.planning.rules.plan_content import ActivitySaid, LineSaid, ResultSaid, difference
from assetlib.policy import open_to

api = APIBlueprint("api_plans", __name__, tag="Plans")


@api.get("/plans")
@api.input(PlanQuery, location="query")
@api.output(PlansOut)
@open_to(SEE_PLANS)
def index(query_data: PlanQuery) -> PlansOut:
    """Plans, the latest year first."""
    wanted = Wanted(query_data.year, query_data.state, query_data.brand, query_data.region)
    with database().reading() as session:
        page = plans_of(session, actor(), wanted, number=query_data.page, size=query_data.size)
        return PlansOut(
            total=page.total,
            page=page.number,
            size=page.size,
            plans=[plan_out(each.plan, each.active, each.newest) for each in page.rows],
        )


@api.post("/plans")
@api.input(PlanIn)
@api.output(PlanOut, status_code=201)
@open_to(MAKE_PLAN)
def make(json_data: PlanIn) -> PlanOut:
    """A plan for a fiscal year, with an empty draft."""
    with database().transaction() as session:
        plan = actions.make_plan(
            session,
            actor(),
            name=json_data.name,
            calendar_id=json_data.calendar,
            fiscal_year=json_data.fiscal_year,
            currency=json_data.currency,
            brand=json_data.brand,
            region=json_data.region,
            owner_id=json_data.owner,
        )
        return plan_out(plan, None, plan.versions[0])


@api.get("/plans/<int:plan_id>")
@api.output(PlanOut)
@open_to(SEE_PLANS)
def show(plan_id: int) -> PlanOut:
    """One plan, with the numbers of its versions."""
    with database().reading() as session:
        return _shown(get_plan(session, actor(), plan_id))


@api.put("/plans/<int:plan_id>")
@api.input(PlanChange)
@api.output(PlanOut)
@open_to(EDIT_PLAN)
def change(plan_id: int, json_data: PlanChange) -> PlanOut:
    """Its name, whom it is for, and its owner."""
    with database().transaction() as session:
        plan = get_plan(session, actor(), plan_id)
        actions.change_plan(
            session,
            actor(),
            plan,
            revision=json_data.revision,
            name=json_data.name,
            brand=json_data.brand,
            region=json_data.region,
            owner_id=json_data.owner,
        )
        return _shown(plan)


@api.post("/plans/<int:plan_id>/close")
@api.input(ReasonIn)
@api.output(PlanOut)
@open_to(EDIT_PLAN)
def close(plan_id: int, json_data: ReasonIn) -> PlanOut:
    """Nothing new is planned under it any more."""
    with database().transaction() as session:
        plan = get_plan(session, actor(), plan_id)
        actions.close_plan(session, actor(), plan, reason=json_data.reason)
        return _shown(plan)


@api.post("/plans/<int:plan_id>/versions")
@api.input(ReasonIn)
@api.output(VersionOut, status_code=201)
@open_to(EDIT_PLAN)
def start(plan_id: int, json_data: ReasonIn) -> VersionOut:
    """The next draft, which says what was sent last."""
    with database().transaction() as session:
        plan = get_plan(session, actor(), plan_id)
        draft = drafts.start_version(session, actor(), plan, reason=json_data.reason)
        return version_out(session, actor(), draft)


@api.get("/plans/<int:plan_id>/versions/<int:number>")
@api.output(VersionOut)
@open_to(SEE_PLANS)
def version(plan_id: int, number: int) -> VersionOut:
    """All that a version says; money only to whoever may see it."""
    with database().reading() as session:
        return version_out(session, actor(), get_version(session, actor(), plan_id, number))


@api.put("/plans/<int:plan_id>/versions/<int:number>/words")
@api.input(WordsIn)
@api.output(VersionOut)
@open_to(EDIT_PLAN)
def write_words(plan_id: int, number: int, json_data: WordsIn) -> VersionOut:
    """What it is for, for whom, and what it takes for granted."""
    with database().transaction() as session:
        row = get_version(session, actor(), plan_id, number)
        drafts.write_words(session, actor(), row, **json_data.model_dump())
        return version_out(session, actor(), row)


@api.put("/plans/<int:plan_id>/versions/<int:number>/expected")
@api.input(ExpectedIn)
@api.output(VersionOut)
@open_to(EDIT_PLAN)
def write_results(plan_id: int, number: int, json_data: ExpectedIn) -> VersionOut:
    """All that is expected of it."""
    said = [
        ResultSaid(each.kpi.strip(), each.thousandths, each.unit.strip(), each.campaign)
        for each in json_data.expected
    ]
    with database().transaction() as session:
        row = get_version(session, actor(), plan_id, number)
        drafts.write_results(session, actor(), row, revision=json_data.revision, results=said)
        return version_out(session, actor(), row)


@api.put("/plans/<int:plan_id>/versions/<int:number>/activities")
@api.input(ActivitiesIn)
@api.output(VersionOut)
@open_to(EDIT_PLAN)
def write_activities(plan_id: int, number: int, json_data: ActivitiesIn) -> VersionOut:
    """All activities that it takes in."""
    said = [ActivitySaid(each.activity, each.starts_on, each.ends_on) for each in json_data.activities]
    with database().transaction() as session:
        row = get_version(session, actor(), plan_id, number)
        drafts.write_activities(session, actor(), row, revision=json_data.revision, activities=said)
        return version_out(session, actor(), row)


@api.put("/plans/<int:plan_id>/versions/<int:number>/lines")
@api.input(LinesIn)
@api.output(VersionOut)
@open_to(EDIT_PLAN)
def write_lines(plan_id: int, number: int, json_data: LinesIn) -> VersionOut:
    """All lines of its money."""
    said = [
        LineSaid(
            each.activity, each.period, each.account, each.cost_centre, each.amount_minor, each.currency,
            certainty=each.certainty, is_fixed=each.fixed, note=each.note,
        )
        for each in json_data.lines
    ]  # fmt: skip
    with database().transaction() as session:
        row = get_version(session, actor(), plan_id, number)
        drafts.write_lines(session, actor(), row, revision=json_data.revision, lines=said)
        return version_out(session, actor(), row)


@api.get("/plans/<int:plan_id>/difference")
@api.input(DifferenceQuery, location="query")
@api.output(DifferenceOut)
@open_to(SEE_PLANS)
def differing(plan_id: int, query_data: DifferenceQuery) -> DifferenceOut:
    """What was added, removed and changed between two versions."""
    with database().reading() as session:
        before = content_of(get_version(session, actor(), plan_id, query_data.before))
        after = content_of(get_version(session, actor(), plan_id, query_data.after))
    return difference_out(actor(), difference(before, after))


def _shown(plan: Plan) -> PlanOut:
    active = next((each for each in plan.versions if each.state == "active"), None)
    return plan_out(plan, active, plan.versions[0])
