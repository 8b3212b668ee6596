"""JSON in one form only, so that it can be sealed: sorted names, no blanks, letters as they are."""

import json
from collections.abc import Callable
from json.encoder import encode_basestring
from typing import Any

from sqlalchemy import Dialect
from sqlalchemy.types import UserDefinedType

_CANONICAL = json.JSONEncoder(sort_keys=True, separators=(",", ":"), ensure_ascii=False)
_MAKE_ENCODER: Any = getattr(json.encoder, "c_make_encoder", None)
# `_CANONICAL.encode` makes such an encoder for every value; this one is made once, without its guard against
# circles, which no value has that was read from JSON or went through `recording.plain`.
_ENCODE: Any = _MAKE_ENCODER and _MAKE_ENCODER(
    None, _CANONICAL.default, encode_basestring, _CANONICAL.indent, _CANONICAL.key_separator,
    _CANONICAL.item_separator, _CANONICAL.sort_keys, _CANONICAL.skipkeys, _CANONICAL.allow_nan,
)  # fmt: skip


def canonical(value: Any) -> str:
    """The one form of this value."""
    return "".join(_ENCODE(value, 0)) if _ENCODE else _CANONICAL.encode(value)


class KeptCanonical(UserDefinedType[dict[str, Any]]):
    """A JSON column of SQLite whose text is the one form, so that what is kept is what was sealed.

    Half characters, which no text column takes, are written as JSON can write them otherwise.
    """

    cache_ok = True

    def get_col_spec(self, **_: Any) -> str:
        return "JSON"

    def bind_processor(self, dialect: Dialect) -> Callable[[Any], str]:  # noqa: ARG002
        return _kept

    def result_processor(self, dialect: Dialect, coltype: object) -> Callable[[Any], Any]:  # noqa: ARG002
        return json.loads


def _kept(value: Any) -> str:
    text = canonical(value)
    try:
        text.encode()
    except UnicodeEncodeError:
        return json.dumps(value)
    return text
