"""How the name and the address of somebody are found in texts, and what stands there afterwards."""

import html
import json
import re
from functools import cached_property


class Forgetting:
    """Puts other words for a name and an address.

    An address is known in any case, a name only as it is written: “May” is a person, “may” is not.
    """

    def __init__(self, *, name: str, new_name: str, address: str, new_address: str) -> None:
        self._name, self._address = name, address
        self._named = _pattern(name, ignore_case=False), new_name
        self._addressed = _pattern(address, ignore_case=True), new_address

    @cached_property
    def forms(self) -> frozenset[str]:
        """As one of them can stand in a column; where none does, nothing is to be forgotten."""
        return frozenset((*_spellings(self._name), *_spellings(self._address)))

    def address_in(self, text: str) -> str:
        """The text with another address."""
        pattern, instead = self._addressed
        return pattern.sub(lambda _: instead, text)

    def in_text(self, text: str) -> str:
        """The text with another address and name."""
        pattern, instead = self._named
        return pattern.sub(lambda _: instead, self.address_in(text))


def _pattern(word: str, *, ignore_case: bool) -> re.Pattern[str]:
    forms = "|".join(re.escape(each) for each in sorted(_spellings(word), key=len, reverse=True))
    return re.compile(rf"(?<!\w)(?:{forms})(?!\w)", re.IGNORECASE if ignore_case else 0)


def _spellings(word: str) -> set[str]:
    """The word itself, in HTML, in JSON, and in JSON that stands in JSON."""
    plain, ascii_only = json.dumps(word, ensure_ascii=False)[1:-1], json.dumps(word)[1:-1]
    in_html = {html.escape(word), html.escape(word, quote=False)}
    return {word, plain, ascii_only, json.dumps(plain)[1:-1], *in_html}
