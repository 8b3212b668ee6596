"""The list of what a child can do, by the part of media that draws a format."""

from pathlib import Path
from typing import Any

from assetlib.media.errors import CannotDraw
from assetlib.media.formats import FORMATS


def do(task: dict[str, Any], *, file_number: int) -> dict[str, Any]:
    """One task: {"do": "examine" | "draw" | "office", "key": format, …} → facts, or files and warnings."""
    try:
        if task["do"] == "examine":
            return {"facts": _examine(task, file_number)}
        return _draw(task, file_number)
    except CannotDraw as nothing:
        return {"cannot_draw": nothing.sentence}


def _examine(task: dict[str, Any], file_number: int) -> dict[str, Any]:
    key = task["key"]
    part = FORMATS[key].drawn_by
    if part == "picture":
        from assetlib.media import stills

        return stills.examine_picture(file_number, key)
    return _EXAMINERS[part](task, file_number)


def _draw(task: dict[str, Any], file_number: int) -> dict[str, Any]:
    key = task["key"]
    folder = Path.cwd()
    part = FORMATS[key].drawn_by
    if part == "picture":
        from assetlib.media import stills

        return stills.draw_picture(file_number, key, task["recipes"], folder, focal=tuple(task["focal"]))
    return _DRAWERS[part](task, file_number, folder)


_EXAMINERS: dict[str, Any] = {}
_DRAWERS: dict[str, Any] = {}
