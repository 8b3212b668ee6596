"""What people see of the house and when, and where it gets in its own way."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from assetlib.access.actor import Actor
from assetlib.accounts.models import Person
from assetlib.catalog.queries.attributes import definitions, in_tree_order
from assetlib.catalog.rules.attributes import Definition
from assetlib.planning.models import Activity, Campaign
from assetlib.planning.queries.visibility import campaigns_visible_to
from assetlib.planning.rules.clashes import Clash, Showing, clashes_among


@dataclass(frozen=True)
class Wanted:
    """What of it is asked for; empty means all."""

    region: str = ""
    channel: str = ""
    brand: str = ""
    clashes_only: bool = False


@dataclass(frozen=True)
class Entry:
    """An activity or event, or a campaign that has none yet."""

    kind: str
    """`activity`, `event` or `campaign`."""
    id: int
    name: str
    state: str
    starts_on: date
    ends_on: date
    campaign_id: int
    campaign: str
    campaign_starts_on: date
    campaign_ends_on: date
    brand: str
    channels: tuple[str, ...]
    regions: tuple[str, ...]
    owner: str
    venue: str = ""


@dataclass(frozen=True)
class Choices:
    """What the filters offer: keys with labels, of regions with their depth in the tree."""

    regions: Sequence[tuple[str, str, int]]
    brands: Sequence[tuple[str, str]]
    below: Mapping[str, frozenset[str]]
    """Key of a region → itself and all below it."""

    def region(self, key: str) -> str:
        return next((label for each, label, _ in self.regions if each == key), key)

    def brand(self, key: str) -> str:
        return next((label for each, label in self.brands if each == key), key)

    def reach(self, keys: Iterable[str]) -> frozenset[str]:
        """These regions with all below them."""
        return frozenset().union(*(self.below.get(key, frozenset({key})) for key in keys))


@dataclass(frozen=True)
class Shown:
    """The entries of some days, the earliest first, with the clashes that they take part in."""

    entries: Sequence[Entry]
    clashes: Sequence[Clash]
    by_activity: Mapping[int, Entry]
    """Also those that a clash names and the filters leave out."""
    choices: Choices
    channels: Sequence[str]
    clashing: frozenset[int] = field(default=frozenset())
    """Ids of activities."""


def choices_of(session: Session) -> Choices:
    """Regions and brands as the library has them, in one statement."""
    known = definitions(session)
    region, brand = known.get("region"), known.get("brand")
    return Choices(
        regions=in_tree_order(region) if region is not None else (),
        brands=[(each.key, each.label) for each in brand.choices] if brand is not None else (),
        below=_below(region) if region is not None else {},
    )


def _below(definition: Definition) -> dict[str, frozenset[str]]:
    found: dict[str, set[str]] = {choice.key: {choice.key} for choice in definition.choices}
    for choice in definition.choices:
        above = choice.parent
        while above is not None and above in found:
            found[above].add(choice.key)
            above = definition.by_key[above].parent
    return {key: frozenset(keys) for key, keys in found.items()}


def calendar_between(
    session: Session, actor: Actor, first: date, last: date, wanted: Wanted | None = None
) -> Shown:
    """What is to be seen from one day to another, in three statements. Clashes are looked for before
    anything is filtered, so that a filter hides no clash of what it leaves."""
    wanted = wanted or Wanted()
    choices = choices_of(session)
    entries = sorted(
        _entries(session, actor, first, last), key=lambda each: (each.starts_on, each.ends_on, each.name)
    )
    by_activity = {each.id: each for each in entries if each.kind != "campaign"}
    clashes = clashes_among(_showing(each, choices) for each in by_activity.values())
    in_a_clash = frozenset(number for clash in clashes for number in (clash.first, clash.second))
    left = [
        each
        for each in entries
        if _fits(each, wanted, choices)
        and (not wanted.clashes_only or (each.kind != "campaign" and each.id in in_a_clash))
    ]
    here = {each.id for each in left if each.kind != "campaign"}
    named = [clash for clash in clashes if clash.first in here or clash.second in here]
    return Shown(
        entries=left,
        clashes=named,
        by_activity=by_activity,
        choices=choices,
        channels=sorted({channel for each in entries for channel in each.channels}, key=str.casefold),
        clashing=in_a_clash,
    )


def _showing(entry: Entry, choices: Choices) -> Showing:
    return Showing(
        id=entry.id,
        campaign_id=entry.campaign_id,
        starts_on=entry.starts_on,
        ends_on=entry.ends_on,
        channels=frozenset(entry.channels),
        regions=choices.reach(entry.regions),
        brand=entry.brand,
    )


def _fits(entry: Entry, wanted: Wanted, choices: Choices) -> bool:
    """What is for all regions or brands is for each of them."""
    asked = choices.reach([wanted.region]) if wanted.region else frozenset()
    return (
        (not asked or not entry.regions or bool(choices.reach(entry.regions) & asked))
        and (not wanted.brand or entry.brand in ("", wanted.brand))
        and (not wanted.channel or wanted.channel in entry.channels)
    )


def _entries(session: Session, actor: Actor, first: date, last: date) -> Iterable[Entry]:
    for row, campaign, owner in session.execute(activities_between(actor, first, last)):
        yield Entry(
            kind=row.kind,
            id=row.id,
            name=row.name,
            state=row.state,
            starts_on=row.starts_on,
            ends_on=row.ends_on,
            campaign_id=campaign.id,
            campaign=campaign.name,
            campaign_starts_on=campaign.starts_on,
            campaign_ends_on=campaign.ends_on,
            brand=campaign.brand,
            channels=(row.channel,) if row.channel else tuple(campaign.channels),
            regions=(row.region,) if row.region else tuple(campaign.regions),
            owner=owner,
            venue=row.venue,
        )
    for campaign, owner in session.execute(_campaigns_without_activities(actor, first, last)):
        yield Entry(
            kind="campaign",
            id=campaign.id,
            name=campaign.name,
            state=campaign.state,
            starts_on=campaign.starts_on,
            ends_on=campaign.ends_on,
            campaign_id=campaign.id,
            campaign=campaign.name,
            campaign_starts_on=campaign.starts_on,
            campaign_ends_on=campaign.ends_on,
            brand=campaign.brand,
            channels=tuple(campaign.channels),
            regions=tuple(campaign.regions),
            owner=owner,
        )


def activities_between(actor: Actor, first: date, last: date) -> Select[Activity, Campaign, str]:
    """Activities and events that are seen on one of these days, each with its campaign and its owner's name;
    none that was cancelled."""
    return (
        select(Activity, Campaign, Person.name)
        .join(Campaign, Campaign.id == Activity.campaign_id)
        .join(Person, Person.id == Activity.owner_id)
        .where(
            campaigns_visible_to(actor),
            Activity.starts_on <= last,
            Activity.ends_on >= first,
            Activity.state != "cancelled",
            Campaign.state != "cancelled",
        )
    )


def _campaigns_without_activities(actor: Actor, first: date, last: date) -> Select[Campaign, str]:
    return (
        select(Campaign, Person.name)
        .join(Person, Person.id == Campaign.owner_id)
        .where(
            campaigns_visible_to(actor),
            Campaign.starts_on <= last,
            Campaign.ends_on >= first,
            Campaign.state != "cancelled",
            ~select(Activity.id).where(Activity.campaign_id == Campaign.id).exists(),
        )
    )
