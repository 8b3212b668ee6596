"""The shape of a database as it is, so that two can be compared to the last check constraint."""

import re
from typing import Any

from sqlalchemy import Connection, inspect


def shape_of(connection: Connection) -> dict[str, Any]:
    """Table → its columns, keys, constraints and indexes, by name."""
    seen = inspect(connection)
    return {
        table: {
            "columns": {
                each["name"]: (str(each["type"]), each["nullable"], each["default"])
                for each in seen.get_columns(table)
            },
            "primary key": seen.get_pk_constraint(table),
            "foreign keys": {
                each["name"]: (
                    each["constrained_columns"],
                    each["referred_table"],
                    each["referred_columns"],
                    each["options"],
                )
                for each in seen.get_foreign_keys(table)
            },
            "unique": {each["name"]: each["column_names"] for each in seen.get_unique_constraints(table)},
            "checks": {
                each["name"]: _without_spaces(each["sqltext"]) for each in seen.get_check_constraints(table)
            },
            "indexes": {
                each["name"]: (
                    each["column_names"],
                    each["unique"],
                    {name: str(option) for name, option in each.get("dialect_options", {}).items()},
                )
                for each in seen.get_indexes(table)
            },
        }
        for table in seen.get_table_names()
        if table != "alembic_version"
    }


def _without_spaces(text: str) -> str:
    return re.sub(r"\s+", "", text)
