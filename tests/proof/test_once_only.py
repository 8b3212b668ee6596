"""5,000 races for each thing that opens a door once: invitation, new password, code, recovery code."""

import sys
import time
from collections import Counter

import pytest

from assetlib.database import Database
from tests.accounts.once_only import KINDS, RUNNERS, winners

pytestmark = pytest.mark.proof

RACES = 5_000


@pytest.mark.parametrize("kind", KINDS)
def test_it_is_used_once(
    database: Database, database_url: str, kind: str, capsys: pytest.CaptureFixture[str]
) -> None:
    begun = time.monotonic()
    seen = Counter(winners(database, database_url, kind, RACES))
    took = time.monotonic() - begun
    with capsys.disabled():
        sys.stdout.write(f"\n{kind}: {RACES} races of {RUNNERS} processes, {took:.0f} s: {dict(seen)}\n")
    assert seen == {1: RACES}
