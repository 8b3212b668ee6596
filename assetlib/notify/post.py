"""What the jobs of mail are given beside their work: `worker.py` puts it together."""

from dataclasses import dataclass

from assetlib.notify.carriers import Carrier
from assetlib.notify.readers import OpenToEach, ReadersOf, Speak


@dataclass(frozen=True)
class Post:
    """Who carries, who speaks the reader's language, and who knows the readers."""

    carrier: Carrier
    speak: Speak
    readers: ReadersOf
    open_to_each: OpenToEach
