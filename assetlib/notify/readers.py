"""What notices need to know of their readers. This room knows people by number; others tell it the rest."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session


@dataclass(frozen=True)
class Reader:
    """Somebody who is mailed."""

    person_id: int
    address: str
    language: str
    zone: ZoneInfo
    is_mailed: bool
    """False: suspended, gone, or not in yet. They get no notices by mail."""


ReadersOf = Callable[[Session, Collection[int]], Mapping[int, Reader]]
"""Person ids → those people, as they are now."""
StillOpen = Callable[[Session, int, Collection[int]], frozenset[int]]
"""Which of these assets the person may see now."""
OpenToEach = Callable[[Session, Mapping[int, Collection[int]]], Mapping[int, frozenset[int]]]
"""The same of many people, by their ids; without those who are gone."""
Speak = Callable[[str, str, ZoneInfo], str]
"""A sentence in a language, with its moments in a zone."""
