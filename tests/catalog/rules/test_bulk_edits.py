from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assetlib.catalog.rules.attributes import Choice, Definition
from assetlib.catalog.rules.bulk_edits import (
    Said,
    Schema,
    checked_changes,
    in_words,
    named_collections,
    result_of,
    right_form,
    right_values,
    undo_refusal,
)
from assetlib.catalog.rules.rights_forms import RightForm
from assetlib.catalog.rules.texts import MOST_TAGS

BRAND = Definition("brand", "Brand", "choice", choices=[Choice("aurora", "Aurora"), Choice("fjell", "Fjell")])
REGION = Definition(
    "region",
    "Region",
    "tree",
    multiple=True,
    choices=[Choice("asia", "Asia"), Choice("japan", "Japan", "asia"), Choice("europe", "Europe")],
)
RUN = Definition("print_run", "Print run", "number", types=["layout"])
NEEDED = Definition("job", "Job number", "text", required=True)
SCHEMA = Schema(
    types={"photograph": "Photograph", "layout": "Layout"},
    definitions={each.key: each for each in (BRAND, REGION, RUN, NEEDED)},
    collections={3: "Trails", 7: "Huts"},
)
PLAIN = Said("photograph", "draft", tags=["coast"], attributes={"brand": "aurora", "job": "J-1"})


def checked(**changes: Any) -> dict[str, Any]:
    found, faults = checked_changes(
        {name.replace("__", "."): value for name, value in changes.items()}, SCHEMA
    )
    assert faults == {}
    return found


@pytest.mark.parametrize(
    ("name", "wanted", "words"),
    [
        ("title", {"set": "x"}, "many assets at once"),
        ("type_key", {"set": "film"}, "no such type"),
        ("type_key", {"set": ["layout"]}, "no such type"),
        ("type_key", {"add": "layout"}, "set only"),
        ("tags", {}, "Say what to do"),
        ("tags", "coast", "Say what to do"),
        ("tags", {"add": "coast"}, "list of tags"),
        ("tags", {"add": ["a\0b"]}, "NUL"),
        ("tags", {"set": ["a"], "add": ["b"]}, "set stands alone"),
        ("tags", {"add": ["a"], "remove": ["a"]}, "Decide for one"),
        ("tags", {"add": ["Coast"], "remove": ["coast"]}, "Decide for one"),
        ("tags", {"replace": ["a"]}, "only"),
        ("collections", {"add": []}, "Choose a collection"),
        ("collections", {"add": [4]}, "no such collection"),
        ("collections", {"add": [True]}, "no such collection"),
        ("collections", {"remove": [3]}, "add only"),
        ("attr.colour", {"set": "red"}, "no such attribute"),
        ("attr.brand", {"set": "nike"}, "not among the choices"),
        ("attr.brand", {"add": "aurora"}, "takes one value"),
        ("attr.brand", {"set": ""}, "or clear it"),
        ("attr.brand", {"clear": True, "set": "aurora"}, "clear only"),
        ("attr.region", {"add": ["asia"], "remove": ["asia", "japan"]}, "Decide for one"),
        ("attr.print_run", {"set": "many"}, "Write a number"),
        ("right.price", {"set": "1"}, "no such field"),
        ("right.ends_on", {"set": "31.3.2027"}, "year-month-day"),
        ("right.ends_on", {"set": 20270331}, "year-month-day"),
        ("right.territories", {"set": ["Germany"]}, "two letters"),
        ("right.territories", {"set": ["%N"]}, "two letters"),
        ("right.channels", {"set": "print"}, "list of texts"),
        ("right.channels", {"set": [7]}, "list of texts"),
        ("right.ask_first", {"set": "yes"}, "yes or no"),
        ("right.holder", {"set": 7}, "Write a text"),
        ("right.holder", {"set": "x" * 201}, "at most 200"),
    ],
)
def test_what_cannot_be_done_is_refused_with_a_sentence(name: str, wanted: Any, words: str) -> None:
    changes, faults = checked_changes({name: wanted}, SCHEMA)
    assert changes == {}
    assert words in faults[name]


@pytest.mark.parametrize("raw", [None, {}, [], "tags", 7])
def test_a_change_of_nothing_is_refused(raw: Any) -> None:
    assert checked_changes(raw, SCHEMA)[1]


def test_all_faults_are_told_at_once_and_the_rest_is_checked() -> None:
    changes, faults = checked_changes(
        {"tags": {"add": ["x", "x"]}, "type_key": {"set": "no"}, "attr.print_run": {"set": "twelve"}}, SCHEMA
    )
    assert set(faults) == {"type_key", "attr.print_run"}
    assert changes == {"tags": {"add": ["x"]}}


def test_values_get_their_one_form() -> None:
    assert checked(
        attr__print_run={"set": " 1200.50 "},
        right__ends_on={"set": "20270331"},
        right__starts_on={"set": ""},
        collections={"add": [7, 3, 7]},
        attr__region={"add": "japan"},
    ) == {
        "attr.print_run": {"set": "1200.5"},
        "right.ends_on": {"set": "2027-03-31"},
        "right.starts_on": {"set": None},
        "collections": {"add": [3, 7]},
        "attr.region": {"add": ["japan"]},
    }


def test_only_what_differs_stands_in_before_and_after() -> None:
    result = result_of(PLAIN, checked(attr__brand={"set": "aurora"}, tags={"add": ["coast", "dusk"]}), SCHEMA)
    assert (result.before, result.after) == ({"tags": ["coast"]}, {"tags": ["coast", "dusk"]})


def test_a_change_that_was_made_before_changes_nothing() -> None:
    result = result_of(PLAIN, checked(tags={"add": ["coast"], "remove": ["rain"]}), SCHEMA)
    assert (result.before, result.after, result.refusal) == ({}, {}, "")


@pytest.mark.parametrize(
    ("before", "change", "after"),
    [
        (None, {"add": ["asia"]}, ["asia"]),
        (["asia"], {"add": ["japan"]}, ["asia", "japan"]),
        (["asia", "japan"], {"remove": ["asia"]}, ["japan"]),
        (["asia"], {"remove": ["asia"]}, None),
        (["asia"], {"remove": ["asia"], "add": ["japan"]}, ["japan"]),
        (["asia"], {"set": ["japan", "europe"]}, ["japan", "europe"]),
        (["asia"], {"clear": True}, None),
    ],
)
def test_lists_are_added_to_and_taken_from(before: Any, change: Any, after: Any) -> None:
    said = Said("photograph", "draft", attributes={} if before is None else {"region": before})
    result = result_of(said, checked(attr__region=change), SCHEMA)
    assert (result.before, result.after) == ({"attr.region": before}, {"attr.region": after})


def test_all_tags_may_go() -> None:
    assert result_of(PLAIN, checked(tags={"remove": ["coast"]}), SCHEMA).after == {"tags": []}


def test_fields_of_a_right_are_put_into_the_one_there_is() -> None:
    right = right_values(RightForm(holder="Halden", channels=["print"]).values())
    said = Said("photograph", "draft", right=right)
    result = result_of(
        said, checked(right__ends_on={"set": "2027-03-31"}, right__holder={"set": "Frey"}), SCHEMA
    )
    assert result.before == {"right": right}
    assert result.after == {"right": {**right, "holder": "Frey", "ends_on": "2027-03-31"}}


def test_an_asset_without_a_right_gets_one() -> None:
    result = result_of(PLAIN, checked(right__licence={"set": "Buyout"}), SCHEMA)
    assert result.before == {"right": None}
    assert right_form(result.after["right"]) == RightForm(licence="Buyout", channels=[], territories=[])


def test_a_right_that_would_end_before_it_begins_is_refused_for_that_asset() -> None:
    said = Said(
        "photograph", "draft", right=right_values({**RightForm().values(), "starts_on": "2028-01-01"})
    )
    assert (
        "before the first" in result_of(said, checked(right__ends_on={"set": "2027-03-31"}), SCHEMA).refusal
    )


def test_an_attribute_is_refused_where_the_type_does_not_ask_it_even_if_the_type_changes_too() -> None:
    run = {"attr.print_run": {"set": "100"}}
    assert "not asked" in result_of(PLAIN, run, SCHEMA).refusal
    both = {**run, "type_key": {"set": "layout"}}
    assert result_of(PLAIN, both, SCHEMA).after == {"attr.print_run": "100", "type_key": "layout"}
    layout = Said("layout", "draft")
    away = {**run, "type_key": {"set": "photograph"}}
    assert "not asked" in result_of(layout, away, SCHEMA).refusal


def test_what_is_required_is_not_cleared_while_published() -> None:
    change = checked(attr__job={"clear": True})
    published = Said("photograph", "published", attributes={"job": "J-1"})
    assert "required" in result_of(published, change, SCHEMA).refusal
    assert result_of(PLAIN, change, SCHEMA).after == {"attr.job": None}


def test_too_many_tags_are_refused() -> None:
    said = Said("photograph", "draft", tags=[f"t{n}" for n in range(MOST_TAGS)])
    assert "more than" in result_of(said, checked(tags={"add": ["one more"]}), SCHEMA).refusal


def test_only_the_collections_of_the_change_are_told() -> None:
    said = Said("photograph", "draft", collections=frozenset({3, 99}))
    changes = checked(collections={"add": [3, 7]})
    assert named_collections(changes) == [3, 7]
    result = result_of(said, changes, SCHEMA)
    assert (result.before, result.after) == ({"collections": [3]}, {"collections": [3, 7]})


tags = st.lists(st.sampled_from(["a", "b", "c", "d"]), unique=True)


@given(
    has=tags, add=tags, remove=tags, region=st.none() | st.just(["asia"]), brand=st.sampled_from(["fjell"])
)
def test_the_same_change_again_changes_nothing(
    has: list[str], add: list[str], remove: list[str], region: Any, brand: str
) -> None:
    changes: dict[str, dict[str, Any]] = {
        "tags": {"add": add, "remove": [each for each in remove if each not in add]},
        "attr.region": {"remove": ["asia"]},
        "attr.brand": {"set": brand},
    }
    attributes = {} if region is None else {"region": region}
    result = result_of(Said("photograph", "draft", tags=has, attributes=attributes), changes, SCHEMA)
    new_tags = result.after.get("tags", has)
    assert set(new_tags) == (set(has) - set(changes["tags"]["remove"])) | set(add)
    again = Said("photograph", "draft", tags=new_tags, attributes={"brand": brand})
    assert result_of(again, changes, SCHEMA).after == {}


@pytest.mark.parametrize(
    ("now", "words"),
    [
        (Said("photograph", "draft", tags=["dusk"]), ""),
        (Said("photograph", "draft", tags=["dusk", "new"]), "Someone changed"),
        (Said("photograph", "draft", tags=[]), "Someone changed"),
    ],
)
def test_undoing_leaves_alone_what_was_changed_since(now: Said, words: str) -> None:
    refusal = undo_refusal(now, {"tags": ["coast"]}, {"tags": ["dusk"]}, SCHEMA, [])
    assert words in refusal
    assert bool(refusal) == bool(words)


def test_undoing_does_not_bring_back_what_can_no_longer_be_chosen() -> None:
    said = Said("photograph", "draft", attributes={"brand": "fjell"})
    after = {"attr.brand": "fjell"}
    assert undo_refusal(said, {"attr.brand": "aurora"}, after, SCHEMA, []) == ""
    assert undo_refusal(said, {"attr.brand": None}, after, SCHEMA, []) == ""
    assert "no longer" in undo_refusal(said, {"attr.brand": "sunk"}, after, SCHEMA, [])
    assert "no longer" in undo_refusal(said, {"attr.brand": "aurora"}, after, Schema(), [])
    typed = Said("layout", "draft")
    assert "type" in undo_refusal(typed, {"type_key": "film"}, {"type_key": "layout"}, SCHEMA, [])


def test_a_type_is_not_changed_past_what_it_requires_of_the_published() -> None:
    schema = Schema(
        types=SCHEMA.types,
        definitions={"run": Definition("run", "Print run", "number", required=True, types=["layout"])},
    )
    change = {"type_key": {"set": "layout"}}
    for state, refused in (("published", True), ("approved", False)):
        said = Said("photograph", state)
        assert ("Print run is required" in result_of(said, change, schema).refusal) is refused
        assert result_of(said, {**change, "attr.run": {"set": "100"}}, schema).refusal == ""
        back = undo_refusal(said, {"type_key": "layout"}, {"type_key": "photograph"}, schema, [])
        assert ("Print run is required" in back) is refused


def test_undoing_does_not_empty_what_the_published_must_say() -> None:
    said = Said("photograph", "published", attributes={"job": "J-2"})
    assert "Job number is required" in undo_refusal(said, {"attr.job": None}, {"attr.job": "J-2"}, SCHEMA, [])
    assert undo_refusal(said, {"attr.job": "J-1"}, {"attr.job": "J-2"}, SCHEMA, []) == ""


def test_undoing_does_not_take_the_rights_of_what_is_published() -> None:
    right = right_values(RightForm(holder="Halden").values())
    for state, refused in (("published", True), ("draft", False)):
        said = Said("photograph", state, right=right)
        assert bool(undo_refusal(said, {"right": None}, {"right": right}, SCHEMA, [])) is refused


def test_a_change_reads_like_one() -> None:
    changes = checked(
        type_key={"set": "layout"},
        tags={"add": ["dusk"], "remove": ["coast"]},
        attr__region={"add": ["japan"]},
        attr__brand={"clear": True},
        right__ends_on={"set": None},
        right__ask_first={"set": False},
        right__channels={"set": ["print", "web"]},
        collections={"add": [3]},
    )
    assert in_words(changes, SCHEMA) == [
        "Type: Layout",
        "Tags: add dusk",
        "Tags: remove coast",
        "Region: add Asia / Japan",
        "Brand: clear",
        "Last day of use: clear",
        "Ask before each use: no",
        "Channels: print, web",
        "Collections: add Trails",
    ]
    assert in_words(changes, Schema())[3:5] == ["region: add japan", "brand: clear"]


def test_capitals_make_no_other_tag() -> None:
    added = checked(tags={"add": ["Coast", "Dusk", "DUSK"]})
    assert result_of(PLAIN, added, SCHEMA).after == {"tags": ["coast", "Dusk"]}
    assert result_of(PLAIN, checked(tags={"remove": ["COAST"]}), SCHEMA).after == {"tags": []}
    assert checked(tags={"set": ["Fog", "fog"]}) == {"tags": {"set": ["Fog"]}}
