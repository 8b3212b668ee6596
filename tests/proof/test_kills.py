"""Web server and worker are killed at random moments while files go up; nothing acknowledged is lost.

A few times in every run, a hundred times in `make proof`.
"""

import threading
import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from random import Random

import pytest

from assetlib.accounts.queries import get_person
from assetlib.accounts.sessions import open_session
from assetlib.house import House, open_house
from assetlib.settings import Settings
from tests.proof import reckoning
from tests.proof.files import Files
from tests.proof.sending import Acknowledged, Line, Sender, Tally
from tests.proof.served import NAMES, Served

PATIENCE = 60.0
"""Seconds that a server may take to answer on a busy machine."""


@pytest.fixture
def served(tmp_path: Path, empty_database_file: Path) -> Iterator[Served]:
    running = Served(tmp_path / "home", empty_database_file)
    try:
        for name in NAMES:
            running.start(name)
        assert running.answers_within(PATIENCE)
        yield running
    finally:
        running.end_hard()


@pytest.fixture
def house(served: Served) -> Iterator[House]:
    opened = open_house(Settings(home=served.home))
    yield opened
    opened.database.close()


@dataclass
class Senders:
    """Several people's worth of files, one after the other until told to stop; each is seen through."""

    line: Line
    files: Files
    acknowledged: list[Acknowledged] = field(default_factory=list)
    stopping: threading.Event = field(default_factory=threading.Event)

    def run(self, seed: int) -> None:
        random = Random(seed)
        sender = Sender(self.line, random)
        while not self.stopping.is_set():
            arrived = sender.send(self.files.next())
            if arrived is not None:
                self.acknowledged.append(arrived)
            self.stopping.wait(random.uniform(0, 1.5))


@dataclass
class Kills:
    """How often what was killed, and how many of them cut a request off."""

    of: Counter[str] = field(default_factory=Counter)
    in_flight: int = 0
    in_complete: int = 0

    def strike(self, served: Served, tally: Tally, victims: tuple[str, ...]) -> None:
        if "serve" in victims:
            self.in_flight += tally.flying > 0
            self.in_complete += tally.completing > 0
        for name in victims:
            served.kill(name)
        self.of["both" if len(victims) > 1 else victims[0]] += 1
        for name in victims:
            served.start(name)


def kill_many(served: Served, tally: Tally, count: int, random: Random) -> Kills:
    """Kill one or both, so often; sometimes before they are up again, sometimes in the middle of Complete."""
    kills = Kills()
    sorts = [("serve",), ("worker",), NAMES, ("serve",)]
    for turn in range(count):
        victims = sorts[turn] if turn < len(sorts) else random.choice(sorts)
        if turn < len(sorts) or random.random() < 0.85:
            assert served.answers_within(PATIENCE), "the web server did not come back"
            time.sleep(random.uniform(0.1, 2.0))
            if random.random() < 0.4:
                wait_for_complete(tally, 2.0)
        else:
            time.sleep(random.uniform(0, 1.0))
        kills.strike(served, tally, victims)
    assert served.answers_within(PATIENCE), "the web server did not come back"
    return kills


def wait_for_complete(tally: Tally, seconds: float) -> None:
    deadline = time.monotonic() + seconds
    while not tally.completing and time.monotonic() < deadline:
        time.sleep(0.001)
    time.sleep(0.005 * Random(tally.lost).random())


def play(served: Served, house: House, *, kills: int, senders: int, seed: int, patience: float) -> str:
    """Send, kill, let everything come to rest, and reckon; what happened, in one line."""
    sender = served.people.contributor.person_id
    assert sender is not None
    with house.database.transaction() as session:
        person = get_person(session, sender)
        token = open_session(session, person, address="127.0.0.1", browser="proof")
    tally = Tally()
    line = Line(served.port, token, tally)
    line.learn_form_token()
    sending = Senders(line, Files(Random(seed)))
    with ThreadPoolExecutor(senders) as pool:
        running = [pool.submit(sending.run, seed + number) for number in range(senders)]
        try:
            struck = kill_many(served, tally, kills, Random(seed))
        finally:
            sending.stopping.set()
        for each in running:
            each.result()
    acknowledged = sending.acknowledged
    reckoning.wait_until_idle(house, patience)
    served.end()
    reckoning.nothing_was_given_up(house)
    reckoning.all_are_there(house, acknowledged)
    reckoning.nothing_came_twice(house, acknowledged)
    swept = reckoning.sweep_in_a_month(house)
    reckoning.rows_and_bytes_agree(house)
    reckoning.all_are_there(house, acknowledged)
    reckoning.commands_are_content(served)
    assert sum(struck.of.values()) == kills
    assert tally.lost + tally.unheard, "nobody noticed a kill: this proves nothing"
    assert kills < 100 or struck.in_flight > 10, "hardly a kill cut a request off: this proves little"
    megabytes = sum(each.size for each in acknowledged) / 1_000_000
    return (
        f"{kills} kills ({', '.join(f'{name} {count}' for name, count in sorted(struck.of.items()))}), "
        f"{struck.in_flight} with requests in flight, {struck.in_complete} during Complete; "
        f"{len(acknowledged)} files acknowledged ({megabytes:,.0f} MB), all there and whole; "
        f"{tally.lost} requests cut off, {tally.unheard} calls unheard, {tally.unavailable} answers of 5xx, "
        f"{tally.completed_again} completed again, {tally.begun_anew} begun anew, "
        f"{tally.left} left, {tally.cancelled} cancelled; {swept} swept"
    )


def test_a_few_kills(served: Served, house: House) -> None:
    play(served, house, kills=4, senders=3, seed=4, patience=90)


@pytest.mark.proof
def test_a_hundred_kills(
    served: Served, house: House, request: pytest.FixtureRequest, capsys: pytest.CaptureFixture[str]
) -> None:
    happened = play(served, house, kills=100, senders=3, seed=100, patience=1800)
    with capsys.disabled():
        request.config.get_terminal_writer().line(f"\nproof: {happened}")
