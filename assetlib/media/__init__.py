"""Bytes → facts, and bytes → renditions, in a sandboxed child.

The rest of the product calls `examine` and `draw`; `sandbox_report` tells /readyz which walls stand. No image
library is ever imported in the caller's process.
"""

from assetlib.media.errors import CannotDraw, NoSandbox, UnwantedFile
from assetlib.media.examination import Drawing, Drawn, Examination
from assetlib.media.looking import draw, examine
from assetlib.media.recipes import FIRST, PRESETS, RECIPES, Recipe, recipes_for
from assetlib.media.sandbox import Limits, sandbox_report

__all__ = [
    "FIRST",
    "PRESETS",
    "RECIPES",
    "CannotDraw",
    "Drawing",
    "Drawn",
    "Examination",
    "Limits",
    "NoSandbox",
    "Recipe",
    "UnwantedFile",
    "draw",
    "examine",
    "recipes_for",
    "sandbox_report",
]
