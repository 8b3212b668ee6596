"""Put every string of a corpus into every field where people type, and every name on a file."""

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

from assetlib.corpus.asset_rooms import AssetRoom, NoteRoom
from assetlib.corpus.door_rooms import PeopleRoom, SearchRoom, SignInRoom, UploadRoom
from assetlib.corpus.forms import FormRoom
from assetlib.corpus.manifest import NoManifest
from assetlib.corpus.names import try_names
from assetlib.corpus.shares import Share, in_shares
from assetlib.corpus.shelf_rooms import CollectionRoom, SchemaRoom
from assetlib.corpus.trial import trial
from assetlib.corpus.trying import Room, Tried

ROOMS: tuple[type[Room], ...] = (
    SchemaRoom,
    AssetRoom,
    NoteRoom,
    CollectionRoom,
    PeopleRoom,
    SearchRoom,
    SignInRoom,
    UploadRoom,
)


@dataclass
class Result:
    """What was seen in a run, or in one share of it."""

    strings: int = 0
    names: int = 0
    kept: int = 0
    refused: int = 0
    faults: int = 0
    lines: list[str] = field(default_factory=list)
    """One for each fault, and for each form that was looked for in vain."""
    seen: set[str] = field(default_factory=set, repr=False)

    @property
    def fields(self) -> int:
        return len(self.seen)

    def add(self, other: "Result") -> None:
        for name in ("strings", "names", "kept", "refused", "faults", "lines"):
            setattr(self, name, getattr(self, name) + getattr(other, name))
        self.seen |= other.seen

    def note(self, text: str, tried: Tried) -> None:
        """Count what became of a string."""
        self.seen.add(tried.field)
        if tried.outcome == "fault":
            self.faults += 1
            self.lines.append(f"{text[:60]!r} as {tried.field}: {tried.fault}")
        elif tried.outcome == "refused":
            self.refused += 1
        else:
            self.kept += 1


def try_strings(folder: Path, say: Callable[[str], None], *, every: int = 1, processes: int = 1) -> Result:
    """`folder` holds `hostile/blns.json` and `hostile/names.json`. Says a line for each fault."""
    _strings(folder), _names(folder)  # what is wrong with the lists is said before anything starts
    whole = Result()
    for part in in_shares(partial(_try_share, folder, every), processes):
        whole.add(part)
        for line in part.lines:
            say(line)
    return whole


def _try_share(folder: Path, every: int, share: Share) -> Result:
    strings, names = share.of_list(_strings(folder)[::every]), share.of_list(_names(folder))
    result = Result(len(strings), len(names))
    with trial() as house:
        client = house.client()
        for text, tried in try_names(house, client, names):
            result.note(text, tried)
        forms = FormRoom(house, client)
        rooms: list[Room] = [*(room(house, client) for room in ROOMS), forms]
        for room in rooms:
            room.learn()
        result.lines += [f"note: {page} has no form that goes to {action}" for page, action in forms.missing]
        for text in strings:
            for room in rooms:
                for tried in room.try_text(text):
                    result.note(text, tried)
        for room in rooms:
            for text, tried in room.look_at_the_end():
                result.note(text, tried)
    return result


def _strings(folder: Path) -> list[str]:
    return [str(each) for each in _list(folder / "hostile" / "blns.json")]


def _names(folder: Path) -> list[str]:
    return [str(each["name"]) for each in _list(folder / "hostile" / "names.json")]


def _list(path: Path) -> list[dict[str, str]]:
    try:
        read = json.loads(path.read_text(encoding="utf-8"))
    except OSError as why:
        raise NoManifest(f"{path} cannot be read: {why.strerror}.") from why
    except ValueError as why:
        raise NoManifest(f"{path} is no JSON: {why}.") from why
    if not isinstance(read, list):
        raise NoManifest(f"{path} is no list.")
    return read
