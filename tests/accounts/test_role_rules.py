"""Which roles and duties can be given, where, and how money is typed."""

import re

import pytest

from assetlib import money
from assetlib.access.actor import ADMINISTRATOR, FINANCE, LIBRARIAN, REVIEWER, ROLES
from assetlib.accounts.errors import StillOpen, WrongPerson
from assetlib.accounts.models import DutyGrant
from assetlib.accounts.rules.leaving import Matter, must_be_done
from assetlib.accounts.rules.roles import (
    DUTY_LABELS,
    ROLE_LABELS,
    ROLES_OF_KIND,
    DutyAt,
    RoleAt,
    must_be_duty,
    must_be_roles,
    role_at,
    roles_at,
)

KNOWN = {"organisation": {"1": "Northwind"}, "brand": {"kids": "Northwind Kids"}, "region": {"dach": "DACH"}}


def fault(*roles: str, kind: str | None = "own", held: tuple[str, ...] = ()) -> str:
    try:
        must_be_roles(roles_at(roles), organisation_kind=kind, known=KNOWN, held=roles_at(held))
    except WrongPerson as wrong:
        return str(wrong.details["fields"]["roles"])
    return ""


def test_every_role_and_duty_has_a_word() -> None:
    assert set(ROLE_LABELS) == set(ROLES)
    (known,) = [each for each in DutyGrant.__table__.constraints if str(each.name).endswith("known_duty")]
    assert set(DUTY_LABELS) == set(re.findall(r"'(\w+)'", str(known.sqltext)))


@pytest.mark.parametrize("text", ["librarian", "librarian@brand:kids", "reviewer@organisation:1"])
def test_a_role_reads_as_it_is_written(text: str) -> None:
    assert str(role_at(text)) == text


@pytest.mark.parametrize(("kind", "roles"), ROLES_OF_KIND.items())
def test_roles_fit_the_kind_of_the_organisation(kind: str, roles: frozenset[str]) -> None:
    for each in ROLES:
        assert bool(fault(each, kind=kind)) is (each not in roles), each


def test_a_role_is_held_for_what_is_there() -> None:
    assert fault("librarian@brand:kids", "reviewer@region:dach", "planner@organisation:1") == ""
    assert "no such brand" in fault("librarian@brand:gone")
    assert "no such region" in fault("librarian@region:kids")
    assert "no such organisation" in fault("librarian@organisation:9")
    assert "Choose everywhere" in fault("librarian@planet:earth")
    assert fault("librarian@everywhere:kids") == "Everywhere has nothing behind it."


def test_what_is_held_already_may_stay_when_its_scope_is_gone() -> None:
    assert fault("librarian@brand:gone", "reviewer", held=("librarian@brand:gone",)) == ""


@pytest.mark.parametrize("role", [ADMINISTRATOR, FINANCE])
def test_administrators_and_finance_are_so_everywhere(role: str) -> None:
    assert fault(role) == ""
    assert "everywhere, not for a part" in fault(f"{role}@brand:kids")
    assert "everywhere, not for a part" in fault(role, f"{role}@brand:kids")


def test_a_group_makes_nobody_an_administrator() -> None:
    assert fault(LIBRARIAN, "partner", REVIEWER, kind=None) == ""
    assert fault(ADMINISTRATOR, kind=None) == "A group cannot be Administrator. Give that to a person."


def test_what_is_no_role_is_said_shortly() -> None:
    assert fault("x" * 500) == f"There is no role {'x' * 40}."
    assert "at most 50" in fault(
        *(f"reviewer@brand:{n}" for n in range(51)), held=tuple(f"reviewer@brand:{n}" for n in range(51))
    )


def duty_faults(wanted: DutyAt, kind: str = "own") -> set[str]:
    try:
        must_be_duty(wanted, organisation_kind=kind, known=KNOWN)
    except WrongPerson as wrong:
        return set(wrong.details["fields"])
    return set()


def test_a_duty_has_a_scope_and_a_limit_in_a_currency_of_today() -> None:
    assert duty_faults(DutyAt("po_approver")) == set()
    assert duty_faults(DutyAt("po_approver", "brand", "kids", 500_000, "EUR")) == set()
    assert duty_faults(DutyAt("po_approver", "brand", "gone", 0, "JPY")) == {"where"}
    assert duty_faults(DutyAt("emperor", limit_minor=1, currency="DEM")) == {"duty", "currency"}
    assert duty_faults(DutyAt("po_approver", limit_minor=-1, currency="EUR")) == {"limit"}
    assert duty_faults(DutyAt("po_approver", currency="EUR")) == {"limit"}
    assert duty_faults(DutyAt("po_approver"), kind="agency") == {"duty"}


@pytest.mark.parametrize(
    ("text", "currency", "language", "minor"),
    [
        ("12,500.50", "EUR", "en", 1_250_050),
        ("12.500,50", "EUR", "de", 1_250_050),
        ("12 500,50", "EUR", "fr", 1_250_050),
        ("5000", "JPY", "en", 5_000),
        ("1.234", "EUR", "de", 123_400),
        ("1,500", "EUR", "en", 150_000),
    ],
)
def test_money_is_typed_by_the_customs_of_the_language(
    text: str, currency: str, language: str, minor: int
) -> None:
    assert money.read_amount(text, currency, language) == minor


@pytest.mark.parametrize(
    ("text", "currency", "language", "why"),
    [
        ("1.500", "EUR", "en", "This can be read in two ways. Write 1500, or 1.50."),
        ("1,500", "EUR", "de", "This can be read in two ways. Write 1500, or 1,50."),
        ("25.000,50", "EUR", "en", "Write points and commas as in 25,000.25, or leave them out."),
        ("0.5", "JPY", "en", "JPY has 0 digits behind the point."),
        ("10.5555", "EUR", "en", "EUR has 2 digits behind the point."),
        ("-5", "EUR", "en", "Write an amount that is not below zero."),
        ("NaN", "EUR", "en", "Write digits only, without the sign of a currency: 25000."),
        ("1e9", "EUR", "en", "Write digits only, without the sign of a currency: 25000."),
        ("20 000 €", "EUR", "en", "Write digits only, without the sign of a currency: 25000."),
        ("", "EUR", "en", "Write digits only, without the sign of a currency: 25000."),
        ("5", "XXX", "en", "Choose the currency of the limit."),
        ("9" * 29, "EUR", "en", "This is more than anybody can be given. Leave it empty for no limit."),
    ],
)
def test_what_is_no_amount_says_why(text: str, currency: str, language: str, why: str) -> None:
    with pytest.raises(money.NoAmount) as refused:
        money.read_amount(text, currency, language)
    assert refused.value.sentence == why


@pytest.mark.parametrize("language", ["en", "de"])
@pytest.mark.parametrize(("minor", "currency"), [(0, "EUR"), (5, "USD"), (1_250_050, "EUR"), (77, "JPY")])
def test_what_a_field_shows_can_be_typed_again(minor: int, currency: str, language: str) -> None:
    shown = money.amount_as_typed(minor, currency, language)
    assert money.read_amount(shown, currency, language) == minor


def test_currencies_are_those_of_today() -> None:
    assert {"EUR", "USD", "CHF", "JPY", "GBP"} <= money.currencies()
    assert not {"DEM", "FRF", "XXX"} & money.currencies()
    assert money.amount_in_words(1_250_050, "EUR", "de") == "12.500,50\u00a0€"


def test_what_is_open_is_said_with_its_number_and_its_place() -> None:
    must_be_done([Matter("drafts", "0 drafts.", 0)], "Not yet.")
    with pytest.raises(StillOpen) as refused:
        must_be_done([Matter("drafts", "3 drafts.", 3, "/x"), Matter("x", "None.", 0)], "Not yet.")
    assert refused.value.sentence == "Not yet. 3 drafts."
    assert refused.value.details["matters"] == [{"key": "drafts", "count": 3, "url": "/x"}]


def test_roles_have_one_order() -> None:
    assert sorted([RoleAt("reviewer"), RoleAt("librarian", "brand", "kids"), RoleAt("librarian")]) == [
        RoleAt("librarian", "brand", "kids"),
        RoleAt("librarian"),
        RoleAt("reviewer"),
    ]
