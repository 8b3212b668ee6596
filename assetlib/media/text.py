"""Plain text, CSV and JSON in the child: read whole within a limit, checked strictly, kept for search."""

import csv
import io
import json
import re
from typing import Any

from assetlib.media.errors import BrokenJson, BrokenTable
from assetlib.media.examination import LONGEST_TEXT
from assetlib.words import say

_MOST_READ = 64 * 1024 * 1024
_LONGEST_NUMBER = 400

WIDE = say("The text is UTF-16. Programs that expect UTF-8 may not open it.")
OLD_LETTERS = say("The text is not UTF-8. It was read as Windows-1252; letters with accents may be wrong.")
FORMULAS = say("Cells of this table begin like formulas. Open it with care in a spreadsheet program.")
NOT_ALL_CHECKED = say("The file is very long. Only its first 64 MB were checked.")

_FORMULA = re.compile(r"^[=@\t\r]|^[+-](?![\d.,\s]*[%€$]?$)")


def examine_text(file_number: int, key: str) -> dict[str, Any]:
    """Text and warnings. Raises BrokenTable or BrokenJson with the place."""
    with open(file_number, "rb", closefd=False) as opened:
        data = opened.read(_MOST_READ + 1)
    warnings = []
    whole = len(data) <= _MOST_READ
    if not whole:
        warnings.append(NOT_ALL_CHECKED)
    text = _decoded(data[:_MOST_READ], warnings)
    if key == "csv":
        _check_table(text, warnings, whole=whole)
    elif key == "json" and whole:
        _check_json(text)
    return {"drawable": False, "text": text.replace("\0", "")[:LONGEST_TEXT], "warnings": warnings}


def _decoded(data: bytes, warnings: list[str]) -> str:
    if data[:2] in {b"\xff\xfe", b"\xfe\xff"}:
        warnings.append(WIDE)
        return data.decode("utf-16", "replace")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        warnings.append(OLD_LETTERS)
        return data.decode("cp1252", "replace")


def _check_table(text: str, warnings: list[str], *, whole: bool) -> None:
    nul = text.find("\0")
    if nul >= 0:
        line = text.count("\n", 0, nul) + 1
        raise BrokenTable(
            say("Line {line} holds a NUL character. Export the table again as CSV (UTF-8).", line=line),
            line=line,
        )
    first = text.partition("\n")[0]
    delimiter = max(",;\t", key=first.count)
    csv.field_size_limit(1024 * 1024)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    wide, formulas = 0, False
    try:
        for row in reader:
            if not row:
                continue
            wide = wide or len(row)
            if len(row) != wide:
                raise BrokenTable(
                    say(
                        "Line {line} has {count} cells, the first has {wide}. Make them even.",
                        line=reader.line_num,
                        count=len(row),
                        wide=wide,
                    ),
                    line=reader.line_num,
                )
            formulas = formulas or any(_FORMULA.match(cell) for cell in row)
    except csv.Error as broken:
        if whole:
            raise BrokenTable(
                say(
                    "Line {line} cannot be read as a table: a quotation mark is not closed.",
                    line=reader.line_num,
                ),
                line=reader.line_num,
            ) from broken
    if formulas:
        warnings.append(FORMULAS)


def _check_json(text: str) -> None:
    def number(digits: str) -> float:
        value = float(digits)
        if value in {float("inf"), float("-inf")}:
            raise BrokenJson(
                say("The number {number} is too large for other programs to read.", number=digits[:20])
            )
        return value

    def whole_number(digits: str) -> int:
        if len(digits) > _LONGEST_NUMBER:
            raise BrokenJson(
                say("A number has {count} digits; other programs cannot read that.", count=len(digits))
            )
        return int(digits)

    def constant(word: str) -> None:
        raise BrokenJson(say("{word} is not allowed in JSON. Write null instead.", word=word))

    try:
        json.loads(text, parse_float=number, parse_int=whole_number, parse_constant=constant)
    except json.JSONDecodeError as broken:
        raise BrokenJson(
            say(
                "The JSON breaks off in line {line}, column {column}. Put that right first.",
                line=broken.lineno,
                column=broken.colno,
            ),
            line=broken.lineno,
        ) from broken
    except RecursionError as broken:
        raise BrokenJson(say("The JSON is nested too deep for other programs to read.")) from broken
