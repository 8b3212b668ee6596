"""Figures that people type: whole numbers of thousandths, as no float keeps what was typed."""

import re
from decimal import Decimal

from assetlib.measures import number_in_words
from assetlib.words import say

LARGEST = 10**15
"""Thousandths."""
_TYPED = re.compile(r"-?[0-9.,]{1,30}")


class NoFigure(ValueError):
    """It cannot be read; its sentence says why, and what to write."""

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence)
        self.sentence = sentence


def read_figure(text: str, language: str = "en") -> int:
    """What somebody typed by the customs of their language, in thousandths, or `NoFigure`."""
    from babel.numbers import NumberFormatError, parse_decimal  # as in calendar.py

    plain = text.strip().replace("\u2212", "-")
    for space in (" ", "\u202f", "\u00a0"):
        plain = plain.replace(space, "")
    if _TYPED.fullmatch(plain) is None:
        raise NoFigure(say("Write a number in digits, such as {like}.", like="1250"))
    try:
        number = parse_decimal(plain, locale=language, strict=True)
    except (NumberFormatError, ValueError, ArithmeticError) as error:
        like = number_in_words(Decimal("1250.5"), language)
        raise NoFigure(say("Write points and commas as in {like}, or leave them out.", like=like)) from error
    thousandths = number.scaleb(3)
    if thousandths != thousandths.to_integral_value():
        raise NoFigure(say("Write at most three digits behind the point."))
    if abs(thousandths) > LARGEST:
        raise NoFigure(say("This is more than can be kept. Choose a larger unit."))
    return int(thousandths)


def figure_in_words(thousandths: int, language: str = "en") -> str:
    """1,250.5 or 1.250,5."""
    return number_in_words(Decimal(thousandths) / 1_000, language)
