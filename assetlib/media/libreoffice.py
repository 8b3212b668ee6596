"""LibreOffice in the child, as a library: an Office file becomes a PDF, with no program started.

The command would start itself again, write into /tmp and talk to itself over sockets, none of which the
walls allow. The tables of functions are LibreOfficeKit's, which only ever grow at the end.

Reference: LibreOfficeKit.h.
"""

import ctypes
import os
from pathlib import Path
from typing import Any

_LOAD = 2
_SAVE_AS = 2
"""Places in the tables of the office and of a document; the first place holds the table's size."""


def to_pdf(library: Path, source: Path, made: Path, *, home: Path) -> bool:
    """Whether LibreOffice could open `source` and write `made`. `home` is where its profile goes."""
    os.environ |= {"HOME": str(home), "TMPDIR": str(home)}
    # Its parts find each other only when all names are open to all.
    names = ctypes.CDLL(str(library), mode=os.RTLD_NOW | os.RTLD_GLOBAL)
    names.libreofficekit_hook_2.restype = ctypes.c_void_p
    office = names.libreofficekit_hook_2(os.fsencode(library.parent), os.fsencode(home.as_uri()))
    if not office:
        return False
    load = _function(office, _LOAD, ctypes.c_void_p, ctypes.c_char_p, gives=ctypes.c_void_p)
    document = load(office, os.fsencode(source.as_uri()))
    if not document:
        return False
    texts = (ctypes.c_char_p, ctypes.c_char_p, ctypes.c_char_p)
    save_as = _function(document, _SAVE_AS, ctypes.c_void_p, *texts, gives=ctypes.c_int)
    return bool(save_as(document, os.fsencode(made.as_uri()), b"pdf", None)) and made.exists()


def _function(thing: int, place: int, *takes: Any, gives: Any) -> Any:
    """What stands at a place of the table that a thing of LibreOffice's begins with."""
    table = ctypes.cast(thing, ctypes.POINTER(ctypes.c_void_p))[0]
    address = ctypes.cast(table, ctypes.POINTER(ctypes.c_void_p))[place]
    return ctypes.CFUNCTYPE(gives, *takes)(address)
