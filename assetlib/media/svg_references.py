"""References inside a drawing: no circles, and no drawing that multiplies itself by `use` upon `use`."""

import re
from typing import Any

from assetlib.media.svg_cleaning import XLINK
from assetlib.words import say

CIRCLE = say("The drawing refers to itself. That part was taken out of the preview.")
TOO_MUCH = say("The drawing repeats itself into more than 200,000 parts. It is kept as a download.")
MOST_DRAWN = 200_000

_URL = re.compile(r"url\(\s*[\"']?#([^\"')\s]+)")
_HREF = f"{{{XLINK}}}href"


def _targets(element: Any) -> list[str]:
    found = []
    for name, value in element.attrib.items():
        if name == _HREF and value.startswith("#"):
            found.append(value[1:])
        elif "url(" in value:
            found += _URL.findall(value)
    return found


def _by_name(tree: Any) -> dict[str, Any]:
    named: dict[str, Any] = {}
    for element in tree.iter():
        if (name := element.get("id")) is not None:
            named.setdefault(name, element)
    return named


def cut_circles(tree: Any, said: list[str]) -> None:
    """Take out every reference that leads back to an element it stands in."""
    named = _by_name(tree)
    order = {element: i for i, element in enumerate(tree.iter())}
    ends: dict[Any, int] = {}
    for element in reversed(list(order)):
        ends[element] = max([order[element], *(ends[child] for child in element)])
    users = [(e, t) for e in order for t in _targets(e) if t in named]
    inside: dict[str, list[tuple[Any, str]]] = {}
    for name, holder in named.items():
        first, last = order[holder], ends[holder]
        inside[name] = [(e, t) for e, t in users if first <= order[e] <= last]
    state: dict[str, int] = {}
    for name in named:
        _visit(name, inside, state, said)


def _visit(
    start: str, inside: dict[str, list[tuple[Any, str]]], state: dict[str, int], said: list[str]
) -> None:
    if state.get(start):
        return
    state[start] = 1
    stack = [(start, iter(inside.get(start, ())))]
    while stack:
        name, following = stack[-1]
        step = next(following, None)
        if step is None:
            state[name] = 2
            stack.pop()
            continue
        element, target = step
        if state.get(target) == 1:
            _forget(element, target)
            said.append(CIRCLE)
        elif not state.get(target):
            state[target] = 1
            stack.append((target, iter(inside.get(target, ()))))


def _forget(element: Any, target: str) -> None:
    for name, value in list(element.attrib.items()):
        if value == f"#{target}" or f"#{target}" in value:
            del element.attrib[name]


def drawn_elements(tree: Any) -> int:
    """How many elements are drawn once every `use` is followed; counting ends above MOST_DRAWN."""
    named = _by_name(tree)
    counts: dict[Any, int] = {}
    for element in tree.iter():
        _count(element, named, counts)
    return counts.get(tree, 0)


def _count(start: Any, named: dict[str, Any], counts: dict[Any, int]) -> None:
    stack = [start]
    while stack:
        element = stack[-1]
        parts = [*element, *(named[t] for t in _targets(element) if t in named)]
        missing = [p for p in parts if p not in counts]
        if missing and len(stack) < 100_000:
            stack += missing
            continue
        counts[element] = min(1 + sum(counts.get(p, 1) for p in parts), 10 * MOST_DRAWN)
        stack.pop()
