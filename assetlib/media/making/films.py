"""Films: a slow pan and zoom over stills, one after the other, with or without a sound under it."""

import subprocess
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import imageio_ffmpeg

FRAMES = 12
"""Frames in a second: enough for a slow move."""


class NoFilm(RuntimeError):
    """ffmpeg said no; the message is its last words."""


@dataclass(frozen=True, slots=True)
class Move:
    """A still, and where the camera goes: zoom from and to (1 = whole), and which way it drifts."""

    still: bytes
    """JPEG or PNG, at least as large as the film."""
    seconds: float
    zoom: tuple[float, float] = (1.0, 1.12)
    drift: tuple[float, float] = (0.5, 0.5)
    """The point that is held, as shares of width and height."""


def film_file(
    moves: Sequence[Move], *, size: tuple[int, int], title: str, sound: bytes = b"", form: str = "mp4"
) -> bytes:
    """The bytes of an H.264 film, as `mp4` or `mov`. The same order makes the same bytes."""
    width, height = size
    chains, labels = [], []
    for number, move in enumerate(moves):
        frames = max(1, round(move.seconds * FRAMES))
        begin, end = move.zoom
        zoom = f"{begin:g}+({end - begin:g})*on/{frames}"
        chains.append(
            f"[{number}:v]scale={width * 3 // 2}:{height * 3 // 2}:force_original_aspect_ratio=increase,"
            f"crop={width * 3 // 2}:{height * 3 // 2},"
            f"zoompan=z='{zoom}':x='(iw-iw/zoom)*{move.drift[0]:g}':y='(ih-ih/zoom)*{move.drift[1]:g}'"
            f":d={frames}:s={width}x{height}:fps={FRAMES},setsar=1[v{number}]"
        )
        labels.append(f"[v{number}]")
    graph = ";".join(chains) + f";{''.join(labels)}concat=n={len(moves)}:v=1:a=0,format=yuv420p[v]"
    arguments = ["-filter_complex", graph, "-map", "[v]"]
    inputs = [(f"{number}.jpg", move.still) for number, move in enumerate(moves)]
    if sound:
        inputs.append(("sound.wav", sound))
        arguments += ["-map", f"{len(moves)}:a", "-c:a", "aac", "-b:a", "64k", "-shortest"]
    arguments += [
        "-c:v", "libx264", "-preset", "ultrafast", "-crf", "27", "-movflags", "+faststart",
        "-metadata", f"title={title}",
    ]  # fmt: skip
    return run_ffmpeg(arguments, inputs=inputs, output=f"film.{form}")


def run_ffmpeg(arguments: Sequence[str], *, inputs: Sequence[tuple[str, bytes]], output: str) -> bytes:
    """What ffmpeg makes of these named files, in a folder that is gone afterwards."""
    with tempfile.TemporaryDirectory(prefix="assetlib-making-") as place:
        folder = Path(place)
        command = [imageio_ffmpeg.get_ffmpeg_exe(), "-nostdin", "-hide_banner", "-loglevel", "error", "-y"]
        for name, content in inputs:
            (folder / name).write_bytes(content)
            command += ["-i", name]
        command += [*arguments, "-threads", "1", "-fflags", "+bitexact", "-flags", "+bitexact", output]
        done = subprocess.run(  # noqa: S603  # our own orders, no shell
            command, cwd=folder, capture_output=True, check=False
        )
        if done.returncode:
            raise NoFilm(done.stderr.decode("utf-8", "replace")[-500:])
        return (folder / output).read_bytes()
