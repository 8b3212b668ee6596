"""A 24-megapixel JPEG to its first three renditions, against three plain Pillow `thumbnail()` calls.

Both make the same sizes in the same formats, each in a process of its own; CPU and peak memory are that
process's, so both carry the same interpreter and library.
"""

import json
import os
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from benchmarks._figures import end, figure

RUNS = 5

OURS = """
import sys
from dataclasses import asdict
from pathlib import Path
from assetlib.media.recipes import FIRST, RECIPES
from assetlib.media.stills import draw_picture
with open(sys.argv[1], "rb") as file:
    draw_picture(file.fileno(), "jpeg", [asdict(RECIPES[name]) for name in FIRST], Path(sys.argv[2]))
"""

PLAIN = """
import sys
from pathlib import Path
from PIL import Image
from assetlib.media.recipes import FIRST, RECIPES
for name in FIRST:
    recipe = RECIPES[name]
    picture = Image.open(sys.argv[1])
    picture.thumbnail((recipe.longest, recipe.longest))
    more = {"method": 2} if recipe.format == "webp" else {"optimize": True}
    picture.save(Path(sys.argv[2]) / f"{name}.{recipe.format}", recipe.format, quality=recipe.quality, **more)
"""

MAKE = """
import sys
import numpy
from PIL import Image, ImageFilter
noise = numpy.random.default_rng(7).integers(0, 256, (1000, 1500, 3), dtype=numpy.uint8)
soft = Image.fromarray(noise).filter(ImageFilter.GaussianBlur(3))
picture = soft.resize((6000, 4000), Image.Resampling.BICUBIC)
picture.save(sys.argv[1], quality=90)
"""


def measured(program: str, *arguments: str) -> tuple[float, float]:
    """(CPU seconds, peak memory in MB) of a Python program."""
    wrapped = (
        program
        + "\nimport json, resource\nused = resource.getrusage(resource.RUSAGE_SELF)"
        + "\nprint(json.dumps([used.ru_utime + used.ru_stime, used.ru_maxrss / 1024]))"
    )
    root = str(Path(__file__).resolve().parent.parent)
    answer = subprocess.run(
        [sys.executable, "-c", wrapped, *arguments],
        check=True,
        capture_output=True,
        text=True,
        env={**os.environ, "PYTHONPATH": root},
    )
    cpu, memory = json.loads(answer.stdout.splitlines()[-1])
    return cpu, memory


def baseline() -> tuple[float, float]:
    """What the interpreter and Pillow cost before any picture is touched."""
    return measured("from PIL import Image, ImageCms, ImageFilter")


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        photo = str(Path(folder) / "photo.jpg")
        subprocess.run([sys.executable, "-c", MAKE, photo], check=True)
        rows = []
        for _ in range(RUNS):
            empty = baseline()
            ours, plain = measured(OURS, photo, folder), measured(PLAIN, photo, folder)
            rows.append(
                ((ours[0] - empty[0]) / (plain[0] - empty[0]), (ours[1] - empty[1]) / (plain[1] - empty[1]))
            )
    figure("renditions of 24 megapixels, CPU", statistics.median(row[0] for row in rows), 0.45)
    figure("renditions of 24 megapixels, peak memory", statistics.median(row[1] for row in rows), 0.55)
    end()


if __name__ == "__main__":
    main()
