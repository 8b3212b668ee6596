"""What the numbers in the record of what happened stand for, looked up when somebody reads it."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from assetlib.accounts.models import ApiToken, Group, Organisation, Person
from assetlib.audit.models import AuditEntry
from assetlib.catalog.models import Asset, Attribute, Collection, DeliverySpec, Share
from assetlib.planning.models import Activity, Campaign, Deliverable, Plan, Task
from assetlib.reference.models import (
    CompanyDay,
    Contract,
    CostCentre,
    ExchangeRate,
    FiscalCalendar,
    GlAccount,
    ReferenceChange,
    Vendor,
)
from assetlib.reference.rules.things import KINDS as WHAT
from assetlib.words import Said, say

MOST_PEOPLE = 200


@dataclass(frozen=True)
class Thing:
    """What something was done to, and where it is now."""

    label: str
    title: str = ""
    """What it is called now, where that says more than the label."""
    url: str | None = None
    """None: it has no page, or is gone."""


@dataclass
class Names:
    """All that some entries speak of."""

    people: dict[int, str] = field(default_factory=dict)
    organisations: dict[int, str] = field(default_factory=dict)
    tokens: dict[int, str] = field(default_factory=dict)
    things: dict[tuple[str, str], Thing] = field(default_factory=dict)

    def who(self, entry: AuditEntry) -> str:
        """Their name; an erased person is told by number."""
        if entry.actor_id is not None:
            return self.people.get(entry.actor_id) or say("Person {number}", number=str(entry.actor_id))
        match entry.actor_kind:
            case "system":
                return "assetlib"
            case "share":
                return say("Somebody with a link")
        return say("Somebody who was not signed in")

    def thing(self, entry: AuditEntry) -> Thing:
        key = entry.object_kind, entry.object_id
        return self.things.get(key) or _by_number(*key)


KINDS: Mapping[str, str] = {
    "access_request": say("Request {number}"),
    "activity": say("Activity {number}"),
    "api_token": say("Token {number}"),
    "asset": say("AST-{number}"),
    "attribute": say("Attribute {number}"),
    "audit": say("Audit log"),
    "blob": say("File {number}"),
    "bulk_edit": say("Bulk edit {number}"),
    "calendar_feed": say("Calendar feed {number}"),
    "campaign": say("Campaign {number}"),
    "campaign_template": say("Template {number}"),
    "collection": say("Collection {number}"),
    "company_day": say("Day {number}"),
    "contract": say("Contract {number}"),
    "cost_centre": say("Cost centre {number}"),
    "exchange_rate": say("Exchange rate {number}"),
    "fiscal_calendar": say("Fiscal calendar {number}"),
    "gl_account": say("G/L account {number}"),
    "deliverable": say("Deliverable D-{number}"),
    "delivery_spec": say("Delivery spec {number}"),
    "intake_form": say("Form {number}"),
    "intake_request": say("Request to marketing {number}"),
    "job": say("Job {number}"),
    "organisation": say("Organisation {number}"),
    "outgoing_mail": say("Mail {number}"),
    "plan": say("Plan {number}"),
    "package": say("ZIP {number}"),
    "people_group": say("Group {number}"),
    "person": say("Person {number}"),
    "person_session": say("Session {number}"),
    "reference_change": say("Change {number}"),
    "rendition": say("Rendition {number}"),
    "route": say("{number}"),
    "share": say("Link {number}"),
    "task": say("Task {number}"),
    "upload": say("Upload {number}"),
    "vendor": say("Vendor {number}"),
    "version": say("Version {number}"),
}
"""What is written down → how it is called when nothing more is known of it."""


def _by_number(kind: str, number: str) -> Thing:
    shown = number.zfill(5) if kind == "asset" and number.isdecimal() else number
    pattern = getattr(KINDS.get(kind), "pattern", None)
    if pattern is None:
        return Thing(f"{kind.replace('_', ' ')} {number}".strip())
    return Thing(Said(pattern, {"number": shown}))


Look = Callable[[Session, Sequence[int]], dict[int, Thing]]


def names_in(session: Session, entries: Iterable[AuditEntry]) -> Names:
    """What these entries speak of. A statement for each sort of thing, whatever their number."""
    rows = list(entries)
    wanted: dict[str, set[int]] = {}
    for row in rows:
        if row.object_id.isdecimal() and len(row.object_id) < 10:
            wanted.setdefault(row.object_kind, set()).add(int(row.object_id))
    names = Names()
    names.people = _people(
        session, {row.actor_id for row in rows if row.actor_id is not None} | wanted.get("person", set())
    )
    names.organisations = _organisations(
        session,
        {row.organisation_id for row in rows if row.organisation_id is not None}
        | wanted.get("organisation", set()),
    )
    names.tokens = _tokens(session, {each for row in rows if (each := through(row, "token_id")) is not None})
    shares = {each for row in rows if (each := through(row, "share_id")) is not None}
    wanted["share"] = wanted.get("share", set()) | shares
    for kind, look in LOOKS.items():
        for number, thing in look(session, sorted(wanted.get(kind, ()))).items():
            names.things[kind, str(number)] = thing
    for number in wanted.get("person", ()):
        if number in names.people:
            names.things["person", str(number)] = Thing(names.people[number], url=f"/people/{number}")
    for number in wanted.get("organisation", ()):
        if number in names.organisations:
            names.things["organisation", str(number)] = Thing(
                names.organisations[number], url=f"/people/organisations/{number}"
            )
    return names


def through(entry: AuditEntry, name: str) -> int | None:
    """The number of the token or link that acted, where one did."""
    value = entry.changes.get(name)
    return value if isinstance(value, int) else None


def people_named(session: Session, text: str) -> frozenset[int]:
    """Whose name, address or number this is; some letters of a name or address are enough."""
    number = text.removeprefix("#").rpartition(" ")[2]
    asked = [Person.name.icontains(text, autoescape=True), Person.email.icontains(text, autoescape=True)]
    if number.isdecimal() and len(number) < 10:
        asked.append(Person.id == int(number))
    return frozenset(session.scalars(select(Person.id).where(or_(*asked)).limit(MOST_PEOPLE)))


def _people(session: Session, ids: set[int]) -> dict[int, str]:
    if not ids:
        return {}
    rows = session.execute(select(Person.id, Person.name, Person.erased_at).where(Person.id.in_(ids)))
    return {
        row.id: row.name if row.erased_at is None else say("Erased person {number}", number=str(row.id))
        for row in rows
    }


def _organisations(session: Session, ids: set[int]) -> dict[int, str]:
    if not ids:
        return {}
    rows = session.execute(select(Organisation.id, Organisation.name).where(Organisation.id.in_(ids)))
    return {row.id: row.name for row in rows}


def _tokens(session: Session, ids: set[int]) -> dict[int, str]:
    if not ids:
        return {}
    rows = session.execute(select(ApiToken.id, ApiToken.name).where(ApiToken.id.in_(ids)))
    return {row.id: row.name for row in rows}


def _assets(session: Session, ids: Sequence[int]) -> dict[int, Thing]:
    if not ids:
        return {}
    rows = session.execute(select(Asset.id, Asset.title).where(Asset.id.in_(ids)))
    return {row.id: Thing(f"AST-{row.id:05d}", row.title, f"/assets/{row.id}") for row in rows}


def _named(model: Any, label: Any, page: str | None) -> Look:
    """How things that have a name and perhaps a page are looked up."""

    def look(session: Session, ids: Sequence[int]) -> dict[int, Thing]:
        if not ids:
            return {}
        rows = session.execute(select(model.id, label.label("name")).where(model.id.in_(ids)))
        return {row.id: Thing(row.name, url=page.format(row.id) if page else None) for row in rows}

    return look


def _changes(session: Session, ids: Sequence[int]) -> dict[int, Thing]:
    if not ids:
        return {}
    rows = session.execute(
        select(ReferenceChange.id, ReferenceChange.kind).where(ReferenceChange.id.in_(ids))
    )
    return {
        row.id: Thing(
            say("Change {number}", number=str(row.id)), WHAT[row.kind], f"/reference/changes/{row.id}"
        )
        for row in rows
    }


LOOKS: Mapping[str, Look] = {
    "asset": _assets,
    "collection": _named(Collection, Collection.name, "/collections/{}"),
    "people_group": _named(Group, Group.name, "/people/groups/{}"),
    "attribute": _named(Attribute, Attribute.label, "/attributes/{}"),
    "plan": _named(Plan, Plan.name, "/plans/{}"),
    "share": _named(Share, Share.name, None),
    "company_day": _named(CompanyDay, CompanyDay.name, None),
    "contract": _named(Contract, Contract.name, None),
    "cost_centre": _named(CostCentre, CostCentre.code + " " + CostCentre.name, None),
    "exchange_rate": _named(ExchangeRate, ExchangeRate.base + " → " + ExchangeRate.quote, None),
    "fiscal_calendar": _named(FiscalCalendar, FiscalCalendar.name, "/reference/calendars/{}"),
    "gl_account": _named(GlAccount, GlAccount.code + " " + GlAccount.name, None),
    "vendor": _named(Vendor, Vendor.code + " " + Vendor.name, "/reference/vendors/{}"),
    "reference_change": _changes,
    "activity": _named(Activity, Activity.name, "/activities/{}"),
    "campaign": _named(Campaign, Campaign.name, "/campaigns/{}"),
    "task": _named(Task, Task.name, "/tasks/{}"),
    "deliverable": _named(Deliverable, Deliverable.name, "/deliverables/{}"),
    "delivery_spec": _named(DeliverySpec, DeliverySpec.name, "/delivery-specs/{}"),
}
