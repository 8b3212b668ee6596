"""What the pages of reference data have in common: their tabs, values in words, and values as typed."""

import json
from collections.abc import Mapping
from datetime import date
from typing import Any

from flask import request
from sqlalchemy.orm import Session

from assetlib import clock, language, money
from assetlib.calendar import Day
from assetlib.catalog.queries.scopes import known_scopes
from assetlib.reference.errors import WrongReference
from assetlib.reference.models import ReferenceChange
from assetlib.reference.queries.lists import COMING, OVER, organisations_to_pay
from assetlib.reference.queries.things import said_by
from assetlib.reference.rules.changes import NOT_SENT
from assetlib.reference.rules.things import FIELDS, Field, Value, Values, called
from assetlib.web.forms import row_number
from assetlib.words import say
from assetlib.workdays import countries

URL = "/reference"
TABS = [
    (say("Years"), URL),
    (say("Accounts"), f"{URL}/accounts"),
    (say("Cost centres"), f"{URL}/cost-centres"),
    (say("Rates"), f"{URL}/rates"),
    (say("Vendors"), f"{URL}/vendors"),
    (say("Holidays"), f"{URL}/holidays"),
    (say("Changes"), f"{URL}/changes"),
]
STATES = {
    "open": {"icon": "clock", "label": say("Waits for approval"), "tone": "warn"},
    "approved": {"icon": "badge-check", "label": say("Approved, takes effect later"), "tone": "info"},
    "applied": {"icon": "circle-check", "label": say("In effect"), "tone": "ok"},
    "rejected": {"icon": "circle-x", "label": say("Rejected"), "tone": "bad"},
    "withdrawn": {"icon": "undo-2", "label": say("Withdrawn"), "tone": "ink"},
}
Names = Mapping[str, Mapping[str, str]]
"""Sort of field → value as text → what it is called."""


def tabs_at(url: str) -> list[tuple[str, str, bool]]:
    return [(label, each, each == url) for label, each in TABS]


def names_for(session: Session, kind: str, values: Values) -> Names:
    """What the values of a kind are chosen from and called. A few statements, whatever their number."""
    sorts = {each.sort for each in FIELDS[kind]}
    found: dict[str, Mapping[str, str]] = {}
    if "region" in sorts:
        found["region"] = known_scopes(session)["region"]
    if "organisation" in sorts:
        found["organisation"] = {str(number): name for number, name in organisations_to_pay(session)}
    if "vendor" in sorts and isinstance(number := values.get("vendor_id"), int):
        vendor = said_by(session, [("vendor", number)]).get(("vendor", number))
        if vendor is not None:
            found["vendor"] = {str(number): called("vendor", vendor)}
    return found


def in_words(field: Field, value: Value, values: Values, names: Names) -> str:
    """A value as people read it; nothing when there is none. `values`: all that the thing says."""
    if value is None or value == "":
        return ""
    if field.choices is not None:
        return field.choices.get(str(value), str(value))
    match field.sort:
        case "day":
            return say("{day}", day=Day(date.fromisoformat(str(value)), clock.today()))
        case "rate":
            return money.rate_in_words(int(value), language.language())
        case "money":
            currency = str(values.get("currency") or "EUR")
            return money.amount_in_words(int(value), currency, language.language())
        case "country":
            return language.country_name(str(value))
    return names.get(field.sort, {}).get(str(value), str(value))


def as_typed(field: Field, value: Value, values: Values) -> str:
    """A value as it stands in its control."""
    if value is None:
        return ""
    if field.sort == "rate":
        return money.rate_as_typed(int(value), language.language())
    if field.sort == "money":
        return money.amount_as_typed(int(value), str(values.get("currency") or "EUR"), language.language())
    return str(value)


def typed_values(kind: str) -> dict[str, Value]:
    """What the sent form says, or `WrongReference` with a sentence for each field that cannot be read."""
    found: dict[str, Value] = {}
    faults: dict[str, str] = {}
    for field in FIELDS[kind]:
        typed = request.form.get(field.name)
        if typed is None:
            continue
        try:
            found[field.name] = _read(field, typed.strip())
        except money.NoAmount as fault:
            faults[field.name] = fault.sentence
    if faults:
        raise WrongReference(NOT_SENT, fields=faults)
    return found


def _read(field: Field, typed: str) -> Value:
    match field.sort:
        case "day":
            return typed or None
        case "rate":
            return money.read_rate(typed, language.language())
        case "money":
            if not typed:
                return None
            return money.read_amount(typed, request.form.get("currency", ""), language.language())
        case "whole":
            return int(typed) if typed.isascii() and typed.isdecimal() and len(typed) < 10 else typed
        case "organisation" | "vendor":
            try:
                return row_number(typed) if typed else None
            except ValueError:
                return typed
        case "long":
            return typed.replace("\r\n", "\n")
    return typed


def seen_values() -> dict[str, Value] | None:
    """What the thing said when the form was made; None when the form tells it not."""
    try:
        seen = json.loads(request.form.get("seen", ""))
    except ValueError:
        return None
    return seen if isinstance(seen, dict) else None


def control_of(field: Field, value: str, names: Names, fault: str) -> dict[str, Any]:
    """What templates/reference/propose.html draws of a field."""
    kinds = {"day": "date", "long": "textarea"}
    choices: list[tuple[str, str]] | None = None
    match field.sort:
        case "choice":
            choices = list((field.choices or {}).items())
        case "currency":
            choices = [(each, each) for each in sorted(money.currencies())]
        case "country":
            choices = country_choices()
        case "region" | "organisation" | "vendor":
            choices = list(names.get(field.sort, {}).items())
    if choices is not None and value and value not in dict(choices):
        choices.append((value, value))  # what it says already is never lost by a list that leaves it out
    return {
        "name": field.name,
        "label": field.label,
        "value": value,
        "kind": kinds.get(field.sort, "text"),
        "choices": choices,
        "blank": choices is not None and (field.optional or not value),
        "optional": field.optional,
        "fault": fault,
        "hint": _HINTS.get(field.name, ""),
    }


_HINTS = {
    "code": say("Zeros in front are kept."),
    "valid_until": say("The last day. Leave it open for until further notice."),
    "ends_on": say("The last day. Leave it open for until further notice."),
    "cap_minor": say("Leave it empty for no limit."),
    "notice_days": say("Days before its end by which it is renewed or ended."),
}


def country_choices() -> list[tuple[str, str]]:
    """Every country whose holidays are known, by its name."""
    named = [(code, language.country_name(code)) for code in countries()]
    return sorted(named, key=lambda each: each[1].casefold())


def standing_view(state: str, first: date, last: date | None) -> dict[str, str]:
    """Whether it counts today, or from when."""
    today = clock.today()
    if state == COMING:
        return {"icon": "clock", "label": say("From {day}", day=Day(first, today)), "tone": "warn"}
    if state == OVER and last is not None:
        return {"icon": "ban", "label": say("Ended on {day}", day=Day(last, today)), "tone": "ink"}
    if state == OVER:
        return {"icon": "ban", "label": say("Replaced by a later one"), "tone": "ink"}
    if last is not None:
        return {"icon": "circle-check", "label": say("Valid until {day}", day=Day(last, today)), "tone": "ok"}
    return {"icon": "circle-check", "label": say("Valid now"), "tone": "ok"}


def pending_view(pending: ReferenceChange | None) -> dict[str, str] | None:
    """The change that may still come, as a link."""
    if pending is None:
        return None
    return {"url": f"{URL}/changes/{pending.id}", "label": STATES[pending.state]["label"]}
