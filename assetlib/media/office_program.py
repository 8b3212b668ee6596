"""Where LibreOffice is, if it is: looked for on the usual paths, never in the environment of a request."""

import os
import shutil
from functools import cache


@cache
def office_program() -> str | None:
    """An absolute path of `soffice`, or None where Office files are shown by their own small picture only."""
    found = shutil.which("soffice") or shutil.which("libreoffice")
    return os.path.realpath(found) if found else None
