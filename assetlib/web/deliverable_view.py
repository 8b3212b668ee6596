"""What pages say of deliverables: states, what was ordered, what came, and what can be done."""

from collections.abc import Mapping, Sequence
from typing import Any

from assetlib import clock
from assetlib.access.actor import Actor
from assetlib.addresses import asset_url, rendition_url
from assetlib.calendar import Day
from assetlib.catalog.permissions.assets import DELETE_ASSET, SEE_ASSET, may_have_bytes
from assetlib.catalog.queries.verdicts import standing_of
from assetlib.catalog.rules.delivery_specs import Rules
from assetlib.measures import Size
from assetlib.planning.models import Deliverable, DeliverableItem
from assetlib.planning.permissions.deliverables import DECIDE_DELIVERY, DELIVER
from assetlib.planning.queries.deliverables import Came
from assetlib.planning.rules.deliveries import why_not_sendable
from assetlib.web.context import moment, size
from assetlib.words import listed, recalled, say, say_n

NEAR_DAYS = 2
SCOPE = {
    "draft": {"icon": "circle", "label": say("Draft"), "tone": "ink"},
    "brief_submitted": {"icon": "clock", "label": say("Brief waits for approval"), "tone": "warn"},
    "scope_approved": {"icon": "badge-check", "label": say("Brief approved"), "tone": "ok"},
    "rescoped": {"icon": "pencil", "label": say("Brief being changed"), "tone": "warn"},
    "dropped": {"icon": "ban", "label": say("Dropped"), "tone": "ink"},
}
CREATIVE = {
    "not_started": {"icon": "circle", "label": say("Not started"), "tone": "ink"},
    "waiting": {"icon": "circle", "label": say("No file yet"), "tone": "ink"},
    "in_work": {"icon": "circle-dashed", "label": say("In work"), "tone": "info"},
    "in_review": {"icon": "clock", "label": say("Waits for a decision"), "tone": "warn"},
    "changes_requested": {"icon": "undo-2", "label": say("Came back"), "tone": "bad"},
    "approved": {"icon": "circle-check", "label": say("Accepted"), "tone": "ok"},
    "rejected": {"icon": "circle-x", "label": say("Rejected"), "tone": "bad"},
    "published": {"icon": "badge-check", "label": say("Published"), "tone": "ok"},
    "withdrawn": {"icon": "ban", "label": say("Withdrawn"), "tone": "ink"},
}
DELIVERY = {
    "sent": {"icon": "send", "label": say("Sent, waits for a decision"), "tone": "warn"},
    "accepted": {"icon": "badge-check", "label": say("Accepted"), "tone": "ok"},
    "returned": {"icon": "undo-2", "label": say("Came back"), "tone": "bad"},
    "replaced": {"icon": "history", "label": say("Replaced or removed"), "tone": "ink"},
    "waived": {"icon": "shield-check", "label": say("Was let through"), "tone": "ok"},
}


def rule_rows(rules: Rules, labels: Mapping[str, str]) -> list[tuple[str, str]]:
    """A spec as people read it: what, and what is asked."""
    named = [labels.get(key, key) for key in rules.attributes]
    rows: list[tuple[str, str]] = []
    if rules.formats:
        rows.append((say("Formats"), listed(list(rules.formats))))
    if rules.sizes:
        sizes = listed([f"{width} × {height}" for width, height in rules.sizes])
        rows.append((say("Sizes"), say("{sizes} or larger", sizes=sizes) if rules.at_least else sizes))
    if rules.dpi is not None:
        rows.append((say("Print"), f"{rules.dpi} dpi"))
    colour = [*rules.colour, *([rules.profile] if rules.profile else [])]
    if rules.bit_depth is not None:
        colour.append(say("{bits} bit", bits=rules.bit_depth))
    if colour:
        rows.append((say("Colour"), listed(colour)))
    if rules.shortest_s is not None or rules.longest_s is not None:
        rows.append((say("Film"), _length(rules.shortest_s, rules.longest_s)))
    if rules.heaviest is not None:
        rows.append((say("Weight"), say("up to {size}", size=Size(rules.heaviest))))
    if rules.file_name:
        rows.append((say("Names"), rules.file_name))
    if named:
        rows.append((say("Details"), listed(named)))
    rights = [say("Holder named")] if rules.rights_holder else []
    if rules.rights_until is not None:
        rights.append(say("until {day}", day=Day(rules.rights_until, clock.today())))
    if rights or rules.rights_channels:
        rows.append((say("Rights"), listed([*rights, *rules.rights_channels])))
    return rows


def _length(least: int | None, most: int | None) -> str:
    if least is not None and most is not None:
        return (
            say("{least} s", least=least)
            if least == most
            else say("{least} to {most} s", least=least, most=most)
        )
    return say("{least} s or more", least=least) if least is not None else say("up to {most} s", most=most)


def size_of(item: DeliverableItem) -> str:
    return f"{item.width} × {item.height} {item.unit}" if item.width is not None else ""


def check_line(checks: Sequence[Mapping[str, Any]]) -> dict[str, str]:
    """7 of 7 checks passed, as a status."""
    total, failed = len(checks), sum(1 for each in checks if not each["passed"])
    if failed:
        label = say_n(
            "{failed} of {count} check failed", "{failed} of {count} checks failed", total, failed=failed
        )
        return {"icon": "circle-x", "label": label, "tone": "bad"}
    if not total:
        return {"icon": "circle-check", "label": say("Nothing to check"), "tone": "ok"}
    label = say_n(
        "{passed} of {count} check passed", "{passed} of {count} checks passed", total, passed=total
    )
    return {"icon": "circle-check", "label": label, "tone": "ok"}


def item_view(
    who: Actor, row: Deliverable, item: DeliverableItem, came: Sequence[Came], on_the_way: str = ""
) -> dict[str, Any]:
    """An item with its newest file and the earlier ones. `on_the_way`: the name of one that is looked at."""
    latest = came[0] if came and came[0].delivery.state != "replaced" else None
    return {
        "id": item.id,
        "name": item.name,
        "size": size_of(item),
        "locale": item.locale,
        "state": CREATIVE[item.state],
        "is_decidable": item.state == "in_review" and DECIDE_DELIVERY.allows(who, row),
        "takes": item.state != "approved" and DELIVER.allows(who, row),
        "file": _file(who, row, latest) if latest is not None else None,
        "earlier": [_file(who, row, each) for each in (came[1:] if latest is not None else came)],
        "on_the_way": on_the_way,
        "match": {"id": item.id, "width": item.width, "height": item.height, "name": item.name,
                  "open": item.state in ("waiting", "changes_requested")},
    }  # fmt: skip


def _file(who: Actor, row: Deliverable, came: Came) -> dict[str, Any]:
    delivery, version = came.delivery, came.version
    asset = version.asset if version is not None else None
    seen = version is not None and asset is not None and SEE_ASSET.allows(who, asset)
    drawn = (
        seen
        and version is not None
        and asset is not None
        and version.preview_state == "ready"
        and may_have_bytes(who, asset, version, "preview").is_yes
    )
    unsent = delivery.state in ("quarantined", "passed", "waived")
    decides = DECIDE_DELIVERY.allows(who, row)
    delivers = DELIVER.allows(who, row)
    return {
        "id": delivery.id,
        "state": delivery.state,
        "status": DELIVERY.get(delivery.state) or check_line(delivery.checks),
        "checks": check_line(delivery.checks),
        "failed": [
            {"found": recalled(each["found"]), "needed": recalled(each["needed"])}
            for each in delivery.checks
            if not each["passed"]
        ],
        "passed": [recalled(each["found"]) for each in delivery.checks if each["passed"]],
        "name": version.file_name if version is not None else say("A file that was removed"),
        "meta": listed(
            [
                *([size(version.size)] if version is not None else []),
                *([came.by] if came.by else []),
                moment(delivery.at),
            ]
        ),
        "note": delivery.note,
        "waived": delivery.waived_reason,
        "returned": delivery.returned_reason,
        "sha256": delivery.sha256,
        "seen": str(standing_of(asset, version)) if version is not None and asset is not None else "",
        "url": asset_url(asset, version) if seen and asset is not None else "",
        "thumb_url": rendition_url(version, "thumb") if drawn and version is not None else "",
        "may_check": delivery.state == "quarantined" and (decides or delivers),
        "may_waive": delivery.state == "quarantined" and decides,
        "may_remove": unsent and delivers,
        "may_delete": asset is not None and DELETE_ASSET.allows(who, asset),
    }


def sending(items: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """How many files can be sent now, and why the button is off."""
    states = [each["file"]["state"] for each in items if each["file"]]
    states = [each for each in states if each in ("quarantined", "passed", "waived")]
    waiting = [each for each in items if each["on_the_way"]]
    why = say("Opens when what arrives is checked.") if waiting else why_not_sendable(states)
    count = len(states)
    label = say_n("Send {count} file for a decision", "Send {count} files for a decision", count)
    return {"count": count, "label": label if count else say("Send for a decision"), "why": why}


def due_words(row: Deliverable) -> dict[str, str]:
    """Due tomorrow, late: as a status."""
    done = row.accepted_at is not None or row.scope_state == "dropped"
    late = not done and row.due_at < clock.now()
    label = (
        say("Was due {moment}", moment=moment(row.due_at))
        if late
        else say("Due {moment}", moment=moment(row.due_at))
    )
    near = (row.due_at - clock.now()).days < 2
    return {
        "icon": "clock",
        "label": label,
        "tone": "bad" if late else "warn" if near and not done else "ink",
    }
