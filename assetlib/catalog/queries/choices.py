"""Whether an asset has one of some choices, in SQL: exactly, whatever letters a key is made of."""

import json
from collections.abc import Iterable
from typing import Any

from sqlalchemy import Boolean, ColumnElement, Text, literal
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement


class HasChoice(FunctionElement[bool]):
    """An attribute of a JSON column is one of these keys, or a list in which one of them stands.

    Not by the words of the JSON: `kids` is in "kids-2", and SQLite takes `Kids` for `kids` in LIKE.
    """

    name = "has_choice"
    type = Boolean()
    inherit_cache = True

    def __init__(self, attributes: ColumnElement[Any] | Any, attribute: str, keys: Iterable[str]) -> None:
        super().__init__(attributes, literal(attribute, Text), literal(json.dumps(sorted(keys)), Text))


@compiles(HasChoice, "sqlite")
def _in_sqlite(element: HasChoice, compiler: SQLCompiler, **how: Any) -> str:
    attributes, attribute, keys = (compiler.process(each, **how) for each in element.clauses)
    # Of one value json_each makes one row, of a list a row for each, of nothing none.
    return (  # parts of a statement that SQLAlchemy compiled; values stay bound
        f"EXISTS (SELECT 1 FROM json_each({attributes}, '$.\"' || {attribute} || '\"') AS held"  # noqa: S608
        f" JOIN json_each({keys}) AS wanted ON wanted.value = held.value WHERE held.type = 'text')"
    )


@compiles(HasChoice, "postgresql")
def _in_postgresql(element: HasChoice, compiler: SQLCompiler, **how: Any) -> str:
    attributes, attribute, keys = (compiler.process(each, **how) for each in element.clauses)
    # The same as the operator ?| : a string that is one of them, or a list in which one stands.
    return (
        f"coalesce(jsonb_exists_any(CAST({attributes} -> CAST({attribute} AS text) AS jsonb),"
        f" ARRAY(SELECT jsonb_array_elements_text(CAST({keys} AS jsonb)))), false)"
    )
