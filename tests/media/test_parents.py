"""The parents that children are forked off: kept while all goes well, and clean between orders."""

import multiprocessing
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from assetlib.media import parents
from assetlib.media.sandbox import Limits, Outcome, run_child, sandbox_report

Attempt = Callable[..., Outcome]

_HIJACKED = """
import sys; sys.path.insert(0, sys.argv[1])
from assetlib.media import parent, tasks
def attempt(task, *, file_number):
    import os
{body}
tasks.do = attempt
parent.main()
"""


def _telling(body: str) -> str:
    lines = "\n".join("    " + line for line in body.strip().splitlines())
    return _HIJACKED.format(body=lines)


@pytest.fixture
def attempt(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Attempt]:
    """attempt(code) runs code in a child of a parent that is kept; later calls may leave the code out."""
    sandbox_report()
    parents.end_idle()

    def run(body: str = "", limits: Limits = Limits(), **task: object) -> Outcome:  # noqa: B008 - frozen
        if body:
            monkeypatch.setattr(parents, "_START", _telling(body))
        return run_child(
            {"do": "x", **task}, file=Path(os.devnull), scratch=tmp_path, part="text", limits=limits
        )

    yield run
    parents.end_idle()


def _parent_of(outcome: Outcome) -> int:
    assert outcome.answer is not None, outcome.ended_by
    return int(outcome.answer["parent"])


def _lives(number: int) -> bool:
    try:
        return Path(f"/proc/{number}/stat").read_text().rsplit(")", 1)[1].split()[0] != "Z"
    except FileNotFoundError:
        return False


def _ends(number: int) -> bool:
    for _ in range(100):
        if not _lives(number):
            return True
        time.sleep(0.1)
    return False


def test_one_parent_forks_a_child_for_each_order_and_nothing_of_one_is_there_for_the_next(
    attempt: Attempt,
) -> None:
    seen = attempt(
        """
import builtins
before = getattr(builtins, "left", "nothing")
builtins.left = task["mark"]
had = sorted(os.environ) + os.listdir(".")
os.environ["LEFT"] = "x"
open("left", "w").close()
return {"parent": os.getppid(), "self": os.getpid(), "before": before, "had": had}
""",
        mark="first",
    )
    again = attempt(mark="second")
    assert again.answer is not None
    assert seen.answer is not None
    assert _parent_of(seen) == _parent_of(again)
    assert seen.answer["self"] != again.answer["self"]
    assert again.answer["before"] == "nothing"
    assert again.answer["had"] == seen.answer["had"]


def test_a_child_has_no_open_file_but_the_strangers_and_its_answer(attempt: Attempt) -> None:
    body = """
found = []
for number in range(64):
    try:
        os.fstat(number)
    except OSError:
        continue
    found.append(number)
return {"open": len(found), "file": file_number in found}
"""
    for outcome in (attempt(body), attempt()):
        # Three standard ones, the file, the answer.
        assert outcome.answer == {"open": 5, "file": True}


def test_a_parent_never_sees_an_order(attempt: Attempt) -> None:
    outcome = attempt('return {"parent": os.getppid()}', name="a most peculiar name")
    parent = _parent_of(outcome)
    found = 0
    with Path(f"/proc/{parent}/mem").open("rb", buffering=0) as memory:
        for line in Path(f"/proc/{parent}/maps").read_text().splitlines():
            start, end = (int(side, 16) for side in line.split()[0].split("-"))
            if not re.search(r"rw-p", line):
                continue
            memory.seek(start)
            part = memory.read(end - start)
            found += part.count(b"os.getppid")
            assert b"a most peculiar name" not in part
    assert found, "this looked at nothing"


@pytest.mark.parametrize(
    ("body", "limits"),
    [
        ("os.abort()", Limits()),
        ("raise ValueError('odd')", Limits()),
        ("x = bytearray(3 * 1024**3); return {}", Limits()),
        ("import time; time.sleep(60)", Limits(wall_seconds=1, cpu_seconds=1)),
    ],
)
def test_a_parent_whose_child_did_not_end_well_ends_too(attempt: Attempt, body: str, limits: Limits) -> None:
    conditional = f"""
if task["well"]:
    return {{"parent": os.getppid()}}
{body}
"""
    first = attempt(conditional, well=True)
    broken = attempt(limits=limits, well=False)
    assert broken.answer is None
    assert _ends(_parent_of(first))
    after = attempt(well=True)
    assert _parent_of(after) != _parent_of(first)


def test_a_parent_that_was_killed_while_it_waited_is_replaced(attempt: Attempt) -> None:
    first = attempt('return {"parent": os.getppid()}')
    os.kill(_parent_of(first), signal.SIGKILL)
    assert _ends(_parent_of(first))
    second = attempt()
    assert second.answer is not None
    assert _parent_of(second) != _parent_of(first)


_SLEEPING = """
if task.get("awake"):
    return {"parent": os.getppid()}
with open("unfinished", "w") as numbers:
    numbers.write(f"{os.getppid()} {os.getpid()}")
os.rename("unfinished", "numbers")
import time
time.sleep(60)
"""


def _numbers(scratch: Path) -> tuple[int, int]:
    """Parent and child, once the child sleeps."""
    for _ in range(300):
        for written in scratch.glob("child-*/numbers"):
            parent, child = written.read_text().split()
            return int(parent), int(child)
        time.sleep(0.1)
    pytest.fail("no child began")


def test_a_parent_that_is_killed_at_work_costs_only_that_order(attempt: Attempt, tmp_path: Path) -> None:
    with ThreadPoolExecutor(1) as pool:
        asleep = pool.submit(attempt, _SLEEPING)
        parent, child = _numbers(tmp_path)
        os.kill(parent, signal.SIGKILL)
        broken = asleep.result()
    assert (broken.answer, broken.ended_by) == (None, "crash")
    assert _ends(child)
    assert _parent_of(attempt(awake=True)) != parent


def test_a_killed_worker_takes_parent_and_child_along(tmp_path: Path) -> None:
    program = f"""
from pathlib import Path
from assetlib.media import parents, sandbox
sandbox.sandbox_report()
parents._START = {_telling(_SLEEPING)!r}
sandbox.run_child({{"do": "x"}}, file=Path("/dev/null"), scratch=Path({str(tmp_path)!r}), part="text")
"""
    with subprocess.Popen([sys.executable, "-c", program]) as worker:
        try:
            parent, child = _numbers(tmp_path)
            assert _lives(parent)
            assert _lives(child)
        finally:
            worker.kill()
    assert _ends(child)
    assert _ends(parent)


def test_a_forked_process_has_parents_of_its_own(attempt: Attempt) -> None:
    first = attempt('return {"parent": os.getppid()}')
    context = multiprocessing.get_context("fork")
    numbers = context.SimpleQueue()
    forked = context.Process(target=lambda: numbers.put(_parent_of(attempt())))
    forked.start()
    forked.join()
    assert numbers.get() != _parent_of(first)
    assert _parent_of(attempt()) == _parent_of(first)
