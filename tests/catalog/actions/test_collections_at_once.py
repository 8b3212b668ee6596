from assetlib.catalog.actions.collections import add_assets, move_collection
from assetlib.catalog.models import Collection
from assetlib.database import Database
from tests import make
from tests.catalog.at_once import at_once
from tests.catalog.closures import closure, walked

ENGINES = ("sqlite", "postgresql")


def test_who_moves_or_fills_at_the_same_moment_waits(database: Database) -> None:
    with database.transaction() as session:
        people = make.people(session)
        one, two = (make.collection(session, people.librarian) for _ in range(2))
        assets = [make.asset(session, people.own).id for _ in range(6)]

    def move(what: Collection, where: Collection) -> None:
        with database.transaction() as session:
            get = session.get_one
            move_collection(session, people.librarian, get(Collection, what.id), get(Collection, where.id))

    def fill(ids: list[int]) -> int:
        with database.transaction() as session:
            return add_assets(session, people.librarian, session.get_one(Collection, one.id), ids)

    moved = at_once([lambda: move(one, two), lambda: move(two, one)])
    assert sorted(type(each).__name__ for each in moved) == ["NoneType", "WrongValue"]
    filled = at_once([lambda: fill(assets[:4]), lambda: fill(assets[2:])])
    assert sum(filled) == 6
    with database.transaction() as session:
        assert closure(session) == walked(session)
        places = [item.position for item in session.get_one(Collection, one.id).items]
        assert sorted(places) == list(range(1, 7))
