"""A plan and its versions: which state follows which, and what may stand in them. Plain values only."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from assetlib.catalog.rules.texts import LONGEST_NOTE, LONGEST_TEXT, name_fault, text_fault
from assetlib.money import LARGEST, currencies, digits_of
from assetlib.planning.errors import PlanningChanged, WrongPlanning, WrongPlanningState
from assetlib.planning.rules.plan_content import ActivitySaid, Content, LineSaid, ResultSaid
from assetlib.words import say, together

LONGEST_NAME = 200
LONGEST_WORDS = 300
LONGEST_KPI = 100
LONGEST_UNIT = 20
MOST_WORDS = 50
MOST_LINES = 2_000
MOST_RESULTS = 200
FIRST_YEAR, LAST_YEAR = 2000, 2100
LARGEST_RESULT = 10**15
ONE_RATE = 10**10
"""A rate of one, as the reference data keeps rates."""
CERTAINTIES = {"committed": say("Committed"), "likely": say("Likely"), "optional": say("Optional")}

STATES = {
    "draft": say("Draft"),
    "in_review": say("In review"),
    "changes_requested": say("Changes asked for"),
    "taken_back": say("Taken back"),
    "rejected": say("Rejected"),
    "approved": say("Approved, not active yet"),
    "active": say("Active"),
    "superseded": say("Superseded"),
    "closed": say("Closed"),
}
FOLLOWS: Mapping[str, frozenset[str]] = {
    "draft": frozenset({"in_review"}),
    "in_review": frozenset({"approved", "changes_requested", "rejected", "taken_back"}),
    "approved": frozenset({"active"}),
    "active": frozenset({"superseded", "closed"}),
    "changes_requested": frozenset(),
    "taken_back": frozenset(),
    "rejected": frozenset(),
    "superseded": frozenset(),
    "closed": frozenset(),
}
"""State of a version → those that may follow it."""
NOT_SAVED = say("This was not saved. Look at the marked fields.")
NOT_SENT = say("This was not sent for review. Look at the marked fields.")
WHOLE = ""
FIELDS = {
    WHOLE: say("The whole version"),
    "objectives": say("Objectives"),
    "assumptions": say("Assumptions"),
    "products": say("Target products"),
    "segments": say("Segments"),
    "channels": say("Channels"),
    "expected": say("Expected results"),
    "activities": say("Activities"),
    "lines": say("Planned money"),
}
"""What a comment can be about, beside single activities (`activity-7`) and lines (`line-12`)."""


def must_follow(state: str, then: str) -> None:
    """Nothing, or `WrongPlanningState` with what the version is now."""
    if then not in FOLLOWS[state]:
        raise WrongPlanningState(
            say("This version is not open for that any more. It is: {state}.", state=STATES[state]),
            state=state,
        )


def must_be_draft(state: str) -> None:
    """Nothing, or a refusal: what was sent for review never changes."""
    if state != "draft":
        raise WrongPlanningState(
            say("This version was sent for review and does not change any more. Start the next one."),
            state=state,
        )


def must_be_sent(state: str) -> None:
    """Nothing, or a refusal: nobody talks about a draft before it is shown."""
    if state == "draft":
        raise WrongPlanningState(say("This is a draft. Comments open once it is in review."), state=state)


def must_be_open(plan: str, *, is_closed: bool) -> None:
    """Nothing, or a refusal: nothing new is planned under a closed plan."""
    if is_closed:
        raise WrongPlanningState(say("{plan} is closed. Nothing new is planned under it.", plan=plan))


def must_be_as_seen(revision: int, seen: int) -> None:
    """Nothing, or `PlanningChanged`: two who write at once do not overwrite each other."""
    if revision != seen:
        raise PlanningChanged(
            say(
                "Someone changed this plan while you were editing. What you typed is kept here, nothing is "
                "saved yet. Look at what the plan says now, then save again."
            ),
            current={"revision": revision},
        )


@dataclass(frozen=True)
class Known:
    """What the fields of a plan can name, as keys."""

    brands: Collection[str] = ()
    regions: Collection[str] = ()
    products: Collection[str] = ()


def must_be_plan(
    *,
    name: str,
    year: int,
    has_periods: bool,
    brand: str,
    region: str,
    currency: str,
    owner: bool,
    known: Known,
) -> None:
    """Nothing, or `WrongPlanning` with a sentence per field."""
    faults = _scope_faults(name, brand, region, owner, known)
    if not FIRST_YEAR <= year <= LAST_YEAR:
        faults["fiscal_year"] = say("Write a year such as 2027.")
    elif not has_periods:
        faults["fiscal_year"] = say("This year is not open in that calendar. Open it in the reference data.")
    if currency not in currencies():
        faults["currency"] = say("Choose a currency.")
    _raise(faults)


def must_be_scope(*, name: str, brand: str, region: str, owner: bool, known: Known) -> None:
    """The same of what can be changed later."""
    _raise(_scope_faults(name, brand, region, owner, known))


def _scope_faults(name: str, brand: str, region: str, owner: bool, known: Known) -> dict[str, str]:
    faults: dict[str, str] = {}
    if fault := name_fault(name, LONGEST_NAME, required=True):
        faults["name"] = fault
    if brand and brand not in known.brands:
        faults["brand"] = say("Choose a brand of the list.")
    if region and region not in known.regions:
        faults["region"] = say("Choose a region of the list.")
    if not owner:
        faults["owner"] = say("Choose somebody of the house.")
    return faults


def must_be_words(content: Content, known: Known) -> None:
    """What a draft says in words; `WrongPlanning` with a sentence per field."""
    faults: dict[str, str] = {}
    for field in ("objectives", "segments", "channels"):
        if fault := _words_fault(getattr(content, field)):
            faults[field] = fault
    if fault := text_fault(content.assumptions, LONGEST_TEXT):
        faults["assumptions"] = fault
    if unknown := [each for each in content.products if each not in known.products]:
        faults["products"] = say("There is no product “{key}”. Choose from the list.", key=unknown[0])
    _raise(faults)


def _words_fault(words: Sequence[str]) -> str | None:
    if len(words) > MOST_WORDS:
        return say("Write at most {most}; these are {count}.", most=MOST_WORDS, count=len(words))
    return next((fault for each in words if (fault := text_fault(each, LONGEST_WORDS, required=True))), None)


def must_be_results(results: Sequence[ResultSaid], campaigns: Collection[int]) -> None:
    """What is expected; faults are told by the row's place, as `expected-0`."""
    faults: dict[str, str] = {}
    if len(results) > MOST_RESULTS:
        faults["expected"] = say("Write at most {most} results.", most=MOST_RESULTS)
    seen: set[tuple[int | None, str]] = set()
    for place, each in enumerate(results):
        name = f"expected-{place}"
        if fault := name_fault(each.kpi, LONGEST_KPI, required=True) or name_fault(each.unit, LONGEST_UNIT):
            faults[name] = fault
        elif abs(each.thousandths) > LARGEST_RESULT:
            faults[name] = say("This value is too large to be kept.")
        elif each.campaign_id is not None and each.campaign_id not in campaigns:
            faults[name] = say("Choose a campaign of this plan.")
        elif (each.campaign_id, each.kpi) in seen:
            faults[name] = say("“{kpi}” stands here twice. Keep one of them.", kpi=each.kpi)
        seen.add((each.campaign_id, each.kpi))
    _raise(faults)


def must_be_activities(
    activities: Sequence[ActivitySaid], names: Mapping[int, str], with_lines: Collection[int]
) -> None:
    """Which activities a draft takes in. `names`: those of the plan; `with_lines`: those with money."""
    faults: dict[str, str] = {}
    for each in activities:
        field = f"activity-{each.activity_id}"
        if each.activity_id not in names:
            faults[field] = say("This activity does not belong to the plan.")
        elif each.starts_on > each.ends_on:
            faults[field] = say("The last day lies before the first one.")
    taken = {each.activity_id for each in activities}
    for activity_id in sorted(set(with_lines) - taken):
        faults[f"activity-{activity_id}"] = say(
            "Money is planned for {activity}. Remove its lines first, or keep it.",
            activity=names.get(activity_id, ""),
        )
    _raise(faults)


@dataclass(frozen=True)
class Books:
    """What lines of a plan can name: ids, and of accounts and cost centres the months in which they may."""

    periods: Collection[int]
    accounts: Mapping[int, Collection[int]]
    """Account → the periods in which it may be booked to."""
    cost_centres: Mapping[int, Collection[int]]


def must_be_lines(lines: Sequence[LineSaid], activities: Collection[int], books: Books) -> None:
    """The money of a draft; faults are told by the row's place, as `line-0`."""
    faults: dict[str, str] = {}
    if len(lines) > MOST_LINES:
        faults["lines"] = say("Write at most {most} lines.", most=MOST_LINES)
    for place, each in enumerate(lines):
        if fault := _line_fault(each, activities, books):
            faults[f"line-{place}"] = fault
    _raise(faults)


def _line_fault(line: LineSaid, activities: Collection[int], books: Books) -> str | None:
    if line.activity_id not in activities:
        return say("Choose an activity that stands in this version.")
    if line.period_id not in books.periods:
        return say("Choose a month of the plan's year.")
    for kept, chosen, sentence, over in (
        (books.accounts, line.gl_account_id, say("Choose an account."),
         say("This account may not be booked to in that month. Choose another one.")),
        (books.cost_centres, line.cost_centre_id, say("Choose a cost centre."),
         say("This cost centre bears no money in that month. Choose another one.")),
    ):  # fmt: skip
        if chosen not in kept:
            return sentence
        if line.period_id not in kept[chosen]:
            return over
    if line.currency not in currencies():
        return say("Choose a currency.")
    if not 0 <= line.amount_minor <= LARGEST:
        return say("Write an amount that is not below zero.")
    if line.certainty not in CERTAINTIES:
        return say("Choose how sure it is.")
    return name_fault(line.note, LONGEST_WORDS)


def converted(amount_minor: int, currency: str, into: str, rate: int) -> int:
    """An amount in the minor units of another currency, rounded half to even. `rate` in units of 10⁻¹⁰."""
    above: int = amount_minor * rate * 10 ** digits_of(into)
    below: int = ONE_RATE * 10 ** digits_of(currency)
    whole, rest = divmod(above, below)
    up = 2 * rest > below or (2 * rest == below and whole % 2 == 1)
    return whole + int(up)


def must_be_sendable(content: Content, rates: Mapping[str, int | None], into: str) -> None:
    """A version says what for, what, and for how much, or `WrongPlanning` with a sentence per field.

    `rates`: currency of lines → its plan rate, None where there is none.
    """
    faults: dict[str, str] = {}
    if not content.objectives:
        faults["objectives"] = say("Say at least one objective: what the plan is for.")
    if not content.activities:
        faults["activities"] = say("Take in at least one activity.")
    if not content.lines:
        faults["lines"] = say("Plan at least one line of money.")
    missing = sorted(currency for currency, rate in rates.items() if rate is None)
    if missing:
        faults["lines"] = together(
            *(
                say(
                    "There is no plan rate from {currency} to {into}. Have one entered.",
                    currency=each,
                    into=into,
                )
                for each in missing
            )
        )
    if faults:
        raise WrongPlanning(NOT_SENT, fields=faults)


def must_be_reason(reason: str, field: str, sentence: str) -> None:
    """Why something is done is told by who does it; `sentence` asks for it."""
    fault = text_fault(reason, LONGEST_NOTE, required=True)
    if fault:
        raise WrongPlanning(NOT_SAVED, fields={field: fault if reason.strip() else sentence})


def must_be_comment(text: str, field: str, fields: Collection[str]) -> None:
    """A remark at something that the version has."""
    faults: dict[str, str] = {}
    if fault := text_fault(text, LONGEST_NOTE, required=True):
        faults["text"] = fault
    if field not in fields:
        faults["field"] = say("Choose what the comment is about.")
    _raise(faults)


def _raise(faults: Mapping[str, str]) -> None:
    if faults:
        raise WrongPlanning(NOT_SAVED, fields=dict(faults))
