"""Commands run as people run them: in processes of their own, on a folder of their own.

The processes are forked off one that has read the product in: to read it in takes a second for each command.
`test_commands.py` and `test_wheel.py` start the program from nothing.
"""

import multiprocessing
import os
import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

from assetlib.cli import NOUNS, main

LONGEST = 300
"""Seconds after which a command hangs."""
_PARENT = multiprocessing.get_context("forkserver")
_PARENT.set_forkserver_preload([f"assetlib.cli.{noun}" for noun in NOUNS])


def environment(home: Path, **more: str) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith("ASSETLIB_")}
    return {**kept, "ASSETLIB_HOME": str(home), **more}


def assetlib(home: Path, *arguments: str, **more: str) -> "subprocess.CompletedProcess[str]":
    """Run a command to its end."""
    with TemporaryDirectory() as folder:
        out, err = Path(folder, "out"), Path(folder, "err")
        process = _PARENT.Process(target=_run, args=(arguments, environment(home, **more), out, err))
        process.start()
        process.join(LONGEST)
        if process.exitcode is None:
            process.kill()
            raise subprocess.TimeoutExpired(arguments, LONGEST, out.read_bytes(), err.read_bytes())
        return subprocess.CompletedProcess(arguments, process.exitcode, out.read_text(), err.read_text())


def _run(arguments: tuple[str, ...], variables: dict[str, str], out: Path, err: Path) -> None:
    """In the new process: as the shell would start it, without a terminal."""
    os.environ.clear()
    os.environ.update(variables)
    for number, path, flags in ((0, os.devnull, os.O_RDONLY), (1, out, os.O_WRONLY), (2, err, os.O_WRONLY)):
        opened = os.open(path, flags | os.O_CREAT, 0o600)
        os.dup2(opened, number)
        os.close(opened)
    sys.argv = ["assetlib", *arguments]
    sys.exit(main())
