"""Files to send: small pictures mostly, some of several parts, some that are the same bytes once more."""

import hashlib
import io
import threading
import zipfile
from dataclasses import dataclass
from random import Random

from PIL import Image

MB = 1024 * 1024


@dataclass(frozen=True)
class File:
    name: str
    content: bytes
    sha256: str
    fingerprint: str
    fate: str
    """`send`; or it is let go of half-way: `leave` without a word, `cancel` with one."""


class Files:
    """As many as anybody asks for, each with a number of its own; several threads may ask."""

    def __init__(self, random: Random) -> None:
        self._random = random
        self._lock = threading.Lock()
        self._count = 0
        self._earlier: list[tuple[str, bytes]] = []
        self._noise = random.randbytes(36 * MB)

    def next(self) -> File:
        with self._lock:
            self._count += 1
            name, content = self._made(self._count)
            # The last ones stay in memory to be sent again.
            self._earlier = [*self._earlier[-5:], (name, content)]
            fate = self._random.choices(("send", "leave", "cancel"), (92, 4, 4))[0]
            return File(
                f"{self._count:04} {name}",
                content,
                hashlib.sha256(content).hexdigest(),
                f"file-{self._count}",
                fate,
            )

    def _made(self, number: int) -> tuple[str, bytes]:
        # The first three are one of each sort, so that also a short run has them.
        sorts = ("small", "again", "middle", "wall", "two parts", "three parts")
        sort = {2: "two parts", 3: "again"}.get(number) or self._random.choices(sorts, (70, 10, 8, 3, 5, 4))[
            0
        ]
        if sort == "again" and self._earlier:
            return self._random.choice(self._earlier)
        if sort in ("two parts", "three parts"):
            size = {"two parts": 18 * MB, "three parts": 36 * MB}[sort]
            return "archive.zip", _archive(self._marked(self._noise[:size]))
        if sort in ("middle", "wall"):
            width, height = {"middle": (1000, 700), "wall": (2500, 2300)}[sort]
            return f"{sort}.tif", _picture(
                "TIFF", width, height, self._marked(self._noise[: width * height * 3])
            )
        width, height = self._random.randint(40, 300), self._random.randint(40, 300)
        return "tile.png", _picture("PNG", width, height, self._random.randbytes(width * height * 3))

    def _marked(self, content: bytes) -> bytes:
        """The same with other last bytes: another file, without the price of making one."""
        return content[:-16] + self._random.randbytes(16)


def _picture(form: str, width: int, height: int, pixels: bytes) -> bytes:
    file = io.BytesIO()
    Image.frombytes("RGB", (width, height), pixels).save(file, form)
    return file.getvalue()


def _archive(content: bytes) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr(zipfile.ZipInfo("film.bin"), content)
    return file.getvalue()
