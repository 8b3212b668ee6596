"""Commands run as people run them: in processes of their own, on a folder of their own."""

import os
import subprocess
import sys
from pathlib import Path


def environment(home: Path, **more: str) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith("ASSETLIB_")}
    return {**kept, "ASSETLIB_HOME": str(home), **more}


def assetlib(home: Path, *arguments: str, **more: str) -> "subprocess.CompletedProcess[str]":
    """Run a command to its end."""
    return subprocess.run(
        [sys.executable, "-m", "assetlib.cli", *arguments],
        env=environment(home, **more),
        capture_output=True,
        text=True,
        timeout=300,
    )
