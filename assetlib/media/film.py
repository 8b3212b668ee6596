"""Films and sound in the child, by ffmpeg as a program of its own inside the same walls.

The demuxer is named by the sniffed type, and only the open file may be read: a playlist dressed up as a film
is never followed.
"""

import re
import subprocess
from pathlib import Path
from typing import Any

from PIL import Image

from assetlib.media import looks
from assetlib.media.errors import CannotDraw
from assetlib.media.stills import draw_stills
from assetlib.media.structure.found import must_fit
from assetlib.words import say

NO_PROGRAM = say("ffmpeg is not installed here, so films and sound have no preview. The file is kept.")
CANNOT_READ = say("The film cannot be read. It is kept as a download.")
CANNOT_HEAR = say("The sound cannot be read. It is kept as a download.")
CUT_OFF = say("The film is cut off or damaged. It is kept, the preview shows what was there.")

_DEMUXERS = {
    "mp4": "mov",
    "mov": "mov",
    "m4a": "mov",
    "webm": "matroska",
    "mkv": "matroska",
    "avi": "avi",
    "mp3": "mp3",
    "wav": "wav",
    "flac": "flac",
    "ogg": "ogg",
    "aiff": "aiff",
}
_DURATION = re.compile(r"Duration: (\d+):(\d\d):(\d\d(?:\.\d+)?)")
_VIDEO = re.compile(r"Stream #\d+:\d+.*?: Video: ([^\n]*)")
_AUDIO = re.compile(r"Stream #\d+:\d+.*?: Audio: ([^\n]*)")
_SIZE = re.compile(r"\b(\d{1,6})x(\d{1,6})\b")
_TURN = re.compile(r"rotation of (-?\d+(?:\.\d+)?) degrees")
_WORD = re.compile(r"^ {4}(title|artist|comment|copyright|creation_time|description) *: (.*)$", re.MULTILINE)
_FAILED = ("moov atom not found", "partial file", "Invalid data found", "error reading header", "truncated")
_MOST_POSTER = 2048
_LONGEST_HEARD = 3600
_FRAMES_IN_STRIP = 20


class Program:
    """ffmpeg with one open file as its only input."""

    def __init__(self, path: str, key: str, file_number: int) -> None:
        self._path = path
        self._number = file_number
        self._input = ["-f", _DEMUXERS[key], "-i", f"file:/proc/self/fd/{file_number}"]

    def run(self, *output: str, before: tuple[str, ...] = ()) -> "subprocess.CompletedProcess[bytes]":
        """Run to the end; limits and deadline are those of the child."""
        return subprocess.run(  # noqa: S603 - a fixed program, arguments of our own, no shell
            [
                self._path,
                "-hide_banner",
                "-nostdin",
                "-loglevel",
                "info",
                "-protocol_whitelist",
                "file,pipe,fd",
                *before,
                *self._input,
                *output,
            ],
            stdin=subprocess.DEVNULL,
            capture_output=True,
            pass_fds=(self._number,),
            env={},
            check=False,
        )


def _program(task: dict[str, Any], file_number: int) -> Program:
    if not task.get("programs"):
        raise CannotDraw(NO_PROGRAM)
    return Program(str(task["programs"][0]), task["key"], file_number)


def examine_film(task: dict[str, Any], file_number: int) -> dict[str, Any]:
    """Running time, size, sound or picture, looks of the poster, the file's own title."""
    program = _program(task, file_number)
    said = program.run().stderr.decode("utf-8", "replace")
    sound_only = task["family"] == "audio" or not _pictures_in(said)
    facts: dict[str, Any] = {"drawable": False, "metadata": _words(said)}
    if (duration := _DURATION.search(said)) is not None:
        hours, minutes, seconds = duration.groups()
        facts["duration_ms"] = round((int(hours) * 3600 + int(minutes) * 60 + float(seconds)) * 1000)
    if not sound_only:
        facts |= _size(said)
    try:
        picture = _waveform(program, 512) if sound_only else _poster(program, facts.get("duration_ms"), 512)
    except CannotDraw:
        return {**facts, "warnings": [CANNOT_HEAR if task["family"] == "audio" else CANNOT_READ]}
    facts |= {"drawable": True, "warnings": [CUT_OFF] if any(w in said for w in _FAILED) else []}
    if sound_only:
        return facts
    facts["shape"] = looks.shape_of(
        facts.get("width") or picture.width, facts.get("height") or picture.height
    )
    return {**facts, "colour_space": "RGB", **looks.looks_of(picture)}


def _pictures_in(said: str) -> list[str]:
    return [line for line in _VIDEO.findall(said) if "attached pic" not in line]


def _size(said: str) -> dict[str, Any]:
    """Upright size in pixels."""
    seen = _SIZE.search(_pictures_in(said)[0])
    if seen is None:
        return {}
    width, height = int(seen.group(1)), int(seen.group(2))
    must_fit(width, height)
    turn = _TURN.search(said)
    if turn and round(abs(float(turn.group(1)))) % 180 == 90:
        width, height = height, width
    return {"width": width, "height": height}


def _words(said: str) -> dict[str, dict[str, Any]]:
    keys = {"artist": "creator", "creation_time": "created_at", "comment": "description"}
    found: dict[str, dict[str, Any]] = {}
    for word, value in _WORD.findall(said):
        key = keys.get(word, word)
        text = value.strip()[:2000]
        if text and key not in found:
            found[key] = {"value": [text] if key == "creator" else text, "source": "file"}
    return found


def _poster(program: Program, duration_ms: int | None, longest: int) -> Image.Image:
    """A frame a little way in that is not one flat colour, else the first seen. Raises CannotDraw."""
    seconds = (duration_ms or 0) / 1000
    first = None
    for at in (min(seconds * 0.1, 3.0), seconds * 0.4, 0.0):
        picture = _frame(program, at, longest)
        if picture is None:
            continue
        if any(low != high for low, high in picture.getextrema()):  # type: ignore[misc]  # RGB: pairs
            return picture
        first = first or picture
    if first is None:
        raise CannotDraw(CANNOT_READ)
    return first


def _frame(program: Program, seconds: float, longest: int) -> Image.Image | None:
    out = Path("frame.png")
    out.unlink(missing_ok=True)
    program.run(
        "-map",
        "0:v:0",
        "-frames:v",
        "1",
        "-vf",
        f"scale=w='iw*if(sar,sar,1)':h=ih,scale=w='min({longest},iw)':h='min({longest},ih)'"
        ":force_original_aspect_ratio=decrease",
        "-update",
        "1",
        "-f",
        "image2",
        "-c:v",
        "png",
        str(out),
        before=("-ss", f"{seconds:.3f}") if seconds else (),
    )
    return _read_png(out)


def _waveform(program: Program, longest: int) -> Image.Image:
    """The loudness over time as a picture, three times as wide as high. Raises CannotDraw."""
    out = Path("wave.png")
    out.unlink(missing_ok=True)
    program.run(
        "-t",
        str(_LONGEST_HEARD),
        "-filter_complex",
        f"[0:a:0]aformat=channel_layouts=mono,showwavespic=s={longest}x{longest // 3}:colors=0x2f6f8f",
        "-frames:v",
        "1",
        "-update",
        "1",
        "-f",
        "image2",
        "-c:v",
        "png",
        str(out),
    )
    picture = _read_png(out)
    if picture is None:
        raise CannotDraw(CANNOT_HEAR)
    return picture


def _read_png(path: Path) -> Image.Image | None:
    """None where ffmpeg wrote nothing whole."""
    try:
        with Image.open(path, formats=["PNG"]) as opened:
            must_fit(*opened.size)
            opened.load()
            return opened.convert("RGBA" if opened.mode in {"RGBA", "LA", "P"} else "RGB")
    except (OSError, ValueError, SyntaxError):
        return None
    finally:
        path.unlink(missing_ok=True)


def draw_film(task: dict[str, Any], file_number: int, folder: Path) -> dict[str, Any]:
    """Poster (or waveform) stills, a filmstrip, a 720p proxy, as asked for."""
    program = _program(task, file_number)
    facts = task["facts"]
    sound_only = facts.get("width") is None
    files: list[dict[str, Any]] = []
    warnings: list[str] = []
    stills = [r for r in task["recipes"] if r["kind"] == "still"]
    if stills:
        room = min(_MOST_POSTER, max(max(r["longest"], *(2 * s for s in r["box"] or (0, 0))) for r in stills))
        picture = _waveform(program, room) if sound_only else _poster(program, facts.get("duration_ms"), room)
        files += draw_stills(picture, stills, folder, focal=tuple(task["focal"]))
    for recipe in task["recipes"]:
        if sound_only or recipe["kind"] not in {"proxy", "filmstrip"}:
            continue
        made = _proxy(program, recipe) if recipe["kind"] == "proxy" else _filmstrip(program, recipe, facts)
        if made is None:
            warnings.append(say("The {recipe} of this film cannot be made.", recipe=recipe["name"]))
        else:
            files.append(made)
    return {"files": files, "warnings": warnings}


def _proxy(program: Program, recipe: dict[str, Any]) -> dict[str, Any] | None:
    out = Path("proxy.mp4")
    program.run(
        *("-map", "0:v:0", "-map", "0:a:0?", "-sn", "-dn", "-map_metadata", "-1", "-threads", "2"),
        "-vf",
        f"scale=w='min({recipe['longest']},iw*if(sar,sar,1))':h='min({recipe['longest']},ih)'"
        ":force_original_aspect_ratio=decrease:force_divisible_by=2,setsar=1",
        *(
            "-c:v",
            "libx264",
            "-preset",
            "veryfast",
            "-crf",
            "24",
            "-pix_fmt",
            "yuv420p",
            "-profile:v",
            "main",
        ),
        *("-c:a", "aac", "-b:a", "128k", "-ac", "2", "-movflags", "+faststart", "-f", "mp4", "-y", str(out)),
    )
    if not out.exists() or out.stat().st_size < 256:
        out.unlink(missing_ok=True)
        return None
    return {"recipe": recipe["name"], "file": out.name, "width": None, "height": None, "page": None}


def _filmstrip(program: Program, recipe: dict[str, Any], facts: dict[str, Any]) -> dict[str, Any] | None:
    """Frames at even distances, side by side in one picture."""
    out = Path("filmstrip.png")
    seconds = max((facts.get("duration_ms") or 0) / 1000, 0.1)
    wide = recipe["longest"]
    program.run(
        "-map",
        "0:v:0",
        "-vf",
        f"fps={_FRAMES_IN_STRIP / seconds:.6f},scale={wide}:-2,tile={_FRAMES_IN_STRIP}x1",
        *("-frames:v", "1", "-update", "1", "-f", "image2", "-c:v", "png", str(out)),
    )
    picture = _read_png(out)
    if picture is None:
        return None
    target = Path("filmstrip.jpg")
    picture.convert("RGB").save(target, "JPEG", quality=recipe["quality"])
    return {
        "recipe": recipe["name"],
        "file": target.name,
        "width": picture.width,
        "height": picture.height,
        "page": None,
    }
