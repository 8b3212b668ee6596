"""A place with a few assets whose files are really there, and what was promised to somebody in it."""

from dataclasses import dataclass
from pathlib import Path

from assetlib.house import House, open_house
from assetlib.keeping.upgrading import bring_to_this_version
from assetlib.search.checking import rebuild
from assetlib.settings import Settings
from tests import make

OLD = {"made": "long ago"}


@dataclass(frozen=True)
class Place:
    """A house, and the bytes behind each key in it."""

    house: House
    people: make.People
    contents: dict[str, bytes]

    @property
    def home(self) -> Path:
        return self.house.settings.home


def make_place(settings: Settings, assets: int = 3) -> Place:
    """So many assets, each with an original and a thumbnail, in the index too."""
    bring_to_this_version(settings, print)
    house = open_house(settings)
    with house.database.transaction() as session:
        people = make.people(session)
    place = Place(house, people, {})
    for number in range(assets):
        add_asset(place, f"the bytes of asset {number}".encode() * (1 + number))
    rebuild(house.database, house.index)
    return place


def add_asset(place: Place, content: bytes) -> int:
    """One more asset; its id."""
    house = place.house
    with house.database.transaction() as session:
        asset = make.asset(session, place.people.own, versions=0)
        version = make.version(session, asset, content=content, store=house.store)
        thumb = b"thumbnail of " + content[:40]
        rendition = make.rendition(session, version, content=thumb, store=house.store)
        kept = session.get_one(make.Blob, version.blob_id), session.get_one(make.Blob, rendition.blob_id)
    place.contents.update({kept[0].key: content, kept[1].key: thumb})
    return asset.id


def contents_of(house: House) -> dict[str, bytes]:
    """Key → bytes of everything in a store."""
    found = {}
    for facts in house.store.list():
        with house.store.open(facts.key) as readable:
            found[facts.key] = readable.read()
    return found
