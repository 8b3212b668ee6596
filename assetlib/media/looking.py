"""The two calls of the product: `examine` a file, `draw` its renditions. Both work through the sandbox.

A child that crashes, hangs or talks nonsense costs the preview, never the upload: the facts that are
certain stay, and a sentence says what is missing.
"""

import dataclasses
from pathlib import Path
from typing import Any

from assetlib.media.checks import is_what_it_says
from assetlib.media.errors import REASONS, CannotDraw, TooLong, UnwantedFile
from assetlib.media.examination import Drawing, Drawn, Examination
from assetlib.media.film_program import ffmpeg_program
from assetlib.media.formats import FORMATS
from assetlib.media.office_program import office_library
from assetlib.media.recipes import FIRST, RECIPES, Recipe
from assetlib.media.sandbox import MANY, OFFICE, STILL, Limits, Outcome, limits_for_film, run_child
from assetlib.media.sniffing import recognise
from assetlib.words import kept, recalled, say

_LONGEST_SVG = 5 * 1024**2

_BROKE_OFF = {
    "time": say("Looking at this file took too long and was stopped. It is kept as a download."),
    "processor": say("Looking at this file took too long and was stopped. It is kept as a download."),
    "memory": say("Looking at this file needs too much memory. It is kept as a download."),
}
LONGEST_SENTENCE = 2_000
"""Characters of what a child says, with the values in it."""
_CRASHED = say("The program that looks at such files broke on this one. It is kept as a download.")
TOO_LARGE_TO_DRAW = say("The file is larger than previews are made of here. It is kept as a download.")


def examine(
    file: Path, *, name: str, scratch: Path, limits: Limits | None = None, largest: int | None = None
) -> Examination:
    """What is this file? `name` is the sender's, `scratch` an existing folder for temporary files.

    A file of more than `largest` bytes is kept without a closer look; an archive's list is read all the same.

    Raises UnwantedFile where the file must not be kept; the sentence says why and what to do. Raises
    NoSandbox where no decoder may run on this machine.
    """
    key = recognise(file, name=name)
    kind = FORMATS[key]
    size = file.stat().st_size
    if kind.drawn_by == "svg" and size > _LONGEST_SVG:
        raise TooLong(say("The SVG is longer than 5 MB. Simplify it, or send it as a PDF."), size=size)
    certain: dict[str, Any] = {
        "format": key,
        "media_type": kind.media_type,
        "family": kind.family,
        "label": kind.label,
    }
    if largest is not None and size > largest and kind.drawn_by != "archive":
        return Examination(**certain, warnings=(TOO_LARGE_TO_DRAW,))
    if kind.drawn_by == "nothing":
        return Examination(
            **certain,
            warnings=(
                kept(say("{label} files are kept as a download, without a preview.", label=kind.label)),
            ),
        )
    task = {"do": "examine", "key": key, "name": name, "family": kind.family, **_extras(key)}
    outcome = run_child(
        task, file=file, scratch=scratch, part=kind.drawn_by, limits=limits or _limits_for(key, None)
    )
    return _believed(outcome, certain)


def _extras(key: str) -> dict[str, Any]:
    """What a child may use beside our own, by the format: programs, LibreOffice's library."""
    part = FORMATS[key].drawn_by
    if part == "film":
        program = ffmpeg_program()
        return {"programs": [program] if program else []}
    if part in {"office", "archive"}:
        library = office_library()
        return {"office": library} if library else {}
    return {}


def _limits_for(key: str, duration_ms: int | None) -> Limits:
    part = FORMATS[key].drawn_by
    if part == "film":
        return limits_for_film(duration_ms)
    return OFFICE if part in {"office", "archive"} else STILL


def _limits_to_draw(examination: Examination, wanted: list[Recipe]) -> Limits:
    if any(r.kind in {"zoom", "pages"} for r in wanted) and FORMATS[examination.format].drawn_by != "film":
        return MANY
    return _limits_for(examination.format, examination.duration_ms)


def _believed(outcome: Outcome, certain: dict[str, Any]) -> Examination:
    answer = outcome.answer
    if answer is None:
        return Examination(**certain, warnings=(_BROKE_OFF.get(outcome.ended_by or "", _CRASHED),))
    if "refused" in answer:
        raise _refusal(answer)
    if "cannot_draw" in answer:
        return Examination(**certain, warnings=(str(answer["cannot_draw"])[:LONGEST_SENTENCE],))
    try:
        return Examination.from_json({**certain, **answer["facts"]})
    except (KeyError, TypeError, ValueError):
        return Examination(**certain, warnings=(_CRASHED,))


def _refusal(answer: dict[str, Any]) -> UnwantedFile:
    kind = REASONS.get(str(answer["refused"]), UnwantedFile)
    details = answer.get("details")
    return kind(
        recalled(str(answer.get("sentence", ""))[:LONGEST_SENTENCE]),
        **(details if isinstance(details, dict) else {}),
    )


def draw(
    file: Path,
    examination: Examination,
    *,
    scratch: Path,
    recipes: tuple[str | Recipe, ...] = FIRST,
    focal: tuple[float, float] = (0.5, 0.5),
    limits: Limits | None = None,
) -> Drawing:
    """Make renditions of an examined file, in a new folder under `scratch`; the caller moves them.

    `recipes` are names of `recipes.RECIPES` or own ones; `focal` is the point of interest as shares of
    width and height. Raises CannotDraw when nothing at all can be drawn, with a sentence for the page.
    """
    kind = FORMATS[examination.format]
    if not examination.drawable:
        raise CannotDraw(
            recalled(examination.warnings[0])
            if examination.warnings
            else say("{label} files have no preview.", label=kind.label)
        )
    wanted = [RECIPES[r] if isinstance(r, str) else r for r in recipes]
    task = {
        "do": "draw",
        "key": examination.format,
        "recipes": [dataclasses.asdict(r) for r in wanted],
        "focal": list(focal),
        "facts": {"duration_ms": examination.duration_ms, "width": examination.width},
        **_extras(examination.format),
    }
    outcome = run_child(
        task,
        file=file,
        scratch=scratch,
        part=kind.drawn_by,
        limits=limits or _limits_to_draw(examination, wanted),
    )
    return _checked(outcome, wanted)


def _checked(outcome: Outcome, wanted: list[Recipe]) -> Drawing:
    answer = outcome.answer
    if answer is None:
        raise CannotDraw(_BROKE_OFF.get(outcome.ended_by or "", _CRASHED))
    if "refused" in answer:
        raise CannotDraw(recalled(str(answer.get("sentence", ""))[:LONGEST_SENTENCE]))
    if "cannot_draw" in answer:
        raise CannotDraw(recalled(str(answer["cannot_draw"])[:LONGEST_SENTENCE]))
    names = {r.name for r in wanted}
    try:
        files = tuple(_one_checked(f, outcome.folder, names) for f in answer["files"])
        warnings = tuple(str(w)[:500] for w in answer["warnings"][:20])
    except (KeyError, TypeError, ValueError, OSError) as odd:
        raise CannotDraw(_CRASHED) from odd
    if not files:
        raise CannotDraw(warnings[0] if warnings else _CRASHED)
    return Drawing(files=files, warnings=warnings)


def _one_checked(entry: dict[str, Any], folder: Path, names: set[str]) -> Drawn:
    """A rendition is believed when it is a plain file in its own folder and its first bytes fit."""
    name = str(entry["file"])
    if "/" in name or name.startswith(".") or entry["recipe"] not in names:
        raise ValueError("a file that was not asked for")
    path = folder / name
    media_type, width, height = is_what_it_says(path)
    page = entry.get("page")
    return Drawn(
        recipe=str(entry["recipe"]),
        path=path,
        media_type=media_type,
        width=width if width is not None else _side(entry.get("width")),
        height=height if height is not None else _side(entry.get("height")),
        size=path.stat().st_size,
        page=page if isinstance(page, int) else None,
    )


def _side(value: Any) -> int | None:
    return value if isinstance(value, int) and 0 < value < 10**6 else None
