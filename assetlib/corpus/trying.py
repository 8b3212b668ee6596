"""What it means to try a string: kept as it is, refused with a sentence, shown as a text and nothing else."""

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Literal

from assetlib.corpus.client import Answer, Client
from assetlib.corpus.pages import Page
from assetlib.corpus.trial import Trial
from assetlib.media.making.pictures import Look, graded, picture_file
from assetlib.media.making.said import Said

PLAIN = (
    "harmless",
    "two words",
    "Several words\nin two lines, with a comma",
    "https://a.example/?b=c",
    "7",
    "#tag",
)
"""What nobody could mind; what pages are built of with these is what they may be built of."""


@dataclass(frozen=True)
class Tried:
    """What became of one string in one field."""

    field: str
    outcome: Literal["kept", "refused", "fault"]
    fault: str = ""


def judged(field: str, answer: Answer, *, kept: Callable[[], bool] | bool = True) -> Tried:
    """Kept as it was, refused with a sentence, or a fault."""
    if answer.status >= 500:
        return Tried(field, "fault", f"gives {answer.status}")
    if answer.is_refusal:
        if answer.status in (401, 403, 404, 405):
            return Tried(field, "fault", f"gives {answer.status}: nothing was tried")
        return (
            Tried(field, "refused")
            if answer.sentence()
            else Tried(field, "fault", "is refused without a sentence")
        )
    is_kept = kept if isinstance(kept, bool) else kept()
    return Tried(field, "kept") if is_kept else Tried(field, "fault", "is altered")


def shown(field: str, answer: Answer, text: str, plain: list[Page], *, must_show: bool = True) -> Tried:
    """Whether a page shows a text as a text, and is built of nothing that it is not built of otherwise."""
    if answer.status >= 500:
        return Tried(field, "fault", f"gives {answer.status}")
    page = answer.page()
    strange = page.strange_to(*plain)
    if strange:
        return Tried(field, "fault", f"holds {', '.join(strange[:3])}")
    if must_show and not page.shows(text):
        return Tried(field, "fault", "does not show it")
    return Tried(field, "kept")


class Room(ABC):
    """A part of the house; `try_text` writes a string into each of its fields."""

    def __init__(self, trial: Trial, client: Client) -> None:
        self.trial = trial
        self.client = client

    def learn(self) -> None:  # noqa: B027  # most rooms have nothing to learn
        """See the pages with harmless texts, once every room has put in what it needs."""

    @abstractmethod
    def try_text(self, text: str) -> Iterator[Tried]:
        """Write it into each field, and see what became of it."""

    def look_at_the_end(self) -> Iterator[tuple[str, Tried]]:
        """What is looked at once, when every string was written: string and what became of it."""
        yield from ()


def small_picture() -> bytes:
    """A picture to hang names and words on."""
    from assetlib.demo.files import MEDIA

    return picture_file(graded(MEDIA / "boot.jpg", Look(longest=48)), "jpeg", Said(title="Trial"))


def make_asset(trial: Trial, client: Client) -> int:
    """An asset with one small picture."""
    path = trial.house.settings.home / "trial.jpg"
    path.write_bytes(small_picture())
    sent = client.upload("trial.jpg", path)
    trial.work()
    asset_id: int = client.call("GET", f"/uploads/{sent.json()['id']}").json()["asset"]["id"]
    return asset_id
