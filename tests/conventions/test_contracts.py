"""Imports point down the picture: the contracts of `.importlinter`."""

import configparser
import subprocess
import sys
from pathlib import Path

from tests.conventions.sources import ROOT


def test_the_contracts_are_kept() -> None:
    program = Path(sys.executable).parent / "lint-imports"
    done = subprocess.run([program, "--no-cache"], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout
    read = configparser.ConfigParser()
    read.read(ROOT / ".importlinter")
    written = [section for section in read.sections() if ":contract:" in section]
    assert f"Contracts: {len(written)} kept, 0 broken." in done.stdout
