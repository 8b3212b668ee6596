"""The keeper on local disk keeps the promise, also when things break."""

import fcntl
import subprocess
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from assetlib.search.index import IndexBroken, IndexBusy, open_index
from assetlib.search.memory import MemoryIndex
from assetlib.search.segment import Segment
from assetlib.search.whoosh_index import WhooshIndex
from assetlib.settings import Settings
from tests.search.contract import SearchIndexContract
from tests.search.documents import document, find, ids


class TestWhooshIndex(SearchIndexContract):
    @pytest.fixture
    def index(self, tmp_path: Path) -> WhooshIndex:
        return WhooshIndex(tmp_path / "index")


def test_the_files_written_are_read_by_another_opener(tmp_path: Path) -> None:
    WhooshIndex(tmp_path).replace([document(1, "Lake"), document(2, "Ridge")])
    other = WhooshIndex(tmp_path)
    assert ids(other, "lake") == [1]
    WhooshIndex(tmp_path).replace([document(1, "Ridge")])
    assert ids(other, "ridge") == [2, 1]


@pytest.mark.parametrize("damage", [None, b"", b"nonsense"])
def test_arrays_beside_a_segment_are_only_a_shortcut(tmp_path: Path, damage: bytes | None) -> None:
    WhooshIndex(tmp_path).replace([document(1, "Lake", tags=("a", "b"), width=3)])
    (arrays,) = tmp_path.glob("*/*.flat")
    if damage is None:
        arrays.unlink()
    else:
        arrays.write_bytes(damage)
    again = WhooshIndex(tmp_path)
    assert ids(again, "lake #a width:3") == [1]
    again.replace([document(2, "Ridge")])
    assert Segment.load(arrays).ids.tolist() == [1]
    assert again.check() == ()


def test_who_is_reading_reads_on_when_a_writer_clears_the_files_away(tmp_path: Path) -> None:
    index = WhooshIndex(tmp_path)
    index.replace([document(1, "Lake")])
    reading = WhooshIndex(tmp_path)._load()
    for file in tmp_path.glob("*/*"):
        file.unlink()
    assert reading.document(0).texts["title"] == ("Lake",)


def test_many_small_changes_are_merged(tmp_path: Path) -> None:
    index = WhooshIndex(tmp_path)
    for turn in range(40):
        index.replace([document(n, f"turn{turn} lake") for n in (1, 100 + turn)])
    assert ids(index, "turn39") == [139, 1]
    assert find(index, "lake").total == 41
    assert len(list(tmp_path.glob("*/*.trm"))) <= 9
    assert index.check() == ()


def test_a_writer_waits_its_turn_and_then_says_so(tmp_path: Path) -> None:
    index = WhooshIndex(tmp_path, seconds_to_wait=0.05)
    with (tmp_path / "write.lock").open("w") as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        with pytest.raises(IndexBusy):
            index.replace([document(1)])
    index.replace([document(1)])
    assert ids(index) == [1]


def test_many_may_ask_while_one_writes(tmp_path: Path) -> None:
    """Each answer is one of a whole change: all five documents speak of the same turn."""
    index = WhooshIndex(tmp_path)
    index.replace([document(n, "turn0", tags=("turn0",)) for n in range(5)])
    done = threading.Event()

    def ask(reader: WhooshIndex) -> int:
        answers = 0
        while not done.is_set():
            answer = find(reader, "turn*", facets=("tag",))
            assert [value.count for value in answer.facets["tag"]] == [5]
            assert {hit.why[0].field for hit in answer.hits} == {"title"}
            answers += 1
        return answers

    with ThreadPoolExecutor(4) as pool:
        asking = [
            pool.submit(ask, each) for each in (index, index, WhooshIndex(tmp_path), WhooshIndex(tmp_path))
        ]
        try:
            for turn in range(1, 25):
                index.replace([document(n, f"turn{turn}", tags=(f"turn{turn}",)) for n in range(5)])
                if turn % 8 == 0:
                    rebuild = index.begin_rebuild()
                    rebuild.add([document(n, f"turn{turn}", tags=(f"turn{turn}",)) for n in range(5)])
                    rebuild.finish()
        finally:
            done.set()
        assert all(each.result() > 0 for each in asking)


def test_a_switch_while_somebody_looks_is_no_fault(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The reader has read which folder is in use; before it looks there, a rebuild clears it away."""
    index, reader = WhooshIndex(tmp_path), WhooshIndex(tmp_path)
    index.replace([document(1, "Lake")])
    is_dir = Path.is_dir

    def switch_before(path: Path) -> bool:
        monkeypatch.setattr(Path, "is_dir", is_dir)
        rebuild = index.begin_rebuild()
        rebuild.add([document(2, "Lake")])
        rebuild.finish()
        return path.is_dir()

    monkeypatch.setattr(Path, "is_dir", switch_before)
    assert ids(reader, "lake") == [2]


def test_two_rebuilds_at_once_are_refused(tmp_path: Path) -> None:
    index = WhooshIndex(tmp_path)
    rebuild = index.begin_rebuild()
    with pytest.raises(IndexBusy):
        WhooshIndex(tmp_path).begin_rebuild()
    rebuild.abandon()
    index.begin_rebuild().abandon()


def test_readers_go_on_while_a_rebuild_switches(tmp_path: Path) -> None:
    index, other = WhooshIndex(tmp_path), WhooshIndex(tmp_path)
    index.replace([document(1, "Old")])
    assert ids(other, "old") == [1]
    rebuild = index.begin_rebuild()
    rebuild.add([document(2, "New")])
    other.replace([document(3, "Late")])
    assert rebuild.finish() == {3}
    assert ids(other, "new") == [2]
    assert len([each for each in tmp_path.iterdir() if each.is_dir()]) == 1


@pytest.mark.parametrize("pattern", ["*/*.toc", "*/*.trm", "*/*._stored.col", "CURRENT"])
@pytest.mark.parametrize("damage", [b"", b"nonsense" * 20, None])
def test_a_broken_index_says_so_and_can_be_built_again(
    tmp_path: Path, pattern: str, damage: bytes | None
) -> None:
    WhooshIndex(tmp_path).replace([document(1, "Lake")])
    for file in (*tmp_path.glob(pattern), *tmp_path.glob("*/*.flat")):
        if damage is None:
            file.unlink()
        else:
            file.write_bytes(damage)
    index = WhooshIndex(tmp_path)
    if pattern == "CURRENT" and damage is None:
        assert ids(index) == []  # as new
    else:
        with pytest.raises(IndexBroken):
            ids(index, "lake")
        assert index.check() != ()
    rebuild = index.begin_rebuild()
    rebuild.add([document(1, "Lake")])
    rebuild.finish()
    assert ids(index, "lake") == [1]
    assert index.check() == ()


WRITE_UNTIL_KILLED = """
import sys
from pathlib import Path
from assetlib.search.segment import Segment
from assetlib.search.whoosh_index import WhooshIndex
from tests.search.documents import document
index = WhooshIndex(Path(sys.argv[1]))
turn = 0
while True:
    turn += 1
    index.replace([document(n, f"turn{turn}") for n in range(1, 6)])
    print(turn, flush=True)
"""


@pytest.mark.parametrize("delay", [0.0, 0.011, 0.023, 0.037])
def test_a_writer_killed_at_any_moment_leaves_a_whole_index(tmp_path: Path, delay: float) -> None:
    with subprocess.Popen(
        [sys.executable, "-W", "ignore", "-c", WRITE_UNTIL_KILLED, str(tmp_path)],
        stdout=subprocess.PIPE,
        text=True,
    ) as writer:
        assert writer.stdout is not None
        told = [int(writer.stdout.readline()) for _ in range(3)][-1]
        time.sleep(delay)
        writer.kill()
        told = max([told, *(int(line) for line in writer.stdout.read().split() if line.isdecimal())])
    index = WhooshIndex(tmp_path)
    assert set(ids(index)) == {1, 2, 3, 4, 5}
    assert any(len(ids(index, f'"turn{turn}"')) == 5 for turn in (told, told + 1))
    assert index.check() == ()
    index.replace([document(6, "after")])
    assert ids(index, "after") == [6]


def test_a_change_that_fails_leaves_nothing(tmp_path: Path) -> None:
    index = WhooshIndex(tmp_path)
    index.replace([document(1, "Lake")])
    with pytest.raises(TypeError):
        index.replace([document(1, "Ridge"), document(2, texts={"text": (None,)})])  # type: ignore[dict-item]  # meant to fail
    assert ids(index, "lake") == [1]
    index.replace([document(2, "Ridge")])
    assert set(ids(index)) == {1, 2}


@pytest.mark.parametrize(("kind", "keeper"), [("whoosh", WhooshIndex), ("memory", MemoryIndex)])
def test_settings_name_the_keeper(tmp_path: Path, kind: Any, keeper: type[object]) -> None:
    assert isinstance(open_index(Settings(home=tmp_path, search_kind=kind)), keeper)


def test_an_unknown_keeper_is_refused(tmp_path: Path) -> None:
    kind: Any = "nosuch"
    with pytest.raises(ValueError, match="nosuch"):
        open_index(Settings(home=tmp_path, search_kind=kind))
