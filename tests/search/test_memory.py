"""The memory keeper keeps the promise."""

import pytest

from assetlib.search.memory import MemoryIndex
from tests.search.contract import SearchIndexContract


class TestMemoryIndex(SearchIndexContract):
    @pytest.fixture
    def index(self) -> MemoryIndex:
        return MemoryIndex()
