"""1 GB over loopback by a Python client, first byte to Complete's answer, against `cp` and sha256 of it.

Three parts at once, as our browser client does; each part with its sha256, checked by the server.
"""

import hashlib
import subprocess
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from http.client import HTTPConnection
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from benchmarks._figures import end, figure
from benchmarks._running import Running, served

SIZE = 1024**3
AT_ONCE = 3
RUNS = 3


def by_hand(source: Path, target: Path) -> float:
    """Seconds for `cp` and `sha256sum` of the file, synced to disk as an upload is."""
    began = time.perf_counter()
    subprocess.run(["cp", source, target], check=True)
    subprocess.run(["sync", target], check=True)
    subprocess.run(["sha256sum", target], check=True, stdout=subprocess.DEVNULL)
    took = time.perf_counter() - began
    target.unlink()
    return took


def upload(site: Running, source: Path, mtime: int) -> float:
    """Seconds from the first byte to Complete's answer."""
    asked = {"name": "film.bin", "size": SIZE, "mtime": mtime, "fingerprint": f"bench-{mtime}"}
    opened = site.call("POST", "/api/v1/uploads", asked)
    size = opened["part_size"]
    count = -(-SIZE // size)

    def send(number: int) -> None:
        with source.open("rb") as file:
            file.seek((number - 1) * size)
            part = file.read(size)
        connection = HTTPConnection("127.0.0.1", site.port, timeout=300)
        connection.request(
            "PUT",
            f"/api/v1/uploads/{opened['id']}/parts/{number}",
            part,
            {
                **site.headers(),
                "X-Part-Sha256": hashlib.sha256(part).hexdigest(),
                "Content-Type": "application/octet-stream",
            },
        )
        answer = connection.getresponse()
        body = answer.read()
        assert answer.status == 200, body
        connection.close()

    began = time.perf_counter()
    with ThreadPoolExecutor(AT_ONCE) as pool:
        list(pool.map(send, range(1, count + 1)))
    site.call("POST", f"/api/v1/uploads/{opened['id']}/complete")
    return time.perf_counter() - began


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        source = Path(folder) / "film.bin"
        subprocess.run(["head", "-c", str(SIZE), "/dev/urandom"], check=True, stdout=source.open("wb"))
        with served(Path(folder) / "home") as site:
            site.call("GET", "/api/v1/me")
            before = site.memory_peak()
            copy = Path(folder) / "copy.bin"
            ratios = [upload(site, source, run) / by_hand(source, copy) for run in range(RUNS)]
            grown = site.memory_peak() - before
    figure("upload of 1 GB over loopback, time", sorted(ratios)[RUNS // 2], 2)
    figure("upload of 1 GB, growth of the web process in MB / 50", grown / 1_000_000 / 50, 1)
    end()


if __name__ == "__main__":
    main()
