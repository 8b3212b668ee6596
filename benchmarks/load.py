"""Two hundred people at work on ten thousand assets, while files come in and previews are made.

One machine: two web processes, one worker, the senders and the crowd itself share its processors. The mix is
printed, and what two processors were worth before and after: shared hardware often gives less than it counts.
`LOAD_SECONDS` says for how long, 300 unless told.
"""

import hashlib
import io
import json
import os
import random
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from functools import cache
from http.client import HTTPConnection
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from PIL import Image
from sqlalchemy import func, select, update

from assetlib import clock
from assetlib.access.actor import AGENCY_CONTRIBUTOR, FIELD_MARKETER, LIBRARIAN, PARTNER, SYSTEM
from assetlib.accounts.actions import add_person
from assetlib.accounts.models import Organisation
from assetlib.accounts.sessions import open_session
from assetlib.catalog.models import Asset, Rendition, UsageRight, Version
from assetlib.catalog.queries.actors import actor_of
from assetlib.catalog.queries.visibility import visible_to
from assetlib.cli import main as assetlib
from assetlib.house import House, open_house
from assetlib.jobs.models import QUEUED, RUNNING, Job, Schedule
from assetlib.search.checking import rebuild
from assetlib.settings import Settings
from assetlib.storage.models import Blob
from benchmarks._crowd import Asked, Choose, crowd
from benchmarks._figures import end, figure
from benchmarks._library_rows import REGIONS, WORDS, fill
from benchmarks._processors import at_once
from benchmarks._running import form_token, wait_for

ROOT = Path(__file__).resolve().parent.parent
ASSETS = 10_000
PEOPLE = {FIELD_MARKETER: 120, PARTNER: 40, AGENCY_CONTRIBUTOR: 20, LIBRARIAN: 20}
KIND_OF = {FIELD_MARKETER: "own", LIBRARIAN: "own", PARTNER: "partner", AGENCY_CONTRIBUTOR: "agency"}
MIX = {
    "library": 6, "faceted search": 10, "suggestions": 3, "picture": 28, "picture seen before": 36,
    "asset": 9, "collections": 1, "my work": 4, "download": 3,
}  # fmt: skip
"""Of a hundred requests. A page of the library names 48 pictures, of which a browser asks for those in sight;
what it has kept it asks for again by its tag, because somebody may have closed it meanwhile."""
SIZE = 9_000
"""Bytes of a preview."""
SENT_EVERY = 2.0
"""Seconds between two files of the senders."""
LEAST_PER_SECOND, MOST_SECONDS = 150, 0.300


def prepare(home: Path) -> tuple[House, list[tuple[str, list[int]]], str]:
    """Rows, previews that are really there, and people signed in: cookie and what each may see."""
    os.environ["ASSETLIB_HOME"] = str(home)
    assert assetlib(["migrate"]) == 0
    house = open_house(Settings.from_env(os.environ))
    with house.database.transaction() as session:
        fill(session, ASSETS)
    _give_bytes(house)
    rebuild(house.database, house.index)
    people = []
    with house.database.transaction() as session:
        of = {row.kind: row for row in session.scalars(select(Organisation))}
        for role, count in PEOPLE.items():
            for number in range(count):
                person = add_person(
                    session, SYSTEM, of[KIND_OF[role]],
                    name=f"{role} {number}", email=f"{role}{number}@crowd.example", roles=[role],
                )  # fmt: skip
                token = open_session(session, person, address="127.0.0.1", browser="crowd")
                visible = session.scalars(
                    select(Asset.id)
                    .join(UsageRight)
                    .where(visible_to(actor_of(session, person.id)), Asset.state == "published")
                    .where(UsageRight.ends_on >= clock.today())
                    .limit(400)
                    .offset(number * 7)
                ).all()
                people.append((token, list(visible)))
        sender = add_person(
            session, SYSTEM, of["agency"], name="Sender", email="sender@crowd.example",
            roles=[AGENCY_CONTRIBUTOR],
        )  # fmt: skip
        sender_token = open_session(session, sender, address="127.0.0.1", browser="sender")
    return house, people, sender_token


def _give_bytes(house: House) -> None:
    """Each asset's file, which is its preview too, of the size that a preview has."""
    content = os.urandom(SIZE)
    with house.database.reading() as session:
        keys = session.scalars(select(Blob.key)).all()
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda each: house.store.put(each, io.BytesIO(content), SIZE), keys))
    with house.database.transaction() as session:
        session.execute(update(Blob).values(size=SIZE, sha256=hashlib.sha256(content).hexdigest()))
        session.execute(update(Rendition).values(size=SIZE))


def preview_of(house: House) -> bytes:
    with house.database.reading() as session:
        key = session.scalars(select(Blob.key).limit(1)).one()
    with house.store.open(key) as stream:
        return stream.read()


def drawn(home: Path) -> int:
    """How many of the files that were sent have all their previews."""
    house = open_house(Settings(home=home))
    with house.database.reading() as session:
        count = session.scalar(
            select(func.count())
            .select_from(Version)
            .where(Version.id > ASSETS, Version.preview_state == "ready")
        )
    house.database.close()
    return count or 0


def settle(home: Path, *, seconds: float = 600.0) -> None:
    """Let the worker do what comes round each hour and night: in a new house all of it is due at once."""
    house = open_house(Settings(home=home))
    ends = time.monotonic() + seconds
    while not _is_at_rest(house):
        if time.monotonic() > ends:
            raise SystemExit("the worker did not come to rest")
        time.sleep(1)
    house.database.close()


def _is_at_rest(house: House) -> bool:
    """The worker has planned what comes round, and did all that was due."""
    moment = clock.now()
    due = Schedule.next_at <= moment
    unfinished = Job.state.in_((QUEUED, RUNNING)), Job.run_at <= moment
    with house.database.reading() as session:
        known, left, jobs = (
            session.scalar(select(func.count()).select_from(each).where(*where)) or 0
            for each, where in ((Schedule, ()), (Schedule, (due,)), (Job, unfinished))
        )
    return known > 0 and left == 0 and jobs == 0


@contextmanager
def running(home: Path) -> Iterator[int]:
    """The product as `make run` has it: two web processes and a worker; its port."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = int(probe.getsockname()[1])
    processes = [
        subprocess.Popen(
            [sys.executable, "-m", "assetlib.cli", *arguments],
            cwd=ROOT,
            env={**os.environ, "ASSETLIB_HOME": str(home)},
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        for arguments in (["serve", "--port", str(port)], ["worker"])
    ]
    try:
        wait_for(port)
        yield port
    finally:
        for each in processes:
            each.send_signal(signal.SIGTERM)
        for each in processes:
            each.wait(60)


def choosing(visible: list[int], tag: str) -> Choose:
    """What one person asks for next. What they saw once, they ask for by its ETag."""
    sorts, weights = list(MIX), list(MIX.values())

    def choose(chance: random.Random) -> Asked:
        sort = chance.choices(sorts, weights)[0]
        asset = chance.choice(visible)
        word, region = chance.choice(WORDS), chance.choice(REGIONS)
        path = {
            "library": f"/library?q={word}" if chance.random() < 0.5 else "/library",
            "faceted search": f"/library?q={word}+region:{region}+format:jpeg",
            "suggestions": f"/api/v1/suggestions?q={word[:3]}",
            "picture": f"/renditions/{asset}/thumb",
            "picture seen before": f"/renditions/{asset}/thumb",
            "asset": f"/assets/{asset}",
            "collections": "/collections",
            "my work": "/my-work",
            "download": f"/assets/{asset}/download?form=original",
        }[sort]
        return Asked(sort, path, (("If-None-Match", f'"{tag}"'),) if sort == "picture seen before" else ())

    return choose


def send_files(port: int, token: str, stop: threading.Event, sent: list[str]) -> None:
    """A photograph of about 2 MB every other second, as the upload protocol has it, until told to stop."""
    csrf, cookie = form_token(port, token)
    headers = {"Cookie": f"assetlib={token}; {cookie}", "X-CSRF-Token": csrf}

    def call(method: str, path: str, body: bytes | None = None, **more: str) -> bytes:
        connection = HTTPConnection("127.0.0.1", port, timeout=60)
        connection.request(method, path, body, {**headers, **more})
        answer = connection.getresponse()
        text = answer.read()
        connection.close()
        if answer.status >= 300:
            raise SystemExit(f"upload: {method} {path} {answer.status} {text[:300]!r}")
        return text

    while not stop.wait(SENT_EVERY):
        data = photograph(len(sent))
        asked = {
            "name": f"crowd-{len(sent)}.jpg",
            "size": len(data),
            "mtime": 1,
            "fingerprint": str(len(sent)),
        }
        opened = json.loads(
            call(
                "POST", "/api/v1/uploads", json.dumps(asked).encode(), **{"Content-Type": "application/json"}
            )
        )
        size = opened["part_size"]
        for number, start in enumerate(range(0, len(data), size), 1):
            part = data[start : start + size]
            call(
                "PUT", f"/api/v1/uploads/{opened['id']}/parts/{number}", part,
                **{
                    "X-Part-Sha256": hashlib.sha256(part).hexdigest(),
                    "Content-Type": "application/octet-stream",
                },
            )  # fmt: skip
        call("POST", f"/api/v1/uploads/{opened['id']}/complete", b"")
        sent.append(opened["id"])


@cache
def _scene() -> bytes:
    """3000 × 2000 points, drawn once: those who send stand at machines of their own."""
    chance = random.Random(1)
    small = Image.frombytes("RGB", (300, 200), chance.randbytes(300 * 200 * 3))
    kept = io.BytesIO()
    small.resize((3000, 2000), Image.Resampling.BICUBIC).save(kept, "JPEG", quality=88)
    return kept.getvalue()


def photograph(number: int) -> bytes:
    """A photograph whose bytes no other has: a comment right after its beginning says which it is."""
    said = f"photograph {number}".encode()
    return _scene()[:2] + b"\xff\xfe" + (len(said) + 2).to_bytes(2, "big") + said + _scene()[2:]


def main() -> None:
    seconds = float(os.environ.get("LOAD_SECONDS", "300"))
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder) / "home"
        house, people, sender = prepare(home)
        tag = hashlib.sha256(preview_of(house)).hexdigest()
        house.database.close()
        with running(home) as port:
            settle(home)
            worth = [at_once(2)]
            stop, sent = threading.Event(), []
            photograph(0)
            beside = threading.Thread(target=send_files, args=(port, sender, stop, sent))
            beside.start()
            try:
                tally = crowd(
                    port,
                    [f"assetlib={token}" for token, _ in people],
                    [choosing(visible, tag) for _, visible in people],
                    seconds=seconds,
                )
            finally:
                stop.set()
                beside.join()
            made = drawn(home)
            worth.append(at_once(2))
    print(f"{len(people)} people, {ASSETS:,} assets, {seconds:.0f} s: {len(tally.times):,} requests")
    for sort, share in MIX.items():
        times = sorted(tally.slowest.get(sort, [0.0]))
        print(
            f"  {sort}: {share} of 100, {tally.sorts[sort]:,} asked, "
            f"half within {times[len(times) // 2] * 1000:.0f} ms, "
            f"95 of 100 within {times[int(len(times) * 0.95)] * 1000:.0f} ms"
        )
    print(f"  beside them: {len(sent)} files of about 2 MB sent, {made} of them with all previews")
    print(
        f"  {tally.per_second:.0f} requests a second; 50, 95 and 99 of 100 within "
        f"{tally.percentile(50) * 1000:.0f}, {tally.percentile(95) * 1000:.0f} and "
        f"{tally.percentile(99) * 1000:.0f} ms"
    )
    print(f"  two processors did {worth[0]:.2f} times the work of one before, {worth[1]:.2f} times after")
    for what, count in tally.errors.most_common(10):
        print(f"  error: {what}: {count} times")
    figure("load, requests a second as 150 / measured", LEAST_PER_SECOND / tally.per_second, 1)
    figure("load, 95th percentile / 300 ms", tally.percentile(95) / MOST_SECONDS, 1)
    figure("load, errors", sum(tally.errors.values()), 0)
    end()


if __name__ == "__main__":
    main()
