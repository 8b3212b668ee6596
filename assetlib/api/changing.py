"""A row is found, changed and shown again, in one transaction."""

from collections.abc import Callable
from typing import Generic, TypeVar

from sqlalchemy.orm import Session

from assetlib.access.actor import Actor
from assetlib.api.shapes import Shape
from assetlib.current import actor, database

Row = TypeVar("Row")
Shown = TypeVar("Shown", bound=Shape)


class Changing(Generic[Row, Shown]):
    """Rows of one kind, found by their number; `show` says how the caller sees one."""

    def __init__(self, find: Callable[[Session, int], Row], show: Callable[[Session, Row], Shown]) -> None:
        self._find, self._show = find, show

    def __call__(self, number: int, act: Callable[[Session, Actor, Row], object]) -> Shown:
        """Do it; the row as it is then."""
        with database().transaction() as session:
            row = self._find(session, number)
            act(session, actor(), row)
            session.flush()
            return self._show(session, row)

    def silently(self, number: int, act: Callable[[Session, Actor, Row], object]) -> str:
        """Do it; nothing is left to show."""
        with database().transaction() as session:
            act(session, actor(), self._find(session, number))
        return ""
