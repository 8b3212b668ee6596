"""Numbers and sizes as people read them."""

from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache

UNITS = ("kB", "MB", "GB", "TB")
BYTES = {"de": ("Byte", "Byte")}
"""Language → the word for one byte, and for several."""


@dataclass(frozen=True)
class Size:
    """A number of bytes in a sentence."""

    count: int

    def written(self, language: str = "en") -> str:
        return size_in_words(self.count, language)


@lru_cache(maxsize=4_096, typed=True)
def number_in_words(number: float | Decimal, language: str = "en") -> str:
    """1,234.5 or 1.234,5."""
    from babel.numbers import format_decimal  # as in calendar.py

    return format_decimal(number, locale=language)


@lru_cache(maxsize=1_024)
def country_in_words(code: str, language: str = "en") -> str:
    """Germany, in German Deutschland; the code itself where nobody named it."""
    from babel import Locale  # as in calendar.py

    return str(Locale.parse(language).territories.get(code, code))


def size_in_words(count: int, language: str = "en") -> str:
    """Bytes as people read them: 48 MB."""
    if count < 1000:
        word = BYTES.get(language, ("byte", "bytes"))[count != 1]
        return f"{count} {word}"
    amount = float(count)
    for unit in UNITS:
        amount /= 1000
        if amount < 1000 or unit == UNITS[-1]:
            break
    return f"{number_in_words(round(amount, 0 if amount >= 10 else 1), language)} {unit}"
