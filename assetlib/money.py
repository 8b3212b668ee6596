"""Amounts of money: whole numbers of the smallest unit, and the ISO 4217 code of their currency."""

import re
from decimal import Decimal
from functools import cache

_TYPED = re.compile(r"[0-9.,]{1,30}")
LARGEST = 10**15
"""Minor units; what nobody's limit reaches."""


@cache
def currencies() -> frozenset[str]:
    """The codes of the currencies that somebody pays with today."""
    from babel.core import get_global  # as in calendar.py

    by_territory = get_global("territory_currencies")
    return frozenset(
        code for each in by_territory.values() for code, _, ended, tender in each if tender and ended is None
    )


def digits_of(currency: str) -> int:
    """How many digits stand behind the sign: 2 of EUR, 0 of JPY."""
    from babel.numbers import get_currency_precision

    return int(get_currency_precision(currency))


def read_amount(text: str, currency: str, language: str = "en") -> int | None:
    """What somebody typed by the customs of their language, in minor units; None when it is no amount."""
    from babel.numbers import NumberFormatError, parse_decimal

    plain = text.strip().replace("\u202f", " ").replace("\u00a0", " ").replace(" ", "")
    if _TYPED.fullmatch(plain) is None or currency not in currencies():
        return None
    try:
        amount = parse_decimal(plain, locale=language, strict=True)
    except (NumberFormatError, ValueError, ArithmeticError):
        return None
    if not amount.is_finite() or amount < 0:
        return None
    minor = amount.scaleb(digits_of(currency))
    return int(minor) if minor == minor.to_integral_value() and minor <= LARGEST else None


def amount_in_words(minor: int, currency: str, language: str = "en") -> str:
    """€12,500.00 or 12.500,00 €."""
    from babel.numbers import format_currency

    return str(format_currency(Decimal(minor).scaleb(-digits_of(currency)), currency, locale=language))


def amount_as_typed(minor: int, currency: str, language: str = "en") -> str:
    """The same without its sign, as it stands in a field."""
    from babel.numbers import format_decimal

    amount = Decimal(minor).scaleb(-digits_of(currency))
    return str(format_decimal(amount, locale=language, decimal_quantization=False))
