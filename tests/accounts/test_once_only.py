"""Of several who use a link or a code at the same moment, one comes in. 5,000 races of each: tests/proof."""

import pytest

from assetlib.database import Database
from tests.accounts.once_only import KINDS, winners

ENGINES = ("sqlite", "postgresql")
RACES = 10


@pytest.mark.parametrize("kind", KINDS)
def test_one_of_several_comes_in(database: Database, database_url: str, kind: str) -> None:
    assert winners(database, database_url, kind, RACES) == [1] * RACES
