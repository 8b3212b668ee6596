"""Sentences for people, said in English and read in the language of the reader.

    raise WrongPerson(say("There is no role {roles}.", roles=["pilot"]))
    say_n("{count} try left.", "{count} tries left.", left)

What comes back is a `Said`: a text that reads as the English sentence, and keeps the pattern it was made of
and the values in it, so that a page, a call or a letter can say it in another language (`language.py`). So:

- The pattern is written out where `say` is called; `scripts/languages` reads it there. A sentence is one
  pattern: one that is put together with `+`, `%` or an f-string is English for good. `together` puts whole
  sentences one after the other.
- A value is a text as somebody wrote it, a whole or decimal number, another `Said`, a list of these, or what
  writes itself: `calendar.Day`, `calendar.Moment`, `measures.Size`. All follow the customs of the reader's
  language. A number that nobody counts with, such as a year, is given as a text.
- Nobody translates where a sentence is raised, flashed or put into a template or an answer: that is done at
  the edges. Rows and the audit chain keep the English text, unless a column of text keeps the pattern too:
  `kept` writes it, `recalled` reads it.
"""

import json
import re
from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from assetlib.calendar import Day, Moment
from assetlib.measures import Size

ENGLISH = "en"
LANGUAGES = {ENGLISH: "English", "de": "Deutsch"}
"""Language → its own name. English is the source and has no catalogue."""
Written = Day | Moment | Size
"""Values that write themselves."""

Translate = Callable[["Said"], str]
"""The pattern of a sentence in another language: for its context and its number."""
Write = Callable[[Any], str]
"""A value that is no text, by the customs of a language."""


class Said(str):
    """An English sentence that keeps its `pattern` and `values`.

    `plural` and `number` are there when the sentence counts something; `context` tells words apart that are
    one in English and two elsewhere.
    """

    pattern: str
    plural: str | None
    number: int | None
    context: str | None
    values: Mapping[str, Any]

    def __new__(
        cls,
        pattern: str,
        values: Mapping[str, Any],
        plural: str | None = None,
        number: int | None = None,
        context: str | None = None,
    ) -> "Said":
        chosen = pattern if plural is None or number == 1 else plural
        said = super().__new__(cls, _filled(chosen, values, english))
        said.pattern, said.plural, said.number, said.context = pattern, plural, number, context
        said.values = dict(values)
        return said

    def __reduce__(self) -> tuple[Any, ...]:
        return Said, (self.pattern, dict(self.values), self.plural, self.number, self.context)

    def told(self, translate: Translate, write: Write) -> str:
        """The sentence in another language."""

        def written(value: Any) -> str:
            return value.told(translate, write) if isinstance(value, Said) else write(value)

        return _filled(translate(self), self.values, written)


def say(pattern: str, /, **values: Any) -> str:
    """A sentence; `{name}` in it stands for a value."""
    return Said(pattern, values)


def say_n(one: str, many: str, count: int, /, **values: Any) -> str:
    """A sentence about a number of things; `{count}` in it is the number."""
    return Said(one, {**values, "count": count}, many, count)


def say_as(context: str, pattern: str, /, **values: Any) -> str:
    """A sentence or word whose English would be the same for two meanings; `context` names the one meant."""
    return Said(pattern, values, context=context)


def together(*sentences: str) -> str:
    """Whole sentences one after the other; empty ones are left out."""
    those = [each for each in sentences if each]
    if len(those) < 2:
        return those[0] if those else ""
    values = {f"s{number}": each for number, each in enumerate(those)}
    return Said(" ".join(f"{{{name}}}" for name in values), values)


def listed(values: Sequence[str]) -> str:
    """The same things in a row, with commas; each is said in the reader's language."""
    return Said("{values}", {"values": list(values)})


_MARK = '{"say": '


def kept(text: str, most: int | None = None) -> str:
    """What a column of text keeps of a sentence, so that it can be said in another language later.

    One without values is kept as its English text; so is one that would be longer than `most` characters.
    """
    english_text = str(text)[:most]
    if not isinstance(text, Said) or not (text.values or text.context):
        return english_text
    written = json.dumps(_as_json(text), ensure_ascii=False)
    return written if most is None or len(written) <= most else english_text


def all_kept(value: Any) -> Any:
    """The same of every text in lists and mappings, as JSON has them."""
    match value:
        case str():
            return kept(value)
        case Mapping():
            return {key: all_kept(each) for key, each in value.items()}
        case list() | tuple():
            return [all_kept(each) for each in value]
    return value


def recalled(text: str) -> str:
    """The sentence that `kept` wrote. Only for columns that hold sentences of ours, no words of people."""
    if not text.startswith(_MARK):
        return Said(text.replace("{", "{{").replace("}", "}}"), {})
    try:
        said: Said = _from_json(json.loads(text))
    except (ValueError, TypeError, AttributeError, ArithmeticError):
        return text  # cut off, or none of ours
    return said


def with_values(text: str, change: Callable[[str], str]) -> str:
    """What `kept` wrote, with the texts among its values changed; its patterns stay as they are."""
    if not text.startswith(_MARK):
        return text
    try:
        return json.dumps(_with_values(json.loads(text), change), ensure_ascii=False)
    except ValueError:
        return text  # none of ours


def _with_values(value: Any, change: Callable[[str], str]) -> Any:
    match value:
        case str():
            return change(value)
        case {"say": str(), "values": dict(values)}:
            return {**value, "values": {name: _with_values(each, change) for name, each in values.items()}}
        case list():
            return [_with_values(each, change) for each in value]
    return value


def _as_json(value: Any) -> Any:
    match value:
        case Said():
            values = {name: _as_json(each) for name, each in value.values.items()}
            rest = {"plural": value.plural, "number": value.number, "context": value.context}
            told = {name: each for name, each in rest.items() if each is not None}
            return {"say": value.pattern, "values": values, **told}
        case Decimal():
            return {"decimal": str(value)}
        case Day():
            return {"day": value.day.isoformat(), "today": value.today.isoformat()}
        case Moment():
            return {"moment": value.moment.isoformat(), "today": value.today.isoformat()}
        case Size():
            return {"size": value.count}
        case None | str() | int() | float():
            return value
        case _ if isinstance(value, Sequence):
            return [_as_json(each) for each in value]
    raise TypeError(f"{type(value).__name__} is no value of a sentence")


def _from_json(value: Any) -> Any:
    match value:
        case {"say": pattern, "values": values}:
            known = {name: _from_json(each) for name, each in values.items()}
            return Said(pattern, known, value.get("plural"), value.get("number"), value.get("context"))
        case {"decimal": text}:
            return Decimal(text)
        case {"day": day, "today": today}:
            return Day(date.fromisoformat(day), date.fromisoformat(today))
        case {"moment": moment, "today": today}:
            return Moment(datetime.fromisoformat(moment), date.fromisoformat(today))
        case {"size": count}:
            return Size(count)
        case list():
            return [_from_json(each) for each in value]
    return value


def english(value: Any) -> str:
    """A value that is no text, as English writes it."""
    if isinstance(value, bool) or not isinstance(value, int | float | Decimal):
        return value.written(ENGLISH) if isinstance(value, Written) else str(value)
    return f"{value:,}"


_PLACE = re.compile(r"\{\{|\}\}|\{(\w+)\}")


def _filled(pattern: str, values: Mapping[str, Any], write: Write) -> str:
    """The pattern with its values. `str.format` would also read their attributes, which no sentence needs."""

    def put(place: re.Match[str]) -> str:
        name = place[1]
        if name is None:
            return place[0][0]
        if name not in values:
            return place[0]
        text = _written(values[name], write)
        # A day may end with a full stop of its own, “11. Nov.”; then the sentence needs no second one.
        is_over = isinstance(values[name], Written) and place.string[place.end() :].startswith(".")
        return text.removesuffix(".") if is_over else text

    return _PLACE.sub(put, pattern)


def _written(value: Any, write: Write) -> str:
    if isinstance(value, Said) or not isinstance(value, str | Sequence):
        return write(value)
    if isinstance(value, str):
        return value
    return ", ".join(_written(each, write) for each in value)
