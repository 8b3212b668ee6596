"""What a link opens, as its page draws it."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from assetlib import clock, language
from assetlib.access.actor import Actor
from assetlib.catalog.models import UsageRight
from assetlib.catalog.queries.shares import Shared
from assetlib.tiles import aspect, kind_line
from assetlib.web.context import day, size
from assetlib.web.tiles import DRAWINGS, FORMS, badge
from assetlib.words import listed, say, together

Sizes = Mapping[tuple[int, str], int]


def last_day(expires_at: datetime) -> str:
    """The last day on which a link opens: one that ends at midnight ends with the day before."""
    return day(expires_at - timedelta(seconds=1))


def end_of(day_text: str) -> datetime | None:
    """When a link ends that opens until the end of this day, by the reader's clock; None if it is no day."""
    try:
        begins = datetime.fromisoformat(day_text)
    except ValueError:
        return None
    return (begins.replace(tzinfo=language.zone()) + timedelta(days=1)) if len(day_text) == 10 else None


def day_field(expires_at: datetime | None, *, days: int = 0) -> str:
    """The last day of a link as a date field writes it; without one, so many days from now."""
    ends = expires_at - timedelta(seconds=1) if expires_at is not None else clock.now() + timedelta(days=days)
    return ends.astimezone(language.zone()).date().isoformat()


def rights_line(right: UsageRight | None) -> str:
    """What may be done with it, in words: until when, where, for what, under which name."""
    if right is None:
        return ""
    parts: list[str] = []
    if right.ends_on is not None:
        parts.append(say("Use until {day}.", day=day(right.ends_on)))
    if right.territories:
        parts.append(say("In {territories}.", territories=listed(right.territories)))
    if right.channels:
        parts.append(say("For {channels}.", channels=listed(right.channels)))
    return together(*parts) if parts else say("Use without limit of time or place.")


def tile(share_id: int, shown: Shared, holder: Actor, sizes: Sizes) -> dict[str, Any]:
    asset, version = shown.asset, shown.version
    base = f"/shared/{share_id}"
    drawn = version.preview_state == "ready"
    downloads = [
        {
            "label": FORMS[form],
            "detail": size(sizes[(version.id, form)]),
            "url": f"{base}/assets/{asset.id}/download?form={form}",
        }
        for form in forms_in_order(holder)
        if (version.id, form) in sizes and not is_used_up(holder)
    ]
    return {
        "id": asset.id,
        "title": asset.title,
        "description": asset.description,
        "alt": asset.alt_text or asset.title,
        "url": f"{base}/assets/{asset.id}",
        "ar": aspect(version),
        "colour": version.main_colour,
        "thumb_url": f"{base}/renditions/{version.id}/thumb?v={version.sha256[:12]}" if drawn else None,
        "preview_url": f"{base}/renditions/{version.id}/preview?v={version.sha256[:12]}" if drawn else None,
        "drawing": DRAWINGS.get(version.family, "file"),
        "kind": kind_line(version),
        "badge": badge(version) if drawn else None,
        "rights": rights_line(asset.right),
        "credit": asset.right.credit_line if asset.right is not None else "",
        "downloads": downloads,
    }


def is_used_up(holder: Actor) -> bool:
    """The link has given as many files as it may."""
    return holder.reach is not None and holder.reach.left == 0


def forms_in_order(holder: Actor) -> list[str]:
    """The forms that the link gives, as lists of ours order them."""
    given = holder.reach.forms if holder.reach is not None else frozenset()
    return [form for form in FORMS if form in given]


def forms_of(holder: Actor, shown: Sequence[Shared], sizes: Sizes) -> list[tuple[str, str, str]]:
    """(key, label, size of all) of each form in which anything can be had.

    Of a link that has given all it may: those in which this browser was given all, so that a ZIP that broke
    off can be had again.
    """
    taken = holder.reach.taken if holder.reach is not None else frozenset()
    rows = []
    for form in forms_in_order(holder):
        if is_used_up(holder) and not all((each.version.id, form) in taken for each in shown):
            continue
        known = [sizes[(each.version.id, form)] for each in shown if (each.version.id, form) in sizes]
        if known:
            rows.append((form, FORMS[form], size(sum(known))))
    return rows
