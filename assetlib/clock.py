"""What time it is. One place, so that a test can say what time it is."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime


def _system_now() -> datetime:
    return datetime.now(UTC)


_source: Callable[[], datetime] = _system_now


def now() -> datetime:
    """The present moment, aware, in UTC."""
    return _source()


def today() -> date:
    """The present day in UTC; rights begin and end with it."""
    return now().date()


@contextmanager
def held_at(moment: datetime) -> Iterator[None]:
    """Stop the clock at an aware moment, for tests and for the demo company's past."""
    global _source
    before = _source
    _source = lambda: moment  # noqa: E731
    try:
        yield
    finally:
        _source = before
