"""Many people at once, each on a line of their own, who look at something and then think about it."""

import asyncio
import random
import time
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

THINKS = 1.0
"""Seconds, on average; half as long at least, half as long again at most."""


@dataclass(frozen=True)
class Asked:
    """One request: what sort it is, where it goes, and what it says of itself."""

    sort: str
    path: str
    headers: tuple[tuple[str, str], ...] = ()


Choose = Callable[[random.Random], Asked]


@dataclass
class Tally:
    """What came of it."""

    times: list[float] = field(default_factory=list)
    """Seconds from the first byte sent to the last byte read."""
    sorts: Counter[str] = field(default_factory=Counter)
    slowest: dict[str, list[float]] = field(default_factory=dict)
    errors: Counter[str] = field(default_factory=Counter)
    seconds: float = 0.0

    @property
    def per_second(self) -> float:
        return len(self.times) / self.seconds

    def percentile(self, percent: float) -> float:
        ordered = sorted(self.times)
        return ordered[min(len(ordered) - 1, int(len(ordered) * percent / 100))]


async def _person(
    port: int, cookie: str, choose: Choose, seed: int, begins: float, ends: float, tally: Tally
) -> None:
    chance = random.Random(seed)
    loop = asyncio.get_running_loop()
    await asyncio.sleep(max(begins - loop.time(), 0) + chance.random() * THINKS)
    line: tuple[asyncio.StreamReader, asyncio.StreamWriter] | None = None
    while loop.time() < ends:
        asked = choose(chance)
        began = time.perf_counter()
        try:
            if line is None:
                line = await asyncio.open_connection("127.0.0.1", port)
            status, stays = await _ask(line, cookie, asked)
        except (OSError, asyncio.IncompleteReadError):
            if line is not None:
                line[1].close()
            # A line that was let go while its person thought is opened again, as a browser does.
            line = await asyncio.open_connection("127.0.0.1", port)
            status, stays = await _ask(line, cookie, asked)
        took = time.perf_counter() - began
        if not stays:
            line[1].close()
            line = None
        tally.times.append(took)
        tally.sorts[asked.sort] += 1
        tally.slowest.setdefault(asked.sort, []).append(took)
        if status not in (200, 304):
            tally.errors[f"{asked.sort} {asked.path.partition('?')[0]} {status}"] += 1
        await asyncio.sleep(THINKS * (0.5 + chance.random()))
    if line is not None:
        line[1].close()


async def _ask(
    line: tuple[asyncio.StreamReader, asyncio.StreamWriter], cookie: str, asked: Asked
) -> tuple[int, bool]:
    """The status, and whether the line stays open. The whole answer is read."""
    reader, writer = line
    more = "".join(f"{name}: {value}\r\n" for name, value in asked.headers)
    writer.write(
        f"GET {asked.path} HTTP/1.1\r\nHost: 127.0.0.1\r\nCookie: {cookie}\r\n{more}"
        "Accept-Encoding: identity\r\n\r\n".encode()
    )
    head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
    first, _, rest = head.partition("\r\n")
    fields = {
        name.lower(): value.strip()
        for name, _, value in (each.partition(":") for each in rest.split("\r\n") if each)
    }
    status = int(first.split()[1])
    if fields.get("transfer-encoding") == "chunked":
        while size := int((await reader.readline()).strip(), 16):
            await reader.readexactly(size + 2)
        await reader.readline()
    elif status != 304:
        await reader.readexactly(int(fields.get("content-length", "0")))
    return status, fields.get("connection", "").lower() != "close"


def crowd(port: int, cookies: Sequence[str], choices: Sequence[Choose], *, seconds: float) -> Tally:
    """Let one person per cookie do what their choice says for so long."""
    tally = Tally(seconds=seconds)

    async def all_of_them() -> None:
        begins = asyncio.get_running_loop().time()
        await asyncio.gather(
            *(
                _person(port, cookie, choose, seed, begins, begins + seconds, tally)
                for seed, (cookie, choose) in enumerate(zip(cookies, choices, strict=True))
            )
        )

    asyncio.run(all_of_them())
    return tally
