"""What is found in a file, beside what a spec and an item ask."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assetlib.catalog.errors import WrongValue
from assetlib.catalog.rules.delivery_checks import Facts, Wanted, checks_of, fits_name
from assetlib.catalog.rules.delivery_specs import Rules, must_be_rules, rules_of, sizes_in
from assetlib.catalog.rules.rights import Terms

TODAY = date(2026, 12, 1)
STORY = Facts(
    file_name="NW_AT26_STORY_v1.psd",
    format="PSD",
    family="image",
    size=84_000_000,
    width=1080,
    height=1920,
    colour="RGB",
    profile="sRGB IEC61966-2.1",
    bit_depth=8,
)
FILM = replace(STORY, format="MP4", family="video", duration_ms=20_040)
SHEET = replace(STORY, format="PDF", family="pdf", width=595, height=842)
RIGHTS = replace(STORY, terms=Terms(ends_on=date(2027, 3, 31), channels=["web", "retail"]), holder="H & F")

# rules, item, facts → what each check found and whether it passed
CASES: list[tuple[Rules, Wanted, Facts, list[tuple[str, bool]]]] = [
    (Rules(), Wanted(), STORY, []),
    (Rules(formats=["psd", "TIFF"]), Wanted(), STORY, [("Format is PSD.", True)]),
    (Rules(formats=["JPEG"]), Wanted(), STORY, [("Format is PSD.", False)]),
    (Rules(sizes=[[1080, 1080], [1080, 1920]]), Wanted(), STORY, [("Size is 1080 × 1920.", True)]),
    (Rules(sizes=[[1920, 1080]]), Wanted(), STORY, [("Size is 1080 × 1920.", False)]),
    (Rules(sizes=[[1000, 1900]]), Wanted(), STORY, [("Size is 1080 × 1920.", False)]),
    (Rules(sizes=[[1000, 1900]], at_least=True), Wanted(), STORY, [("Size is 1080 × 1920.", True)]),
    (Rules(sizes=[[9, 9]]), Wanted(1080, 1920), STORY, [("Size is 1080 × 1920.", True)]),
    (Rules(sizes=[[1080, 1920]]), Wanted(9, 9), STORY, [("Size is 1080 × 1920.", False)]),
    (Rules(), Wanted(91, 162, "mm"), STORY, [("Size is 1080 × 1920.", True)]),
    (Rules(), Wanted(92, 162, "mm"), STORY, [("Size is 1080 × 1920.", False)]),
    (Rules(dpi=150), Wanted(182, 325, "mm"), STORY, [("Size is 1080 × 1920.", True)]),
    (Rules(), Wanted(210, 297, "mm"), SHEET, [("The page is 210 × 297 mm.", True)]),
    (Rules(), Wanted(210, 300, "mm"), SHEET, [("The page is 210 × 297 mm.", False)]),
    (Rules(), Wanted(595, 842), SHEET, [("A PDF has no size in pixels.", False)]),
    (Rules(colour=["RGB", "Grey"]), Wanted(), STORY, [("Colour is RGB.", True)]),
    (Rules(colour=["CMYK"]), Wanted(), STORY, [("Colour is RGB.", False)]),
    (Rules(profile="srgb"), Wanted(), STORY, [("Colour profile is sRGB IEC61966-2.1.", True)]),
    (Rules(profile="FOGRA39"), Wanted(), STORY, [("Colour profile is sRGB IEC61966-2.1.", False)]),
    (Rules(bit_depth=8), Wanted(), STORY, [("Colours have 8 bit.", True)]),
    (Rules(bit_depth=16), Wanted(), STORY, [("Colours have 8 bit.", False)]),
    (Rules(longest_s=20), Wanted(), FILM, [("Length is 20 s.", True)]),
    (Rules(shortest_s=21), Wanted(), FILM, [("Length is 20 s.", False)]),
    (Rules(shortest_s=15, longest_s=30), Wanted(), FILM, [("Length is 20 s.", True)]),
    (Rules(heaviest=84_000_000), Wanted(), STORY, [("It has 84 MB.", True)]),
    (Rules(heaviest=83_999_999), Wanted(), STORY, [("It has 84 MB.", False)]),
    (Rules(file_name="NW_AT26_*_v#"), Wanted(), STORY, [("The name is NW_AT26_STORY_v1.psd.", True)]),
    (Rules(file_name="AT26_*"), Wanted(), STORY, [("The name is NW_AT26_STORY_v1.psd.", False)]),
    (Rules(attributes=["place"]), Wanted(), STORY, [("Details are missing.", False)]),
    (Rules(attributes=["place"]), Wanted(), replace(STORY, attributes={"place": "Alps"}),
     [("The details are filled in.", True)]),
    (Rules(rights_holder=True), Wanted(), RIGHTS, [("Rights holder is H & F.", True)]),
    (Rules(rights_until=date(2027, 3, 31)), Wanted(), RIGHTS, [("The rights end on 31 Mar.", True)]),
    (Rules(rights_until=date(2027, 4, 1)), Wanted(), RIGHTS, [("The rights end on 31 Mar.", False)]),
    (Rules(rights_until=date(2027, 4, 1)), Wanted(), replace(STORY, terms=Terms()),
     [("The rights have no end.", True)]),
    (Rules(rights_channels=["web"]), Wanted(), RIGHTS, [("The rights cover web, retail.", True)]),
    (Rules(rights_channels=["web", "tv"]), Wanted(), RIGHTS, [("The rights cover web, retail.", False)]),
]  # fmt: skip


@pytest.mark.parametrize(("rules", "wanted", "facts", "found"), CASES)
def test_a_check_says_what_it_found(
    rules: Rules, wanted: Wanted, facts: Facts, found: list[tuple[str, bool]]
) -> None:
    checks = checks_of(rules, wanted, facts, TODAY)
    assert [(str(each.found), each.passed) for each in checks] == found
    assert all(each.needed for each in checks)


NOTHING = Facts(file_name="x", format="", family="other", size=0)
EVERY_RULE: dict[str, Any] = {
    "formats": ["JPEG"], "sizes": [[10, 10]], "colour": ["RGB"], "profile": "sRGB", "bit_depth": 8,
    "longest_s": 20, "file_name": "y", "attributes": ["place"], "rights_holder": True,
    "rights_until": TODAY, "rights_channels": ["web"],
}  # fmt: skip


@pytest.mark.parametrize("name", EVERY_RULE)
def test_what_is_not_known_never_passes(name: str) -> None:
    (check,) = checks_of(Rules(**{name: EVERY_RULE[name]}), Wanted(), NOTHING, TODAY)
    assert not check.passed
    assert check.found


@given(st.sets(st.sampled_from(sorted(EVERY_RULE))))
def test_each_rule_is_one_check_and_nothing_else_is(names: set[str]) -> None:
    checks = checks_of(Rules(**{name: EVERY_RULE[name] for name in names}), Wanted(), STORY, TODAY)
    assert len(checks) == len(names)
    assert len({each.name for each in checks}) == len(names)


NAMES = [
    ("NW_AT26_*_v#", "NW_AT26_STORY_1080x1920_v12", True),
    ("NW_AT26_*_v#", "NW_AT26_STORY_v", False),
    ("NW_AT26_*_v#", "nw_AT26_STORY_v1", False),
    ("NW_AT26_*_v#", "NW_AT26_STORY_v1_final", False),
    ("*", "", True),
    ("#", "", False),
    ("a**b", "ab", True),
    ("v#.#", "v1.20", True),
    ("v.", "vx", False),
]


@pytest.mark.parametrize(("pattern", "name", "fits"), NAMES)
def test_a_name_has_a_form(pattern: str, name: str, fits: bool) -> None:  # a column
    assert fits_name(pattern, name) is fits


@given(st.lists(st.one_of(st.just("*"), st.just("#"), st.sampled_from("aB_.é(")), max_size=12), st.data())
def test_a_name_that_is_made_by_its_form_fits(parts: list[str], data: st.DataObject) -> None:
    made = "".join(
        data.draw(st.text(alphabet="abc_1(", max_size=5))
        if each == "*"
        else data.draw(st.text(alphabet="0123456789", min_size=1, max_size=4))
        if each == "#"
        else each
        for each in parts
    )
    assert fits_name("".join(parts), made)


def test_a_form_of_stars_is_as_fast_as_any() -> None:
    assert not fits_name("*a" * 50, "a" * 255 + "b")


def test_rules_are_stored_without_what_says_nothing_and_read_again() -> None:
    given_rules = {"formats": [], "at_least": False, "dpi": None, "profile": "", "rights_until": TODAY}
    stored = must_be_rules(given_rules)
    assert stored == {"rights_until": "2026-12-01"}
    assert rules_of(stored) == Rules(rights_until=TODAY)
    assert rules_of({**stored, "of_later": 1}) == Rules(rights_until=TODAY)


WRONG = [
    ("sizes", [[0, 10]]), ("sizes", [[10]]), ("sizes", [[10, 10]] * 31), ("colour", ["Sepia"]),
    ("dpi", 10), ("bit_depth", True), ("longest_s", -1), ("heaviest", 1.5), ("rights_until", "soon"),
    ("formats", "JPEG"), ("formats", [""]), ("file_name", "x" * 101), ("rights_holder", "yes"),
    ("unheard_of", 1),
]  # fmt: skip


@pytest.mark.parametrize(("name", "value"), WRONG)
def test_a_rule_that_cannot_be_kept_is_told_beside_its_field(name: str, value: Any) -> None:
    with pytest.raises(WrongValue) as refused:
        must_be_rules({name: value})
    assert set(refused.value.details["fields"]) == {name}


def test_the_shortest_is_not_longer_than_the_longest() -> None:
    with pytest.raises(WrongValue):
        must_be_rules({"shortest_s": 30, "longest_s": 20})


def test_sizes_are_read_as_people_write_them() -> None:
    assert sizes_in("1080 × 1920, 1080x1350;1080*1080\n") == [[1080, 1920], [1080, 1350], [1080, 1080]]
    with pytest.raises(WrongValue):
        sizes_in("1080")
