"""Child's side of the sandbox: put up the walls, do one task with one open file, answer once.

Started by `sandbox.py` only. Heavy libraries are imported inside the task that needs them, behind the
walls, so that a fact about a ZIP does not wait for a PDF library.
"""

import json
import os
import sys
from pathlib import Path
from typing import Any

from assetlib.media import walls
from assetlib.media.errors import UnwantedFile

_SYSTEM_READABLE = (
    "/usr/lib",
    "/usr/lib64",
    "/lib",
    "/lib64",
    "/usr/local/lib",
    "/usr/share/fonts",
    "/usr/local/share/fonts",
    "/usr/share/fontconfig",
    "/etc/fonts",
    "/etc/ld.so.cache",
    "/usr/share/zoneinfo",
    "/dev/null",
    "/dev/urandom",
    "/sys/devices/system/cpu",
    "/proc/cpuinfo",
    "/proc/meminfo",
)


def raise_walls(order: dict[str, Any]) -> dict[str, Any]:
    """Put up everything that this machine has; the network wall must stand. Returns what stands."""
    limits = order["limits"]
    programs = [str(p) for p in order["task"].get("programs", ())]
    walls.die_with_parent()
    walls.limit_resources(
        cpu_seconds=limits["cpu_seconds"],
        memory=limits["memory"],
        file_size=limits["file_size"],
        open_files=limits["open_files"],
    )
    walls.give_up_new_rights()
    package = str(Path(__file__).resolve().parents[1])
    pythons = {sys.prefix, sys.exec_prefix, str(Path(sys.base_prefix, "lib")), *sys.path[1:]}
    hidden = walls.hide_paths(
        readable=[*_SYSTEM_READABLE, *pythons, package, order["fd"]],
        programs=["/usr/lib", "/lib", "/lib64", "/usr/lib64", *programs],
        writable=[order["folder"], "/dev/null"],
    )
    walls.shut_network(unix_sockets=order["task"].get("office") is True)
    return {"landlock": walls.landlock_version() if hidden else 0}


def _probe(standing: dict[str, Any]) -> dict[str, Any]:
    import socket

    try:
        socket.socket(socket.AF_INET, socket.SOCK_STREAM).close()
        shut = False
    except PermissionError:
        shut = True
    return {**standing, "network_shut": shut}


def _do(order: dict[str, Any], standing: dict[str, Any]) -> dict[str, Any]:
    task = order["task"]
    if task["do"] == "probe":
        return _probe(standing)
    from assetlib.media import tasks

    return tasks.do(task, file_number=order["fd"])


def answer_to(order: dict[str, Any]) -> dict[str, Any]:
    """The one answer: facts, or a refusal by its code, or how the work broke off."""
    standing = raise_walls(order)
    try:
        return _do(order, standing)
    except UnwantedFile as refusal:
        return {"refused": refusal.code, "sentence": refusal.sentence, "details": refusal.details}
    except MemoryError:
        return {"ended_by": "memory"}
    except Exception as broken:  # noqa: BLE001 - whatever a decoder throws at a stranger's bytes ends here
        return {"ended_by": "crash", "kind": type(broken).__name__, "said": str(broken)[:500]}


def main() -> None:
    """Read the order from standard input, answer on what was standard output."""
    order = json.load(sys.stdin)
    answer = os.dup(1)
    nothing = os.open(os.devnull, os.O_RDWR)
    for standard in (0, 1):
        os.dup2(nothing, standard)
    os.dup2(os.memfd_create("said"), 2)  # libtiff reports damage here and nowhere else
    text = json.dumps(answer_to(order))
    with os.fdopen(answer, "wb") as out:
        out.write(text.encode("utf-8", "surrogatepass"))
    sys.stdout.flush()
    os._exit(0)
