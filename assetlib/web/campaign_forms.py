"""What is typed into the forms of campaigns, activities and tasks, and what there is to choose."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from flask import request
from sqlalchemy.orm import Session

from assetlib import clock, language
from assetlib.access.actor import Actor
from assetlib.catalog.queries.attributes import definitions, in_tree_order
from assetlib.measures import country_in_words
from assetlib.planning.models import Activity, Campaign, Task
from assetlib.planning.queries.campaigns import channels_in_use
from assetlib.planning.queries.tasks import Doer, agencies, doers
from assetlib.planning.rules.campaigns import ActivityFacts, CampaignFacts
from assetlib.planning.rules.tasks import TaskFacts
from assetlib.reference.queries import accounts_on, cost_centres_on
from assetlib.web.asset_forms import day_typed, listed
from assetlib.web.forms import row_number
from assetlib.words import say
from assetlib.workdays import countries

Choices = Sequence[tuple[Any, ...]]


def campaign_facts() -> CampaignFacts:
    form = request.form
    return CampaignFacts(
        name=form.get("name", ""),
        theme=form.get("theme", ""),
        objective=form.get("objective", ""),
        brand=form.get("brand", ""),
        regions=form.getlist("regions"),
        channels=listed(form.get("channels", "")),
        starts_on=day_typed("starts_on"),
        ends_on=day_typed("ends_on"),
        choice_key=form.get("choice_key", ""),
        owner_id=form.get("owner_id", type=row_number),
        brief_asset_id=form.get("brief_asset_id", type=row_number),
    )


def campaign_typed(row: Campaign | None, who: Actor) -> dict[str, Any]:
    """What stands in the form before anybody types."""
    if row is None:
        today = clock.today()
        return {"owner_id": who.person_id, "starts_on": today.isoformat(), "regions": []}
    return {
        "name": row.name,
        "theme": row.theme,
        "objective": row.objective,
        "brand": row.brand,
        "regions": row.regions,
        "channels": ", ".join(row.channels),
        "starts_on": row.starts_on.isoformat(),
        "ends_on": row.ends_on.isoformat(),
        "choice_key": row.choice_key,
        "owner_id": row.owner_id,
        "brief_asset_id": row.brief_asset_id or "",
    }


def activity_facts() -> ActivityFacts:
    form = request.form
    return ActivityFacts(
        name=form.get("name", ""),
        kind=form.get("kind", "activity"),
        channel=form.get("channel", ""),
        region=form.get("region", ""),
        country=form.get("country", ""),
        venue=form.get("venue", ""),
        starts_on=day_typed("starts_on"),
        ends_on=day_typed("ends_on"),
        owner_id=form.get("owner_id", type=row_number),
        gl_account_id=form.get("gl_account_id", type=row_number),
        cost_centre_id=form.get("cost_centre_id", type=row_number),
    )


def activity_typed(row: Activity | None, within: Campaign, who: Actor) -> dict[str, Any]:
    if row is None:
        return {
            "owner_id": who.person_id,
            "kind": "activity",
            "starts_on": within.starts_on.isoformat(),
            "ends_on": within.ends_on.isoformat(),
        }
    return {
        "name": row.name,
        "kind": row.kind,
        "channel": row.channel,
        "region": row.region,
        "country": row.country,
        "venue": row.venue,
        "starts_on": row.starts_on.isoformat(),
        "ends_on": row.ends_on.isoformat(),
        "owner_id": row.owner_id,
        "gl_account_id": row.gl_account_id,
        "cost_centre_id": row.cost_centre_id,
    }


def task_facts() -> TaskFacts:
    form = request.form
    effort = form.get("effort_hours", "0").strip() or "0"
    return TaskFacts(
        name=form.get("name", ""),
        kind=form.get("kind", "work"),
        role=form.get("role", ""),
        effort_hours=int(effort) if effort.isascii() and effort.isdecimal() and len(effort) < 7 else None,
        note=form.get("note", ""),
    )


def task_typed(row: Task) -> dict[str, Any]:
    return {
        "name": row.name,
        "kind": row.kind,
        "role": row.role,
        "effort_hours": row.effort_hours,
        "note": row.note,
    }


def as_typed(before: Mapping[str, Any]) -> dict[str, Any]:
    """What was sent, over what stood there before: numbers of rows as numbers, so that they are chosen."""
    form = request.form
    if request.method != "POST":
        return dict(before)
    sent: dict[str, Any] = {name: form.get(name, "") for name in form}
    for name in ("owner_id", "gl_account_id", "cost_centre_id"):
        sent[name] = form.get(name, type=row_number)
    return {**before, **sent, "regions": form.getlist("regions")}


def choices_of(session: Session, *, money_on: date | None = None) -> dict[str, Choices]:
    """What the library, the house and the books offer for campaigns and activities."""
    known = definitions(session)
    spoken = language.language()

    def of(attribute: str) -> Choices:
        return in_tree_order(known[attribute]) if attribute in known else []

    found: dict[str, Choices] = {
        "brands": [(key, label) for key, label, _ in of("brand")],
        "regions": of("region"),
        "region_names": [(key, "\u2003" * depth + label) for key, label, depth in of("region")],
        "campaigns": [(key, label) for key, label, _ in of("campaign")],
        "owners": [(each.person_id, each.name) for each in doers(session) if each.agency_id is None],
        "channel_names": [(each, each) for each in channels_in_use(session)],
        "countries": sorted(
            ((code, country_in_words(code, spoken)) for code in countries()), key=lambda each: each[1]
        ),
    }
    if money_on is not None:
        found["accounts"] = [(each.id, f"{each.code} {each.name}") for each in accounts_on(session, money_on)]
        found["centres"] = [
            (each.id, f"{each.code} {each.name}") for each in cost_centres_on(session, money_on)
        ]
    return found


def doer_choices(session: Session) -> list[dict[str, Any]]:
    """Who can be given work, as groups of a list: the house, then each agency as a whole and its people."""
    people = doers(session)
    groups = [{"label": say("The house"), "choices": _people(people, None)}]
    for number, name in agencies(session):
        whole = (f"agency-{number}", say("{agency}, nobody named", agency=name))
        groups.append({"label": name, "choices": [whole, *_people(people, number)]})
    return groups


def _people(people: Sequence[Doer], agency_id: int | None) -> list[tuple[str, str]]:
    return [(f"person-{each.person_id}", each.name) for each in people if each.agency_id == agency_id]


def doer_chosen() -> tuple[int | None, int | None]:
    """The person and the agency that a list of `doer_choices` names."""
    kind, _, number = request.form.get("doer", "").partition("-")
    if not (number.isascii() and number.isdecimal() and len(number) < 10):
        return None, None
    return (int(number), None) if kind == "person" else (None, int(number))


def doer_key(task: Any) -> str:
    """What is chosen in such a list for a task."""
    if task.assignee_id is not None:
        return f"person-{task.assignee_id}"
    return f"agency-{task.agency_id}" if task.agency_id is not None else ""
