"""Which activities get in each other's way: at the same time, in the same place, by the same channel."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True)
class Showing:
    """An activity or event as people see it. Without regions it is seen in all, without a brand it is of
    all; without channels nobody said where, and it is in nobody's way."""

    id: int
    campaign_id: int
    starts_on: date
    ends_on: date
    channels: frozenset[str]
    regions: frozenset[str] = frozenset()
    """Each with all that lies below it."""
    brand: str = ""


@dataclass(frozen=True)
class Clash:
    """Two showings of different campaigns, the one with the lower id first, and what they share."""

    first: int
    second: int
    starts_on: date
    ends_on: date
    channels: frozenset[str]
    regions: frozenset[str]
    """Empty: all."""

    @property
    def days(self) -> int:
        return (self.ends_on - self.starts_on).days + 1


def between(one: Showing, other: Showing) -> Clash | None:
    """How two of them clash, whichever is asked of the other; None: they do not."""
    if one.campaign_id == other.campaign_id:
        return None
    if one.brand and other.brand and one.brand != other.brand:
        return None
    channels = one.channels & other.channels
    starts_on, ends_on = max(one.starts_on, other.starts_on), min(one.ends_on, other.ends_on)
    if not channels or starts_on > ends_on:
        return None
    both = one.regions & other.regions
    if one.regions and other.regions and not both:
        return None
    first, second = sorted((one.id, other.id))
    return Clash(first, second, starts_on, ends_on, channels, both or one.regions or other.regions)


def clashes_among(showings: Iterable[Showing]) -> list[Clash]:
    """Every clash, the earliest first. The days are walked through once: each showing is compared with those
    of its channels alone that are still seen when it begins."""
    seen: defaultdict[str, list[Showing]] = defaultdict(list)
    found: dict[tuple[int, int], Clash] = {}
    for showing in sorted(showings, key=lambda each: (each.starts_on, each.id)):
        for channel in showing.channels:
            seen[channel] = [each for each in seen[channel] if each.ends_on >= showing.starts_on]
            for other in seen[channel]:
                clash = between(showing, other)
                if clash is not None:
                    found[clash.first, clash.second] = clash
            seen[channel].append(showing)
    return sorted(found.values(), key=lambda each: (each.starts_on, each.first, each.second))
