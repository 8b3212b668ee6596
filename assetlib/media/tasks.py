"""What a child can do, by the part of media that looks into a format and draws it."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

from assetlib.media.errors import CannotDraw
from assetlib.media.formats import FORMATS

_Task = dict[str, Any]
_Answer = dict[str, Any]

MODULES: dict[str, tuple[str, ...]] = {
    "picture": ("assetlib.media.stills", "assetlib.media.tiling", "PIL.TiffImagePlugin"),
    "pdf": ("assetlib.media.pdf",),
    "svg": ("assetlib.media.svg",),
    "film": ("assetlib.media.film",),
    "raw": ("assetlib.media.raw",),
    "office": ("assetlib.media.office",),
    "archive": ("assetlib.media.office",),
    "text": ("assetlib.media.text",),
}
"""Part → what its parent reads in. Each part has parents of its own: what is not there cannot be attacked."""


def do(task: _Task, *, file_number: int) -> _Answer:
    """One task: {"do": "examine" | "draw", "key": format, …} → {"facts"}, or {"files", "warnings"}."""
    part = FORMATS[task["key"]].drawn_by
    try:
        if task["do"] == "examine":
            return {"facts": _EXAMINING[part](task, file_number)}
        return _draw(task, part, file_number)
    except CannotDraw as nothing:
        return {"cannot_draw": nothing.sentence}


def _draw(task: _Task, part: str, file_number: int) -> _Answer:
    zoom = [r for r in task["recipes"] if r["kind"] == "zoom"]
    others = [r for r in task["recipes"] if r["kind"] != "zoom"]
    answer: _Answer = {"files": [], "warnings": []}
    if others:
        answer = _DRAWING[part]({**task, "recipes": others}, file_number, Path.cwd())
    if zoom and part == "picture":
        from assetlib.media import tiling

        answer["files"].append(tiling.draw_zoom(file_number, task["key"], zoom[0], Path.cwd()))
    return answer


def _focal(task: _Task) -> tuple[float, float]:
    return float(task["focal"][0]), float(task["focal"][1])


# Imported here once more, and only here: whoever asks for the tasks must not wait for every library.


def _examine_picture(task: _Task, file_number: int) -> _Answer:
    from assetlib.media import stills

    return stills.examine_picture(file_number, task["key"])


def _draw_picture(task: _Task, file_number: int, folder: Path) -> _Answer:
    from assetlib.media import stills

    return stills.draw_picture(file_number, task["key"], task["recipes"], folder, focal=_focal(task))


def _examine_pdf(_task: _Task, file_number: int) -> _Answer:
    from assetlib.media import pdf

    return pdf.examine_pdf(file_number)


def _draw_pdf(task: _Task, file_number: int, folder: Path) -> _Answer:
    from assetlib.media import pdf

    return pdf.draw_pdf(file_number, task["recipes"], folder, _focal(task))


def _examine_svg(task: _Task, file_number: int) -> _Answer:
    from assetlib.media import svg

    return svg.examine_svg(file_number, packed=task["key"] == "svgz")


def _draw_svg(task: _Task, file_number: int, folder: Path) -> _Answer:
    from assetlib.media import svg

    return svg.draw_svg(file_number, task["recipes"], folder, _focal(task), packed=task["key"] == "svgz")


def _examine_film(task: _Task, file_number: int) -> _Answer:
    from assetlib.media import film

    return film.examine_film(task, file_number)


def _draw_film(task: _Task, file_number: int, folder: Path) -> _Answer:
    from assetlib.media import film

    return film.draw_film(task, file_number, folder)


def _examine_raw(_task: _Task, file_number: int) -> _Answer:
    from assetlib.media import raw

    return raw.examine_raw(file_number)


def _draw_raw(task: _Task, file_number: int, folder: Path) -> _Answer:
    from assetlib.media import raw

    return raw.draw_raw(file_number, task["recipes"], folder, _focal(task))


def _examine_package(task: _Task, file_number: int) -> _Answer:
    from assetlib.media import office

    return office.examine_package(task, file_number)


def _draw_office(task: _Task, file_number: int, folder: Path) -> _Answer:
    from assetlib.media import office

    return office.draw_office(task, file_number, folder)


def _examine_text(task: _Task, file_number: int) -> _Answer:
    from assetlib.media import text

    return text.examine_text(file_number, task["key"])


_EXAMINING: dict[str, Callable[[_Task, int], _Answer]] = {
    "picture": _examine_picture,
    "pdf": _examine_pdf,
    "svg": _examine_svg,
    "film": _examine_film,
    "raw": _examine_raw,
    "office": _examine_package,
    "archive": _examine_package,
    "text": _examine_text,
}
_DRAWING: dict[str, Callable[[_Task, int, Path], _Answer]] = {
    "picture": _draw_picture,
    "pdf": _draw_pdf,
    "svg": _draw_svg,
    "film": _draw_film,
    "raw": _draw_raw,
    "office": _draw_office,
}
