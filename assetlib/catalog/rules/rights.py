"""What a right allows on a day. Rights decide, they do not describe."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

from assetlib.calendar import Day, Moment
from assetlib.words import say, together

SOON_DAYS = 30

RightsState = Literal["cleared", "expiring", "ask", "ended", "embargoed", "not_yet", "unknown"]


@dataclass(frozen=True)
class Terms:
    """The plain values of a usage right."""

    starts_on: date | None = None
    ends_on: date | None = None
    ask_first: bool = False
    channels: Sequence[str] = ()
    territories: Sequence[str] = ()
    terms: str = ""


@dataclass(frozen=True)
class Answer:
    """Yes; no, with the reason; or ask, with the terms."""

    verdict: Literal["yes", "no", "ask"]
    reason: str = ""
    code: str = ""

    @property
    def is_yes(self) -> bool:
        return self.verdict == "yes"


YES = Answer("yes")


def rights_state(terms: Terms | None, today: date, opens: datetime | None = None) -> RightsState:
    """The one word for a right on a day. The strictest wins: ended before ask, ask before cleared.

    `opens` is when an embargo ends that holds now.
    """
    if terms is None:
        return "unknown"
    if terms.ends_on is not None and terms.ends_on < today:
        return "ended"
    if opens is not None:
        return "embargoed"
    if terms.starts_on is not None and terms.starts_on > today:
        return "not_yet"
    if terms.ask_first:
        return "ask"
    if terms.ends_on is not None and (terms.ends_on - today).days <= SOON_DAYS:
        return "expiring"
    return "cleared"


def may_use(
    terms: Terms | None,
    today: date,
    *,
    opens: datetime | None = None,
    channel: str | None = None,
    territory: str | None = None,
    records: bool = False,
) -> Answer:
    """Whether the right covers a use on `today`, in a channel and a territory where those are known.

    `opens` is when an embargo ends that holds now; `records` says that who asks may record rights.
    """
    state = rights_state(terms, today, opens)
    if terms is None:
        then = say("Record them.") if records else say("Ask a librarian to record them.")
        sentence = together(say("No rights are recorded for this asset."), then)
        return Answer("no", sentence, "rights_unknown")
    if state == "ended" and terms.ends_on is not None:
        ended = Day(terms.ends_on, today)
        return Answer(
            "no", say("The rights ended on {ended}. Look for another one.", ended=ended), "rights_ended"
        )
    if state == "embargoed" and opens is not None:
        return Answer(
            "no",
            say("Nobody may use this before {moment}.", moment=Moment(opens, today)),
            "under_embargo",
        )
    if state == "not_yet" and terms.starts_on is not None:
        begin = Day(terms.starts_on, today)
        return Answer(
            "no", say("The rights begin on {begin}. Come back then.", begin=begin), "rights_not_begun"
        )
    if territory is not None and terms.territories and territory not in terms.territories:
        covered = list(terms.territories)
        return Answer(
            "no",
            say("The licence covers {covered}, not {territory}.", covered=covered, territory=territory),
            "territory_not_covered",
        )
    if channel is not None and terms.channels and channel not in terms.channels:
        covered = list(terms.channels)
        return Answer(
            "no",
            say("The licence covers {covered}, not {channel}.", covered=covered, channel=channel),
            "channel_not_covered",
        )
    if terms.ask_first:
        return Answer(
            "ask", terms.terms or say("Each use of this asset is agreed with a librarian first."), "ask_first"
        )
    return YES
