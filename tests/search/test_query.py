"""Typed words into queries."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assetlib.search.filters import FILTERS, FilterField
from assetlib.search.query import parse, toggle
from assetlib.search.request import (
    All,
    And,
    Filter,
    Fuzzy,
    In,
    Infix,
    Match,
    Node,
    Not,
    Or,
    Phrase,
    Prefix,
    Range,
    Term,
)
from assetlib.search.spans import begin_of
from assetlib.search.word_matching import phrase_of
from tests.search.schema import KNOWN, TODAY

DAY = 86_400


def node(text: str) -> Node:
    return parse(text, KNOWN).node


def day(*ymd: int) -> int:
    return date(*ymd).toordinal()


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", All()),
        ("a", Match(("a",))),
        ("a4", Or((Match(("a4",)), Prefix("a4")))),
        ("land", Or((Match(("land",)), Infix("land")))),
        ("ridge", Or((Match(("ridge",)), Infix("ridge"), Fuzzy("ridge")))),
        ("20410", Or((Match(("20410",)), Infix("20410")))),
        ("rid*", Prefix("rid")),
        ("-land", Not(Match(("land",)))),
        ('"first light"', Phrase((("first",), ("light",)))),
        ("東京都", Phrase((("東京",), ("京都",)))),
        ("東京", Match(("東京",))),
        ("京", Or((Match(("京",)), Infix("京")))),
        ("title:a", Match(("a",), "title")),
        ("width:>=3000", Range("width", 3000)),
        ("width:<100", Range("width", None, 99)),
        ("size:>10MB", Range("size", 10_000_001)),
        ("size:1.5kb", Range("size", 1500, 1500)),
        ("duration:<0:30", Range("duration", None, 29_999)),
        (
            "created:2026-03",
            Range("created", begin_of(day(2026, 3, 1)), begin_of(day(2026, 3, 31)) + DAY - 1),
        ),
        ("created:>2026-01-01", Range("created", begin_of(day(2026, 1, 2)))),
        ("expires:<+30d", Range("rights_to", None, TODAY.toordinal() + 29)),
        ("edition:2..3.5", Range("attr.edition", 2000, 3500)),
        ("shot:2025", Range("attr.shot", day(2025, 1, 1), day(2025, 12, 31))),
        (
            "rights:2026-01..2026-06",
            And(
                (
                    Not(Term("rights_state", "unknown")),
                    Range("rights_from", high=day(2026, 1, 1), missing=True),
                    Range("rights_to", low=day(2026, 6, 30), missing=True),
                )
            ),
        ),
        ("people:ana", Or((Match(("ana",), "attr.people"), Infix("ana", "attr.people")))),
    ],
)
def test_reading(text: str, expected: Node) -> None:
    assert node(text) == expected
    assert parse(text, KNOWN).notes == ()


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("type:photo", Filter("type", ("photo",))),
        ("type:Photograph,logo", Filter("type", ("photo", "logo"))),
        ("-type:photo", Filter("type", ("photo",), negated=True)),
        ("#Trail", Filter("tag", ("trail",))),
        ('region:"Japan"', Filter("attr.region", ("jp",))),
        ("attr.size:medium", Filter("attr.size", ("m",))),
        ('people:="Ana Ruiz"', Filter("attr.people", ("ana ruiz",))),
        ("~trails", Filter("collection", ("7", "9"))),
        ("~trails,lakes", Filter("collection", ("7", "9", "8"))),
        ("~=trails", Filter("collection", ("7", "9"))),
        ("orientation:portrait", Filter("shape", ("portrait",))),
        ("format:jpg", Filter("format", ("jpeg",))),
        ('state:"in review"', Filter("state", ("in_review",))),
        ("has:alt-text", Filter("has", ("alt_text",))),
        ("is:unused", Filter("is", ("unused",))),
        ("use:cleared", Filter("can_use", ("cleared",))),
        ("id:AST-00042", Filter("id", ("42",))),
        ("retouched:yes", Filter("attr.retouched", ("yes",))),
    ],
)
def test_filters_become_choices_and_chips(text: str, expected: Filter) -> None:
    parsed = parse(f"lake {text}", KNOWN)
    assert parsed.filters == (expected,)
    assert parsed.rest == "lake"
    (chip,) = parsed.chips
    assert chip.remove_query == "lake"
    assert chip.negated is expected.negated
    flipped = parse(chip.flip_query, KNOWN)
    assert flipped.filters == (Filter(expected.field, expected.values, not expected.negated),)
    assert parse(flipped.chips[0].flip_query, KNOWN).text == parsed.text


def test_filters_inside_or_are_no_choices() -> None:
    parsed = parse("type:photo OR type:logo", KNOWN)
    assert parsed.filters == ()
    assert parsed.node == Or((Term("type", "photo"), Term("type", "logo")))
    assert node("(type:photo,logo lake) OR x") == Or(
        (And((In("type", ("photo", "logo")), node("lake"))), Match(("x",)))
    )


def test_a_chip_says_what_people_call_it() -> None:
    chips = parse("region:jp -type:logo,photo", KNOWN).chips
    assert [(c.field_label, c.label, c.negated) for c in chips] == [
        ("Region", "Japan", False),
        ("Type", "Logo or Photograph", True),
    ]


@pytest.mark.parametrize(
    "text",
    [
        "nosuch:thing",
        "width:wide",
        "~unknown",
        "~3",
        "~=3",
        "collection:=3",
        "type:=nothing",
        "created:soon",
        "type:nothing",
        "id:x",
    ],
)
def test_what_cannot_be_read_becomes_words_with_a_note(text: str) -> None:
    parsed = parse(text, KNOWN)
    assert parsed.notes
    assert parsed.filters == ()
    assert parsed.node != All()


def test_a_price_or_time_is_not_taken_for_a_field() -> None:
    assert parse("10:30", KNOWN).notes == ()


def test_clicks_on_a_facet_widen_and_narrow() -> None:
    text = toggle("lake", KNOWN, "type", "photo")
    assert text == "lake type:photo"
    text = toggle(text, KNOWN, "type", "logo")
    assert text == "lake type:photo,logo"
    text = toggle(text, KNOWN, "attr.people", "Ana Ruiz")
    assert text == 'lake type:photo,logo people:="Ana Ruiz"'
    assert toggle(toggle(text, KNOWN, "type", "photo"), KNOWN, "type", "logo") == 'lake people:="Ana Ruiz"'


def test_a_click_takes_out_what_was_typed_with_an_equals_sign() -> None:
    assert toggle("lake type:=photo", KNOWN, "type", "photo") == "lake"
    assert toggle("lake people:ana", KNOWN, "attr.people", "Ana Ruiz") == 'lake people:ana people:="Ana Ruiz"'


@pytest.mark.parametrize("of", FILTERS, ids=lambda of: of.name)
def test_no_equals_sign_goes_round_what_a_field_accepts(of: FilterField) -> None:
    """What `field:value` refuses, `field:="value"` refuses too; words of a field stay words of it."""
    for value in ("7", "3", "AST-00042", "photo", "2026", "first light", "cleared"):
        plain, exact = (parse(f'{of.name}:{sign}"{value}"', KNOWN) for sign in ("", "="))
        if of.exact:
            assert (exact.node, exact.filters, exact.notes) == (plain.node, plain.filters, plain.notes)
        else:
            assert exact.filters == ()
            assert exact.node == phrase_of(value, of.index)


def test_plain_words_are_kept_for_corrections() -> None:
    assert parse('nihgt "tarn head" -rain type:photo', KNOWN).words == ("nihgt", "tarn", "head")


pieces = st.sampled_from(
    [
        "type:photo",
        "region:jp",
        "width:>3",
        "-",
        "(",
        ")",
        '"',
        " OR ",
        "#x",
        "~trails",
        "né",
        "東京",
        "is:unused",
        "*",
    ]
)


@given(st.lists(pieces | st.just(" ") | st.text(max_size=5), max_size=12).map("".join))
def test_no_text_is_refused_and_the_canonical_form_means_the_same(text: str) -> None:
    parsed = parse(text, KNOWN)
    again = parse(parsed.text, KNOWN)
    assert (again.node, again.filters, again.text) == (parsed.node, parsed.filters, parsed.text)
    for chip in parsed.chips:
        assert len(parse(chip.remove_query, KNOWN).chips) == len(parsed.chips) - 1


@pytest.mark.parametrize(
    ("typed", "note"),
    [
        ("width:3000..1000", "3000 is more than 1000, so nothing lies between them."),
        ("created:2026-06..2026-01", "2026-06 is later than 2026-01, so nothing lies between them."),
        ("width:1000..3000", None),
    ],
)
def test_a_range_that_is_the_wrong_way_round_is_told(typed: str, note: str | None) -> None:
    assert parse(typed, KNOWN).notes == ((note,) if note else ())


def test_what_could_not_be_read_as_a_filter_can_be_taken_out() -> None:
    parsed = parse("type:photo width:abc -has:nonsense tent", KNOWN)
    assert [(each.text, each.remove_query) for each in parsed.unread] == [
        ("width:abc", "type:photo -has:nonsense tent"),
        ("-has:nonsense", "type:photo width:abc tent"),
    ]
    assert parsed.readable == "type:photo tent"
