"""The walls around a child that reads a stranger's file: limits, no new rights, no network, few paths.

Run inside the child, before a byte of the file is looked at. Everything goes through `prctl` and plain
system calls by ctypes, so that no privilege and no helper program is needed.

References: seccomp(2), landlock(7), prctl(2).
"""

import ctypes
import os
import platform
import resource
import signal
import struct
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import NamedTuple

_PR_SET_PDEATHSIG = 1
_PR_SET_NO_NEW_PRIVS = 38
_PR_SET_SECCOMP = 22
_SECCOMP_MODE_FILTER = 2

_ALLOW = 0x7FFF0000
_KILL_PROCESS = 0x80000000
_EPERM = 0x00050000 | 1
_ENOSYS = 0x00050000 | 38

_LOAD, _JEQ, _JGE, _JSET, _RETURN = 0x20, 0x15, 0x35, 0x45, 0x06
_NR_OFFSET, _ARCH_OFFSET, _ARG0_OFFSET = 0, 4, 16
_X32_BIT = 0x40000000
_NEW_NAMESPACES = 0x7E020080
"""Every CLONE_NEW… flag."""


class _Calls(NamedTuple):
    """Numbers of the system calls that matter on one kind of processor."""

    audit_arch: int
    socket: int
    clone: int
    clone3: int
    io_uring: tuple[int, ...]
    sessions: tuple[int, ...]
    """setsid, setpgid: a way out of the group that the parent ends."""

    never: tuple[int, ...]
    """ptrace, mount, namespaces, keys, modules, other processes' memory …: no decoder asks for these."""


_CALLS = {
    "x86_64": _Calls(
        audit_arch=0xC000003E,
        socket=41,
        clone=56,
        clone3=435,
        io_uring=(425, 426, 427),
        sessions=(109, 112),
        never=(
            101,
            161,
            155,
            163,
            165,
            166,
            167,
            169,
            175,
            176,
            246,
            248,
            249,
            250,
            272,
            298,
            304,
            308,
            310,
            311,
            313,
            320,
            321,
            323,
            428,
            429,
            430,
            431,
            432,
            438,
            442,
        ),
    ),
    "aarch64": _Calls(
        audit_arch=0xC00000B7,
        socket=198,
        clone=220,
        clone3=435,
        io_uring=(425, 426, 427),
        sessions=(154, 157),
        never=(
            39,
            40,
            41,
            51,
            89,
            97,
            104,
            105,
            106,
            117,
            142,
            217,
            218,
            219,
            224,
            225,
            241,
            265,
            268,
            270,
            271,
            273,
            280,
            282,
            294,
            428,
            429,
            430,
            431,
            432,
            438,
            442,
        ),
    ),
}

_LANDLOCK_CREATE, _LANDLOCK_ADD, _LANDLOCK_RESTRICT = 444, 445, 446
_READ = (1 << 2) | (1 << 3)
_EXECUTE = 1 << 0
_FILE_ONLY = _EXECUTE | (1 << 1) | (1 << 2) | (1 << 14)


class WallMissing(OSError):
    """A wall that must stand could not be raised on this machine."""


def _libc() -> ctypes.CDLL:
    return ctypes.CDLL(None, use_errno=True)


def _prctl(option: int, *arguments: int) -> None:
    padded = [ctypes.c_ulong(a) for a in (*arguments, 0, 0, 0, 0)[:4]]
    if _libc().prctl(option, *padded) != 0:
        raise WallMissing(ctypes.get_errno(), f"prctl {option} was refused")


def limit_resources(*, cpu_seconds: int, memory: int, file_size: int, open_files: int) -> None:
    """Cap processor time (seconds), address space and each written file (bytes), and open files."""
    for kind, limit in (
        (resource.RLIMIT_CPU, cpu_seconds),
        (resource.RLIMIT_AS, memory),
        (resource.RLIMIT_FSIZE, file_size),
        (resource.RLIMIT_NOFILE, open_files),
        (resource.RLIMIT_CORE, 0),
    ):
        _, most = resource.getrlimit(kind)
        wanted = limit if most == resource.RLIM_INFINITY else min(limit, most)
        # One second of grace: at the soft limit the signal says "processor", at the hard one only "killed".
        hard = wanted + 1 if kind == resource.RLIMIT_CPU and most == resource.RLIM_INFINITY else wanted
        resource.setrlimit(kind, (wanted, hard))


def die_with_parent(parent: int) -> None:
    """Whoever forked us takes us along when it is killed. Raises WallMissing if it is gone already."""
    _prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() != parent:
        raise WallMissing(0, "the parent is gone")


def give_up_new_rights() -> None:
    """No program started from here gains rights by setuid or file capabilities."""
    _prctl(_PR_SET_NO_NEW_PRIVS, 1)


def _instruction(code: int, jump_true: int, jump_false: int, value: int) -> bytes:
    return struct.pack("HBBI", code, jump_true, jump_false, value)


def _answer_for(numbers: Iterable[int], answer: int) -> list[bytes]:
    steps: list[bytes] = []
    for number in numbers:
        steps += [_instruction(_JEQ, 0, 1, number), _instruction(_RETURN, 0, 0, answer)]
    return steps


def _filter_program(calls: _Calls) -> list[bytes]:
    steps = [
        _instruction(_LOAD, 0, 0, _ARCH_OFFSET),
        _instruction(_JEQ, 1, 0, calls.audit_arch),
        _instruction(_RETURN, 0, 0, _KILL_PROCESS),
        _instruction(_LOAD, 0, 0, _NR_OFFSET),
        _instruction(_JGE, 0, 1, _X32_BIT),
        _instruction(_RETURN, 0, 0, _KILL_PROCESS),
    ]
    steps += _answer_for(calls.never, _KILL_PROCESS)
    # clone3 hides its flags behind a pointer; told that it does not exist, libc falls back to clone.
    steps += _answer_for((*calls.io_uring, calls.clone3), _ENOSYS)
    steps += _answer_for((calls.socket, *calls.sessions), _EPERM)
    steps += [
        _instruction(_JEQ, 0, 4, calls.clone),
        _instruction(_LOAD, 0, 0, _ARG0_OFFSET),
        _instruction(_JSET, 0, 1, _NEW_NAMESPACES),
        _instruction(_RETURN, 0, 0, _EPERM),
        _instruction(_RETURN, 0, 0, _ALLOW),
        _instruction(_RETURN, 0, 0, _ALLOW),
    ]
    return steps


def shut_network() -> None:
    """No socket can be opened from here on, nor by any program started from here. Raises WallMissing."""
    calls = _CALLS.get(platform.machine())
    if calls is None:
        raise WallMissing(0, f"no filter is known for {platform.machine()}")
    steps = _filter_program(calls)
    code = ctypes.create_string_buffer(b"".join(steps))
    header = ctypes.create_string_buffer(struct.pack("HxxxxxxQ", len(steps), ctypes.addressof(code)))
    _prctl(_PR_SET_SECCOMP, _SECCOMP_MODE_FILTER, ctypes.addressof(header))


def landlock_version() -> int:
    """The kernel's Landlock version, 0 where there is none."""
    if platform.machine() not in _CALLS:
        return 0
    return max(0, int(_libc().syscall(_LANDLOCK_CREATE, None, 0, 1)))


def _handled(version: int) -> int:
    bits = 13 + (version >= 2) + (version >= 3)
    return int((1 << bits) - 1) | ((1 << 15) if version >= 5 else 0)


def _allow(libc: ctypes.CDLL, ruleset: int, target: str | int, access: int) -> None:
    try:
        handle = target if isinstance(target, int) else os.open(target, os.O_PATH | os.O_CLOEXEC)
    except OSError:
        return  # a path that does not exist cannot be read either
    try:
        if isinstance(target, int) or not Path(target).is_dir():
            access &= _FILE_ONLY
        rule = ctypes.create_string_buffer(struct.pack("<Qi", access, handle), 12)
        libc.syscall(_LANDLOCK_ADD, ruleset, 1, rule, 0)
    finally:
        if not isinstance(target, int):
            os.close(handle)


def hide_paths(*, readable: Sequence[str | int], programs: Sequence[str], writable: Sequence[str]) -> bool:
    """Leave only these paths (or open files) in sight; everything else is refused. False without Landlock."""
    version = landlock_version()
    if version < 1:
        return False
    libc = _libc()
    handled = _handled(version)
    network = 3 if version >= 4 else 0
    scoped = 3 if version >= 6 else 0
    size = 24 if version >= 6 else 16 if version >= 4 else 8
    attributes = ctypes.create_string_buffer(struct.pack("<QQQ", handled, network, scoped), 24)
    ruleset = int(libc.syscall(_LANDLOCK_CREATE, attributes, size, 0))
    if ruleset < 0:
        return False
    try:
        for path in readable:
            _allow(libc, ruleset, path, _READ & handled)
        for path in programs:
            _allow(libc, ruleset, path, (_READ | _EXECUTE) & handled)
        for path in writable:
            _allow(libc, ruleset, path, handled & ~_EXECUTE)
        return int(libc.syscall(_LANDLOCK_RESTRICT, ruleset, 0)) == 0
    finally:
        os.close(ruleset)
