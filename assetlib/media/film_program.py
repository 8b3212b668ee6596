"""Where ffmpeg is: the wheel's own program, else the system's, else none."""

import os
import shutil
from functools import cache


@cache
def ffmpeg_program() -> str | None:
    """An absolute path, or None where films can only be kept."""
    try:
        import imageio_ffmpeg

        return os.path.realpath(str(imageio_ffmpeg.get_ffmpeg_exe()))
    except (ImportError, RuntimeError, OSError):
        found = shutil.which("ffmpeg")
        return os.path.realpath(found) if found else None
