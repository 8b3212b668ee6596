"""Each migration by itself, up and down: killed in the middle it has not happened, and can be done again."""

import signal
import subprocess
import sys
from collections.abc import Iterator
from random import Random
from typing import Any

import pytest
from sqlalchemy import Engine, create_engine, event

from assetlib.migrating import known_revisions
from tests.conventions.sources import ROOT
from tests.migrations.interrupted import migrate
from tests.migrations.shape import shape_of
from tests.migrations.test_migrations import revision

STEPS = list(zip(("base", *known_revisions()), known_revisions(), strict=False))
"""(revision before, revision after)"""


@pytest.fixture
def engine(nothing_url: str) -> Iterator[Engine]:
    opened = create_engine(nothing_url)
    yield opened
    opened.dispose()


def seen(engine: Engine) -> tuple[str | None, dict[str, Any]]:
    with engine.connect() as connection:
        return revision(engine), shape_of(connection)


def statements_of(url: str, target: str) -> int:
    """Go there; how many statements that took."""
    sent: list[str] = []

    def note(*given: Any) -> None:
        sent.append(given[2])

    event.listen(Engine, "before_cursor_execute", note)
    try:
        migrate(url, target)
    finally:
        event.remove(Engine, "before_cursor_execute", note)
    return len(sent)


def killed(url: str, statement: int, target: str) -> bool:
    words = [sys.executable, "-m", "tests.migrations.interrupted", url, str(statement), target]
    status = subprocess.run(words, cwd=ROOT, capture_output=True).returncode
    assert status in (0, -signal.SIGKILL)
    return status != 0


def goes_on(url: str, engine: Engine, before: str, after: str, *, kills: int | None) -> int:
    """Up and down again, killed so often in each direction (None: before every statement); how many kills."""
    migrate(url, before)
    lower = seen(engine)
    up, upper = statements_of(url, after), seen(engine)
    down = statements_of(url, f"-{before}")
    assert seen(engine)[1] == lower[1]
    count = 0
    for target, statements, here, there in ((after, up, lower, upper), (f"-{before}", down, upper, lower)):
        every = range(2, statements + 1)
        for statement in (
            every if kills is None else sorted(Random(after).sample(every, min(kills, len(every))))
        ):
            if not killed(url, statement, target):
                migrate(url, f"-{before}" if target == after else after)
                continue
            count += 1
            assert seen(engine)[1] in (here[1], there[1]), f"half of {target} before statement {statement}"
            assert seen(engine)[0] in (here[0], there[0])
            if seen(engine)[0] != here[0]:
                migrate(url, f"-{before}" if target == after else after)
        migrate(url, target)
        assert seen(engine)[1] == there[1]
    return count


@pytest.mark.parametrize(("before", "after"), STEPS, ids=[after for _, after in STEPS])
def test_a_step_that_was_killed_has_not_happened_and_goes_on(
    nothing_url: str, engine: Engine, before: str, after: str
) -> None:
    assert goes_on(nothing_url, engine, before, after, kills=1) >= 1


@pytest.mark.proof
@pytest.mark.parametrize(("before", "after"), STEPS, ids=[after for _, after in STEPS])
def test_a_step_killed_before_any_statement_goes_on(
    nothing_url: str, engine: Engine, before: str, after: str
) -> None:
    assert goes_on(nothing_url, engine, before, after, kills=None) >= 2
