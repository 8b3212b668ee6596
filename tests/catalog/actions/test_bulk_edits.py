from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from assetlib import clock
from assetlib.access.actor import SYSTEM, Actor
from assetlib.access.permission import NotPermitted, Permission
from assetlib.catalog.actions import bulk_edits
from assetlib.catalog.actions.assets import describe_asset
from assetlib.catalog.actions.attributes import remove_choice
from assetlib.catalog.actions.bulk_edits import (
    break_off_bulk_edit,
    continue_bulk_edit,
    continue_undo,
    preview_bulk_edit,
    run_bulk_edit,
    undo_bulk_edit,
)
from assetlib.catalog.errors import NoSuchBulkEdit, WrongState, WrongValue
from assetlib.catalog.models import Asset, BulkEdit, BulkEditItem, CollectionItem, UsageRight
from assetlib.catalog.queries.attributes import get_attribute
from assetlib.catalog.queries.bulk_edits import (
    Tally,
    bulk_edits_page,
    get_bulk_edit,
    items_of,
    reasons_of,
    tally_of,
    words_of,
)
from assetlib.jobs.models import Job
from tests import make
from tests.catalog.recorded import actions, recorded
from tests.catalog.statements import counted

ENGINES = ("sqlite", "postgresql")
pytestmark = pytest.mark.usefixtures("noise")


def run(session: Session, people: make.People, edit: BulkEdit) -> Tally:
    """Do it to the end, as the job does."""
    run_bulk_edit(session, people.librarian, edit)
    while continue_bulk_edit(session, people.librarian, edit):
        pass
    return tally_of(session, edit)


def undo(session: Session, people: make.People, edit: BulkEdit) -> Tally:
    undo_bulk_edit(session, people.librarian, edit)
    while continue_undo(session, people.librarian, edit):
        pass
    return tally_of(session, edit)


def preview(session: Session, people: make.People, assets: list[Asset], **changes: Any) -> BulkEdit:
    wanted = {name.replace("__", "."): value for name, value in changes.items()}
    return preview_bulk_edit(session, people.librarian, [each.id for each in assets], wanted)


def test_a_preview_shows_what_would_change_and_changes_nothing(session: Session, people: make.People) -> None:
    coast = make.asset(session, people.agency, tags=["coast"])
    dusk = make.asset(session, people.own, tags=["dusk"])
    gone = make.asset(session, people.own, deleted_at=clock.now())
    revision = coast.revision
    edit = preview(session, people, [dusk, coast, gone], tags={"add": ["dusk"]})
    rows = items_of(session, people.librarian, edit, number=1, size=10).rows
    items = {item.asset_id: item for item in rows}
    assert (items[coast.id].before, items[coast.id].after) == (
        {"tags": ["coast"]},
        {"tags": ["coast", "dusk"]},
    )
    assert {i: item.outcome for i, item in items.items()} == {
        coast.id: "waiting",
        dusk.id: "same",
        gone.id: "refused",
    }
    assert "trash" in items[gone.id].reason
    assert (coast.tags, coast.revision, edit.state) == (["coast"], revision, "preview")
    assert tally_of(session, edit) == Tally(waiting=1, same=1, refused=1)
    assert words_of(session, people.librarian, [edit]) == [["Tags: add dusk"]]
    assert actions(session, coast) == []


@pytest.mark.parametrize("who", ["field_marketer", "contributor", "partner_marketer", "without_role"])
def test_only_librarians_change_many_at_once(session: Session, people: make.People, who: str) -> None:
    asset = make.asset(session, people.agency)
    edit = preview(session, people, [asset], tags={"add": ["x"]})
    actor = getattr(people, who)
    with pytest.raises(NotPermitted):
        preview_bulk_edit(session, actor, [asset.id], {"tags": {"add": ["x"]}})
    with pytest.raises(NotPermitted):
        get_bulk_edit(session, actor, edit.id)
    acts: list[Callable[[Session, Actor, BulkEdit], object]] = [
        run_bulk_edit,
        undo_bulk_edit,
        continue_bulk_edit,
        continue_undo,
    ]
    for act in acts:
        with pytest.raises(NotPermitted):
            act(session, actor, edit)
    with pytest.raises(NotPermitted):
        break_off_bulk_edit(session, people.administrator, edit, "No.")
    with pytest.raises(NotPermitted):
        bulk_edits_page(session, actor, number=1, size=10)
    assert edit.state == "preview"


def test_faults_are_told_by_field_and_nothing_is_kept(session: Session, people: make.People) -> None:
    asset = make.asset(session, people.own)
    with pytest.raises(WrongValue) as refused:
        preview(session, people, [asset], tags={"add": ["\0"]}, attr__colour={"set": "red"})
    assert set(refused.value.details["fields"]) == {"tags", "attr.colour"}
    assert session.scalar(select(func.count()).select_from(BulkEdit)) == 0


def test_a_selection_is_neither_empty_nor_endless(session: Session, people: make.People) -> None:
    for ids in ([], list(range(1, 10_002))):
        with pytest.raises(WrongValue) as refused:
            preview_bulk_edit(session, people.librarian, ids, {"tags": {"add": ["x"]}})
        assert "assets" in refused.value.details["fields"]


def test_every_field_is_done_recorded_and_undone_exactly(
    session: Session, people: make.People, noise: Asset
) -> None:
    make.asset_type(session, "layout", label="Layout")
    make.attribute(session, "brand", "choice", choices=["aurora", "fjell"])
    make.attribute(session, "region", "tree", choices=["asia", "japan"], multiple=True)
    full = make.asset(
        session, people.agency, tags=["coast"], attributes={"brand": "aurora", "region": ["asia"], "x": 1}
    )
    make.right(session, full, holder="Halden", channels=["print"], ends_on=date(2026, 1, 31))
    bare = make.asset(session, people.own)
    other = make.asset(session, people.own)
    huts = make.collection(session, people.librarian, other, full)
    trails = make.collection(session, people.librarian, other)
    left_alone = (noise.tags, noise.revision, noise.attributes)
    edit = preview(
        session, people, [full, bare],
        type_key={"set": "layout"},
        tags={"add": ["dusk"], "remove": ["coast"]},
        attr__brand={"set": "fjell"},
        attr__region={"add": ["japan"], "remove": ["asia"]},
        right__ends_on={"set": "2027-03-31"},
        right__ask_first={"set": True},
        collections={"add": [huts.id, trails.id]},
    )  # fmt: skip
    before = {each.id: said(session, each) for each in (full, bare)}
    assert run(session, people, edit) == Tally(changed=2)
    assert edit.state == "done"
    assert edit.finished_at is not None

    session.expire_all()
    assert (full.type_key, full.tags) == ("layout", ["dusk"])
    assert full.attributes == {"brand": "fjell", "region": ["japan"], "x": 1}
    assert full.right is not None
    assert (full.right.holder, full.right.channels) == ("Halden", ["print"])
    assert (full.right.ends_on, full.right.ask_first) == (date(2027, 3, 31), True)
    assert bare.attributes == {"brand": "fjell", "region": ["japan"]}
    assert bare.right is not None
    assert (bare.right.holder, bare.right.ends_on) == ("", date(2027, 3, 31))
    assert members(session, huts.id) == [other.id, full.id, bare.id]
    assert members(session, trails.id) == [other.id, full.id, bare.id]
    entry = recorded(session, full)[-1]
    assert entry.action == "catalog.asset_bulk_edited"
    assert entry.changes["bulk_edit"] == edit.id
    assert entry.changes["before"]["tags"] == ["coast"]
    assert entry.changes["after"]["tags"] == ["dusk"]
    assert actions(session, full) == actions(session, bare) == ["asset_bulk_edited"]

    assert undo(session, people, edit) == Tally(undone=2)
    assert edit.state == "undone"
    assert {each.id: said(session, each) for each in (full, bare)} == before
    assert members(session, huts.id) == [other.id, full.id]
    assert members(session, trails.id) == [other.id]
    assert actions(session, bare) == ["asset_bulk_edited", "asset_bulk_edit_undone"]
    assert (noise.tags, noise.revision, noise.attributes) == left_alone
    of_edit = [each for each in recorded(session) if each.object_kind == "bulk_edit"]
    assert [each.action.removeprefix("catalog.") for each in of_edit] == [
        "bulk_edit_previewed",
        "bulk_edit_started",
        "bulk_edit_done",
        "bulk_edit_undo_started",
        "bulk_edit_undone",
    ]
    assert of_edit[2].changes["assets"]["changed"] == 2


def said(session: Session, asset: Asset) -> tuple[Any, ...]:
    session.expire_all()
    right = asset.right and {
        each.key: getattr(asset.right, each.key) for each in UsageRight.__table__.columns
    }
    return asset.type_key, asset.tags, asset.attributes, right, sorted(i.collection_id for i in asset.items)


def members(session: Session, collection_id: int) -> list[int]:
    return list(
        session.scalars(
            select(CollectionItem.asset_id)
            .where(CollectionItem.collection_id == collection_id)
            .order_by(CollectionItem.position)
        )
    )


def test_what_was_changed_after_the_preview_is_left_alone(session: Session, people: make.People) -> None:
    touched, elsewhere, done, trashed = (make.asset(session, people.own, tags=["a"]) for _ in range(4))
    edit = preview(session, people, [touched, elsewhere, done, trashed], tags={"add": ["b"]})
    for asset, tags in ((touched, ["a", "c"]), (done, ["a", "b"])):
        describe_asset(session, people.administrator, asset, revision=asset.revision, tags=tags)
    describe_asset(session, people.administrator, elsewhere, revision=elsewhere.revision, title="New title")
    trashed.deleted_at = clock.now()
    assert run(session, people, edit) == Tally(changed=1, same=1, refused=2)
    assert (touched.tags, elsewhere.tags, done.tags, trashed.tags) == (
        ["a", "c"],
        ["a", "b"],
        ["a", "b"],
        ["a"],
    )
    assert elsewhere.title == "New title"
    assert {reason for reason, _ in reasons_of(session, edit)} == {
        bulk_edits.CHANGED_SINCE,
        bulk_edits.NOT_OPEN,
    }


def test_undoing_keeps_what_others_wrote_since(session: Session, people: make.People) -> None:
    since, ours, trashed = (make.asset(session, people.own, tags=["a"]) for _ in range(3))
    edit = preview(
        session, people, [since, ours, trashed], tags={"add": ["b"]}, type_key={"set": "photograph"}
    )
    assert run(session, people, edit) == Tally(changed=3)
    describe_asset(session, people.administrator, since, revision=since.revision, tags=["b", "mine"])
    describe_asset(session, people.administrator, ours, revision=ours.revision, title="Title says nothing")
    trashed.deleted_at = clock.now()
    assert undo(session, people, edit) == Tally(undone=1, kept=2)
    assert (since.tags, ours.tags, trashed.tags) == (["b", "mine"], ["a"], ["a", "b"])
    assert ours.title == "Title says nothing"


def test_a_schema_that_changed_since_stops_the_edit_and_says_so(
    session: Session, people: make.People
) -> None:
    make.attribute(session, "brand", "choice", choices=["aurora", "fjell"])
    asset = make.asset(session, people.own)
    edit = preview(session, people, [asset], attr__brand={"set": "fjell"})
    remove_choice(session, people.librarian, get_attribute(session, "brand"), "fjell")
    assert run(session, people, edit) == Tally(refused=1)
    assert "not among the choices" in reasons_of(session, edit)[0][0]
    assert asset.attributes == {}


def test_a_collection_that_is_not_ones_own_takes_nothing(session: Session, people: make.People) -> None:
    asset = make.asset(session, people.own)
    private = make.collection(session, people.field_marketer, audience="private")
    with pytest.raises(WrongValue):
        preview(session, people, [asset], collections={"add": [private.id]})
    shared = make.collection(session, people.field_marketer)
    edit = preview(session, people, [asset], collections={"add": [shared.id]})
    assert run(session, people, edit) == Tally(changed=1)
    shared.audience = "private"
    assert undo(session, people, edit) == Tally(kept=1)
    assert members(session, shared.id) == [asset.id]


def test_rights_are_changed_together_by_those_who_record_them(
    session: Session, people: make.People, monkeypatch: pytest.MonkeyPatch
) -> None:
    done, asset = make.asset(session, people.own), make.asset(session, people.own)
    changed = preview(session, people, [done], right__holder={"set": "Halden"})
    run(session, people, changed)
    waiting = preview(session, people, [asset], right__holder={"set": "Halden"})
    nobody = Permission("catalog.edit_rights", lambda *_: False, "Rights are not yours to record.")
    monkeypatch.setattr(bulk_edits, "EDIT_RIGHTS", nobody)
    assert run(session, people, waiting) == Tally(refused=1)
    assert undo(session, people, changed) == Tally(kept=1)
    fresh = preview(session, people, [asset], right__holder={"set": "Halden"}, tags={"add": ["x"]})
    assert reasons_of(session, fresh) == [(nobody.refusal, 1)]
    assert tally_of(session, preview(session, people, [asset], tags={"add": ["x"]})) == Tally(waiting=1)
    assert asset.right is None


def test_rights_that_let_something_be_published_are_not_undone(session: Session, people: make.People) -> None:
    asset = make.asset(session, people.own)
    edit = preview(session, people, [asset], right__holder={"set": "Halden"})
    run(session, people, edit)
    asset.state = "published"
    assert undo(session, people, edit) == Tally(kept=1)
    assert asset.right is not None


def test_each_step_is_taken_once_in_its_order(session: Session, people: make.People) -> None:
    edit = preview(session, people, [make.asset(session, people.own)], tags={"add": ["x"]})
    with pytest.raises(WrongState):
        undo_bulk_edit(session, people.librarian, edit)
    assert not continue_bulk_edit(session, people.librarian, edit)
    run_bulk_edit(session, people.librarian, edit)
    with pytest.raises(WrongState):
        run_bulk_edit(session, people.librarian, edit)
    while continue_bulk_edit(session, people.librarian, edit):
        pass
    assert not continue_bulk_edit(session, people.librarian, edit)
    assert not continue_undo(session, people.librarian, edit)
    undo_bulk_edit(session, people.administrator, edit)
    with pytest.raises(WrongState):
        undo_bulk_edit(session, people.librarian, edit)
    kinds = [(job.kind, job.arguments) for job in session.scalars(select(Job).order_by(Job.id))]
    assert kinds == [
        ("catalog.run_bulk_edit", {"bulk_edit_id": edit.id, "person_id": people.librarian.person_id}),
        ("catalog.undo_bulk_edit", {"bulk_edit_id": edit.id, "person_id": people.administrator.person_id}),
    ]


def test_breaking_off_leaves_the_rest_alone(
    session: Session, people: make.People, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bulk_edits, "STEP", 1)
    assets = [make.asset(session, people.own, tags=["a"]) for _ in range(3)]
    edit = preview(session, people, assets, tags={"add": ["b"]})
    break_off_bulk_edit(session, SYSTEM, edit, "Never started.")
    assert edit.state == "preview"
    run_bulk_edit(session, people.librarian, edit)
    continue_bulk_edit(session, people.librarian, edit)
    break_off_bulk_edit(session, SYSTEM, edit, "No longer.")
    assert tally_of(session, edit) == Tally(changed=1, refused=2)
    assert reasons_of(session, edit) == [("No longer.", 2)]
    undo_bulk_edit(session, people.librarian, edit)
    break_off_bulk_edit(session, SYSTEM, edit, "Nor this.")
    assert (edit.state, tally_of(session, edit)) == ("undone", Tally(refused=2, kept=1))
    assert [each.tags for each in assets] == [["a", "b"], ["a"], ["a"]]


def test_old_previews_are_dropped_and_what_was_run_is_kept(session: Session, people: make.People) -> None:
    asset = make.asset(session, people.own)
    with clock.held_at(datetime(2026, 1, 1, tzinfo=UTC)):
        forgotten = preview(session, people, [asset], tags={"add": ["x"]})
        kept = preview(session, people, [asset], tags={"add": ["x"]})
        run_bulk_edit(session, people.librarian, kept)
    with clock.held_at(datetime(2026, 1, 1, tzinfo=UTC) + timedelta(hours=25)):
        fresh = preview(session, people, [asset], tags={"add": ["y"]})
    session.expunge_all()
    assert set(session.scalars(select(BulkEdit.id))) == {kept.id, fresh.id}
    assert set(session.scalars(select(BulkEditItem.bulk_edit_id))) == {kept.id, fresh.id}
    with pytest.raises(NoSuchBulkEdit):
        get_bulk_edit(session, people.librarian, forgotten.id)
    assert [row.id for row in bulk_edits_page(session, people.librarian, number=1, size=10).rows] == [kept.id]
    dropped = [each for each in recorded(session) if each.action == "catalog.bulk_edit_previews_dropped"]
    assert [each.changes for each in dropped] == [{"before": {"bulk_edits": [forgotten.id]}}]


def test_a_preview_of_more_assets_needs_no_more_statements(session: Session, people: make.People) -> None:
    make.attribute(session, "brand", "choice", choices=["aurora"])
    into = make.collection(session, people.librarian)
    many = [make.asset(session, people.own, versions=0, tags=["a"]) for _ in range(60)]
    for asset in many[::2]:
        make.right(session, asset)
    changes = {
        "tags": {"add": ["b"]},
        "attr.brand": {"set": "aurora"},
        "right.holder": {"set": "Halden"},
        "collections": {"add": [into.id]},
    }
    sent = []
    for count in (2, 60):
        session.flush()
        session.expunge_all()
        with counted(session) as statements:
            preview_bulk_edit(session, people.librarian, [each.id for each in many[:count]], changes)
        sent.append(len(statements))
    assert sent[0] == sent[1]
    assert sent[1] <= 12
