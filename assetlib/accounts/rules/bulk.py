"""A file of people who are to be invited, as spreadsheets write it."""

import csv
import io
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from assetlib import typed_tables
from assetlib.accounts.errors import WrongFile
from assetlib.accounts.rules.roles import ROLE_LABELS, RoleAt, role_at
from assetlib.typed_tables import FORMULA, NoTable, columns_in, must_be_rows, rows_in
from assetlib.words import say

MOST_ROWS = 1_000
LARGEST_FILE = 400_000
"""Bytes."""
COLUMNS = ("name", "email", "organisation", "roles", "groups")
REQUIRED = ("name", "email")
HEADS = {
    "name": "name",
    "email": "email", "e-mail": "email", "mail": "email", "address": "email", "adresse": "email",
    "organisation": "organisation", "organization": "organisation", "company": "organisation",
    "firma": "organisation",
    "roles": "roles", "role": "roles", "rollen": "roles", "rolle": "roles",
    "why": "", "warum": "",
    "groups": "groups", "group": "groups", "gruppen": "groups", "gruppe": "groups",
}  # fmt: skip
WHY = "why"
"""A column that says what is wrong with a row. It is not read."""


@dataclass(frozen=True)
class Line:
    """One row of the file: its number as a spreadsheet counts, its values, and what is wrong with them."""

    number: int
    values: Mapping[str, str]
    faults: Mapping[str, str] = field(default_factory=dict)


def decoded(content: bytes) -> str:
    """The text of a file, or `WrongFile`."""
    try:
        return typed_tables.decoded(content, most_rows=MOST_ROWS, most_bytes=LARGEST_FILE)
    except NoTable as fault:
        raise _wrong(fault.sentence) from fault


def read_lines(text: str) -> list[Line]:
    """Every row that is not empty; `WrongFile` when it is no such file at all."""
    nothing = say("There is nothing in it. The first row names the columns, each other row a person.")
    try:
        head, rows = rows_in(text, nothing=nothing, most_rows=MOST_ROWS, most_bytes=LARGEST_FILE)
        columns = columns_in(head, HEADS, columns=COLUMNS, required=REQUIRED)
        must_be_rows(rows, most_rows=MOST_ROWS)
    except NoTable as fault:
        raise _wrong(fault.sentence) from fault
    return _without_repeats([_line(number, row, columns) for number, row in rows])


def as_file(lines: Iterable[Line], reasons: Sequence[Sequence[str]] = ()) -> str:
    """These rows as a file again, with a column for the reasons if there are any."""
    text = io.StringIO()
    write = csv.writer(text)
    write.writerow([*COLUMNS, *([WHY] if reasons else [])])
    for place, line in enumerate(lines):
        cells = [line.values[name] for name in COLUMNS]
        said = [" ".join(reasons[place])] if reasons else []
        # What a spreadsheet would reckon with stays a text.
        write.writerow(
            [f"'{each}" if reasons and each.startswith(FORMULA) else each for each in cells] + said
        )
    return text.getvalue()


def roles_in(text: str) -> frozenset[RoleAt]:
    """What a cell names: `librarian`, `Field marketer`, `librarian@brand:kids`, several with | or commas."""
    return frozenset(_role(each) for each in re.split(r"[|,]", text) if each.strip())


def names_in(text: str) -> list[str]:
    """Several names with | between."""
    return [each.strip() for each in text.split("|") if each.strip()]


def _role(text: str) -> RoleAt:
    found = role_at(text)
    word = found.role.strip().lower()
    by_label = {str(label).lower(): role for role, label in ROLE_LABELS.items()}
    return RoleAt(by_label.get(word, word.replace(" ", "_")), found.kind.strip().lower(), found.key.strip())


def _line(number: int, row: list[str], heads: list[str]) -> Line:
    values = {head: cell.strip() for head, cell in zip(heads, row, strict=False) if head}
    faults = {
        head: say("This begins like a formula. Write it without = + - or @ in front.")
        for head, cell in values.items()
        if cell.startswith(FORMULA)
    }
    if any(cell.strip() for cell in row[len(heads) :]):
        faults["name"] = say("This row has more cells than the first one.")
    return Line(number, {**dict.fromkeys(COLUMNS, ""), **values}, faults)


def _without_repeats(lines: list[Line]) -> list[Line]:
    first: dict[str, int] = {}
    found = []
    for line in lines:
        address = line.values["email"].lower()
        earlier = first.setdefault(address, line.number)
        if address and earlier != line.number:
            fault = say("Row {number} has this address too.", number=str(earlier))
            found.append(Line(line.number, line.values, {"email": fault, **line.faults}))
        else:
            found.append(line)
    return found


def _wrong(sentence: str) -> WrongFile:
    return WrongFile(sentence, fields={"file": sentence})
