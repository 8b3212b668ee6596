"""Plans as templates want them: words, days and money in the reader's language."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy.orm import Session

from assetlib import language
from assetlib.access.actor import Actor
from assetlib.accounts.queries import names_of
from assetlib.calendar import month_in_words
from assetlib.figures import figure_in_words
from assetlib.money import amount_in_words
from assetlib.planning.models import Plan, PlanComment, PlanVersion
from assetlib.planning.permissions.plans import (
    ACTIVATE_PLAN,
    APPROVE_PLAN,
    COMMENT_ON_PLAN,
    EDIT_PLAN,
    SEE_MONEY,
    TAKE_BACK_PLAN,
)
from assetlib.planning.queries.gates import gate_for_activating
from assetlib.planning.queries.plan_books import PlanBooks, books_of, sums_of
from assetlib.planning.queries.plans import (
    Listed,
    PlanActivity,
    Words,
    activities_of,
    content_of,
    get_plan,
    version_of,
    words_known,
)
from assetlib.planning.rules.plan_content import Content, LineSaid
from assetlib.planning.rules.plans import CERTAINTIES, FIELDS, STATES
from assetlib.reference.models import FiscalPeriod
from assetlib.words import recalled, say

LOOKS = {
    "draft": ("pencil-line", "ink"),
    "in_review": ("circle-dashed", "warn"),
    "changes_requested": ("rotate-ccw", "bad"),
    "taken_back": ("undo-2", "ink"),
    "rejected": ("ban", "bad"),
    "approved": ("clock", "warn"),
    "active": ("badge-check", "ok"),
    "superseded": ("circle-minus", "ink"),
    "closed": ("lock", "ink"),
}
MONEY_FIELDS = ("lines", "line-")


def tag_of(state: str) -> dict[str, str]:
    """A state as `status` and `tag` draw it."""
    icon, tone = LOOKS[state]
    return {"icon": icon, "label": STATES[state], "tone": tone}


def month_of(period: FiscalPeriod) -> str:
    """What people call a month of a fiscal year: by the calendar's month that holds its middle."""
    middle = period.starts_on + (period.ends_on - period.starts_on) // 2
    return month_in_words(middle, language.language())


def money(minor: int, currency: str) -> str:
    return amount_in_words(minor, currency, language.language())


def figure(thousandths: int) -> str:
    """A value of a result as people read it."""
    return figure_in_words(thousandths, language.language())


def row_view(each: Listed, words: Words, *, with_money: bool) -> dict[str, Any]:
    """A plan in the list."""
    plan, told = each.plan, each.told
    return {
        "url": f"/plans/{plan.id}",
        "ref": plan.ref,
        "name": plan.name,
        "year": str(plan.fiscal_year),
        "brand": words.label("brand", plan.brand) if plan.brand else "",
        "region": words.label("region", plan.region) if plan.region else "",
        "owner": each.owner,
        "state": tag_of(each.state),
        "active": each.active.number if each.active is not None else None,
        "newest": each.newest.number if each.newest is not None else None,
        "total": money(told.total_minor, plan.currency)
        if with_money and told is not None and told.content_sha256
        else "",
    }


@dataclass(frozen=True)
class Look:
    """All that the page of a version shows, read at once."""

    plan: Plan
    version: PlanVersion
    content: Content
    activities: Sequence[PlanActivity]
    books: PlanBooks | None
    """None to whoever sees no money."""
    words: Words
    people: Mapping[int, str]
    reasons: Sequence[str]
    """Why an approved version is not active."""
    may: Mapping[str, bool] = field(default_factory=dict)

    @property
    def names(self) -> dict[int, str]:
        return {each.id: each.name for each in self.activities}

    def is_shown(self, field: str) -> bool:
        return self.books is not None or not field.startswith(MONEY_FIELDS)

    def name_of(self, person_id: int | None) -> str:
        return self.people.get(person_id or 0, say("Somebody who is gone"))


def look_at(session: Session, who: Actor, plan_id: int, number: int | None) -> Look:
    """A version; without a number the one by which people work, or the newest when none is active."""
    plan = get_plan(session, who, plan_id)
    if number is None:
        active = (each.number for each in plan.versions if each.state == "active")
        number = next(active, plan.versions[0].number)
    version = version_of(session, plan, number)
    sees_money = SEE_MONEY.allows(who)
    people = [plan.owner_id, version.submitted_by_id, version.decided_by_id]
    people += [each for row in version.comments for each in (row.author_id, row.settled_by_id)]
    waits = version.state == "approved" and plan.closed_at is None
    is_open = plan.closed_at is None
    in_review = is_open and version.state == "in_review"
    edits = is_open and EDIT_PLAN.allows(who, plan)
    settled = all(each.state not in ("draft", "in_review", "approved") for each in plan.versions)
    return Look(
        plan,
        version,
        content_of(version),
        activities_of(session, plan),
        books_of(session, plan) if sees_money else None,
        words_known(session),
        names_of(session, people),
        gate_for_activating(session, version).reasons if waits else [],
        {
            "edit": edits,
            "write": edits and version.state == "draft",
            "start": edits and settled,
            "decide": in_review and APPROVE_PLAN.allows(who, version),
            "take_back": in_review and TAKE_BACK_PLAN.allows(who, version),
            "activate": waits and ACTIVATE_PLAN.allows(who, version),
            "comment": version.state != "draft" and COMMENT_ON_PLAN.allows(who, plan),
            "close": edits,
        },
    )


def plan_view(look: Look) -> dict[str, Any]:
    """What stands around every version of a plan."""
    plan = look.plan
    return {
        "id": plan.id,
        "url": f"/plans/{plan.id}",
        "ref": plan.ref,
        "name": plan.name,
        "year": str(plan.fiscal_year),
        "brand": look.words.label("brand", plan.brand) if plan.brand else "",
        "region": look.words.label("region", plan.region) if plan.region else "",
        "currency": plan.currency,
        "owner": look.name_of(plan.owner_id),
        "closed_at": plan.closed_at,
        "revision": plan.revision,
        "versions": [
            {
                "number": each.number,
                "url": f"/plans/{plan.id}/versions/{each.number}",
                "state": tag_of(each.state),
                "current": each.number == look.version.number,
            }
            for each in plan.versions
        ],
        "active": next((each.number for each in plan.versions if each.state == "active"), None),
    }


def version_view(look: Look) -> dict[str, Any]:
    """What a version says, and how it stands."""
    row, said = look.version, look.content
    earlier = [each.number for each in look.plan.versions if each.number < row.number]
    return {
        "number": row.number,
        "url": f"/plans/{look.plan.id}/versions/{row.number}",
        "state": tag_of(row.state),
        "key": row.state,
        "reason": row.reason,
        "revision": row.revision,
        "seal": row.content_sha256,
        "objectives": said.objectives,
        "assumptions": said.assumptions,
        "products": [look.words.label("product", each) for each in said.products],
        "segments": said.segments,
        "channels": said.channels,
        "expected": [
            {
                "of": _campaign(look.activities, each.campaign_id),
                "kpi": each.kpi,
                "value": figure(each.thousandths),
                "unit": each.unit,
            }
            for each in said.expected
        ],
        "campaigns": _campaigns(look),
        "submitted_at": row.submitted_at,
        "submitted_by": look.name_of(row.submitted_by_id),
        "decided_at": row.decided_at,
        "decided_by": look.name_of(row.decided_by_id),
        "answer": recalled(row.answer),
        "compare": f"/plans/{look.plan.id}/compare?from={earlier[0]}&to={row.number}" if earlier else "",
    }


def _campaign(activities: Iterable[PlanActivity], campaign_id: int | None) -> str:
    return next((each.campaign for each in activities if each.campaign_id == campaign_id), "")


def _campaigns(look: Look) -> list[dict[str, Any]]:
    """The activities of the version, under their campaigns, with their money where it is shown."""
    sums = sums_of(look.content.lines) if look.books is not None else None
    planned = {each.activity_id: each for each in look.content.activities}
    found: dict[int, dict[str, Any]] = {}
    for each in look.activities:
        if each.id not in planned:
            continue
        of = found.setdefault(
            each.campaign_id,
            {"name": each.campaign, "url": f"/campaigns/{each.campaign_id}", "activities": []},
        )
        said = planned[each.id]
        of["activities"].append(
            {
                "name": each.name,
                "is_event": each.kind == "event",
                "starts_on": said.starts_on,
                "ends_on": said.ends_on,
                "moved": (each.starts_on, each.ends_on) != (said.starts_on, said.ends_on),
                "now_starts_on": each.starts_on,
                "now_ends_on": each.ends_on,
                "tasks": len(said.tasks),
                "amount": money(sums.by_activity.get(each.id, 0), look.plan.currency) if sums else "",
            }
        )
    return list(found.values())


def money_view(look: Look) -> dict[str, Any] | None:
    """The money of a version by month and by account, and each line; None to whoever sees none."""
    if look.books is None:
        return None
    plan, lines = look.plan, look.content.lines
    sums = sums_of(lines)
    months = {each.id: month_of(each) for each in look.books.periods}
    accounts = {each.id: each.label for each in look.books.accounts}
    centres = {each.id: each.label for each in look.books.cost_centres}
    return {
        "total": money(sums.total, plan.currency),
        "by_month": [
            (months[each.id], money(sums.by_period[each.id], plan.currency))
            for each in look.books.periods
            if each.id in sums.by_period
        ],
        "by_account": [
            (accounts[each.id], money(sums.by_account[each.id], plan.currency))
            for each in look.books.accounts
            if each.id in sums.by_account
        ],
        "lines": [
            {
                "number": place,
                "activity": look.names.get(each.activity_id, ""),
                "month": months.get(each.period_id, ""),
                "account": accounts.get(each.gl_account_id, ""),
                "centre": centres.get(each.cost_centre_id, ""),
                "amount": money(each.amount_minor, each.currency),
                "base": _base(each, plan.currency),
                "certainty": CERTAINTIES[each.certainty],
                "fixed": each.is_fixed,
                "note": each.note,
            }
            for place, each in enumerate(lines, start=1)
        ],
    }


def _base(line: LineSaid, currency: str) -> str:
    """Of another currency: what it is in the plan's."""
    return "" if line.currency == currency else money(line.base_minor, currency)


def field_label(look: Look, name: str) -> str:
    """What a comment is about, in words."""
    if name in FIELDS:
        return FIELDS[name]
    kind, _, number = name.partition("-")
    if kind == "line":
        return say("Line {number}", number=number)
    return look.names.get(int(number), "") if number.isdecimal() else name


def comments_view(look: Look) -> list[dict[str, Any]]:
    """The comments that this reader may see, the oldest first; each with the section it stands in."""
    return [
        {
            "id": row.id,
            "field": row.field,
            "section": section_of(row),
            "about": field_label(look, row.field),
            "text": row.text,
            "author": look.name_of(row.author_id),
            "at": row.at,
            "settled_at": row.settled_at,
            "settled_by": look.name_of(row.settled_by_id) if row.settled_at else "",
        }
        for row in look.version.comments
        if look.is_shown(row.field)
    ]


def section_of(row: PlanComment) -> str:
    kind = row.field.partition("-")[0]
    return {"line": "lines", "activity": "activities"}.get(kind, kind)


def fields_for_comment(look: Look) -> list[tuple[str, str]]:
    """What a comment can be about, for a list to choose from."""
    said = [(name, label) for name, label in FIELDS.items() if look.is_shown(name)]
    said += [
        (f"activity-{each.activity_id}", look.names.get(each.activity_id, ""))
        for each in look.content.activities
    ]
    if look.books is not None:
        said += [
            (f"line-{place}", say("Line {number}", number=str(place)))
            for place in range(1, 1 + len(look.content.lines))
        ]
    return said
