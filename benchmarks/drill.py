"""How long a drill takes, from the backup to the last download. Target: 10,000 assets in 10 minutes.

.venv/bin/python benchmarks/drill.py [ASSETS [MORE_BYTES_EACH]]
"""

import sys
import tempfile
import time
from pathlib import Path

from assetlib.house import open_house
from assetlib.keeping.drilling import Asked, drill
from assetlib.keeping.upgrading import bring_to_this_version
from assetlib.settings import Settings

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from benchmarks._figures import end, figure
from benchmarks._kept_files import fill

MOST_MINUTES = 10


def main(count: int, padding: int) -> None:
    with tempfile.TemporaryDirectory(prefix="assetlib-drill-") as folder:
        settings = Settings(home=Path(folder) / "home")
        bring_to_this_version(settings, print)
        house = open_house(settings)
        fill(house, count, padding)
        began = time.monotonic()
        report = drill(house, Asked(Path(folder) / "drill"), print)
        minutes = (time.monotonic() - began) / 60
        house.database.close()
        print(report.text())
    figure("minutes of a drill against its target", minutes / MOST_MINUTES, 1)
    figure("things that differ after a drill", sum(not each.is_well for each in report.checks), 0)
    end()


if __name__ == "__main__":
    given = [int(each) for each in sys.argv[1:]]
    main(given[0] if given else 10_000, given[1] if len(given) > 1 else 0)
