"""The sandbox itself: what a child may not do, and how it ends when it does not end by itself."""

import os
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from assetlib.media import parents, sandbox
from assetlib.media.child import GIVES_WAY
from assetlib.media.errors import NoSandbox
from assetlib.media.sandbox import Limits, Outcome, run_child, sandbox_report

Attempt = Callable[..., Outcome]

_HIJACKED = """
import sys; sys.path.insert(0, sys.argv[1])
from assetlib.media import parent, tasks
def attempt(task, *, file_number):
    import errno, os, socket, subprocess
{body}
tasks.do = attempt
parent.main()
"""


@pytest.fixture
def attempt(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Attempt:
    """attempt(code, limits) runs code inside a child's walls, in place of a task."""
    sandbox_report()

    def run(body: str, limits: Limits = Limits(), **task: object) -> Outcome:  # noqa: B008 - frozen
        lines = "\n".join("    " + line for line in body.strip().splitlines())
        monkeypatch.setattr(parents, "_START", _HIJACKED.format(body=lines))
        return run_child({"do": "x", **task}, file=Path(os.devnull), scratch=tmp_path, limits=limits)

    return run


def test_this_machine_has_a_wall_against_the_network() -> None:
    report = sandbox_report()
    assert report["previews"] is True
    assert report["seccomp"] is True


def test_a_child_opens_no_socket_of_any_kind(attempt: Attempt) -> None:
    outcome = attempt(
        """
seen = {}
for family in (socket.AF_INET, socket.AF_INET6, socket.AF_UNIX, socket.AF_NETLINK, socket.AF_PACKET):
    try:
        socket.socket(family, socket.SOCK_DGRAM)
        seen[str(int(family))] = "open"
    except OSError as refused:
        seen[str(int(family))] = errno.errorcode[refused.errno]
return seen
"""
    )
    assert outcome.answer is not None
    assert set(outcome.answer.values()) == {"EPERM"}


def test_a_program_started_by_a_child_has_no_network_either(attempt: Attempt) -> None:
    outcome = attempt(
        """
code = "import socket; socket.create_connection(('127.0.0.1', 9), 1)"
ended = subprocess.run([sys.executable, "-I", "-c", code], capture_output=True, text=True)
return {"said": ended.stderr[-200:]}
""",
        programs=[os.path.realpath(sys.executable)],
    )
    assert outcome.answer is not None
    assert "PermissionError" in outcome.answer["said"]


@pytest.mark.skipif(not sandbox_report()["landlock"], reason="this kernel has no Landlock")
def test_a_child_sees_neither_the_system_nor_its_neighbours(attempt: Attempt, tmp_path: Path) -> None:
    neighbour = tmp_path / "neighbour.txt"
    neighbour.write_text("secret")
    outcome = attempt(
        f"""
def tried(work):
    try:
        return str(work())
    except OSError as refused:
        return errno.errorcode[refused.errno]
return {{
    "passwd": tried(lambda: open("/etc/passwd").read()),
    "neighbour": tried(lambda: open({str(neighbour)!r}).read()),
    "tmp": tried(lambda: open("/tmp/DAM_PWNED_BY_TEST", "w")),
    "listing": tried(lambda: os.listdir("/")),
    "own": tried(lambda: open("own.txt", "w").write("x")),
    "kill": tried(lambda: os.kill(os.getppid(), 0)),
    "program": tried(lambda: subprocess.run(["/usr/bin/id"]).returncode),
}}
"""
    )
    assert outcome.answer is not None
    assert outcome.answer["passwd"] == outcome.answer["neighbour"] == outcome.answer["listing"] == "EACCES"
    assert outcome.answer["tmp"] == outcome.answer["program"] == "EACCES"
    assert outcome.answer["own"] == "1"
    assert outcome.answer["kill"] in {"EPERM", "None"}
    assert not Path("/tmp/DAM_PWNED_BY_TEST").exists()


def test_a_child_has_an_empty_environment_and_no_way_out_of_its_session(attempt: Attempt) -> None:
    outcome = attempt(
        """
try:
    os.setpgid(0, 0)
    left = True
except PermissionError:
    left = False
return {"environment": sorted(set(os.environ) - {"LC_CTYPE"}), "files": os.listdir("."), "left": left}
"""
    )
    assert outcome.answer == {"environment": [], "files": [], "left": False}


@pytest.mark.parametrize(
    ("body", "limits", "ended_by"),
    [
        ("while True: pass", Limits(cpu_seconds=1, wall_seconds=15), "processor"),
        ("import time; time.sleep(60)", Limits(wall_seconds=0.7), "time"),
        ("x = bytearray(3 * 1024**3); return {}", Limits(), "memory"),
        ("os.abort()", Limits(), "crash"),
        ("import ctypes; ctypes.string_at(0)", Limits(), "crash"),
        ("os._exit(0)", Limits(), "crash"),
        ("raise ValueError('odd')", Limits(), "crash"),
        (
            "libc = __import__('ctypes').CDLL(None); libc.syscall(101, 0, 0, 0, 0); return {}",
            Limits(),
            "crash",
        ),
    ],
)
def test_a_child_that_goes_wrong_is_told_apart(
    attempt: Attempt, body: str, limits: Limits, ended_by: str
) -> None:
    began = time.monotonic()
    outcome = attempt(body, limits)
    assert outcome.answer is None
    assert outcome.ended_by == ended_by
    assert time.monotonic() - began < limits.wall_seconds + 10


def test_what_a_child_started_ends_with_it(attempt: Attempt, tmp_path: Path) -> None:
    outcome = attempt(
        """
started = os.fork()
if started == 0:
    import time
    time.sleep(120)
    os._exit(0)
open("started", "w").write(str(started))
return {"pid": started}
""",
        Limits(wall_seconds=3),
    )
    started = int((outcome.folder / "started").read_text())
    for _ in range(50):
        try:
            state = Path(f"/proc/{started}/stat").read_text().split()[2]
        except FileNotFoundError:
            return
        if state == "Z":
            return
        time.sleep(0.1)
    pytest.fail("the grandchild lives on")


def test_a_child_cannot_write_a_file_without_end(attempt: Attempt) -> None:
    outcome = attempt(
        """
import signal
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
try:
    with open("long", "wb") as out:
        for _ in range(10):
            out.write(bytes(1024 * 1024))
    return {"length": os.path.getsize("long")}
except OSError as refused:
    return {"refused": errno.errorcode[refused.errno], "length": os.path.getsize("long")}
""",
        Limits(file_size=2 * 1024 * 1024),
    )
    assert outcome.answer is not None
    assert outcome.answer["length"] <= 2 * 1024 * 1024


def test_a_child_gives_way_to_who_waits_for_a_page(attempt: Attempt) -> None:
    outcome = attempt("return {'nice': os.nice(0)}")
    assert outcome.answer == {"nice": os.nice(0) + GIVES_WAY}


def test_an_endless_answer_is_not_believed(attempt: Attempt) -> None:
    outcome = attempt("return {'x': 'y' * (9 * 1024 * 1024)}")
    assert outcome.answer is None


def test_without_a_network_wall_nothing_is_looked_at(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(
        sandbox, "sandbox_report", lambda: {"seccomp": False, "landlock": 0, "previews": False}
    )
    with pytest.raises(NoSandbox):
        run_child({"do": "probe"}, file=Path(os.devnull), scratch=tmp_path)


def test_a_home_that_is_named_from_here_is_as_good_as_any(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """`make demo` keeps its data in `var`."""
    sandbox_report()
    monkeypatch.chdir(tmp_path)
    Path("scratch").mkdir()
    outcome = run_child({"do": "probe"}, file=Path(os.devnull), scratch=Path("scratch"))
    assert outcome.answer is not None
    assert outcome.answer["network_shut"] is True
