"""An empty database, on either engine."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests import templates


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.services)])
def nothing_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The address of a database without any table."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path / 'nothing.sqlite'}"
        return
    with templates.postgres_database(request.getfixturevalue("postgres_server"), migrated=False) as url:
        yield url
