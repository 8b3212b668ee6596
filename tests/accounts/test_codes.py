"""Codes of a phone, recovery codes, and the secret that is kept encrypted."""

from datetime import UTC, datetime, timedelta

import pyotp
import pytest

from assetlib.accounts import codes

NOON = datetime(2026, 5, 6, 12, tzinfo=UTC)
KEY = codes.sealing_key("s" * 40)


@pytest.mark.parametrize(
    ("seconds", "taken"), [(-60, False), (-30, True), (0, True), (30, True), (60, False)]
)
def test_a_code_is_taken_a_step_early_or_late(seconds: int, taken: bool) -> None:
    secret = codes.new_secret()
    moment = NOON + timedelta(seconds=seconds)
    code = pyotp.TOTP(secret).at(moment)
    step = codes.step_of(secret, f" {code[:3]} {code[3:]}", NOON)
    assert step == (moment.timestamp() // codes.STEP if taken else None)


@pytest.mark.parametrize("text", ["", "12345", "1234567", "abcdef", "１２３４５６", "12345\n", "-12345"])
def test_what_is_no_code_is_none(text: str) -> None:
    assert codes.step_of(codes.new_secret(), text, NOON) is None


def test_a_secret_is_read_with_its_own_key_only() -> None:
    secret = codes.new_secret()
    sealed = codes.seal(secret, KEY)
    assert secret not in sealed
    assert codes.unseal(sealed, KEY) == secret
    assert codes.unseal(sealed, codes.sealing_key("t" * 40)) is None
    assert codes.unseal("damaged", KEY) is None


def test_recovery_codes_differ_and_may_be_typed_in_any_way() -> None:
    made = codes.new_recovery_codes()
    assert len(set(made)) == codes.RECOVERY_CODES
    assert len({codes.recovery_hash(each) for each in made}) == codes.RECOVERY_CODES
    assert codes.recovery_hash(made[0]) == codes.recovery_hash(f" {made[0].upper().replace('-', ' ')} ")
