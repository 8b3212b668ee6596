"""Where what is not Python lies: in the package when it was installed from a wheel, else in the checkout."""

from pathlib import Path

PACKAGE = Path(__file__).resolve().parent
CARRIED = PACKAGE / "carried"
"""Made by `setup.py` when a wheel is built; a checkout has none."""
ROOT = CARRIED if CARRIED.is_dir() else PACKAGE.parent

TEMPLATES = ROOT / "templates"
STATIC = ROOT / "static"
"""What `make build` makes of `frontend/`."""
MIGRATIONS = ROOT / "migrations"
