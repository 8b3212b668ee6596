"""File names, also such as no file system holds: kept exactly as they are, or refused with a sentence."""

import re
import unicodedata
from collections.abc import Iterator, Sequence

from assetlib.corpus.client import Client
from assetlib.corpus.pages import Page
from assetlib.corpus.trial import Trial
from assetlib.corpus.trying import Tried, small_picture

_FIELD = "file name"
_HEADER = re.compile(
    r"attachment; filename=\"[ !#-\[\]-~]+\"(; filename\*=UTF-8''[A-Za-z0-9!#$&+.^_`|~%-]+)?"
)
_UNSEEN = ("Cc", "Cs", "Zl", "Zp")
_TURNING = frozenset(
    "\u061c\u200b\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2060\u2066\u2067\u2068\u2069\ufeff"
)


def try_names(trial: Trial, client: Client, names: Sequence[str]) -> Iterator[tuple[str, Tried]]:
    """Each name with what became of it."""
    file = trial.house.settings.home / "named.jpg"
    file.write_bytes(small_picture())
    plain: list[Page] = []
    for name in ("plain.jpg", "with spaces and (signs).jpg"):
        asset_id = _taken(trial, client, name, client.upload(name, file).json()["id"])
        plain.append(client.get(f"/assets/{asset_id}").page())
    for name in names:
        sent = client.upload(name, file)
        if sent.status >= 500:
            yield name, Tried(_FIELD, "fault", f"gives {sent.status}")
        elif sent.is_refusal:
            said = sent.sentence()
            yield (
                name,
                Tried(_FIELD, "refused") if said else Tried(_FIELD, "fault", "is refused without a sentence"),
            )
        else:
            yield name, _judged(trial, client, name, sent.json()["id"], plain)


def _judged(trial: Trial, client: Client, name: str, upload_id: str, plain: list[Page]) -> Tried:
    asset_id = _taken(trial, client, name, upload_id)
    if asset_id is None:
        refusal = client.call("GET", f"/uploads/{upload_id}").json()["refusal"]
        said = refusal and refusal["sentence"]
        return Tried(_FIELD, "refused") if said else Tried(_FIELD, "fault", "is neither taken nor refused")
    kept = client.call("GET", f"/assets/{asset_id}").json()["versions"][0]["file_name"]
    fault = unfit(kept) or ("is altered" if kept != name else "")
    page = client.get(f"/assets/{asset_id}")  # before the download, which the page tells of
    answer = client.get(f"/assets/{asset_id}/download?form=original")
    header = answer.headers.get("content-disposition", "")
    if not fault and not _HEADER.fullmatch(header):
        fault = f"is downloaded as {header!r}"
    if not fault and (answer.status != 200 or page.status != 200):
        fault = f"gives {answer.status} and {page.status}"
    if not fault:
        strange = page.page().strange_to(*plain)
        fault = f"its page holds {', '.join(strange[:3])}" if strange else ""
    if not fault and not page.page().shows(kept):
        fault = "its page does not show the name"
    return Tried(_FIELD, "fault", fault) if fault else Tried(_FIELD, "kept")


def unfit(name: str) -> str:
    """Why a name cannot be shown as it is, or nothing."""
    if not name.strip(". ") or name != name.strip():
        return "is blank, or has blanks around it"
    if any(unicodedata.category(each) in _UNSEEN or each in _TURNING for each in name):
        return "holds what cannot be seen, or what turns the line"
    if len(name.encode()) > 255:
        return "is longer than 255 bytes"
    if "/" in name or "\\" in name:
        return "is a path"
    return ""


def _taken(trial: Trial, client: Client, name: str, upload_id: str) -> int | None:  # noqa: ARG001
    trial.work()
    asset = client.call("GET", f"/uploads/{upload_id}").json()["asset"]
    return None if asset is None else int(asset["id"])
