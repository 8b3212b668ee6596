"""How a file is cut into parts, and what may be announced."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from assetlib.measures import Size
from assetlib.storage.blobs import MOST_PARTS, StoredPart
from assetlib.storage.names import folder_fault, name_fault
from assetlib.storage.states import CANCELLED, OPEN
from assetlib.storage.uploads.errors import (
    FileTooLarge,
    OtherAnnouncement,
    PartsMissing,
    UploadNotOpen,
    WrongAnnouncement,
    WrongPart,
)
from assetlib.words import say

MIB = 1024 * 1024
SMALLEST_PART = 16 * MIB
LARGEST_PART = 64 * MIB
LONGEST_FINGERPRINT = 128
MOST_AT_ONCE = 100
"""Parts that are signed in one call."""
LATEST_MTIME = 2**53
"""The largest whole number that JSON carries everywhere."""


@dataclass(frozen=True)
class Announced:
    """What a client says of a file before it sends it. Sizes in bytes, `mtime` in milliseconds since 1970."""

    name: str
    size: int
    mtime: int
    fingerprint: str
    folder: str = ""
    as_version_of: int | None = None
    delivered_for: int | None = None


def must_be_fit(announced: Announced, *, largest: int, idempotency_key: str | None = None) -> None:
    """Nothing, or why this file is not taken. `largest` in bytes."""
    fields = {}
    if (fault := name_fault(announced.name)) is not None:
        fields["name"] = fault
    if (fault := folder_fault(announced.folder)) is not None:
        fields["folder"] = fault
    if announced.size < 0:
        fields["size"] = say("A size is not negative.")
    if not 0 <= announced.mtime <= LATEST_MTIME:
        fields["mtime"] = say("A time is given in milliseconds since 1970.")
    if not 0 < len(announced.fingerprint) <= LONGEST_FINGERPRINT or not _storable(announced.fingerprint):
        fields["fingerprint"] = say(
            "A fingerprint has 1 to {most} characters.",
            most=LONGEST_FINGERPRINT,
        )
    if idempotency_key is not None and not re.fullmatch(r"[\x21-\x7e]{1,128}", idempotency_key):
        fields["Idempotency-Key"] = say("An idempotency key has 1 to 128 plain characters.")
    if fields:
        raise WrongAnnouncement(
            say("This file cannot be announced like that. See the fields."), fields=fields
        )
    largest = min(largest, LARGEST_PART * MOST_PARTS)
    if announced.size > largest:
        raise FileTooLarge(
            say(
                "{size} is more than may be sent; the limit is {limit}.",
                size=Size(announced.size),
                limit=Size(largest),
            ),
            largest=largest,
        )


def part_size_for(size: int) -> int:
    """Bytes of every part but the last: whole MiB, 16 to 64, with at most 10,000 parts."""
    needed = -(-size // MOST_PARTS)
    return max(SMALLEST_PART, -(-needed // MIB) * MIB)


def part_count(size: int, part_size: int) -> int:
    """An empty file is one empty part."""
    return max(1, -(-size // part_size))


def size_of_part(number: int, *, size: int, part_size: int) -> int:
    """The bytes that part `number` must have, or `WrongPart` when the file has no such part."""
    count = part_count(size, part_size)
    if not 1 <= number <= count:
        raise WrongPart(
            say(
                "The last part of this file is {count}; there is no part {number}.",
                count=count,
                number=number,
            ),
            part=number,
        )
    return part_size if number < count else size - part_size * (count - 1)


def must_be_part(number: int, length: int | None, *, size: int, part_size: int) -> int:
    """The size of the part, if `length` is just that."""
    expected = size_of_part(number, size=size, part_size=part_size)
    if length != expected:
        raise WrongPart(
            say("Part {number} of this file has {expected} bytes.", number=number, expected=expected),
            part=number,
            expected=expected,
        )
    return expected


def must_be_sha256(sha256: str | None) -> None:
    if sha256 is not None and not re.fullmatch(r"[0-9a-fA-F]{64}", sha256):
        raise WrongPart(say("A sha256 has 64 hexadecimal digits."))


def must_be_same(announced: Announced, before: Announced) -> None:
    """A key names one announcement; said with another one, it is a fault of the client."""
    if announced != before:
        raise OtherAnnouncement(say("This key was used for another file. Take a new key for each file."))


def must_be_whole(parts: Iterable[StoredPart], *, size: int, part_size: int) -> None:
    """Nothing, or `PartsMissing` with the numbers that have to be sent still, or again."""
    kept = {part.number: part.size for part in parts}
    missing = [
        number
        for number in range(1, part_count(size, part_size) + 1)
        if kept.get(number) != size_of_part(number, size=size, part_size=part_size)
    ]
    if missing:
        raise PartsMissing(_missing_sentence(missing), parts=missing)


def must_be_open(state: str) -> None:
    if state == CANCELLED:
        raise UploadNotOpen(say("This upload was cancelled. Begin it anew."), state=state)
    if state != OPEN:
        raise UploadNotOpen(say("This file has arrived already."), state=state)


def _missing_sentence(missing: Sequence[int]) -> str:
    if len(missing) == 1:
        return say("Part {number} has not arrived yet. Send it, then complete.", number=missing[0])
    return say("{count} parts have not arrived yet. Send them, then complete.", count=len(missing))


def _storable(text: str) -> bool:
    """Text that every database takes."""
    return "\0" not in text and not any("\ud800" <= character <= "\udfff" for character in text)
