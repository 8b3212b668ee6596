"""What accounts, rates, vendors and contracts may say."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assetlib.money import NoAmount, plain_rate, rate_as_typed, rate_in_words, read_rate
from assetlib.reference.errors import ReferenceChanged, WrongReference
from assetlib.reference.rules.changes import typed_anew, wanted
from assetlib.reference.rules.things import FIELDS, KINDS, TELLS_APART, faults_of

GOOD: dict[str, dict[str, Any]] = {
    "gl_account": {
        "code": "006010", "name": "Ads", "kind": "expense", "valid_from": "2026-01-01", "valid_until": None,
    },
    "cost_centre": {
        "code": "0100", "name": "DACH", "region": "dach", "valid_from": "2026-01-01",
        "valid_until": "2026-01-01",
    },
    "rate": {"kind": "plan", "base": "EUR", "quote": "USD", "rate": 1, "valid_from": "2026-01-01"},
    "vendor": {
        "code": "7", "name": "Halden", "state": "active", "organisation_id": None, "country": "DE",
        "currency": "EUR", "tax_number": "", "email": "a@b.example", "terms_days": 0,
    },
    "contract": {
        "vendor_id": 1, "name": "Frame", "kind": "frame", "starts_on": "2026-01-01", "ends_on": None,
        "cap_minor": None, "currency": "", "notice_days": 30, "note": "one\ntwo",
    },
}  # fmt: skip


@pytest.mark.parametrize("kind", KINDS)
def test_what_is_right_is_taken(kind: str) -> None:
    assert set(GOOD[kind]) == {each.name for each in FIELDS[kind]}
    assert faults_of(kind, GOOD[kind]) == {}
    assert set(TELLS_APART[kind]) <= set(GOOD[kind])


@pytest.mark.parametrize(
    ("kind", "wrong", "field"),
    [
        ("gl_account", {"code": ""}, "code"),
        ("gl_account", {"code": "60 10"}, "code"),
        ("gl_account", {"code": "0" * 21}, "code"),
        ("gl_account", {"code": 6010}, "code"),
        ("gl_account", {"kind": "income"}, "kind"),
        ("gl_account", {"name": "a\0"}, "name"),
        ("gl_account", {"name": "a\nb"}, "name"),
        ("gl_account", {"valid_from": None}, "valid_from"),
        ("gl_account", {"valid_from": "2026-02-30"}, "valid_from"),
        ("gl_account", {"valid_from": "20260201"}, "valid_from"),
        ("gl_account", {"valid_until": "2025-12-31"}, "valid_until"),
        ("gl_account", {"valid_until": "9999-12-31"}, "valid_until"),
        ("rate", {"rate": 0}, "rate"),
        ("rate", {"rate": 1.5}, "rate"),
        ("rate", {"rate": True}, "rate"),
        ("rate", {"quote": "EUR"}, "quote"),
        ("rate", {"base": "DEM"}, "base"),
        ("vendor", {"country": "XX"}, "country"),
        ("vendor", {"currency": ""}, "currency"),
        ("vendor", {"email": "nobody"}, "email"),
        ("vendor", {"terms_days": -1}, "terms_days"),
        ("vendor", {"terms_days": "30"}, "terms_days"),
        ("vendor", {"organisation_id": "2"}, "organisation_id"),
        ("contract", {"vendor_id": None}, "vendor_id"),
        ("contract", {"vendor_id": 2**31}, "vendor_id"),
        ("contract", {"ends_on": "2025-12-31"}, "ends_on"),
        ("contract", {"cap_minor": 100}, "currency"),
        ("contract", {"currency": "EUR"}, "cap_minor"),
        ("contract", {"cap_minor": -1, "currency": "EUR"}, "cap_minor"),
    ],
)
def test_what_is_wrong_is_told_at_its_field(kind: str, wrong: dict[str, Any], field: str) -> None:
    assert list(faults_of(kind, {**GOOD[kind], **wrong})) == [field]


def test_a_field_that_is_not_there_is_refused() -> None:
    with pytest.raises(WrongReference) as refused:
        wanted("gl_account", None, {**GOOD["gl_account"], "colour": "red"})
    assert list(refused.value.details["fields"]) == ["colour"]


def test_what_somebody_left_alone_is_no_wish_of_theirs() -> None:
    seen = {"name": "Ads", "kind": "expense"}
    now = {"name": "Ads", "kind": "prepaid"}
    assert typed_anew(seen, now, {"name": "Fairs", "kind": "expense"}) == {"name": "Fairs"}
    with pytest.raises(ReferenceChanged):
        typed_anew(seen, now, {"name": "Ads", "kind": "liability"})


@given(st.integers(1, 10**18 - 1), st.sampled_from(["en", "de"]))
def test_a_rate_is_read_as_it_was_written_to_the_last_digit(rate: int, language: str) -> None:
    assert read_rate(rate_as_typed(rate, language), language) == rate
    assert read_rate(plain_rate(rate)) == rate


@pytest.mark.parametrize(
    ("typed", "language", "rate"),
    [
        ("1.085", "en", 10_850_000_000),
        ("1,085", "de", 10_850_000_000),
        ("11.7500000001", "en", 117_500_000_001),
        (" 160 ", "de", 1_600_000_000_000),
        (".5", "en", 5_000_000_000),
    ],
)
def test_a_rate_is_typed_by_the_customs_of_the_reader(typed: str, language: str, rate: int) -> None:
    assert read_rate(typed, language) == rate


@pytest.mark.parametrize(
    ("typed", "language"),
    [
        ("1,085", "en"), ("1.085", "de"), ("1.085,5", "de"), ("", "en"), (".", "en"), ("0", "en"),
        ("-1", "en"), ("1e3", "en"), ("1.00000000001", "en"), ("100000000", "en"), ("\u0661", "en"),
        ("1 085", "en"),
    ],
)  # fmt: skip
def test_what_could_be_another_rate_is_not_guessed(typed: str, language: str) -> None:
    with pytest.raises(NoAmount):
        read_rate(typed, language)


def test_a_rate_in_words() -> None:
    assert rate_in_words(10_850_000_000, "de") == "1,085"
    assert rate_in_words(12_345_000_000_000, "en") == "1,234.50"
