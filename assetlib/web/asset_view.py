"""An asset as its page draws it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from assetlib import clock
from assetlib.access.actor import Actor
from assetlib.addresses import asset_url, download_url, rendition_url, zoom_url
from assetlib.calendar import Moment
from assetlib.catalog.models import Asset, UsageRight, Version
from assetlib.catalog.permissions import assets as may
from assetlib.catalog.queries.verdicts import standing_of
from assetlib.catalog.rules.rights import Answer
from assetlib.catalog.rules.rights_forms import RIGHT_LABELS
from assetlib.media.recipes import PRESETS
from assetlib.web.context import day, moment, number, size
from assetlib.web.tiles import FORMS, Words, length, state_words
from assetlib.words import recalled, say, together

LAST_DAYS = 90
SOMEBODY = say("somebody")


@dataclass(frozen=True)
class Shown:
    """What the page is about: an asset, the version looked at, and who looks."""

    actor: Actor
    asset: Asset
    version: Version | None
    versions: Sequence[Version]
    names: dict[int, str]

    @property
    def is_current(self) -> bool:
        return self.version is not None and self.version.id == self.asset.current_version_id

    def answer(self, use: may.Use) -> Answer:
        if self.version is None:
            return Answer("no", say("There is no version that you may have."), "no_version")
        return may.may_have_bytes(self.actor, self.asset, self.version, use)


def standing(shown: Shown) -> str:
    """What a verdict has to bring back, so that one about something that moved on is refused."""
    return str(standing_of(shown.asset, shown.version)) if shown.version is not None else ""


def stage(shown: Shown) -> dict[str, Any]:
    """What stands on the stage: a picture, a film, a sound, pages, or the reason why nothing does."""
    version = shown.version
    nothing: dict[str, Any] = {
        "kind": "none",
        "url": None,
        "zoom_url": None,
        "poster": None,
        "pages": [],
        "reason": "",
    }
    if version is None:
        return {**nothing, "reason": say("There is no version yet that you may see.")}
    answer = shown.answer("preview")
    if not answer.is_yes:
        return {**nothing, "reason": answer.reason}
    if version.preview_state == "waiting":
        return {
            **nothing,
            "kind": "waiting",
            "reason": say("Making previews. They appear here by themselves."),
        }
    if version.preview_state != "ready":
        return {
            **nothing,
            "reason": together(*(recalled(each) for each in version.warnings))
            or say("This kind of file has no preview. It is kept as it is."),
        }
    made = {(each.recipe, each.page): each for each in version.renditions}
    picture = made.get(("preview", 1)) or made.get(("thumb", 1))
    view = {
        **nothing,
        "kind": "image",
        "url": rendition_url(version, picture.recipe) if picture else None,
        "width": picture.width if picture else version.width,
        "height": picture.height if picture else version.height,
        "alt": shown.asset.alt_text or shown.asset.title,
        "full_width": version.width,
        "zoom_url": zoom_url(version) if ("zoom", 1) in made and shown.answer("download").is_yes else None,
    }
    pages = sorted(page for recipe, page in made if recipe == "pages")
    if len(pages) > 1:
        view["kind"] = "pages"
        view["pages"] = [{"number": page, "url": rendition_url(version, "pages", page)} for page in pages]
    if ("proxy", 1) in made:
        view |= {"kind": version.family, "poster": view["url"], "url": rendition_url(version, "proxy")}
    return view


def version_rows(shown: Shown) -> list[dict[str, Any]]:
    """The versions strip, newest first."""
    return [
        {
            "number": each.number,
            "url": asset_url(shown.asset, each),
            "thumb_url": rendition_url(each, "thumb") if _has_thumb(shown, each) else None,
            "current": shown.version is not None and each.id == shown.version.id,
            "verdict": verdict(shown.asset, each),
        }
        for each in shown.versions
    ]


def _has_thumb(shown: Shown, version: Version) -> bool:
    ready = version.preview_state == "ready"
    return ready and may.may_have_bytes(shown.actor, shown.asset, version, "preview").is_yes


def verdict(asset: Asset, version: Version) -> dict[str, str]:
    """What was said last of exactly these bytes."""
    said = [each for each in version.approvals if each.sha256 == version.sha256]
    if not said:
        waiting = asset.state == "in_review" or version.id != asset.current_version_id
        return (
            {"label": say("Waiting for approval"), "tone": "warn"}
            if waiting
            else {"label": say("Not approved"), "tone": ""}
        )
    if said[-1].verdict == "approved":
        return {"label": say("Approved {day}", day=day(said[-1].at)), "tone": "ok"}
    return {"label": say("Returned"), "tone": "bad"}


def returned(shown: Shown) -> dict[str, Any] | None:
    """Who sent the newest version back, why, and what comes next. None when nobody did, or it is not told."""
    asset, version = shown.asset, shown.version
    if version is None or asset.state == "archived" or not may.SEE_ACTIVITY.allows(shown.actor, asset):
        return None
    if version.id != asset.versions[0].id or not version.approvals:
        return None
    last = version.approvals[-1]
    if last.verdict != "returned":
        return None
    mends = may.ADD_VERSION.allows(shown.actor, asset) and not may.DECIDE_VERSION.allows(shown.actor, asset)
    if asset.state == "in_review":
        comes = say("It was sent again since and waits for a librarian.")
    elif mends:
        comes = say("Add a version that mends this, then send it for approval.")
    else:
        comes = say("It waits for a new version.")
    return {
        "tone": "bad" if mends else "info",
        "fact": say(
            "Returned by {who}, {moment}.",
            who=shown.names.get(last.person_id, SOMEBODY),
            moment=moment(last.at),
        ),
        "reason": last.note,
        "next": comes,
        "add_url": f"/uploads?as_version_of={asset.id}" if mends and asset.state != "in_review" else None,
    }


def downloads(shown: Shown) -> list[dict[str, Any]]:
    """What can be had of this version: the best first."""
    version = shown.version
    if version is None or not shown.answer("download").is_yes:
        return []
    made = {each.recipe: each for each in version.renditions}
    original = {
        "label": say("{format}, {size}", format=recalled(version.format), size=size(version.size)),
        "url": download_url(shown.asset, "original", version),
        "detail": FORMS["original"],
    }
    presets = [
        {
            "label": recipe.preset,
            "url": download_url(shown.asset, name, version),
            "detail": f"{made[name].width} × {made[name].height}, {size(made[name].size)}",
        }
        for name, recipe in PRESETS.items()
        if name in made
    ]
    return [original, *presets]


def rights(shown: Shown) -> dict[str, Any]:
    """Can I use it? The answer, the dates, and what is covered."""
    right, today = shown.asset.right, clock.today()
    opened = shown.actor.opened_until.get(shown.asset.id)
    state, use = may.use_state(shown.asset), may.use_of(shown.actor, shown.asset)
    opens = may.opens_at(shown.asset, clock.now())
    heading = {
        "cleared": say("You can use this"),
        "expiring": say("You can use this, not for long"),
        "ask": say("Open to you until {day}", day=day(opened))
        if use.is_yes and opened is not None
        else say("Ask before you use this"),
        "ended": say("You can't use this any more"),
        "embargoed": say("Nobody may use this yet"),
        "not_yet": say("You can't use this yet"),
        "unknown": say("No rights are recorded"),
    }[state]
    lasts = opened if state == "ask" and use.is_yes else None
    ends_on = min((each for each in (right and right.ends_on, lasts) if each), default=None)
    answer = shown.answer("download")
    if shown.asset.state != "published" and state in ("cleared", "expiring"):
        heading = {"withdrawn": say("Withdrawn"), "archived": say("Archived")}.get(
            shown.asset.state, say("Not published yet")
        )
    return {
        "heading": heading,
        "tone": {"cleared": "ok", "expiring": "warn", "ask": "ok" if use.is_yes else "ink"}.get(state, "bad"),
        "where": ", ".join(right.territories)
        if right and right.territories
        else say("All countries")
        if right
        else "",
        "sentence": use.reason if state == "embargoed" else _sentence(right),
        "bar": _bar(right, today, opens, ends_on) if right is not None else None,
        "dates": _dates(right, opens, ends_on, lasts=lasts) if right is not None else [],
        "channels": [{"label": each, "allowed": True} for each in right.channels] if right else [],
        "reason": "" if answer.is_yes else answer.reason,
        "ask_url": f"/requests/new?asset={shown.asset.id}" if answer.verdict == "ask" else "",
        "warning": _only_to_work(answer, use),
        "next": [],
        "facts": _right_facts(right),
    }


def _only_to_work(given: Answer, use: Answer) -> str:
    """What is said to those who get a file that may not be used, see docs/decisions/0010."""
    if not given.is_yes or use.is_yes:
        return ""
    return together(say("You get this to work on it, not to use it."), use.reason)


def _sentence(right: UsageRight | None) -> str:
    if right is None:
        return say("Nobody recorded yet what this may be used for.")
    if right.starts_on is None and right.ends_on is None:
        return say("Cleared without a limit in time.")
    if right.ends_on is None:
        return say("Cleared from {first} without an end.", first=day(right.starts_on))
    if right.starts_on is None:
        return say("Cleared from the beginning to {last}.", last=day(right.ends_on))
    return say("Cleared from {first} to {last}.", first=day(right.starts_on), last=day(right.ends_on))


def _right_facts(right: UsageRight | None) -> list[tuple[str, str]]:
    if right is None:
        return []
    facts = [(name, getattr(right, name)) for name in ("holder", "licence", "credit_line", "terms")]
    return [(RIGHT_LABELS[name], value) for name, value in facts if value]


def _bar(
    right: UsageRight, today: date, opens: datetime | None, ends_on: date | None
) -> dict[str, float | None]:
    """Where the bar's pieces lie, in per cent: a stretch of time with today and both ends inside."""
    begins = _begins(right, opens)
    first = begins or min(today, ends_on or today) - timedelta(days=120)
    last = ends_on or max(today, first) + timedelta(days=365)
    margin = timedelta(days=max(int((last - first).days * 0.06), 5))
    left, right_edge = min(first, today) - margin, max(last, today) + margin
    span = (right_edge - left).days

    def place(moment_: date) -> float:
        return round((moment_ - left).days / span * 100, 2)

    start = place(begins) if begins else 0.0
    end = place(ends_on) if ends_on else 100.0
    closing = ends_on - _last_part(right.starts_on, ends_on) if ends_on else None
    return {"start": start, "end": end, "last": place(closing) if closing else None, "today": place(today)}


def _begins(right: UsageRight, opens: datetime | None) -> date | None:
    """The first day of use: not before an embargo is over, but never behind the last day."""
    if opens is None:
        return right.starts_on
    begins = max(right.starts_on or opens.date(), opens.date())
    return begins if right.ends_on is None else min(begins, right.ends_on)


def _last_part(starts_on: date | None, ends_on: date) -> timedelta:
    """How long before its end a right is drawn as ending: of a short one its last third."""
    if starts_on is None:
        return timedelta(days=LAST_DAYS)
    return min(timedelta(days=LAST_DAYS), (ends_on - starts_on) / 3)


def _dates(
    right: UsageRight, opens: datetime | None, ends_on: date | None, *, lasts: date | None
) -> list[dict[str, Any]]:
    begins = _begins(right, opens)
    rows = [{"label": day(begins) if begins else say("No start"), "strong": False}]
    rows.append({"label": say("Today"), "strong": True})
    if ends_on is None:
        ends = say("No end")
    elif ends_on == lasts:
        ends = say("Open to you until {day}", day=day(ends_on))
    else:
        ends = say("Licence ends {day}", day=day(ends_on))
    rows.append({"label": ends, "strong": False})
    return rows


def facts(shown: Shown) -> list[tuple[str, str]]:
    """What the file is, line by line."""
    version = shown.version
    if version is None:
        return []
    more = version.facts
    rows = [
        (say("File"), version.file_name),
        (say("Format"), recalled(version.format)),
        (say("Size"), f"{version.width} × {version.height} px" if version.width and version.height else ""),
        (say("Pages"), number(version.pages) if version.pages and version.pages > 1 else ""),
        (say("Length"), length(version.duration_ms) if version.duration_ms else ""),
        (
            say("Colour"),
            ", ".join(str(each) for each in (more.get("colour_space"), more.get("icc_name")) if each),
        ),
        (say("Weight"), size(version.size)),
        (
            say("Uploaded"),
            say(
                "{moment}, {who}",
                moment=moment(version.created_at),
                who=shown.names.get(version.uploaded_by_id or 0, SOMEBODY),
            ),
        ),
        ("sha256", version.sha256),
    ]
    return [(label, value) for label, value in rows if value]


def state_tag(shown: Shown) -> Words:
    """The one state that heads the page: the strictest."""
    asset = shown.asset
    if asset.deleted_at is not None:
        return Words("trash-2", say("In the trash"), "bad")
    if asset.state == "published":
        opens = may.opens_at(asset, clock.now())
        if opens is not None:
            return Words(
                "clock",
                say("Embargo until {moment}", moment=Moment(opens, clock.today())),
                "warn",
            )
        if may.use_state(asset) == "ended":
            return Words("ban", say("Rights ended"), "bad")
        if shown.version is not None and shown.version.is_approved:
            return Words("badge-check", say("Published, v{number}", number=shown.version.number), "ok")
    return state_words(asset)
