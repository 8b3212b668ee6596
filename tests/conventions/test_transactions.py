"""Only `database.py` commits, and only `clock.py` looks at the clock."""

import pytest

from tests.conventions.sources import Source, called, calls, packages_imported, sources

INDEX_FILES = ("assetlib/search/whoosh_index.py", "assetlib/search/whoosh_files.py")
"""They commit to files of the index, and do not know the database."""
SESSIONS = ("Session", "sessionmaker", "scoped_session", "Connection")


def others() -> list[Source]:
    return [each for each in sources() if each.place != "assetlib/database.py"]


def test_nothing_but_the_database_commits_or_rolls_back() -> None:
    found = [
        source.at(call)
        for source in others()
        if source.place not in INDEX_FILES
        for call in calls(source.tree)
        if called(call) in ("commit", "rollback", "begin_nested")
    ]
    assert found == []


@pytest.mark.parametrize("place", INDEX_FILES)
def test_what_commits_files_does_not_know_the_database(place: str) -> None:
    source = next(each for each in sources() if each.place == place)
    assert "sqlalchemy" not in {name for _, name in packages_imported(source.tree)}
    assert all(module != "assetlib.database" for module, _ in source.imported().values())


def test_nothing_but_the_database_opens_a_session_or_an_engine() -> None:
    found = []
    for source in others():
        from_sqlalchemy = {
            name for name, (module, _) in source.imported().items() if module.split(".")[0] == "sqlalchemy"
        }
        found += [
            source.at(call)
            for call in calls(source.tree)
            if called(call) in {*SESSIONS, "create_engine"} & from_sqlalchemy
        ]
    assert found == []


def test_nothing_but_the_clock_says_what_time_it_is() -> None:
    found = [
        source.at(call)
        for source in sources()
        if source.place != "assetlib/clock.py"
        for call in calls(source.tree)
        if called(call) in ("utcnow", "today", "now") and _asks_the_system(call, source)
    ]
    assert found == []


def _asks_the_system(call: object, source: Source) -> bool:
    owner = getattr(getattr(call, "func", None), "value", None)
    name = getattr(owner, "id", None) or getattr(owner, "attr", None)
    return name in ("datetime", "date")
