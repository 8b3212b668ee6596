"""A file from a plain form goes the same way as any other: announced, sent in parts, completed."""

from hashlib import sha256
from io import SEEK_END

from werkzeug.datastructures import FileStorage

from assetlib import clock
from assetlib.current import actor, house
from assetlib.storage.uploads.protocol import UploadDesk
from assetlib.storage.uploads.rules import Announced, part_count, size_of_part


class Slice:
    """The next `left` bytes of a stream."""

    def __init__(self, stream: FileStorage, left: int) -> None:
        self.stream, self.left = stream, left

    def read(self, size: int = -1, /) -> bytes:
        wanted = self.left if size < 0 else min(size, self.left)
        piece: bytes = self.stream.read(wanted)
        self.left -= len(piece)
        return piece


def take_plain(file: FileStorage, *, as_version_of: int | None, delivered_for: int | None = None) -> None:
    """Hand one posted file in, whole. Forms are limited in size, so it is small."""
    here = house()
    desk = UploadDesk(here.database, here.store, here.settings.largest_file)
    size = file.seek(0, SEEK_END) or file.tell()
    file.seek(0)
    name = file.filename or ""
    print_ = sha256(f"{name}\0{size}\0{clock.now().isoformat()}".encode("utf-8", "surrogatepass")).hexdigest()
    announced = Announced(
        name=name,
        size=size,
        mtime=0,
        fingerprint=print_,
        folder="",
        as_version_of=as_version_of,
        delivered_for=delivered_for,
    )
    progress, _ = desk.begin(actor(), announced)
    upload = progress.upload
    for number in range(1, part_count(size, upload.part_size) + 1):
        length = size_of_part(number, size=size, part_size=upload.part_size)
        desk.receive_part(actor(), upload.public_id, number, Slice(file, length), length, None)
    desk.complete(actor(), upload.public_id)
