"""What is found in a delivered file, beside what a spec and an item ask of it.

A fact that is not known fails with a sentence that says so: nothing passes because nobody looked.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from math import ceil
from pathlib import PurePath
from typing import Any

from assetlib.calendar import Day
from assetlib.catalog.rules.delivery_specs import Rules, says_something
from assetlib.catalog.rules.rights import Terms
from assetlib.measures import Size
from assetlib.words import all_kept, listed, say

USUAL_DPI = 300
_MM = Decimal("25.4")


@dataclass(frozen=True)
class Wanted:
    """What an item asks of its file by itself."""

    width: int | None = None
    height: int | None = None
    unit: str = "px"


@dataclass(frozen=True)
class Facts:
    """What is known of a delivered file and its asset."""

    file_name: str
    format: str
    family: str
    size: int
    width: int | None = None
    height: int | None = None
    duration_ms: int | None = None
    colour: str | None = None
    profile: str | None = None
    bit_depth: int | None = None
    attributes: Mapping[str, Any] = field(default_factory=dict)
    labels: Mapping[str, str] = field(default_factory=dict)
    """Key of an attribute or channel → what people call it."""
    terms: Terms | None = None
    holder: str = ""


@dataclass(frozen=True)
class Finding:
    """One check: what was found, and what is needed where that is something else."""

    name: str
    passed: bool
    found: str
    needed: str = ""

    def to_json(self) -> dict[str, Any]:
        """As `Delivery.checks` keeps it."""
        kept: dict[str, Any] = all_kept(
            {"name": self.name, "passed": self.passed, "found": self.found, "needed": self.needed}
        )
        return kept


def checks_of(rules: Rules, wanted: Wanted, facts: Facts, today: date) -> list[Finding]:
    """Every check that spec and item ask for, in the order in which people read them."""
    found = [
        _format(rules, facts),
        _size(rules, wanted, facts),
        _colour(rules, facts),
        _profile(rules, facts),
        _depth(rules, facts),
        _duration(rules, facts),
        _weight(rules, facts),
        _name(rules, facts),
        _attributes(rules, facts),
        *_rights(rules, facts, today),
    ]
    return [each for each in found if each is not None]


def all_passed(checks: Iterable[Finding]) -> bool:
    return all(each.passed for each in checks)


def fits_name(pattern: str, stem: str) -> bool:
    """Whether a name has this form. Walks through the name once, whatever the pattern."""
    places = _with_stars(pattern, {0})
    for letter in stem:
        after: set[int] = set()
        for place in places:
            wanted = pattern[place] if place < len(pattern) else ""
            if wanted == "*":
                after.add(place)
            elif wanted == "#" and letter.isascii() and letter.isdecimal():
                after |= {place, place + 1}
            elif wanted == letter:
                after.add(place + 1)
        places = _with_stars(pattern, after)
    return len(pattern) in places


def _with_stars(pattern: str, places: set[int]) -> set[int]:
    """These places, and those behind stars that stand for nothing."""
    found = set(places)
    for place in places:
        behind = place
        while behind < len(pattern) and pattern[behind] == "*":
            behind += 1
            found.add(behind)
    return found


def _format(rules: Rules, facts: Facts) -> Finding | None:
    if not rules.formats:
        return None
    fits = facts.format.casefold() in {each.casefold() for each in rules.formats}
    return Finding(
        "format",
        fits,
        say("Format is {format}.", format=facts.format),
        say("Allowed: {formats}", formats=listed(list(rules.formats))),
    )


def _size(rules: Rules, wanted: Wanted, facts: Facts) -> Finding | None:
    if wanted.width is not None and wanted.height is not None and wanted.unit == "mm":
        return _print_size(rules, wanted.width, wanted.height, facts)
    own = [(wanted.width, wanted.height)] if wanted.width is not None and wanted.height is not None else []
    allowed = own or [(width, height) for width, height in rules.sizes]
    if not allowed:
        return None
    words = listed([f"{width} × {height}" for width, height in allowed])
    needed = (
        say("Needs at least {sizes} pixels.", sizes=words)
        if rules.at_least
        else say("Needs {sizes} pixels.", sizes=words)
    )
    if facts.family == "pdf":
        return Finding("size", passed=False, found=say("A PDF has no size in pixels."), needed=needed)
    if facts.width is None or facts.height is None:
        return Finding("size", passed=False, found=say("The size in pixels is not known."), needed=needed)
    fits = any(
        (facts.width >= width and facts.height >= height)
        if rules.at_least
        else (facts.width, facts.height) == (width, height)
        for width, height in allowed
    )
    said = say("Size is {width} × {height}.", width=str(facts.width), height=str(facts.height))
    return Finding("size", fits, said, needed)


def _print_size(rules: Rules, width: int, height: int, facts: Facts) -> Finding:
    """Of a PDF its page, within a millimetre; of a picture enough pixels."""
    if facts.family == "pdf":
        needed = say("Needs {width} × {height} mm.", width=width, height=height)
        if facts.width is None or facts.height is None:
            return Finding(
                "size", passed=False, found=say("The size of the page is not known."), needed=needed
            )
        page = [round(Decimal(side) * _MM / 72) for side in (facts.width, facts.height)]
        fits = abs(page[0] - width) <= 1 and abs(page[1] - height) <= 1
        return Finding("size", fits, say("The page is {w} × {h} mm.", w=page[0], h=page[1]), needed)
    dpi = rules.dpi or USUAL_DPI
    least = [ceil(side * dpi / _MM) for side in (width, height)]
    needed = say(
        "Needs {w} × {h} pixels at least: {width} × {height} mm at {dpi} dpi.",
        w=str(least[0]), h=str(least[1]), width=width, height=height, dpi=dpi,
    )  # fmt: skip
    if facts.width is None or facts.height is None:
        return Finding("size", passed=False, found=say("The size in pixels is not known."), needed=needed)
    fits = facts.width >= least[0] and facts.height >= least[1]
    said = say("Size is {width} × {height}.", width=str(facts.width), height=str(facts.height))
    return Finding("size", fits, said, needed)


def _colour(rules: Rules, facts: Facts) -> Finding | None:
    if not rules.colour:
        return None
    needed = say("Needs {colours}.", colours=listed(list(rules.colour)))
    if not facts.colour:
        return Finding("colour", passed=False, found=say("The colour space is not known."), needed=needed)
    said = say("Colour is {colour}.", colour=facts.colour)
    return Finding("colour", facts.colour in rules.colour, said, needed)


def _profile(rules: Rules, facts: Facts) -> Finding | None:
    if not rules.profile:
        return None
    needed = say("Needs the colour profile {profile}.", profile=rules.profile)
    if not facts.profile:
        return Finding("profile", passed=False, found=say("The file names no colour profile."), needed=needed)
    said = say("Colour profile is {profile}.", profile=facts.profile)
    return Finding("profile", rules.profile.casefold() in facts.profile.casefold(), said, needed)


def _depth(rules: Rules, facts: Facts) -> Finding | None:
    if rules.bit_depth is None:
        return None
    needed = say("Needs {bits} bit.", bits=rules.bit_depth)
    if facts.bit_depth is None:
        return Finding(
            "bit_depth", passed=False, found=say("The depth of the colours is not known."), needed=needed
        )
    said = say("Colours have {bits} bit.", bits=facts.bit_depth)
    return Finding("bit_depth", facts.bit_depth == rules.bit_depth, said, needed)


def _duration(rules: Rules, facts: Facts) -> Finding | None:
    least, most = rules.shortest_s, rules.longest_s
    if least is None and most is None:
        return None
    if least is not None and most is not None:
        needed = say("Needs {least} to {most} s.", least=least, most=most)
    elif least is not None:
        needed = say("Needs {least} s at least.", least=least)
    else:
        needed = say("Needs {most} s at most.", most=most)
    if facts.duration_ms is None:
        return Finding("duration", passed=False, found=say("The length is not known."), needed=needed)
    seconds = Decimal(facts.duration_ms) / 1000
    tenths = round(seconds, 1)
    shown = int(tenths) if tenths == int(tenths) else tenths
    # Films end on a frame, seldom on a full second.
    fits = (least is None or seconds >= least - Decimal("0.1")) and (
        most is None or seconds <= most + Decimal("0.1")
    )
    return Finding("duration", fits, say("Length is {seconds} s.", seconds=shown), needed)


def _weight(rules: Rules, facts: Facts) -> Finding | None:
    if rules.heaviest is None:
        return None
    said = say("It has {size}.", size=Size(facts.size))
    return Finding(
        "weight", facts.size <= rules.heaviest, said, say("Needs {size} at most.", size=Size(rules.heaviest))
    )


def _name(rules: Rules, facts: Facts) -> Finding | None:
    if not rules.file_name:
        return None
    fits = fits_name(rules.file_name, PurePath(facts.file_name).stem)
    said = say("The name is {name}.", name=facts.file_name)
    return Finding("name", fits, said, say("Needs the form {pattern}.", pattern=rules.file_name))


def _attributes(rules: Rules, facts: Facts) -> Finding | None:
    if not rules.attributes:
        return None
    empty = [key for key in rules.attributes if not says_something(facts.attributes.get(key))]
    wanted = say("Fill in: {names}", names=_called(facts, rules.attributes))
    if not empty:
        return Finding("attributes", passed=True, found=say("The details are filled in."), needed=wanted)
    return Finding(
        "attributes",
        passed=False,
        found=say("Details are missing."),
        needed=say("Fill in: {names}", names=_called(facts, empty)),
    )


def _called(facts: Facts, keys: Iterable[str]) -> str:
    return listed([facts.labels.get(key, key) for key in keys])


def _rights(rules: Rules, facts: Facts, today: date) -> Iterable[Finding | None]:
    terms = facts.terms
    unknown = say("No rights are recorded.")
    if rules.rights_holder:
        said = say("Rights holder is {holder}.", holder=facts.holder) if facts.holder else unknown
        yield Finding("rights_holder", bool(facts.holder), said, say("Needs the holder of the rights."))
    if rules.rights_until is not None:
        needed = say("Needs rights up to {day} at least.", day=Day(rules.rights_until, today))
        if terms is None:
            yield Finding("rights_until", passed=False, found=unknown, needed=needed)
        elif terms.ends_on is None:
            yield Finding("rights_until", passed=True, found=say("The rights have no end."), needed=needed)
        else:
            said = say("The rights end on {day}.", day=Day(terms.ends_on, today))
            yield Finding("rights_until", terms.ends_on >= rules.rights_until, said, needed)
    if rules.rights_channels:
        needed = say("Needs rights for {channels}.", channels=_called(facts, rules.rights_channels))
        if terms is None:
            yield Finding("rights_channels", passed=False, found=unknown, needed=needed)
        elif not terms.channels:
            yield Finding(
                "rights_channels", passed=True, found=say("The rights cover every channel."), needed=needed
            )
        else:
            said = say("The rights cover {channels}.", channels=_called(facts, terms.channels))
            yield Finding("rights_channels", set(rules.rights_channels) <= set(terms.channels), said, needed)
