"""Whatever is promised has somebody who does it."""

import ast
import inspect
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache, partial
from pathlib import Path
from typing import Any

import pytest

from assetlib.house import open_house
from assetlib.jobs.work import Handler
from assetlib.settings import Settings
from assetlib.worker import SCHEDULES, handlers
from tests.conventions.sources import Source, called, calls, sources

OPTIONS = {"dedupe", "run_at", "priority"}
BY_THE_CLOCK = "assetlib/jobs/carrying.py"
"""Enqueues what the schedule names; those names are looked at by themselves."""


@dataclass(frozen=True)
class Promise:
    """One call of `enqueue`: the names it may give, and the ids it gives along."""

    place: str
    names: tuple[str, ...]
    ids: frozenset[str] = field(default_factory=frozenset)


@cache
def promises() -> tuple[Promise, ...]:
    return tuple(
        Promise(
            source.at(call),
            names_of(source, call.args[1]),
            frozenset(each.arg for each in call.keywords if each.arg) - OPTIONS,
        )
        for source in sources()
        if source.place != BY_THE_CLOCK
        for call in calls(source.tree)
        if called(call) == "enqueue"
    )


def names_of(source: Source, node: ast.expr) -> tuple[str, ...]:
    """The job's name as it is written: a text, or a constant of the module, or one of a dict of those."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return (node.value,)
    if isinstance(node, ast.Subscript):
        node = node.value
    assert isinstance(node, ast.Name), f"{source.at(node)}: the job's name cannot be read here"
    constants = {
        target.id: each.value
        for each in source.tree.body
        if isinstance(each, ast.Assign)
        for target in each.targets
        if isinstance(target, ast.Name)
    }
    value = constants[node.id]
    if isinstance(value, ast.Dict):
        return tuple(name for each in value.values for name in names_of(source, each))
    return names_of(source, value)


@pytest.fixture
def known(tmp_path: Path) -> Mapping[str, Handler]:
    house = open_house(Settings(home=tmp_path, search_kind="memory"))
    try:
        return handlers(house)
    finally:
        house.database.close()


def test_every_job_that_is_promised_has_a_handler(known: Mapping[str, Handler]) -> None:
    assert len(promises()) >= 6
    orphans = {f"{each.place} {name}" for each in promises() for name in each.names if name not in known}
    assert orphans == set()


def test_every_job_that_comes_round_has_a_handler(known: Mapping[str, Handler]) -> None:
    assert set(SCHEDULES) <= set(known)


def test_every_handler_is_called_by_somebody(known: Mapping[str, Handler]) -> None:
    promised = {name for each in promises() for name in each.names}
    assert set(known) - promised - set(SCHEDULES) == set()


def test_every_promise_gives_the_ids_that_its_handler_takes(known: Mapping[str, Handler]) -> None:
    for promise in promises():
        for name in promise.names:
            takes = ids_of(known[name])
            needed = {key for key, each in takes.items() if each.default is inspect.Parameter.empty}
            assert needed <= promise.ids <= set(takes), f"{promise.place} gives {set(promise.ids)} to {name}"


def test_what_comes_round_needs_no_ids(known: Mapping[str, Handler]) -> None:
    for name in SCHEDULES:
        assert all(each.default is not inspect.Parameter.empty for each in ids_of(known[name]).values()), name


def ids_of(handler: Any) -> dict[str, inspect.Parameter]:
    given = len(handler.args) if isinstance(handler, partial) else 0
    signature = inspect.signature(handler.func if isinstance(handler, partial) else handler)
    return dict(list(signature.parameters.items())[given:])
