"""The web server's own limits."""

import argparse
from pathlib import Path

from assetlib.cli.serve import Server, add_to
from assetlib.settings import Settings


def test_it_takes_the_longest_address_that_it_can(tmp_path: Path) -> None:
    parser = argparse.ArgumentParser()
    add_to(parser)
    assert Server(Settings(home=tmp_path), parser.parse_args([])).cfg.limit_request_line == 8190
