"""Child's side of the sandbox: put up the walls, do one task with one open file, answer once.

Forked by `parent.py` only, which has read in the libraries of one part of media and nothing else.
"""

import json
import os
import sys
from pathlib import Path
from typing import Any, NoReturn

from assetlib.media import walls
from assetlib.media.errors import UnwantedFile
from assetlib.words import all_kept

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

_OFFICE_READABLE = (
    "/etc/libreoffice",
    "/usr/share/libreoffice",
    "/var/lib/libreoffice",
    "/var/spool/libreoffice",
)
"""Where Debian keeps what LibreOffice's own folder only links to."""


GIVES_WAY = 5
"""On a busy machine somebody who waits for a page gets three times the processor of a preview being made."""


def raise_walls(order: dict[str, Any], parent: int) -> dict[str, Any]:
    """Put up everything that this machine has; the network wall must stand. Returns what stands."""
    limits = order["limits"]
    programs = [str(p) for p in order["task"].get("programs", ())]
    library = order["task"].get("office")
    office = (str(Path(library).parents[1]), *_OFFICE_READABLE) if library else ()
    walls.die_with_parent(parent)
    os.nice(GIVES_WAY)
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
        readable=[*_SYSTEM_READABLE, *pythons, package, *office, order["fd"]],
        programs=["/usr/lib", "/lib", "/lib64", "/usr/lib64", *programs],
        writable=[order["folder"], "/dev/null"],
    )
    walls.shut_network()
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


def answer_to(order: dict[str, Any], parent: int) -> dict[str, Any]:
    """The one answer: facts, or a refusal by its code, or how the work broke off."""
    standing = raise_walls(order, parent)
    try:
        return _do(order, standing)
    except UnwantedFile as refusal:
        return {"refused": refusal.code, "sentence": refusal.sentence, "details": refusal.details}
    except MemoryError:
        return {"ended_by": "memory"}
    except Exception as broken:  # noqa: BLE001 - whatever a decoder throws at a stranger's bytes ends here
        return {"ended_by": "crash", "kind": type(broken).__name__, "said": str(broken)[:500]}


def main(order_number: int, answer_number: int, file_number: int, *, parent: int) -> NoReturn:
    """Read the order, answer, end. The numbers are of open files; `parent` is who forked this process."""
    try:
        with os.fdopen(order_number, encoding="utf-8") as opened:
            order = {**json.load(opened), "fd": file_number}
        os.chdir(order["folder"])
        said = os.memfd_create("said")  # libtiff reports damage here and nowhere else
        os.dup2(said, 2)
        os.close(said)
        text = json.dumps(all_kept(answer_to(order, parent)))
        with os.fdopen(answer_number, "wb") as out:
            out.write(text.encode("utf-8", "surrogatepass"))
    finally:
        # Never back into the loop that forked us, whatever happened.
        os._exit(0)
