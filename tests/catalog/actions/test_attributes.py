from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from assetlib import clock
from assetlib.access.permission import NotPermitted
from assetlib.catalog.actions.attributes import (
    add_attribute,
    add_choice,
    change_attribute,
    move_choice,
    remove_attribute,
    remove_choice,
    rename_choice,
    set_attributes,
)
from assetlib.catalog.errors import ChangedMeanwhile, InUse, NoSuchAttribute, WrongValue
from assetlib.catalog.models import Attribute
from assetlib.catalog.queries.attributes import attribute_rows, definitions, get_attribute, schema
from assetlib.catalog.schema import ATTRIBUTES, TYPES, lay_schema
from tests import make
from tests.catalog.recorded import actions, recorded
from tests.catalog.statements import counted

ENGINES = ("sqlite", "postgresql")
pytestmark = pytest.mark.usefixtures("noise")


def choice_keys(session: Session, attribute: Attribute) -> list[str]:
    session.flush()
    session.expire_all()
    return [choice.key for choice in get_attribute(session, attribute.key).choices]


def test_only_what_is_given_is_set_cleared_and_recorded(session: Session, people: make.People) -> None:
    make.attribute(session, "brand", "choice", choices=["aurora", "fjell"])
    make.attribute(session, "run", "number")
    make.attribute(session, "job")
    asset = make.asset(session, people.agency, attributes={"brand": "aurora", "job": "J-1"})
    set_attributes(
        session,
        people.contributor,
        asset,
        {"brand": ["fjell"], "run": "12.50", "job": ""},
        revision=asset.revision,
    )
    assert asset.attributes == {"brand": "fjell", "run": "12.5"}
    entry = recorded(session, asset)[-1]
    assert entry.action == "catalog.attributes_set"
    assert entry.changes == {
        "before": {"brand": "aurora", "run": None, "job": "J-1"},
        "after": {"brand": "fjell", "run": "12.5", "job": None},
    }


def test_the_same_again_leaves_no_trace(session: Session, people: make.People) -> None:
    make.attribute(session, "run", "number")
    asset = make.asset(session, people.own, attributes={"run": "12"})
    revision = asset.revision
    set_attributes(session, people.librarian, asset, {"run": "12.0"}, revision=revision)
    assert (asset.revision, actions(session, asset)) == (revision, [])


def test_all_faults_are_told_at_once_and_nothing_is_set(session: Session, people: make.People) -> None:
    make.attribute(session, "brand", "choice", choices=["aurora"])
    make.attribute(session, "run", "number", types=["layout"])
    make.attribute(session, "job")
    asset = make.asset(session, people.own)
    raw = {"brand": "nike", "run": "5", "job": "a\0", "colour": "red", "\0": "x", "\ud800": "x"}
    with pytest.raises(WrongValue) as refused:
        set_attributes(session, people.librarian, asset, raw, revision=asset.revision)
    assert set(refused.value.details["fields"]) == set(raw)
    assert asset.attributes == {}


@pytest.mark.parametrize("who", ["field_marketer", "other_contributor", "partner_marketer", "without_role"])
def test_others_set_nothing(session: Session, people: make.People, who: str) -> None:
    make.attribute(session, "job")
    asset = make.published(session, people.agency, people.librarian)
    with pytest.raises(NotPermitted):
        set_attributes(session, getattr(people, who), asset, {"job": "x"}, revision=asset.revision)
    assert asset.attributes == {}


def test_what_somebody_wrote_meanwhile_is_not_overwritten(session: Session, people: make.People) -> None:
    make.attribute(session, "job")
    asset = make.asset(session, people.own)
    seen = asset.revision
    set_attributes(session, people.administrator, asset, {"job": "theirs"}, revision=seen)
    with pytest.raises(ChangedMeanwhile) as refused:
        set_attributes(session, people.librarian, asset, {"job": "mine"}, revision=seen)
    assert refused.value.details["current"]["attributes"] == {"job": "theirs"}


def test_what_is_required_stays_filled_while_published(session: Session, people: make.People) -> None:
    make.attribute(session, "job", required=True)
    asset = make.published(session, people.own, people.librarian, attributes={"job": "J-1"})
    nothing: tuple[Any, ...] = ("", None, [])
    for empty in nothing:
        with pytest.raises(WrongValue):
            set_attributes(session, people.librarian, asset, {"job": empty}, revision=asset.revision)
    set_attributes(session, people.librarian, asset, {"job": "J-2"}, revision=asset.revision)
    asset.state = "withdrawn"
    session.flush()
    set_attributes(session, people.librarian, asset, {"job": ""}, revision=asset.revision)
    assert asset.attributes == {}


@settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=40)
@given(st.text(st.characters(exclude_categories=[]), min_size=1, max_size=60))
def test_what_is_typed_is_stored_to_the_letter_or_refused(
    session: Session, people: make.People, text: str
) -> None:
    if session.scalar(select(func.count()).select_from(Attribute)) == 0:
        make.attribute(session, "note")
        make.attribute(session, "who", "people", multiple=True)
    asset = make.asset(session, people.own, versions=0)
    faults: dict[str, str] = {}
    try:
        set_attributes(
            session, people.librarian, asset, {"note": text, "who": [text]}, revision=asset.revision
        )
    except WrongValue as refused:
        faults = refused.details["fields"]
    session.expire(asset)
    storable = text.strip() and "\0" not in text and text.encode("utf-8", "ignore").decode() == text
    assert set(faults) == (set() if storable else {"note", "who"})
    assert asset.attributes == ({"note": text, "who": [text]} if storable else {})
    for sentence in faults.values():
        sentence.encode()


def test_an_attribute_is_added_last(session: Session, people: make.People) -> None:
    make.asset_type(session, "logo")
    first = add_attribute(
        session, people.librarian, key="brand", label="Brand", kind="choice", facet=True, reserved=()
    )
    second = add_attribute(
        session, people.librarian, key="claim", label=" Claim ", kind="text", hint="As printed",
        multiple=True, required=True, types=["logo"], reserved=(),
    )  # fmt: skip
    assert [row.id for row in schema(session)] == [first.id, second.id]
    assert (second.label, second.types, second.required, second.multiple) == (" Claim ", ["logo"], True, True)
    assert definitions(session)["claim"].is_for("logo")
    assert not definitions(session)["claim"].is_for("photograph")
    assert actions(session) == ["attribute_added", "attribute_added"]


@pytest.mark.parametrize(
    ("values", "fields"),
    [
        ({"key": "Brand"}, {"key"}),
        ({"key": "brand"}, {"key"}),
        ({"key": "1st"}, {"key"}),
        ({"key": "a" * 60}, {"key"}),
        ({"key": "a\n"}, {"key"}),
        ({"key": "title"}, {"key"}),
        ({"kind": "colour"}, {"kind"}),
        ({"kind": "boolean", "multiple": True}, {"multiple"}),
        ({"label": " "}, {"label"}),
        ({"label": "x" * 101, "hint": "\0", "types": ["film"]}, {"label", "hint", "types"}),
    ],
)
def test_an_attribute_that_cannot_be_is_refused(
    session: Session, people: make.People, values: dict[str, Any], fields: set[str]
) -> None:
    make.attribute(session, "brand")
    with pytest.raises(WrongValue) as refused:
        add_attribute(
            session,
            people.librarian,
            **{"key": "claim", "label": "Claim", "kind": "text", "reserved": {"title"}, **values},
        )
    assert set(refused.value.details["fields"]) == fields


def test_an_attribute_is_described_anew(session: Session, people: make.People) -> None:
    row = make.attribute(session, "brand", position=10)
    make.attribute(session, "claim", position=20)
    same: dict[str, Any] = {"hint": "", "facet": False, "required": False}
    change_attribute(session, people.librarian, row, revision=row.revision, label="Brand", **same)
    assert actions(session) == []
    change_attribute(
        session,
        people.librarian,
        row,
        revision=row.revision,
        label="Marque",
        hint="One",
        facet=True,
        required=True,
        position=30,
    )
    assert (row.label, row.hint, row.facet, row.required, row.types) == ("Marque", "One", True, True, [])
    assert [each.key for each in schema(session)] == ["claim", "brand"]
    assert recorded(session)[-1].changes["before"] == {
        "label": "Brand", "hint": "", "facet": False, "required": False, "position": 10,
    }  # fmt: skip
    with pytest.raises(WrongValue):
        change_attribute(session, people.librarian, row, revision=row.revision, label="", **same)


@pytest.mark.parametrize(("trash", "said"), [(0, "One asset has"), (2, "3 assets have")])
def test_an_attribute_in_use_stays(session: Session, people: make.People, trash: int, said: str) -> None:
    row = make.attribute(session, "job", label="Job number")
    make.asset(session, people.own, attributes={"jobs": "x", "other": "job"})
    filled = [make.asset(session, people.own, attributes={"job": "J"})]
    filled += [
        make.asset(session, people.own, attributes={"job": "J"}, deleted_at=clock.now()) for _ in range(trash)
    ]
    with pytest.raises(InUse) as refused:
        remove_attribute(session, people.librarian, row)
    assert refused.value.details["uses"] == 1 + trash
    assert said in refused.value.sentence
    for asset in filled:
        asset.attributes = {}
    remove_attribute(session, people.librarian, row)
    with pytest.raises(NoSuchAttribute):
        get_attribute(session, "job")
    assert recorded(session)[-1].object_id == str(row.id)


@pytest.mark.parametrize(
    ("kind", "value"), [("boolean", False), ("number", "0"), ("people", ["Ada"]), ("date", "2027-01-01")]
)
def test_every_kind_of_value_counts_as_use(
    session: Session, people: make.People, kind: str, value: Any
) -> None:
    row = make.attribute(session, "field", kind)
    make.asset(session, people.own, attributes={"field": value})
    with pytest.raises(InUse):
        remove_attribute(session, people.librarian, row)


def test_choices_get_keys_of_their_own(session: Session, people: make.People) -> None:
    row = make.attribute(session, "region", "tree")
    labels = ["Österreich", "Osterreich!", "日本", "  ", "韓国"]
    for label in labels:
        if label.strip():
            add_choice(session, people.librarian, row, label=label)
        else:
            with pytest.raises(WrongValue):
                add_choice(session, people.librarian, row, label=label)
    add_choice(session, people.librarian, row, label="Graz", key="at-graz", parent="osterreich")
    assert choice_keys(session, row) == ["osterreich", "osterreich-2", "choice", "choice-2", "at-graz"]
    assert [choice.label for choice in row.choices] == ["Österreich", "Osterreich!", "日本", "韓国", "Graz"]
    assert definitions(session)["region"].by_key["at-graz"].parent == "osterreich"


@pytest.mark.parametrize(
    ("kind", "values", "error"),
    [
        ("text", {}, WrongValue),
        ("choice", {"key": "asia"}, WrongValue),
        ("choice", {"key": "A B"}, WrongValue),
        ("choice", {"parent": "asia"}, WrongValue),
        ("tree", {"parent": "mars"}, NoSuchAttribute),
        ("tree", {"label": "x" * 201}, WrongValue),
        ("tree", {"label": "\0"}, WrongValue),
    ],
)
def test_a_choice_that_cannot_be_is_refused(
    session: Session, people: make.People, kind: str, values: dict[str, Any], error: type[Exception]
) -> None:
    row = make.attribute(session, "region", kind, choices=["asia"] if kind != "text" else [])
    with pytest.raises(error):
        add_choice(session, people.librarian, row, **{"label": "Japan", **values})
    assert len(choice_keys(session, row)) == (kind != "text")


def test_a_choice_is_renamed_and_keeps_its_key(session: Session, people: make.People) -> None:
    row = make.attribute(session, "region", "choice", choices=["asia"])
    rename_choice(session, people.librarian, row, "asia", label="Asia")
    assert actions(session) == []
    rename_choice(session, people.librarian, row, "asia", label=" Asia & Pacific ")
    assert definitions(session)["region"].by_key["asia"].label == " Asia & Pacific "
    assert recorded(session)[-1].changes == {
        "before": {"asia": "Asia"},
        "after": {"asia": " Asia & Pacific "},
    }
    with pytest.raises(NoSuchAttribute):
        rename_choice(session, people.librarian, row, "mars", label="Mars")


def test_a_choice_moves_but_never_below_itself(session: Session, people: make.People) -> None:
    row = make.attribute(session, "region", "tree", choices=["europe", "nordics", "norway"])
    move_choice(session, people.librarian, row, "nordics", parent="europe")
    move_choice(session, people.librarian, row, "norway", parent="nordics")
    move_choice(session, people.librarian, row, "norway", parent="nordics")
    for key, parent in (("europe", "norway"), ("nordics", "nordics"), ("europe", "nordics")):
        with pytest.raises(WrongValue):
            move_choice(session, people.librarian, row, key, parent=parent)
    asset = make.asset(session, people.own, attributes={"region": "norway"})
    (shown,) = attribute_rows(session, asset)
    assert shown.shown == "Europe / Nordics / Norway"
    assert shown.choices == [("europe", "Europe", 0), ("nordics", "Nordics", 1), ("norway", "Norway", 2)]
    move_choice(session, people.librarian, row, "norway", parent=None)
    assert attribute_rows(session, asset)[0].shown == "Norway"
    assert actions(session) == ["choice_moved"] * 3
    flat = make.attribute(session, "brand", "choice", choices=["aurora", "fjell"])
    with pytest.raises(WrongValue):
        move_choice(session, people.librarian, flat, "aurora", parent="fjell")


def test_a_choice_in_use_or_with_others_below_stays(session: Session, people: make.People) -> None:
    row = make.attribute(session, "region", "tree", choices=["asia", "asia-minor", "japan"], multiple=True)
    single = make.attribute(session, "home", "choice", choices=["asia"])
    move_choice(session, people.librarian, row, "japan", parent="asia")
    with pytest.raises(InUse) as refused:
        remove_choice(session, people.librarian, row, "asia")
    assert "below" in refused.value.sentence
    asset = make.asset(session, people.own, attributes={"region": ["asia-minor", "japan"], "home": "asia"})
    make.asset(session, people.own, attributes={"region": ["japan"]}, deleted_at=clock.now())
    for attribute, key, uses in ((row, "japan", 2), (row, "asia-minor", 1), (single, "asia", 1)):
        with pytest.raises(InUse) as refused:
            remove_choice(session, people.librarian, attribute, key)
        assert refused.value.details["uses"] == uses
    asset.attributes = {"region": ["japan"]}
    remove_choice(session, people.librarian, row, "asia-minor")
    remove_choice(session, people.librarian, single, "asia")
    assert choice_keys(session, row) == ["asia", "japan"]
    assert choice_keys(session, single) == []


@pytest.mark.parametrize("who", ["field_marketer", "contributor", "without_role"])
def test_only_librarians_shape_the_schema(session: Session, people: make.People, who: str) -> None:
    actor = getattr(people, who)
    row = make.attribute(session, "region", "tree", choices=["asia"])
    calls = (
        lambda: add_attribute(session, actor, key="x", label="X", kind="text", reserved=()),
        lambda: change_attribute(
            session, actor, row, revision=row.revision, label="X", hint="", facet=True, required=True
        ),
        lambda: remove_attribute(session, actor, row),
        lambda: add_choice(session, actor, row, label="X"),
        lambda: rename_choice(session, actor, row, "asia", label="X"),
        lambda: move_choice(session, actor, row, "asia", parent=None),
        lambda: remove_choice(session, actor, row, "asia"),
    )
    for call in calls:
        with pytest.raises(NotPermitted):
            call()
    assert actions(session) == []


def test_an_asset_shows_what_its_type_asks_and_what_it_says(session: Session, people: make.People) -> None:
    make.attribute(session, "everywhere")
    make.attribute(session, "only_logo", types=["logo"])
    make.attribute(session, "once_said", types=["logo"])
    asset = make.asset(session, people.own, attributes={"once_said": "before the type changed"})
    assert [row.key for row in attribute_rows(session, asset)] == ["everywhere", "once_said"]
    for number in range(10):
        make.attribute(session, f"more{number}", "choice", choices=["a", "b"])
    session.flush()
    session.expunge_all()
    with counted(session) as sent:
        assert len(attribute_rows(session, asset)) == 12
    assert len(sent) == 1


def test_the_schema_to_begin_with_is_laid_once(session: Session, people: make.People) -> None:
    for row in schema(session):
        session.delete(row)
    make_room(session)
    lay_schema(session)
    known = definitions(session)
    assert {each.kind for each in known.values()} == {
        "text", "number", "date", "choice", "tree", "people", "boolean",
    }  # fmt: skip
    assert set(known) == set(ATTRIBUTES)
    assert {key for each in known.values() for key in each.types} <= set(TYPES)
    assert any(choice.parent for choice in known["region"].choices)
    remove_attribute(session, people.librarian, get_attribute(session, "print_run"))
    rename_choice(session, people.librarian, get_attribute(session, "region"), "japan", label="Nippon")
    lay_schema(session)
    again = definitions(session)
    assert "print_run" not in again
    assert again["region"].by_key["japan"].label == "Nippon"
    assert len(again) == len(ATTRIBUTES) - 1
    assert actions(session) == ["schema_laid", "attribute_removed", "choice_renamed"]


def make_room(session: Session) -> None:
    """Take away what the noise needed, so that the installation is empty."""
    from sqlalchemy import delete, update

    from assetlib.catalog.models import Approval, Asset, AssetType, UsageRight, Version

    session.execute(update(Asset).values(current_version_id=None))
    for model in (Approval, UsageRight, Version, Asset, AssetType):
        session.execute(delete(model))
    session.expunge_all()
