"""Put every string of a corpus into every field where people type, and every name on a file."""

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from assetlib.corpus.asset_rooms import AssetRoom, NoteRoom
from assetlib.corpus.door_rooms import PeopleRoom, SearchRoom, SignInRoom, UploadRoom
from assetlib.corpus.forms import FormRoom
from assetlib.corpus.manifest import NoManifest
from assetlib.corpus.names import try_names
from assetlib.corpus.shelf_rooms import CollectionRoom, SchemaRoom
from assetlib.corpus.trial import Trial, trial
from assetlib.corpus.trying import Room, Tried

ROOMS: tuple[type[Room], ...] = (
    AssetRoom,
    NoteRoom,
    CollectionRoom,
    SchemaRoom,
    PeopleRoom,
    SearchRoom,
    SignInRoom,
    UploadRoom,
)


@dataclass
class Result:
    strings: int = 0
    names: int = 0
    kept: int = 0
    refused: int = 0
    faults: int = 0
    seen: set[str] = field(default_factory=set, repr=False)

    @property
    def fields(self) -> int:
        return len(self.seen)


def try_strings(folder: Path, say: Callable[[str], None], *, every: int = 1) -> Result:
    """`folder` holds `hostile/blns.json` and `hostile/names.json`. Says a line for each fault."""
    strings = [str(each) for each in _list(folder / "hostile" / "blns.json")][::every]
    names = [str(each["name"]) for each in _list(folder / "hostile" / "names.json")]
    result = Result(len(strings), len(names))
    with trial() as house:
        for text, tried in _all(house, strings, names, say):
            result.seen.add(tried.field)
            if tried.outcome == "fault":
                result.faults += 1
                say(f"{text[:60]!r} as {tried.field}: {tried.fault}")
            elif tried.outcome == "refused":
                result.refused += 1
            else:
                result.kept += 1
    return result


def _all(
    house: Trial, strings: list[str], names: list[str], say: Callable[[str], None]
) -> Iterator[tuple[str, Tried]]:
    client = house.client()
    yield from try_names(house, client, names)
    rooms: list[Room] = [room(house, client) for room in ROOMS]
    forms = FormRoom(house, client)
    for place in forms.missing:
        say(f"note: {place.page} has no form that goes to {place.action}")
    for text in strings:
        for room in (*rooms, forms):
            for tried in room.try_text(text):
                yield text, tried
    for room in rooms:
        if isinstance(room, PeopleRoom):
            for tried in room.look_at_the_end():
                yield "all names", tried


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
