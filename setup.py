"""Puts templates, built static files and migrations into the wheel, as `assetlib/carried/`.

All else about the package stands in pyproject.toml. Sources stay where people look for them, at the top.
"""

import shutil
from pathlib import Path

from setuptools import setup
from setuptools.command.build_py import build_py
from setuptools.errors import SetupError

CARRIED = ("templates", "static", "migrations")
ROOT = Path(__file__).resolve().parent


class Build(build_py):
    """As always, and what an installation needs beside its modules."""

    def run(self) -> None:
        super().run()
        if self.editable_mode:  # then they are read where they are
            return
        if not (ROOT / "static" / "manifest.json").is_file():
            raise SetupError("static/manifest.json is missing: run `make build` first.")
        target = Path(self.build_lib) / "assetlib" / "carried"
        shutil.rmtree(target, ignore_errors=True)
        for name in CARRIED:
            shutil.copytree(ROOT / name, target / name, ignore=shutil.ignore_patterns("__pycache__"))


setup(cmdclass={"build_py": Build})
