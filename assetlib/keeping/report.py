"""What a drill found, for programs and for people."""

import json
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any


@dataclass(frozen=True)
class Check:
    """One comparison. `said` is a sentence with the figures, also when all is well."""

    name: str
    is_well: bool
    said: str


@dataclass
class Report:
    """A drill from its beginning to its end."""

    taken_at: str = ""
    """When the snapshot that was put back had been taken."""
    generation: str = ""
    began_at: str = ""
    seconds: dict[str, float] = field(default_factory=dict)
    """Step → how long it took."""
    figures: dict[str, int] = field(default_factory=dict)
    tables: dict[str, dict[str, int]] = field(default_factory=dict)
    """Table → rows as the manifest says, and as put back."""
    checks: list[Check] = field(default_factory=list)

    @property
    def is_well(self) -> bool:
        return bool(self.checks) and all(each.is_well for each in self.checks)

    def note(self, name: str, is_well: bool, said: str) -> None:
        self.checks.append(Check(name, is_well, said))

    @contextmanager
    def timed(self, step: str) -> Iterator[None]:
        began = time.monotonic()
        try:
            yield
        finally:
            self.seconds[step] = round(time.monotonic() - began, 1)

    def write(self, folder: Path) -> None:
        """report.json and report.txt."""
        content: dict[str, Any] = {"is_well": self.is_well, **asdict(self)}
        (folder / "report.json").write_text(json.dumps(content, indent=1) + "\n")
        (folder / "report.txt").write_text(self.text())

    def text(self) -> str:
        verdict = "All is there." if self.is_well else "SOMETHING DIFFERS."
        lines = [
            f"Drill of {self.began_at}: {verdict}",
            f"Backup {self.generation}, as the place was at {self.taken_at}."
            if self.generation
            else "The backup was not put back.",
            "",
            *(
                f"  {'well   ' if each.is_well else 'DIFFERS'}  {each.name}: {each.said}"
                for each in self.checks
            ),
            "",
            *(f"  {name}: {count:,}" for name, count in self.figures.items()),
            "",
            f"  {sum(self.seconds.values()) / 60:.1f} minutes: "
            + ", ".join(f"{step} {seconds:.1f} s" for step, seconds in self.seconds.items()),
            "",
        ]
        return "\n".join(lines)
