"""Tables that people send, as spreadsheets write them: CSV files, or rows that were pasted."""

import csv
import io
from collections.abc import Mapping, Sequence

from assetlib.words import say

FORMULA = ("=", "+", "-", "@", "\t", "\r")
"""What a spreadsheet would reckon with begins so."""


class NoTable(ValueError):
    """It cannot be read; its sentence says why, and what to do."""

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence)
        self.sentence = sentence


def decoded(content: bytes, *, most_rows: int, most_bytes: int) -> str:
    """The text of a file: UTF-8, with or without its mark, or as Windows wrote it."""
    if len(content) > most_bytes:
        raise NoTable(say("This file is too large. Send at most {most} rows.", most=most_rows))
    if content.startswith((b"\xff\xfe", b"\xfe\xff")) or b"\0" in content:
        raise NoTable(say("This is no CSV file. Save it as “CSV UTF-8” and choose it again."))
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        pass
    try:
        return content.decode("cp1252")
    except UnicodeDecodeError:
        raise NoTable(
            say("The letters of this file cannot be read. Save it as “CSV UTF-8” and choose it again.")
        ) from None


def rows_in(
    text: str, *, nothing: str, most_rows: int, most_bytes: int
) -> tuple[list[str], list[tuple[int, list[str]]]]:
    """The first row that is not empty, and the others with their numbers as a spreadsheet counts.

    `nothing` is said of a text without rows. Cells are parted by semicolon, comma or tab.
    """
    text = text.lstrip("\ufeff")
    if not text.strip():
        raise NoTable(nothing)
    if len(text) > most_bytes:
        raise NoTable(say("This file is too large. Send at most {most} rows.", most=most_rows))
    try:
        rows = list(csv.reader(io.StringIO(text, newline=""), delimiter=_separator(text), strict=True))
    except csv.Error:
        raise NoTable(say('A quotation mark is opened and never closed. Look for a single ".')) from None
    filled = [(number, row) for number, row in enumerate(rows, 1) if any(cell.strip() for cell in row)]
    if not filled:
        raise NoTable(nothing)
    return filled[0][1], filled[1:]


def must_be_rows(rows: Sequence[tuple[int, list[str]]], *, most_rows: int) -> None:
    """Nothing, or `NoTable` when there is no row below the first one, or too many."""
    if not rows:
        raise NoTable(say("There is no row below the names of the columns."))
    if len(rows) > most_rows:
        raise NoTable(
            say("These are {count} rows. Send at most {most} at a time.", count=len(rows), most=most_rows)
        )


def columns_in(
    head: Sequence[str], known: Mapping[str, str], *, columns: Sequence[str], required: Sequence[str]
) -> list[str]:
    """Of each cell of the first row the column that it names; empty for one that is not read.

    `known`: small word → column, or nothing where it is let pass.
    """
    found = []
    for cell in head:
        word = cell.strip().lower()
        if word and word not in known:
            raise NoTable(
                say(
                    "There is no column “{name}”. The columns are {columns}.",
                    name=cell.strip()[:60],
                    columns=list(columns),
                )
            )
        found.append(known.get(word, ""))
    missing = [each for each in required if each not in found]
    if missing:
        raise NoTable(say("The first row must name the columns. Missing: {columns}.", columns=missing))
    twice = sorted({each for each in found if each and found.count(each) > 1})
    if twice:
        raise NoTable(say("A column is there twice: {columns}.", columns=twice))
    return found


def _separator(text: str) -> str:
    head = text.lstrip("\r\n").splitlines()[0]
    return max((";", ",", "\t"), key=head.count)
