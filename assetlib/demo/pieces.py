"""One piece of the demo's library: the file, what is said of it, and what becomes of it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from assetlib.demo.company import PEOPLE
from assetlib.demo.files import Order
from assetlib.media.making.said import Said

FATES = (
    "published", "approved", "in_review", "draft", "returned", "withdrawn", "archived", "embargoed", "trash",
)  # fmt: skip
_FIRST_SHOT = datetime(2024, 9, 2, 8, 30, tzinfo=UTC)


@dataclass(frozen=True, slots=True, kw_only=True)
class Piece:
    """What an agency or a librarian puts into the library, and the life it has there."""

    file: str
    """The name of the file as it is sent."""
    title: str
    description: str = ""
    alt_text: str = ""
    order: Order
    newer: tuple[Order, ...] = ()
    """Later versions, each sent when the one before was answered. The last is what `fate` is said of."""
    type_key: str = "photograph"
    creator: str = ""
    camera: str = ""
    place: str = ""
    country: str = ""
    tags: tuple[str, ...] = ()
    attributes: Mapping[str, Any] = field(default_factory=dict)
    sender: str = "rosa"
    """Who sends it, by key of `company.PEOPLE`."""
    fate: str = "published"
    right: str = "own"
    """Key of `rights.RIGHTS`; empty while nothing is known."""
    popularity: int = 1
    """How often it is downloaded, against others."""

    def said(self, number: int) -> Said:
        """The metadata inside the file; `number` is the piece's place in the whole list."""
        sender = PEOPLE[self.sender]
        shot = _FIRST_SHOT + timedelta(days=number * 2 % 400, minutes=number * 37 % 600)
        return Said(
            title=self.title,
            description=self.description,
            alt_text=self.alt_text,
            creator=self.creator or sender.organisation,
            credit=f"{self.creator or sender.organisation} / Northwind Outdoors",
            copyright=f"© {shot.year} Northwind Outdoors",
            usage_terms="For Northwind Outdoors and its dealers, as the library says.",
            keywords=self.tags,
            city=self.place,
            country=self.country,
            camera=self.camera,
            created=shot if self.type_key in ("photograph", "cutout", "video") else None,
        )
