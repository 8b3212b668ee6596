"""What a file of the demo is made of. Each order can be handed to another process, which makes the bytes."""

from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

from assetlib.media.making.documents import deck_file, text_file
from assetlib.media.making.drawings import Logo, logo_file
from assetlib.media.making.films import Move, film_file
from assetlib.media.making.paper import Placed, Sheet, Words, paper_file
from assetlib.media.making.pictures import Look, graded, loop_file, picture_file
from assetlib.media.making.said import Said
from assetlib.media.making.sounds import sound_file, sound_wave

MEDIA = Path(__file__).parent / "media"
AS_IT_IS = Look()


class Order(Protocol):
    """How one file is made."""

    def make(self, said: Said) -> bytes: ...


@dataclass(frozen=True, slots=True)
class Picture:
    """One of the pictures with a look, saved in a form of `media.making.pictures`."""

    source: str
    form: str = "jpeg"
    look: Look = AS_IT_IS
    quality: int = 86

    def make(self, said: Said) -> bytes:
        picture = graded(MEDIA / f"{self.source}.jpg", self.look)
        return picture_file(picture, self.form, said, quality=self.quality, orientation=self.look.orientation)


@dataclass(frozen=True, slots=True)
class Loop:
    """A GIF of some pictures."""

    sources: tuple[str, ...]
    longest: int = 480
    milliseconds: int = 900

    def make(self, said: Said) -> bytes:  # noqa: ARG002  # a GIF says nothing about itself
        pictures = [graded(MEDIA / f"{source}.jpg", AS_IT_IS) for source in self.sources]
        return loop_file(pictures, longest=self.longest, milliseconds=self.milliseconds)


@dataclass(frozen=True, slots=True)
class Poster:
    """One page filled by a picture, with words upon it. The size is in points."""

    source: str
    size: tuple[float, float]
    words: tuple[Words, ...] = ()
    look: Look = AS_IT_IS
    band: float = 0
    """Height of a yellow band at the foot; the picture fills what lies above it."""

    def make(self, said: Said) -> bytes:
        picture = graded(MEDIA / f"{self.source}.jpg", self.look)
        width, height = self.size
        room = height - self.band
        filling = max(width, room * picture.width / picture.height)
        x, y = (width - filling) / 2, self.band + (room - filling * picture.height / picture.width) / 2
        bars = ((0.0, 0.0, width, self.band, "#f1be48"),) if self.band else ()
        sheet = Sheet(width, height, (Placed(picture, x, y, filling),), self.words, bars=bars)
        return paper_file([sheet], said)


@dataclass(frozen=True, slots=True)
class Leaf:
    """One page of a booklet: a picture above, a heading and lines below; or a picture alone."""

    source: str = ""
    heading: str = ""
    lines: tuple[str, ...] = ()
    dark: bool = False


@dataclass(frozen=True, slots=True)
class Booklet:
    """Pages one after the other, A5 unless said otherwise."""

    leaves: tuple[Leaf, ...]
    size: tuple[float, float] = (420, 595)

    def make(self, said: Said) -> bytes:
        return paper_file([self._sheet(number, leaf) for number, leaf in enumerate(self.leaves, 1)], said)

    def _sheet(self, number: int, leaf: Leaf) -> Sheet:
        width, height = self.size
        paper, grey = ((0.13, 0.2, 0.17), 0.95) if leaf.dark else ((0.98, 0.97, 0.93), 0.15)
        if not leaf.heading:
            picture = graded(MEDIA / f"{leaf.source}.jpg", Look(longest=1000))
            return Sheet(width, height, (Placed(picture, 0, 0, width),), paper=paper)
        pictures: tuple[Placed, ...] = ()
        below = height - 80
        if leaf.source:
            picture = graded(MEDIA / f"{leaf.source}.jpg", Look(longest=800))
            tall = (width - 60) * picture.height / picture.width
            tall_enough = min(tall, height * 0.45)
            wide = (width - 60) * tall_enough / tall
            pictures = (Placed(picture, 30, height - 40 - tall_enough, wide),)
            below = height - 75 - tall_enough
        words = (
            Words((leaf.heading,), 30, below, 20, "serif", grey),
            Words(leaf.lines, 30, below - 28, 9.5, "sans", grey, 1.5),
            Words((str(number),), width / 2, 22, 7, "sans", 0.5),
        )
        return Sheet(width, height, pictures, words, paper)


@dataclass(frozen=True, slots=True)
class Film:
    """Stills one after the other under a slow camera: (source, seconds, zoom from, zoom to)."""

    stills: tuple[tuple[str, float, float, float], ...]
    size: tuple[int, int] = (640, 360)
    form: str = "mp4"
    notes: tuple[float, ...] = ()

    def make(self, said: Said) -> bytes:
        moves = [
            Move((MEDIA / f"{source}.jpg").read_bytes(), seconds, (begin, end), (0.5, 0.45))
            for source, seconds, begin, end in self.stills
        ]
        length = sum(move.seconds for move in moves)
        sound = sound_wave(self.notes, seconds=length) if self.notes else b""
        return film_file(moves, size=self.size, title=said.title, sound=sound, form=self.form)


@dataclass(frozen=True, slots=True)
class Sound:
    notes: tuple[float, ...]
    seconds: float
    form: str

    def make(self, said: Said) -> bytes:
        return sound_file(
            self.notes, seconds=self.seconds, form=self.form, title=said.title, artist=said.creator
        )


@dataclass(frozen=True, slots=True)
class Mark:
    logo: Logo

    def make(self, said: Said) -> bytes:
        return logo_file(self.logo, said)


@dataclass(frozen=True, slots=True)
class Letter:
    """A Word text."""

    paragraphs: tuple[str, ...]

    def make(self, said: Said) -> bytes:
        return text_file(self.paragraphs, said)


@dataclass(frozen=True, slots=True)
class Deck:
    """PowerPoint slides: (heading, lines)."""

    slides: tuple[tuple[str, tuple[str, ...]], ...]

    def make(self, said: Said) -> bytes:
        return deck_file(self.slides, said)


@dataclass(frozen=True, slots=True)
class Table:
    """A CSV with a head."""

    rows: tuple[tuple[str, ...], ...] = field(default=())

    def make(self, said: Said) -> bytes:  # noqa: ARG002  # a table says nothing about itself
        return "".join(",".join(row) + "\r\n" for row in self.rows).encode()
