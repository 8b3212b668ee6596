"""A gate on the line: parts of uploads wait before it until a test lets them through."""

import re
from collections.abc import Callable

from playwright.sync_api import BrowserContext, Page, Request, Route

PART = re.compile(r"/uploads/(\w+)/parts/(\d+)$")
Part = tuple[str, int]
"""The upload's name, and the number of the part, from 1."""


def part_of(request: Request) -> Part | None:
    found = PART.search(request.url)
    return (found[1], int(found[2])) if found and request.method == "PUT" else None


class Gate:
    """Holds the parts for which `holds` says yes, and lets the others pass."""

    def __init__(self, page: Page, holds: Callable[[int], bool] = lambda number: True) -> None:
        self.page = page
        self.holds = holds
        self.waiting: list[Route] = []
        page.route(PART, self._arrived)

    def _arrived(self, route: Route) -> None:
        part = part_of(route.request)
        if part is not None and self.holds(part[1]):
            self.waiting.append(route)
        else:
            route.continue_()

    def open(self) -> None:
        """Let everything through that waits, and all that comes."""
        self.holds = lambda number: False
        while self.waiting:
            self.waiting.pop().continue_()


class Parts:
    """Which parts were sent in this browser, and which of them were taken, in order."""

    def __init__(self, context: BrowserContext) -> None:
        self.sent: list[Part] = []
        self.taken: list[Part] = []
        context.on("request", lambda request: self._note(request, self.sent))
        context.on("requestfinished", lambda request: self._note(request, self.taken))

    def _note(self, request: Request, where: list[Part]) -> None:
        part = part_of(request)
        if part is not None:
            where.append(part)
