"""The marketing calendar as pages draw it: which days a view shows, weeks with lanes, bars over a year."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import groupby, pairwise
from typing import Any

from assetlib import language
from assetlib.calendar import month_in_words, weekdays_in_words
from assetlib.planning.queries.marketing_calendar import Entry, Shown
from assetlib.words import say

VIEWS = {"month": say("Month"), "quarter": say("Quarter"), "year": say("Year"), "list": say("List")}
MONTHS = {"month": 1, "quarter": 3, "year": 12, "list": 1}
"""View → how many months it shows."""
LANES = 8
"""So many bars stand in a week below each other; of what is more only the number."""
WEEK = 7


@dataclass(frozen=True)
class Span:
    """The days that a view shows."""

    view: str
    first: date
    last: date

    @property
    def title(self) -> str:
        if self.view == "year":
            return str(self.first.year)
        if self.view == "quarter":
            number = str((self.first.month + 2) // 3)
            return say("Quarter {number} of {year}", number=number, year=str(self.first.year))
        return month_in_words(self.first, language.language())

    @property
    def before(self) -> date:
        return _month_from(self.first, -MONTHS[self.view])

    @property
    def after(self) -> date:
        return _month_from(self.first, MONTHS[self.view])


def span_of(view: str, day: date) -> Span:
    """The month, quarter or year that a day lies in."""
    months = MONTHS[view]
    first = date(day.year, (day.month - 1) // months * months + 1, 1)
    return Span(view, first, _month_from(first, months) - timedelta(days=1))


def _month_from(first: date, by: int) -> date:
    """The first of the month so many months away, within the years that a date can name."""
    months = min(max(first.year * 12 + first.month - 1 + by, 1990 * 12), 2100 * 12)
    return date(months // 12, months % 12 + 1, 1)


def entry_view(entry: Entry, shown: Shown) -> dict[str, Any]:
    """An entry in words; its channels are what people call them, regions and brand the library's."""
    url = f"/campaigns/{entry.campaign_id}"
    return {
        "kind": entry.kind,
        "id": f"{entry.kind}-{entry.id}",
        "name": entry.name,
        "campaign": entry.campaign,
        "url": url,
        "state": entry.state,
        "starts_on": entry.starts_on,
        "ends_on": entry.ends_on,
        "channels": list(entry.channels),
        "regions": [shown.choices.region(each) for each in entry.regions],
        "brand": shown.choices.brand(entry.brand) if entry.brand else "",
        "owner": entry.owner,
        "venue": entry.venue,
        "clashes": entry.kind != "campaign" and entry.id in shown.clashing,
    }


def clash_views(shown: Shown) -> list[dict[str, Any]]:
    return [
        {
            "first": entry_view(shown.by_activity[each.first], shown),
            "second": entry_view(shown.by_activity[each.second], shown),
            "starts_on": each.starts_on,
            "ends_on": each.ends_on,
            "days": each.days,
            "channels": sorted(each.channels),
            "regions": _uppermost(each.regions, shown),
        }
        for each in shown.clashes
    ]


def _uppermost(keys: frozenset[str], shown: Shown) -> list[str]:
    """Labels of regions, without those that lie below another one of them."""
    below = {each for key in keys for each in shown.choices.below.get(key, frozenset()) if each != key}
    return sorted(shown.choices.region(key) for key in keys - below)


def weekdays() -> tuple[tuple[str, str], ...]:
    return weekdays_in_words(language.language())


def weeks_of(span: Span, shown: Shown, today: date) -> list[dict[str, Any]]:
    """The weeks of a month from Monday to Sunday, each with its days and its lanes of bars."""
    monday = span.first - timedelta(days=span.first.weekday())
    found = []
    while monday <= span.last:
        days = [monday + timedelta(days=number) for number in range(WEEK)]
        lanes = _lanes(monday, [each for each in shown.entries if _touches(each, days[0], days[-1])])
        found.append(
            {
                "days": [
                    {"day": day, "is_today": day == today, "is_outside": not span.first <= day <= span.last}
                    for day in days
                ],
                "lanes": [_cells(monday, lane, shown) for lane in lanes[:LANES]],
                "more": sum(len(lane) for lane in lanes[LANES:]),
            }
        )
        monday += timedelta(days=WEEK)
    return found


def _touches(entry: Entry, first: date, last: date) -> bool:
    return entry.starts_on <= last and entry.ends_on >= first


def _lanes(monday: date, entries: Iterable[Entry]) -> list[list[Entry]]:
    """Entries of a week, so that none in a lane lies over another; the earliest and longest come first."""
    lanes: list[list[Entry]] = []
    for entry in sorted(entries, key=lambda e: (max(e.starts_on, monday), -e.ends_on.toordinal(), e.id)):
        lane = next((each for each in lanes if each[-1].ends_on < entry.starts_on), None)
        if lane is None:
            lanes.append([entry])
        else:
            lane.append(entry)
    return lanes


def _cells(monday: date, lane: Sequence[Entry], shown: Shown) -> list[dict[str, Any]]:
    """The cells of a lane: bars, and gaps between them; their spans are seven days together."""
    cells: list[dict[str, Any]] = []
    place = 0
    for entry in lane:
        start = max((entry.starts_on - monday).days, 0)
        end = min((entry.ends_on - monday).days, WEEK - 1)
        if start > place:
            cells.append({"span": start - place, "entry": None})
        cells.append(
            {
                "span": end - start + 1,
                "entry": entry_view(entry, shown),
                "goes_on": entry.ends_on > monday + timedelta(days=WEEK - 1),
                "came_before": entry.starts_on < monday,
            }
        )
        place = end + 1
    if place < WEEK:
        cells.append({"span": WEEK - place, "entry": None})
    return cells


def days_of(span: Span, shown: Shown) -> list[dict[str, Any]]:
    """What begins on each day; what began before stands first, under no day."""

    def begins(entry: Entry) -> date | None:
        return entry.starts_on if entry.starts_on >= span.first else None

    return [
        {"day": day, "entries": [entry_view(each, shown) for each in entries]}
        for day, entries in groupby(shown.entries, key=begins)
    ]


def campaigns_of(shown: Shown) -> list[list[Entry]]:
    """The entries by campaign, those that begin first at the head."""
    found: dict[int, list[Entry]] = {}
    for entry in shown.entries:
        found.setdefault(entry.campaign_id, []).append(entry)
    return list(found.values())


def bars_of(span: Span, campaign: Sequence[Entry], shown: Shown) -> dict[str, Any]:
    """A campaign and its activities as bars; a bar is told in hundredths of the days that are shown."""
    whole = (span.last - span.first).days + 1

    def bar(first: date, last: date) -> dict[str, float]:
        start = min(max((first - span.first).days, 0), whole)
        end = max(min((last - span.first).days + 1, whole), start)
        return {"from": round(start / whole * 100, 2), "length": round((end - start) / whole * 100, 2)}

    whose = campaign[0]
    return {
        "name": whose.campaign,
        "url": f"/campaigns/{whose.campaign_id}",
        "starts_on": whose.campaign_starts_on,
        "ends_on": whose.campaign_ends_on,
        "bar": bar(whose.campaign_starts_on, whose.campaign_ends_on),
        "entries": [
            {**entry_view(each, shown), "bar": bar(each.starts_on, each.ends_on)}
            for each in campaign
            if each.kind != "campaign"
        ],
    }


def marks_of(span: Span, today: date) -> dict[str, Any]:
    """Where the months of a track begin, and the weeks of a quarter, in hundredths; and where today is."""
    whole = (span.last - span.first).days + 1
    firsts = [_month_from(span.first, number) for number in range(MONTHS[span.view] + 1)]
    mondays = range(-span.first.weekday() % WEEK, whole, WEEK)
    lines = mondays if span.view == "quarter" else [(each - span.first).days for each in firsts[1:-1]]
    return {
        "months": [
            {
                "label": month_in_words(first, language.language(), short=True),
                "length": round((after - first).days / whole * 100, 3),
            }
            for first, after in pairwise(firsts)
        ],
        "lines": [round(days / whole * 100, 3) for days in lines],
        "today": round(((today - span.first).days + 0.5) / whole * 100, 2)
        if span.first <= today <= span.last
        else None,
    }
