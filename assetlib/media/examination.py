"""What is known about a file after a look at it, and what a drawing came to."""

from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any

LONGEST_TEXT = 200_000
"""Characters kept for search."""


@dataclass(frozen=True, slots=True)
class Examination:
    """Facts about one file. Sizes are in pixels as seen upright; times in milliseconds."""

    format: str
    """Key of `formats.FORMATS`."""

    media_type: str
    family: str
    """image, vector, pdf, video, audio, office, raw, archive, text, other"""

    label: str
    """For people: "JPEG"."""

    drawable: bool = False
    """A preview can be made."""

    warnings: tuple[str, ...] = ()
    """Sentences that belong on the page: what is not shown, or not as it was sent."""

    width: int | None = None
    height: int | None = None
    pages: int | None = None
    frames: int | None = None
    duration_ms: int | None = None
    colour_space: str | None = None
    """RGB, CMYK, Grey, Lab, Palette, Bilevel, YCbCr"""

    bit_depth: int | None = None
    """Bits of one channel."""

    has_alpha: bool = False
    has_icc: bool = False
    icc_name: str | None = None
    orientation: int = 1
    """As stored, 1 to 8 (EXIF)."""

    shape: str | None = None
    """landscape, portrait, square, panorama"""

    colours: tuple[tuple[str, float], ...] = ()
    """Up to six of ("#rrggbb", share of the picture), largest first."""

    named_colours: tuple[str, ...] = ()
    """Words of `looks.PALETTE`, largest share first."""

    sharpness: float | None = None
    """Variance of the Laplacian at 512 pixels; below about 50 looks soft."""

    phash: str | None = None
    """64-bit perceptual hash, 16 hex digits; near means few differing bits."""

    phash_mirror: str | None = None
    """The same of the mirrored picture."""

    metadata: dict[str, dict[str, Any]] = field(default_factory=dict)
    """Key → {"value", "source"} after reconciling EXIF, IPTC and XMP."""

    text: str | None = None
    """For search, at most 200,000 characters."""

    has_c2pa: bool = False
    contents: tuple[dict[str, Any], ...] = ()
    """Of a ZIP: {"name", "size"} per file."""

    @property
    def complete(self) -> bool:
        """Nothing needs saying: a correct preview (or readable text) stands for the whole file."""
        return not self.warnings and (self.drawable or self.family == "text")

    def to_json(self) -> dict[str, Any]:
        """Plain values, for storing and for handing to a child."""
        return {f.name: _plain(getattr(self, f.name)) for f in fields(self)}

    @classmethod
    def from_json(cls, answer: dict[str, Any]) -> "Examination":
        """The reverse of `to_json`. Raises ValueError on anything that is not of the promised type."""
        known = {f.name for f in fields(cls)}
        strange = set(answer) - known
        if strange:
            raise ValueError(f"unknown facts: {sorted(strange)}")
        return cls(**{name: _FACTS[name](value) for name, value in answer.items()})


def _plain(value: Any) -> Any:
    return [_plain(v) for v in value] if isinstance(value, tuple) else value


def _text(value: Any, longest: int = 2000) -> str:
    if not isinstance(value, str) or len(value) > longest:
        raise ValueError("not a short text")
    return value


def _maybe_text(value: Any) -> str | None:
    return None if value is None else _text(value)


def _long_text(value: Any) -> str | None:
    return None if value is None else _text(value, LONGEST_TEXT)


def _flag(value: Any) -> bool:
    if not isinstance(value, bool):
        raise ValueError("not a flag")
    return value


def _count(value: Any) -> int | None:
    if value is None:
        return None
    if not isinstance(value, int) or isinstance(value, bool) or not 0 <= value < 2**62:
        raise ValueError("not a count")
    return value


def _orientation(value: Any) -> int:
    if value not in range(1, 9):
        raise ValueError("not an orientation")
    return int(value)


def _number(value: Any) -> float | None:
    if value is None:
        return None
    if not isinstance(value, int | float) or value != value:
        raise ValueError("not a number")
    return float(value)


def _texts(value: Any) -> tuple[str, ...]:
    if not isinstance(value, list | tuple) or len(value) > 100:
        raise ValueError("not a short list")
    return tuple(_text(v) for v in value)


def _shares(value: Any) -> tuple[tuple[str, float], ...]:
    if not isinstance(value, list | tuple) or len(value) > 16:
        raise ValueError("not a short list")
    return tuple((_text(colour, 7), float(share)) for colour, share in value)


def _metadata(value: Any) -> dict[str, dict[str, Any]]:
    if not isinstance(value, dict) or len(value) > 100:
        raise ValueError("not metadata")
    if not all(isinstance(v, dict) and set(v) == {"value", "source"} for v in value.values()):
        raise ValueError("not metadata")
    return value


def _contents(value: Any) -> tuple[dict[str, Any], ...]:
    if not isinstance(value, list | tuple) or len(value) > 10_000:
        raise ValueError("not a list of files")
    return tuple({"name": _text(v["name"], 66_000), "size": _count(v["size"])} for v in value)


_FACTS: dict[str, Any] = {
    "format": _text,
    "media_type": _text,
    "family": _text,
    "label": _text,
    "drawable": _flag,
    "warnings": _texts,
    "width": _count,
    "height": _count,
    "pages": _count,
    "frames": _count,
    "duration_ms": _count,
    "colour_space": _maybe_text,
    "bit_depth": _count,
    "has_alpha": _flag,
    "has_icc": _flag,
    "icc_name": _maybe_text,
    "orientation": _orientation,
    "shape": _maybe_text,
    "colours": _shares,
    "named_colours": _texts,
    "sharpness": _number,
    "phash": _maybe_text,
    "phash_mirror": _maybe_text,
    "metadata": _metadata,
    "text": _long_text,
    "has_c2pa": _flag,
    "contents": _contents,
}


@dataclass(frozen=True, slots=True)
class Drawn:
    """One rendition, already checked: the file is what `media_type` says."""

    recipe: str
    path: Path
    media_type: str
    width: int | None
    height: int | None
    size: int
    """Bytes."""

    page: int | None = None
    """Of page pictures, from 1."""


@dataclass(frozen=True, slots=True)
class Drawing:
    """Everything that came of one call of `draw`."""

    files: tuple[Drawn, ...]
    warnings: tuple[str, ...] = ()
