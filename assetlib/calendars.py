"""Days as other calendars read them: iCalendar, RFC 5545."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from icalendar import Calendar, Event

PRODUCT = "-//assetlib//Calendar//EN"
AGAIN_AFTER = timedelta(hours=1)
"""So often a program is asked to look."""


@dataclass(frozen=True)
class Entry:
    """All-day, from the first day to the last one."""

    uid: str
    summary: str
    first: date
    last: date
    stamp: datetime
    revision: int = 0
    description: str = ""
    url: str = ""
    location: str = ""


def as_icalendar(name: str, entries: Iterable[Entry]) -> bytes:
    """The file. The same entries make the same bytes."""
    calendar = Calendar()
    calendar.add("prodid", PRODUCT)
    calendar.add("version", "2.0")
    calendar.add("calscale", "GREGORIAN")
    calendar.add("method", "PUBLISH")
    calendar.add("x-wr-calname", name)
    calendar.add("refresh-interval", AGAIN_AFTER, parameters={"VALUE": "DURATION"})
    for each in entries:
        event = Event()
        event.add("uid", each.uid)
        event.add("dtstamp", each.stamp)
        event.add("sequence", each.revision)
        event.add("summary", each.summary)
        event.add("dtstart", each.first)
        event.add("dtend", each.last + timedelta(days=1))
        event.add("transp", "TRANSPARENT")
        for key, value in (
            ("description", each.description),
            ("url", each.url),
            ("location", each.location),
        ):
            if value:
                event.add(key, value)
        calendar.add_component(event)
    content: bytes = calendar.to_ical()
    return content
