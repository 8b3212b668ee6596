"""What accounts, cost centres, rates, vendors and contracts say, field by field.

Values are as they are kept: texts, whole numbers, days as 2027-01-31, and None for what is not there. So they
stand in a change as JSON, in a page's form and in a call alike.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from assetlib.money import LARGEST, currencies, is_rate
from assetlib.reference.rules.texts import LONGEST_NAME, LONGEST_NOTE, text_fault
from assetlib.words import say
from assetlib.workdays import FIRST_YEAR, LAST_YEAR, countries

Value = str | int | None
Values = Mapping[str, Value]
Check = Callable[[Value], str]
"""Why a value cannot be kept, as a sentence; nothing when it can."""

LONGEST_CODE = 20
_CODE = re.compile(r"[0-9A-Za-z][0-9A-Za-z./_-]*")
_ADDRESS = re.compile(r"[^@\s]{1,64}@[^@\s]{1,180}\.[^@\s.]{2,60}")
LONGEST_TERMS = 365
LONGEST_NOTICE = 1_000


@dataclass(frozen=True)
class Field:
    """One thing that they say. `sort` names how it is typed and read; `check` what it may be."""

    name: str
    label: str
    sort: str
    check: Check
    default: Value = None
    """What a new one says unless somebody says otherwise."""
    fixed: bool = False
    """It is said once, when the thing comes into being."""
    choices: Mapping[str, str] | None = None
    optional: bool = False


def _code(value: Value) -> str:
    if not isinstance(value, str) or not value:
        return say("Write the code.")
    if len(value) > LONGEST_CODE:
        return say("Use at most {most} characters; these are {count}.", most=LONGEST_CODE, count=len(value))
    if _CODE.fullmatch(value) is None:
        return say("Write digits and letters without blanks, such as 006010. Zeros in front are kept.")
    return ""


def _text(most: int, *, required: bool = False, lines: bool = False) -> Check:
    def check(value: Value) -> str:
        if not isinstance(value, str):
            return say("Write a text.")
        return text_fault(value, most, required=required, lines=lines)

    return check


def _choice(choices: Mapping[str, str]) -> Check:
    return lambda value: "" if value in choices else say("Choose one of the list.")


def _day(*, required: bool) -> Check:
    def check(value: Value) -> str:
        if value is None:
            return say("Choose a day.") if required else ""
        day = read_day(value)
        if day is None:
            return say("Write a day, such as {like}.", like="2027-01-31")
        if not FIRST_YEAR <= day.year <= LAST_YEAR:
            first, last = str(FIRST_YEAR), str(LAST_YEAR)
            return say("Choose a day between {first} and {last}.", first=first, last=last)
        return ""

    return check


def _whole(most: int) -> Check:
    def check(value: Value) -> str:
        if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value <= most:
            return say("Write a whole number of days up to {most}.", most=most)
        return ""

    return check


def _row(*, required: bool) -> Check:
    def check(value: Value) -> str:
        if value is None:
            return say("Choose one of the list.") if required else ""
        is_number = isinstance(value, int) and not isinstance(value, bool) and 0 < value < 2**31
        return "" if is_number else say("Choose one of the list.")

    return check


def _currency(value: Value) -> str:
    return "" if value in currencies() else say("Choose a currency.")


def _currency_or_none(value: Value) -> str:
    return "" if value == "" else _currency(value)


def _country(value: Value) -> str:
    return "" if value == "" or value in countries() else say("Choose a country.")


def _rate(value: Value) -> str:
    is_number = isinstance(value, int) and not isinstance(value, bool)
    return "" if is_number and is_rate(int(value or 0)) else say("Write a rate above zero.")


def _cap(value: Value) -> str:
    if value is None:
        return ""
    is_amount = isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= LARGEST
    return "" if is_amount else say("Write an amount that is not below zero.")


def _address(value: Value) -> str:
    if value == "" or (isinstance(value, str) and _ADDRESS.fullmatch(value)):
        return ""
    return say("Write an address like name@company.example.")


ACCOUNT_KINDS = {
    "expense": say("Expense"),
    "prepaid": say("Prepaid"),
    "liability": say("Liability"),
}
RATE_KINDS = {
    "plan": say("Plan rate"),
    "spot": say("Rate of the day"),
    "month_average": say("Average of the month"),
    "month_end": say("End of the month"),
}
VENDOR_STATES = {"active": say("Active"), "blocked": say("Blocked"), "closed": say("Closed")}
CONTRACT_KINDS = {
    "frame": say("Frame contract"),
    "work": say("Contract for work"),
    "insurance": say("Proof of insurance"),
    "secrecy": say("Agreement on secrecy"),
}

_CODE_FIELD = Field("code", say("Code"), "code", _code)
_NAME_FIELD = Field("name", say("Name"), "text", _text(LONGEST_NAME, required=True))
_VALID = (
    Field("valid_from", say("Valid from"), "day", _day(required=True)),
    Field("valid_until", say("Valid until"), "day", _day(required=False), optional=True),
)

FIELDS: Mapping[str, tuple[Field, ...]] = {
    "gl_account": (
        _CODE_FIELD,
        _NAME_FIELD,
        Field("kind", say("Kind"), "choice", _choice(ACCOUNT_KINDS), "expense", choices=ACCOUNT_KINDS),
        *_VALID,
    ),
    "cost_centre": (
        _CODE_FIELD,
        _NAME_FIELD,
        Field("region", say("Region"), "region", _text(60), "", optional=True),
        *_VALID,
    ),
    "rate": (
        Field("kind", say("Kind"), "choice", _choice(RATE_KINDS), "plan", fixed=True, choices=RATE_KINDS),
        Field("base", say("One unit of"), "currency", _currency, fixed=True),
        Field("quote", say("is worth in"), "currency", _currency, fixed=True),
        Field("rate", say("Rate"), "rate", _rate),
        Field("valid_from", say("Valid from"), "day", _day(required=True), fixed=True),
    ),
    "vendor": (
        _CODE_FIELD,
        _NAME_FIELD,
        Field("state", say("State"), "choice", _choice(VENDOR_STATES), "active", choices=VENDOR_STATES),
        Field("organisation_id", say("Organisation"), "organisation", _row(required=False), optional=True),
        Field("country", say("Country"), "country", _country, "", optional=True),
        Field("currency", say("Currency"), "currency", _currency),
        Field("tax_number", say("Tax number"), "text", _text(40), "", optional=True),
        Field("email", say("E-mail"), "text", _address, "", optional=True),
        Field("terms_days", say("Days to pay"), "whole", _whole(LONGEST_TERMS), 30),
    ),
    "contract": (
        Field("vendor_id", say("Vendor"), "vendor", _row(required=True), fixed=True),
        Field("name", say("Name"), "text", _text(LONGEST_NAME, required=True)),
        Field("kind", say("Kind"), "choice", _choice(CONTRACT_KINDS), "frame", choices=CONTRACT_KINDS),
        Field("starts_on", say("Begins"), "day", _day(required=True)),
        Field("ends_on", say("Ends"), "day", _day(required=False), optional=True),
        Field("cap_minor", say("Up to"), "money", _cap, optional=True),
        Field("currency", say("Currency"), "currency", _currency_or_none, "", optional=True),
        Field("notice_days", say("Days of notice"), "whole", _whole(LONGEST_NOTICE), 0),
        Field("note", say("Note"), "long", _text(LONGEST_NOTE, lines=True), "", optional=True),
    ),
}
"""Kind of thing → its fields, in the order in which they are shown."""
KINDS: Mapping[str, str] = {
    "gl_account": say("G/L account"),
    "cost_centre": say("Cost centre"),
    "rate": say("Exchange rate"),
    "vendor": say("Vendor"),
    "contract": say("Contract"),
}
TELLS_APART: Mapping[str, tuple[str, ...]] = {
    "gl_account": ("code",),
    "cost_centre": ("code",),
    "rate": ("kind", "base", "quote", "valid_from"),
    "vendor": ("code",),
    "contract": ("vendor_id", "name", "starts_on"),
}
"""What no two of a kind have in common."""
ACCOUNTS_AND_RATES = frozenset({"gl_account", "cost_centre", "rate"})
VENDORS_AND_CONTRACTS = frozenset({"vendor", "contract"})


def field_of(kind: str, name: str) -> Field:
    return next(each for each in FIELDS[kind] if each.name == name)


def defaults_of(kind: str) -> dict[str, Value]:
    """What a new one says where nobody said otherwise."""
    return {each.name: each.default for each in FIELDS[kind]}


def faults_of(kind: str, values: Values) -> dict[str, str]:
    """Field → why it cannot be so, of all that a thing would say; empty when it can."""
    faults = {each.name: fault for each in FIELDS[kind] if (fault := each.check(values.get(each.name)))}
    begins, ends = ("starts_on", "ends_on") if kind == "contract" else ("valid_from", "valid_until")
    if not faults.keys() & {begins, ends}:
        first, last = read_day(values.get(begins)), read_day(values.get(ends))
        if first is not None and last is not None and last < first:
            faults[ends] = say("It ends before it begins. Choose a later day, or leave it open.")
    if kind == "rate" and not faults.keys() & {"base", "quote"} and values["base"] == values["quote"]:
        faults["quote"] = say("A currency is worth one of itself. Choose another one.")
    if kind == "contract" and not faults.keys() & {"cap_minor", "currency"}:
        if values["cap_minor"] is not None and not values["currency"]:
            faults["currency"] = say("Choose the currency of the amount.")
        elif values["cap_minor"] is None and values["currency"]:
            faults["cap_minor"] = say("Write an amount, or choose no currency.")
    return faults


def read_day(value: Any) -> date | None:
    """A day as it is kept; None when it is none."""
    try:
        return date.fromisoformat(value) if isinstance(value, str) and len(value) == 10 else None
    except ValueError:
        return None


def called(kind: str, values: Values) -> str:
    """What a thing is called by what it says: 006010 Advertising."""
    match kind:
        case "rate":
            return f"{values.get('base')} → {values.get('quote')}"
        case "contract":
            return str(values.get("name") or "")
    return f"{values.get('code') or ''} {values.get('name') or ''}".strip()
