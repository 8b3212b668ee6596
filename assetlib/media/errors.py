"""How media says no: a file that is not taken at all, and a file that is kept but cannot be drawn."""

from typing import ClassVar

from assetlib.errors import Invalid, Refusal, Unavailable


class UnwantedFile(Invalid):
    """The file is not taken; nothing of it is kept. Each reason has its own code and sentence."""

    code = "media.unwanted_file"


class EmptyFile(UnwantedFile):
    code = "media.empty_file"


class UnknownType(UnwantedFile):
    """The content is nothing that the allow-list knows."""

    code = "media.unknown_type"


class ForbiddenType(UnwantedFile):
    """The content is known and never taken: programs, pages, shortcuts, formats without use here."""

    code = "media.forbidden_type"


class ForbiddenName(UnwantedFile):
    """The name belongs to a system's own bookkeeping (`.htaccess`, `desktop.ini`)."""

    code = "media.forbidden_name"


class NameDisagrees(UnwantedFile):
    """The extension promises another family of files than the content is."""

    code = "media.name_disagrees"


class TooManyPixels(UnwantedFile):
    code = "media.too_many_pixels"


class TooManyFrames(UnwantedFile):
    code = "media.too_many_frames"


class NoPixels(UnwantedFile):
    """The header says that the picture is zero pixels wide or high, or there is no header at all."""

    code = "media.no_pixels"


class UnsafeMarkup(UnwantedFile):
    """An SVG that declares entities or a foreign document type."""

    code = "media.unsafe_markup"


class UnsafeArchive(UnwantedFile):
    """An archive with a way out of its folder, a lock, damage, or far more inside than outside."""

    code = "media.unsafe_archive"


class BrokenTable(UnwantedFile):
    """A CSV whose rows do not fit its head. `details["line"]` counts from 1."""

    code = "media.broken_table"


class BrokenJson(UnwantedFile):
    """A JSON file that other programs would read differently or not at all."""

    code = "media.broken_json"


class TooLong(UnwantedFile):
    """The file is longer than its kind may be."""

    code = "media.too_long"


REASONS: dict[str, type[UnwantedFile]] = {
    kind.code: kind
    for kind in (
        EmptyFile,
        UnknownType,
        ForbiddenType,
        ForbiddenName,
        NameDisagrees,
        TooManyPixels,
        TooManyFrames,
        NoPixels,
        UnsafeMarkup,
        UnsafeArchive,
        BrokenTable,
        BrokenJson,
        TooLong,
    )
}
"""Code → class, so that a child can say no by its code."""


class CannotDraw(Refusal):
    """Nothing of this file can be shown. The file itself is kept."""

    code: ClassVar[str] = "media.cannot_draw"


class NoSandbox(Unavailable):
    """This machine cannot shut a child off from the network, so no decoder may run here."""

    code = "media.no_sandbox"
