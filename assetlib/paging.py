"""A page of a longer list."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

T = TypeVar("T")


@dataclass(frozen=True)
class Page(Generic[T]):
    """Some rows of a list, and where they stand in it. `number` counts from 1."""

    rows: Sequence[T]
    number: int
    size: int
    total: int

    @property
    def first(self) -> int:
        """The place of the first row, counted from 1; 0 when the page is empty."""
        return (self.number - 1) * self.size + 1 if self.rows else 0

    @property
    def last(self) -> int:
        return self.first + len(self.rows) - 1 if self.rows else 0

    @property
    def is_past_the_end(self) -> bool:
        """There are rows, and the page begins after the last one."""
        return not self.rows and self.total > 0

    @property
    def last_number(self) -> int:
        """The number of the last page that has rows."""
        return max(1, -(-self.total // self.size))

    @property
    def has_next(self) -> bool:
        return self.number * self.size < self.total

    @property
    def has_previous(self) -> bool:
        return self.number > 1


def clamp(number: int | None, size: int | None, *, default: int = 48, most: int = 96) -> tuple[int, int]:
    """A page number and a size that may be asked of the database, whatever a query string said."""
    return min(max(number or 1, 1), 100_000), min(max(size or default, 1), most)
