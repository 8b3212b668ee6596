"""Where LibreOffice is, if it is: looked for on the usual paths, never in the environment of a request."""

import os
import shutil
from functools import cache
from pathlib import Path

_LIBRARIES = ("libmergedlo.so", "libsofficeapp.so")
"""Built as one library, or as many."""


@cache
def office_library() -> str | None:
    """LibreOffice's library, absolute; None where Office files are shown by their own small picture only."""
    found = shutil.which("soffice") or shutil.which("libreoffice")
    if found is None:
        return None
    folder = Path(os.path.realpath(found)).parent
    return next((str(folder / name) for name in _LIBRARIES if (folder / name).is_file()), None)
