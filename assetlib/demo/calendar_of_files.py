"""When which files came: deliveries over the past year, by sender, with what is still open at the end."""

import random
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from assetlib.demo.pieces import Piece

MOST_AT_ONCE = 12
_FIRST, _LAST = 342, 24
"""Days before today between which what is finished by now was delivered."""
_OPEN = ("draft", "in_review", "returned")


@dataclass(frozen=True, slots=True)
class Delivery:
    """Files that one person sent in one go. The numbers are places in the list of all pieces."""

    sender: str
    moment: datetime
    numbers: tuple[int, ...]


def deliveries_of(pieces: Sequence[Piece], today: date) -> list[Delivery]:
    """Every piece in exactly one delivery, the oldest first."""
    finished = [number for number, piece in enumerate(pieces) if piece.fate not in _OPEN]
    still_open = [number for number, piece in enumerate(pieces) if piece.fate in _OPEN]
    random.Random(7).shuffle(finished)  # noqa: S311  # a believable order, the same each time
    batches = _batches(pieces, finished)
    random.Random(8).shuffle(batches)  # noqa: S311
    days = _spread(_FIRST, _LAST, len(batches))
    late = _batches(pieces, still_open)
    days += _spread(4, 2, len(late))  # so that what is said of the last of them was said before today
    return [
        Delivery(pieces[numbers[0]].sender, _at(today, day, place), tuple(numbers))
        for place, (day, numbers) in enumerate(zip(days, [*batches, *late], strict=True))
    ]


def _batches(pieces: Sequence[Piece], numbers: Sequence[int]) -> list[list[int]]:
    by_sender: dict[str, list[int]] = {}
    for number in numbers:
        by_sender.setdefault(pieces[number].sender, []).append(number)
    return [
        batch[start : start + MOST_AT_ONCE]
        for batch in by_sender.values()
        for start in range(0, len(batch), MOST_AT_ONCE)
    ]


def _spread(first: int, last: int, count: int) -> list[int]:
    if count < 2:
        return [first] * count
    return [round(first + (last - first) * place / (count - 1)) for place in range(count)]


def _at(today: date, days_ago: int, place: int) -> datetime:
    hour = time(8 + place * 5 % 9, place * 17 % 60, tzinfo=UTC)
    return datetime.combine(today - timedelta(days=days_ago), hour)
