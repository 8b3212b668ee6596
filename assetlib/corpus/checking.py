"""Send each file of a corpus through the house, and compare what came of it with what its list expects."""

import hashlib
import resource
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

from sqlalchemy import func, select

from assetlib.catalog.models import Asset, Version
from assetlib.corpus.client import Answer, Client
from assetlib.corpus.manifest import Entry, Expected, read_manifest
from assetlib.corpus.shares import Share, in_shares
from assetlib.corpus.traps import set_traps
from assetlib.corpus.trial import Trial, trial
from assetlib.storage.models import Blob
from assetlib.words import recalled
from assetlib.worker import Worker

LONGEST, MOST_MEMORY = 20.0, 2 * 1024**3
"""Seconds and bytes of one child. Film, sound and Office have limits of their own."""
_AROUND = 5.0
"""Seconds that a job may take beside its child: it reads the file and writes rows."""
_LOOSER = ("video", "audio", "office")
_SHOWN = frozenset({"thumb", "preview"})
_KINDS = frozenset({"image/webp", "image/jpeg", "image/png", "video/mp4"})


@dataclass
class Seen:
    """What came of one file."""

    entry: Entry
    outcome: Expected | None = None
    why: str = ""
    """The refusal, or what the page warns of."""
    faults: list[str] = field(default_factory=list)
    """What is wrong whatever was expected."""

    @property
    def differences(self) -> list[str]:
        if self.outcome is None or self.outcome == self.entry.expected:
            return self.faults
        said = f" ({self.why})" if self.why else ""
        return [f"expected {self.entry.expected}, seen {self.outcome}{said}", *self.faults]


@dataclass
class Result:
    """What was seen in a run, or in one share of it."""

    files: int = 0
    different: int = 0
    server_errors: int = 0
    lines: list[str] = field(default_factory=list)
    """One for each difference of a file."""
    faults: list[str] = field(default_factory=list)
    """What is wrong with the run as a whole."""

    @property
    def is_clean(self) -> bool:
        return not self.different and not self.server_errors and not self.faults

    def add(self, other: "Result") -> None:
        self.files += other.files
        self.different += other.different
        self.server_errors += other.server_errors
        self.lines += other.lines
        self.faults += other.faults


def check(folder: Path, say: Callable[[str], None], *, only: str = "", processes: int = 1) -> Result:
    """Every file of the corpus whose path holds `only`. Says a line for each difference."""
    read_manifest(folder)  # what is wrong with the list is said before anything starts
    whole = Result()
    with set_traps() as traps:
        if traps.closed:
            say(f"note: {traps.closed}")
        for part in in_shares(partial(_check_share, folder, only), processes):
            whole.add(part)
            for line in part.lines:
                say(line)
        if traps.calls:
            whole.faults.append(f"{traps.calls} connections were made to port 9 of this machine")
        whole.faults += [f"{trace} was made" for trace in traps.traces()]
    for line in whole.faults:
        say(line)
    return whole


def _check_share(folder: Path, only: str, share: Share) -> Result:
    entries = share.of_list([entry for entry in read_manifest(folder) if only in entry.file])
    result = Result(files=len(entries))
    with trial() as house:
        desk = _Desk(house)
        for entry in entries:
            seen = desk.send(entry)
            result.different += bool(seen.differences)
            result.lines += [f"{entry.file}: {line}" for line in seen.differences]
        result.server_errors = desk.server_errors
        result.faults = _left_over(house)
    return result


def _left_over(house: Trial) -> list[str]:
    """Bytes that nothing refers to, once every file was sent."""
    with house.house.database.reading() as session:
        known = set(session.scalars(select(Blob.key)))
    kept = {facts.key for facts in house.house.store.list()}
    parts = sum(1 for _ in house.house.store.list_multiparts())
    faults = [f"{key} is kept and nothing refers to it" for key in sorted(kept - known)]
    if parts:
        faults.append(f"{parts} unfinished files are left in the store")
    return faults


@dataclass(frozen=True)
class _Kept:
    """How much is there: assets, and files in the store."""

    assets: int
    blobs: int
    files: int


class _Desk:
    """Hands files in, one after the other, and looks at what came."""

    def __init__(self, trial: Trial) -> None:
        self.trial = trial
        self.client: Client = trial.client()
        self.worker = Worker(trial.house, name="corpus")
        self.server_errors = 0
        self._peak = _peak()

    def send(self, entry: Entry) -> Seen:
        seen = Seen(entry)
        fault = entry.fault()
        if fault:
            seen.faults.append(fault)
            return seen
        before = self._kept()
        sent = self._noted(seen, self.client.upload(entry.name, entry.path), "upload")
        slowest = self._work()
        if sent.status == 202:
            upload = self._noted(seen, self.client.call("GET", f"/uploads/{sent.json()['id']}"), "upload")
            self._judge(seen, upload, before)
        elif sent.is_refusal:
            self._judge_refusal(seen, sent.sentence(), before)
        self._look_at_limits(seen, slowest)
        return seen

    def _judge(self, seen: Seen, upload: Answer, before: _Kept) -> None:
        state = upload.json()
        if state["state"] == "refused":
            self._judge_refusal(seen, state["refusal"]["sentence"], before)
        elif state["state"] == "available" and state["asset"]:
            self._judge_asset(seen, state["asset"]["id"])
        else:
            seen.faults.append(f"the upload is {state['state']} after every job was done")

    def _judge_refusal(self, seen: Seen, sentence: str, before: _Kept) -> None:
        seen.outcome, seen.why = "reject", sentence
        if not sentence.strip():
            seen.faults.append("it was refused without a sentence")
        after = self._kept()
        if after != before:
            seen.faults.append(f"something is left behind: before {before}, after {after}")

    def _judge_asset(self, seen: Seen, asset_id: int) -> None:
        with self.trial.house.database.reading() as session:
            version = session.scalars(select(Version).where(Version.asset_id == asset_id)).one()
            recipes = {rendition.recipe for rendition in version.renditions}
        self._family = version.family
        is_shown = version.preview_state == "ready" or version.family == "text"
        seen.outcome = "accept" if is_shown and not version.warnings else "accept_warn"
        seen.why = " ".join(map(recalled, version.warnings)) or (
            "" if is_shown else f"preview {version.preview_state}"
        )
        if version.preview_state == "waiting":
            seen.faults.append("the preview is still waiting after every job was done")
        shown = self._look_at_page(seen, asset_id, version)
        shown |= {f"/renditions/{version.id}/{recipe}" for recipe in recipes & _SHOWN}
        for path in sorted(shown):
            self._look_at_rendition(seen, path)
        self._look_at_download(seen, f"/assets/{asset_id}/download?form=original")

    def _look_at_page(self, seen: Seen, asset_id: int, version: Version) -> set[str]:
        """What the page shows of the file, by address."""
        answer = self._noted(seen, self.client.get(f"/assets/{asset_id}"), "page")
        if answer.status != 200:
            seen.faults.append(f"its page gives {answer.status}")
            return set()
        page = answer.page()
        seen.faults += [
            f"its page does not say “{said}”"
            for said in map(recalled, version.warnings)
            if not page.shows(said)
        ]
        if version.preview_state in ("none", "failed") and not version.warnings and version.family != "text":
            words = " ".join(page.texts).lower()
            if "no preview" not in words and "preview could not be made" not in words:
                seen.faults.append("its page does not say that there is no preview")
        seen.faults += [f"its page holds {danger}" for danger in page.dangers]
        return {path for path in page.shown if path.startswith("/renditions/")}

    def _look_at_rendition(self, seen: Seen, path: str) -> None:
        answer = self._noted(seen, self.client.get(path), path)
        kind = answer.headers.get("content-type", "")
        if answer.status != 200 or not answer.body:
            seen.faults.append(f"{path} gives {answer.status}")
        elif kind not in _KINDS:
            seen.faults.append(f"{path} is sent as {kind}")
        self._look_at_headers(seen, answer, path)

    def _look_at_download(self, seen: Seen, path: str) -> None:
        answer = self._noted(seen, self.client.get(path), path)
        if answer.status != 200:
            seen.faults.append(f"{path} gives {answer.status}")
            return
        if hashlib.sha256(answer.body).hexdigest() != seen.entry.sha256:
            seen.faults.append(f"{path} gives other bytes than were sent")
        if not answer.headers.get("content-disposition", "").startswith("attachment;"):
            seen.faults.append(f"{path} is not sent as an attachment")
        self._look_at_headers(seen, answer, path)

    def _look_at_headers(self, seen: Seen, answer: Answer, path: str) -> None:
        if answer.headers.get("x-content-type-options") != "nosniff":
            seen.faults.append(f"{path} lets browsers guess the type")
        if "default-src 'none'" not in answer.headers.get("content-security-policy", ""):
            seen.faults.append(f"{path} has no policy that keeps it inert")

    def _look_at_limits(self, seen: Seen, slowest: float) -> None:
        peak = _peak()
        family = getattr(self, "_family", "")
        if family not in _LOOSER:
            if slowest > LONGEST + _AROUND:
                seen.faults.append(f"a job took {slowest:.1f} s")
            if peak > MOST_MEMORY and peak > self._peak:
                seen.faults.append(f"a child took {peak / 1024**2:.0f} MB")
        self._peak = max(peak, self._peak)
        self._family = ""

    def _work(self) -> float:
        """Do every job that is due; the seconds of the longest one."""
        slowest = 0.0
        while True:
            began = time.monotonic()
            if not self.worker.do_next():
                return slowest
            slowest = max(slowest, time.monotonic() - began)

    def _noted(self, seen: Seen, answer: Answer, what: str) -> Answer:
        if answer.status >= 500:
            self.server_errors += 1
            seen.faults.append(f"{what}: {answer.status} {self.trial.last_error()}")
        return answer

    def _kept(self) -> _Kept:
        with self.trial.house.database.reading() as session:
            assets = session.scalar(select(func.count()).select_from(Asset)) or 0
            blobs = session.scalar(select(func.count()).select_from(Blob)) or 0
        return _Kept(assets, blobs, sum(1 for _ in self.trial.house.store.list()))


def _peak() -> int:
    """Bytes of the largest child that has ended so far, and of what it started."""
    return resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss * 1024
