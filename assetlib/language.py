"""The language and the time zone of whoever reads, and every sentence in it.

A reader's language is their own choice, else that of the switch on the sign-in page, else what the browser or
the program asks for, else English. One order for pages and calls, because pages make calls too.

Sentences of `words.py` are said in that language at three edges, so that nobody else has to think of it:
where a template writes a value, where JSON is written, and in the values of a template's own sentences.
A flash waits in the form session as pattern and values. What a job sends goes through `in_language`.
"""

import io
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, tzinfo
from decimal import Decimal
from functools import cache, lru_cache
from pathlib import Path
from typing import Any, cast
from zoneinfo import ZoneInfo

from babel import Locale
from babel.dates import get_timezone_name
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.support import NullTranslations, Translations
from flask import Flask, Response, g, has_request_context, request
from flask.json.tag import JSONTag, TaggedJSONSerializer
from flask.sessions import SecureCookieSessionInterface
from flask_babel import Babel, Domain, get_locale, get_timezone
from jinja2 import pass_eval_context
from jinja2.filters import do_format, do_join, do_xmlattr
from jinja2.nodes import EvalContext
from markupsafe import Markup

from assetlib.calendar import Day, Moment, is_zone
from assetlib.measures import Size, number_in_words
from assetlib.words import ENGLISH, LANGUAGES, Said, kept, recalled

TRANSLATIONS = Path(__file__).parent / "translations"
LANGUAGE_COOKIE = "assetlib-language"
ZONE_COOKIE = "assetlib-zone"
"""Where the browser's clock stands, written by frontend/js/own-time.js."""


def install(app: Flask) -> None:
    """Let templates, JSON and flashes say their sentences in the reader's language."""
    babel = Babel(app, locale_selector=_choose_language, timezone_selector=_choose_zone)
    babel.domain_instance = _Catalogues()
    app.jinja_env.finalize = _finalized
    app.jinja_env.install_gettext_callables(  # type: ignore[attr-defined]  # given by jinja2.ext.i18n
        _gettext, _ngettext, newstyle=False, pgettext=_pgettext
    )
    app.jinja_env.globals["_"] = _gettext  # Jinja's own looks for `gettext` in each sentence anew
    app.jinja_env.filters |= {"said": in_words, "join": _join, "format": _format, "xmlattr": _xmlattr}
    app.context_processor(
        lambda: {"locale": language(), "languages": LANGUAGES, "zone_name": zone_in_words()}
    )
    app.after_request(_say_which)
    app.session_interface = _FormSessions()


def language() -> str:
    """Of whoever reads what this request makes; English outside of one."""
    try:
        return cast("str", g.reader.language)  # found out already; a page asks 700 times
    except (AttributeError, RuntimeError):
        return _reader().language if has_request_context() else ENGLISH


def zone() -> tzinfo:
    """The reader's time zone; UTC when nobody said."""
    return _reader().zone if has_request_context() else UTC


@dataclass(frozen=True)
class _Reader:
    """What each sentence of a page asks for again, found out once for a request."""

    language: str
    zone: tzinfo


def _reader() -> _Reader:
    found = cast("_Reader | None", g.get("reader"))
    if found is None:
        spoken = get_locale()
        found = g.reader = _Reader(
            str(spoken.language) if spoken is not None else ENGLISH, cast("tzinfo", get_timezone())
        )
    return found


def zone_is_known() -> bool:
    """Whether the reader, or their browser, said where they are."""
    return _known_zone() is not None


def zone_in_words() -> str:
    """Central European Time."""
    here = zone()
    return get_timezone_name(here, locale=language()) if str(here) != "UTC" else "UTC"


def country_name(code: str) -> str:
    """Germany, Deutschland; the code where the reader's language has no name for it."""
    return str(Locale(language()).territories.get(code, code))


def month_names() -> Mapping[int, str]:
    """1 to 12 → January to December."""
    return cast("Mapping[int, str]", Locale(language()).months["stand-alone"]["wide"])


def weekday_names() -> Mapping[int, str]:
    """0 to 6 → Monday to Sunday."""
    return cast("Mapping[int, str]", Locale(language()).days["stand-alone"]["wide"])


def in_words(value: Any) -> Any:
    """A sentence in the reader's language; anything else as it is."""
    if not isinstance(value, Said):
        return value
    if not value.values:
        return _as_it_stands(language(), value.pattern, value.context)
    return in_language(value, language(), zone())


@lru_cache(maxsize=4_096)
def _as_it_stands(spoken: str, pattern: str, context: str | None) -> str:
    """A sentence without values; the labels of a page are no others."""
    return in_language(Said(pattern, {}, context=context), spoken)


def in_language(text: str, spoken: str, zone: tzinfo = UTC) -> str:
    """A sentence in a given language, with its moments in a given zone; other text as it is."""
    if not isinstance(text, Said):
        return text
    return text.told(
        lambda said: _translated(catalogue(spoken), said), lambda value: written(value, spoken, zone)
    )


def all_in_words(value: Any) -> Any:
    """The same for whatever is in lists and mappings, as JSON has them."""
    if isinstance(value, str):
        return in_words(value)
    if isinstance(value, Mapping):
        return {key: all_in_words(each) for key, each in value.items()}
    if isinstance(value, list | tuple):
        return [all_in_words(each) for each in value]
    return value


def written(value: Any, spoken: str, zone: tzinfo = UTC) -> str:
    """A value of a sentence by the customs of a language."""
    match value:
        case Moment():
            return value.written(spoken, zone)
        case Day() | Size():
            return value.written(spoken)
        case bool():
            return str(value)
        case int() | float() | Decimal():
            return number_in_words(value, spoken)
    return str(value)


@cache
def catalogue(spoken: str) -> NullTranslations:
    """The sentences of a language; read from its .po, so that nothing compiled can be missing or old."""
    path = TRANSLATIONS / spoken / "LC_MESSAGES" / "messages.po"
    if not path.exists():
        return NullTranslations()
    compiled = io.BytesIO()
    with path.open("rb") as file:
        write_mo(compiled, read_po(file, locale=spoken))
    compiled.seek(0)
    return Translations(compiled)


class _Catalogues(Domain):  # type: ignore[misc]  # Flask-Babel carries no types
    """What Flask-Babel's own gettext reads is the same."""

    def get_translations(self) -> NullTranslations:
        return catalogue(language())


class _SaidTag(JSONTag):
    """A sentence in the form session: pattern and values, for whoever reads it after the next redirect."""

    __slots__ = ()
    key = " said"

    def check(self, value: Any) -> bool:
        return isinstance(value, Said)

    def to_json(self, value: Any) -> str:
        return kept(value)

    def to_python(self, value: str) -> str:
        return recalled(value)


class _FormSessions(SecureCookieSessionInterface):
    serializer = TaggedJSONSerializer()
    serializer.register(_SaidTag, index=0)


def _translated(book: NullTranslations, said: Said) -> str:
    if not said.pattern:
        return ""  # for an empty text, a catalogue tells of itself
    if said.plural is not None:
        return str(book.ungettext(said.pattern, said.plural, said.number or 0))
    if said.context is not None:
        return str(book.upgettext(said.context, said.pattern))
    return str(book.ugettext(said.pattern))


def _choose_language() -> str:
    chosen = getattr(g.get("signed_in"), "locale", None) or request.cookies.get(LANGUAGE_COOKIE)
    if chosen in LANGUAGES:
        return cast("str", chosen)
    return request.accept_languages.best_match(list(LANGUAGES)) or ENGLISH


def _choose_zone() -> tzinfo:
    name = _known_zone()
    return UTC if name is None else ZoneInfo(name)


def _known_zone() -> str | None:
    names = (getattr(g.get("signed_in"), "time_zone", None), request.cookies.get(ZONE_COOKIE))
    return next((name for name in names if name and is_zone(name)), None)


def _say_which(response: Response) -> Response:
    """What was said in a language tells which, and that another reader may get another."""
    # That nothing has changed is said of a picture too, and in no language.
    if response.status_code != 304 and response.mimetype in ("text/html", "application/problem+json"):
        response.headers.setdefault("Content-Language", language())
        response.vary.update(("Accept-Language", "Cookie"))
    return response


def _finalized(value: Any) -> Any:
    return in_words(value) if isinstance(value, Said) else value


@pass_eval_context
def _join(context: EvalContext, values: Iterable[Any], between: str = "") -> str:
    """Jinja's own, of sentences in the reader's language."""
    joined: str = do_join(context, [in_words(each) for each in values], between)
    return joined


@pass_eval_context
def _xmlattr(context: EvalContext, attributes: Mapping[str, Any]) -> str:
    """Jinja's own, likewise."""
    written: str = do_xmlattr(context, {name: in_words(value) for name, value in attributes.items()})
    return written


def _format(pattern: str, *values: Any) -> str:
    """Jinja's own, likewise."""
    return do_format(in_words(pattern), *(in_words(each) for each in values))


@pass_eval_context
def _gettext(context: EvalContext, text: str, /, **values: Any) -> str:
    return _filled(context, str(catalogue(language()).ugettext(text)) if text else "", values)


@pass_eval_context
def _ngettext(context: EvalContext, one: str, many: str, num: int, /, **values: Any) -> str:
    return _filled(context, str(catalogue(language()).ungettext(one, many, num)), {"num": num, **values})


@pass_eval_context
def _pgettext(context: EvalContext, meant: str, text: str, /, **values: Any) -> str:
    return _filled(context, str(catalogue(language()).upgettext(meant, text)), values)


def _filled(context: EvalContext, pattern: str, values: Mapping[str, Any]) -> str:
    if not values and "%" not in pattern:
        return Markup(pattern) if context.autoescape else pattern  # noqa: S704  # the same
    told = {name: _told(value) for name, value in values.items()}
    return Markup(pattern) % told if context.autoescape else pattern % told  # noqa: S704  # patterns are ours


def _told(value: Any) -> Any:
    if isinstance(value, Said):
        return in_words(value)
    is_number = isinstance(value, int | float | Decimal) and not isinstance(value, bool)
    return number_in_words(value, language()) if is_number else value
