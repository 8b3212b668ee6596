"""`assetlib worker`: the process that does what was promised."""

import argparse
import multiprocessing
import signal
from types import FrameType

from assetlib import logs
from assetlib.house import open_house
from assetlib.keeping.starting import must_be_startable
from assetlib.settings import Settings
from assetlib.worker import run_worker


def add_to(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--processes", type=int, default=1)
    parser.set_defaults(run=run)


def run(settings: Settings, asked: argparse.Namespace) -> int:
    must_be_startable(settings)
    if asked.processes == 1:
        _work(settings)
        return 0
    context = multiprocessing.get_context("spawn")
    workers = [context.Process(target=_work, args=(settings,)) for _ in range(asked.processes)]

    def end(number: int, frame: FrameType | None) -> None:  # noqa: ARG001
        for each in workers:
            each.terminate()

    for each in workers:
        each.start()
    signal.signal(signal.SIGTERM, end)
    signal.signal(signal.SIGINT, end)
    for each in workers:
        each.join()
    return 0


def _work(settings: Settings) -> None:
    logs.set_up(settings)
    run_worker(open_house(settings))
