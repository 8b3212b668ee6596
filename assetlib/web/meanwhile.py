"""A form that is sent when somebody changed the thing since: both sides are kept, nobody's words are lost."""

import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from werkzeug.datastructures import MultiDict

from assetlib import clock
from assetlib.access.actor import Actor
from assetlib.catalog.errors import ChangedMeanwhile
from assetlib.catalog.models import Asset
from assetlib.catalog.queries.activity import DOWNLOADED, Happening
from assetlib.catalog.queries.attributes import AttributeRow, TypeName
from assetlib.catalog.rules.rights_forms import RIGHT_LABELS
from assetlib.errors import Refusal
from assetlib.web.asset_past import SAID
from assetlib.words import listed, say, together

Fields = Mapping[str, list[str]]
"""Field of a form → what stands in its controls."""

BEGAN = "began"
YOU = say("You")
LABELS = {
    "title": say("Title"),
    "description": say("Description"),
    "alt_text": say("Alt text"),
    "tags": say("Tags"),
    "type_key": say("Type"),
}


class Began:
    """What a page hands out with its forms: the moment, and what the fields said when the form was made."""

    def __init__(self, now: Fields) -> None:
        self.now = now
        self.at = clock.now()

    def __call__(self, names: Sequence[str]) -> dict[str, str]:
        """The hidden field of a form with these fields."""
        says = {name: self.now.get(name, []) for name in names}
        return {BEGAN: json.dumps({"at": self.at.isoformat(), "says": says}, ensure_ascii=False)}


def began_of(form: MultiDict[str, str]) -> tuple[datetime | None, dict[str, list[str]]]:
    """When the sent form was made and what it said then; nothing of a form that does not tell."""
    try:
        told = json.loads(form.get(BEGAN, ""))
        at = datetime.fromisoformat(told["at"])
        says = {str(name): [str(each) for each in values] for name, values in told["says"].items()}
    except (ValueError, TypeError, KeyError, AttributeError):
        return None, {}
    return (at if at.tzinfo is not None else None), says


def reopened(
    problem: Refusal,
    form: MultiDict[str, str],
    now: Fields,
    happened: Sequence[Happening],
    me: Actor,
    rows: Sequence[AttributeRow],
    types: Sequence[TypeName],
) -> tuple[MultiDict[str, str], Refusal]:
    """The form and the refusal as they come back: with what others wrote, and who they are."""
    typed, clashing = merged(form, now)
    since, _ = began_of(form)
    sentences = [] if isinstance(problem, ChangedMeanwhile) else [problem.sentence]
    sentences.append(who_changed(happened, since, me, rows))
    if clashing:
        sentences.append(
            say("What you typed still stands in the marked fields. Choose what holds, then save again.")
        )
    else:
        sentences.append(say("What you did not change shows what it says now. Look at it, then save again."))
    faults = {name: now_says(name, now, rows, types) for name in clashing}
    fields = faults | (problem.details.get("fields") or {})
    return typed, type(problem)(together(*sentences), **{**problem.details, "fields": fields})


def merged(form: MultiDict[str, str], now: Fields) -> tuple[MultiDict[str, str], list[str]]:
    """What the form holds when it comes back, and the fields that both sides changed.

    What the person did not touch says what it says now; what they typed stays as they typed it. Of a form
    that does not tell what it said at first, all counts as typed.
    """
    _, began = began_of(form)
    typed, clashing = MultiDict(form), []
    names = [name for name in now if name in form or name in began]
    for name in names:
        mine, there = form.getlist(name), now[name]
        if name in began and _same(mine, began[name]):
            if name == "ask_first" and not there:
                # A box that is not ticked is not sent.
                typed.poplist(name)
            else:
                typed.setlist(name, there or [""])
        elif not _same(mine, there) and not _same(began.get(name), there):
            clashing.append(name)
    return typed, clashing


def _same(one: Iterable[str] | None, other: Iterable[str]) -> bool:
    """Whether two readings of a field say the same; browsers send CR LF, and empty controls."""
    return one is not None and _plain(one) == _plain(other)


def _plain(values: Iterable[str]) -> list[str]:
    return sorted(each.replace("\r\n", "\n") for each in values if each)


def fields_of(asset: Asset, rows: Iterable[AttributeRow]) -> dict[str, list[str]]:
    """What the controls of an asset's forms hold when they are opened, by the name they are sent under."""
    right = asset.right
    says = {name: getattr(right, name, None) for name in RIGHT_LABELS}
    plain: dict[str, Any] = {
        **{name: getattr(asset, name) for name in ("title", "description", "alt_text", "type_key")},
        "tags": ", ".join(asset.tags),
        **{name: ", ".join(value) if isinstance(value, list) else value for name, value in says.items()},
        "ask_first": "1" if says["ask_first"] else None,
        **{f"attr.{row.key}": row.value for row in rows},
    }
    return {name: _controls(value) for name, value in plain.items()}


def _controls(value: Any) -> list[str]:
    if isinstance(value, bool):
        return ["true" if value else "false"]
    if isinstance(value, list):
        return [str(each) for each in value]
    return [] if value is None or value == "" else [str(value)]


def now_says(name: str, now: Fields, rows: Iterable[AttributeRow], types: Iterable[TypeName]) -> str:
    """The sentence at a field that both sides changed."""
    shown = {f"attr.{row.key}": row.shown for row in rows}
    kinds = {each.key: each.label for each in types}
    text = shown.get(name, ", ".join(now[name]))
    if name == "type_key":
        text = kinds.get(text, text)
    return say("Now it says: {text}", text=text) if text else say("Now it says nothing.")


def who_changed(
    happened: Sequence[Happening], since: datetime | None, me: Actor, rows: Iterable[AttributeRow]
) -> str:
    """Who changed what since then, in words; the latest first in `happened`."""
    if since is None:
        return say("Someone changed this while you were writing.")
    labels = LABELS | RIGHT_LABELS
    details = {row.key: row.label for row in rows}
    did: dict[str, list[str]] = {}
    for each in reversed(happened):
        if each.at < since or each.action == DOWNLOADED:
            continue
        who = YOU if each.person_id == me.person_id else each.who or say("Someone")
        found = _changed_names(each, labels, details)
        what = [say("changed {fields}", fields=_listed(found))] if found else [_did(each)]
        did.setdefault(who, []).extend(one for one in what if one not in did.get(who, []))
    sentences = [
        say("You {did} while you were writing.", did=_listed(what))
        if who is YOU
        else say("{who} {did} while you were writing.", who=who, did=_listed(what))
        for who, what in did.items()
    ]
    return together(*sentences) or say("Someone changed this while you were writing.")


def _did(each: Happening) -> str:
    return SAID.get(each.action, say("changed this"))


def _changed_names(each: Happening, labels: Mapping[str, str], details: Mapping[str, str]) -> list[str]:
    before, after = (_flat(each.changes.get(side)) for side in ("before", "after"))
    known = details if each.action == "catalog.attributes_set" else {**details, **labels}
    changed = {
        name for name in {**before, **after} if (before.get(name) or None) != (after.get(name) or None)
    }
    return [label for name, label in known.items() if name in changed]


def _flat(side: Any) -> dict[str, Any]:
    """Name → value; what one entry says of a right or of attributes lies a level deeper in bulk edits."""
    found: dict[str, Any] = {}
    for name, value in (side or {}).items():
        found |= value if isinstance(value, dict) else {name.rpartition(".")[2]: value}
    return found


def _listed(words: Sequence[str]) -> str:
    return (
        words[0] if len(words) == 1 else say("{first} and {last}", first=listed(words[:-1]), last=words[-1])
    )
