"""Amounts of money: whole numbers of the smallest unit, and the ISO 4217 code of their currency."""

import re
from decimal import Decimal
from functools import cache

from assetlib.words import say, say_n

_A_THOUSAND = 3
"""Digits behind a point that others write between thousands."""
_TYPED = re.compile(r"[0-9.,]{1,30}")
LARGEST = 10**15
"""Minor units; what nobody's limit reaches."""
RATE_DIGITS = 10
"""A rate between two currencies is kept as a whole number of 10⁻¹⁰."""
_ONE: int = 10**RATE_DIGITS
_LARGEST_RATE = 10**8


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


class NoAmount(ValueError):
    """It cannot be read; its sentence says why, and what to write."""

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence)
        self.sentence = sentence


def read_amount(text: str, currency: str, language: str = "en") -> int:
    """What somebody typed by the customs of their language, in minor units, or `NoAmount`.

    What reads otherwise by the customs of others, such as 1.500 in English, is not guessed.
    """
    from babel.numbers import NumberFormatError, get_decimal_symbol, parse_decimal

    if currency not in currencies():
        raise NoAmount(say("Choose the currency of the limit."))
    plain = text.strip().replace("\u202f", " ").replace("\u00a0", " ").replace(" ", "")
    if plain.startswith(("-", "\u2212")):
        raise NoAmount(say("Write an amount that is not below zero."))
    if _TYPED.fullmatch(plain) is None:
        raise NoAmount(say("Write digits only, without the sign of a currency: {like}.", like="25000"))
    point = get_decimal_symbol(language)
    whole, found, behind = plain.rpartition(point)
    if found and len(behind) == _A_THOUSAND and whole.isdecimal():
        raise NoAmount(
            say(
                "This can be read in two ways. Write {all}, or {part}.",
                all=whole + behind,
                part=f"{whole}{point}{behind[:2]}",
            )
        )
    try:
        amount = parse_decimal(plain, locale=language, strict=True)
    except (NumberFormatError, ValueError, ArithmeticError) as error:
        like = amount_as_typed(2_500_025, "EUR", language)
        raise NoAmount(say("Write points and commas as in {like}, or leave them out.", like=like)) from error
    minor = amount.scaleb(digits_of(currency))
    if minor > LARGEST:
        raise NoAmount(say("This is more than anybody can be given. Leave it empty for no limit."))
    if minor != minor.to_integral_value():
        raise NoAmount(
            say_n(
                "{currency} has {count} digit behind the point.",
                "{currency} has {count} digits behind the point.",
                digits_of(currency),
                currency=currency,
            )
        )
    return int(minor)


def amount_in_words(minor: int, currency: str, language: str = "en") -> str:
    """€12,500.00 or 12.500,00 €."""
    from babel.numbers import format_currency

    return str(format_currency(Decimal(minor).scaleb(-digits_of(currency)), currency, locale=language))


def amount_as_typed(minor: int, currency: str, language: str = "en") -> str:
    """The same without its sign, as it stands in a field."""
    from babel.numbers import format_decimal

    amount = Decimal(minor).scaleb(-digits_of(currency))
    return str(format_decimal(amount, locale=language, decimal_quantization=False))


def read_rate(text: str, language: str = "en") -> int:
    """A rate that somebody typed with the point of their language, in units of 10⁻¹⁰, or `NoAmount`.

    Nothing stands between thousands: 1.085 is no rate in German, and is not taken for one or for a thousand.
    """
    from babel.numbers import get_decimal_symbol

    point = get_decimal_symbol(language)
    whole, _, behind = text.strip().partition(point)
    if not (whole + behind).isascii() or not (whole or "0").isdecimal() or not (behind or "0").isdecimal():
        raise NoAmount(say("Write the rate as in {like}.", like=rate_as_typed(10_850_000_000, language)))
    if len(behind) > RATE_DIGITS:
        raise NoAmount(say("A rate has {most} digits behind the point at most.", most=RATE_DIGITS))
    rate = int((whole or "0") + behind.ljust(RATE_DIGITS, "0"))
    if not is_rate(rate):
        raise NoAmount(say("Write a rate that is above zero and below {most}.", most=_LARGEST_RATE))
    return rate


def is_rate(rate: int) -> bool:
    """Whether it can be one, in units of 10⁻¹⁰."""
    return 0 < rate < _LARGEST_RATE * _ONE


def rate_in_words(rate: int, language: str = "en") -> str:
    """1.085 or 1,085: two digits behind the point at least, and no zeros at the end beyond."""
    from babel.numbers import format_decimal

    return str(format_decimal(_as_decimal(rate), "#,##0.00########", locale=language))


def rate_as_typed(rate: int, language: str = "en") -> str:
    """The same with nothing between thousands, as it stands in a field."""
    from babel.numbers import format_decimal

    return str(format_decimal(_as_decimal(rate), "0.00########", locale=language))


def plain_rate(rate: int) -> str:
    """The same for programs: 1.085, with a point whatever the language."""
    return rate_as_typed(rate, "en")


def _as_decimal(rate: int) -> Decimal:
    return Decimal(rate).scaleb(-RATE_DIGITS)
