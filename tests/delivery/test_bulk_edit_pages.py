"""A bulk edit from its form to its preview: nothing typed is lost in silence, and labels are shown."""

from datetime import date
from typing import Any

import pytest
from sqlalchemy import select

from assetlib.catalog.models import BulkEditItem
from assetlib.catalog.schema import lay_schema
from assetlib.house import House
from tests import make
from tests.delivery.reading import Page, read_page
from tests.delivery.visiting import Visit, Visits


@pytest.fixture
def assets(house: House, people: make.People) -> list[int]:
    """Two assets: one with a region and a right, one with neither."""
    with house.database.transaction() as session:
        lay_schema(session)
        told = make.published(
            session, people.own, people.librarian, title="Ridge", attributes={"region": ["norway"]}
        )
        assert told.right is not None
        told.right.ends_on, told.right.territories = date(2027, 1, 31), ["NO"]
        bare = make.asset(session, people.own, title="Tent")
        make.rendition(session, told.versions[0], "thumb", store=house.store)
        return [told.id, bare.id]


@pytest.fixture
def librarian(visits: Visits, people: make.People) -> Visit:
    return visits.of(people.librarian)


def preview(librarian: Visit, assets: list[int], form: dict[str, Any]) -> Page:
    answer = librarian.post("/bulk-edits", {"asset": assets, **form})
    assert answer.status_code == 303, read_page(answer).notices()
    return read_page(librarian.get(answer.headers["Location"]))


def rows(page: Page) -> dict[str, str]:
    """Title → what the preview says of that asset."""
    found = {}
    for row in page.tree.xpath("//tbody/tr"):
        said = [" ".join(" ".join(cell.itertext()).split()) for cell in row.xpath("./th | ./td")]
        found[said[0].split(" AST-")[0]] = said[2]
    return found


@pytest.mark.parametrize(
    ("field", "value"),
    [("attr.region", "japan"), ("attr.photographer", "Ana Ruiz"), ("right.ends_on", "2028-01-31"),
     ("right.ask_first", "false")],
)  # fmt: skip
def test_a_field_that_is_filled_but_left_as_it_is_is_not_ignored(
    librarian: Visit, assets: list[int], field: str, value: str
) -> None:
    form = {"asset": assets, "tags.add": "sea", f"op.{field}": "", field: value}
    answer = librarian.post("/bulk-edits", form)
    page = read_page(answer)
    assert answer.status_code == 422
    assert "Nothing was changed: a field is filled in, but left as it is." in page.notices()
    assert "Choose what to do with it, or empty it." in page.notices()
    typed = page.typed("/bulk-edits")
    assert value in typed[field]
    assert typed["tags.add"] == ["sea"]
    assert typed["asset"] == [str(each) for each in assets]


def test_an_empty_field_that_is_left_as_it_is_changes_nothing(librarian: Visit, assets: list[int]) -> None:
    form = {"tags.add": "sea", "op.attr.region": "", "attr.region": "", "op.right.holder": ""}
    said = rows(preview(librarian, assets, {**form, "right.holder": ""}))
    assert said == {"Ridge": "Tags nothing → becomes sea", "Tent": "Tags nothing → becomes sea"}


def test_before_and_after_are_told_by_their_labels(librarian: Visit, assets: list[int]) -> None:
    form = {
        "type_key": "layout",
        "op.attr.region": "set", "attr.region": "japan",
        "op.right.ends_on": "set", "right.ends_on": "2028-03-31",
        "op.right.ask_first": "set", "right.ask_first": "true",
    }  # fmt: skip
    said = rows(preview(librarian, assets, form))["Ridge"]
    for change in (
        "Type Photograph → becomes Layout and print",
        "Region Europe / Nordics / Norway → becomes Asia / Japan",
        "Last day of use 31 Jan 2027 → becomes 31 Mar 2028",
        "Ask before each use no → becomes yes",
    ):
        assert change.split("→")[1] in said, said
        assert change.split(" ")[0] in said


def test_a_right_is_cleared_field_by_field(librarian: Visit, assets: list[int]) -> None:
    form = {"op.right.ends_on": "clear", "op.right.territories": "clear"}
    said = rows(preview(librarian, assets, form))["Ridge"]
    assert "Countries NO → becomes nothing" in said
    assert "→ becomes nothing" in said.split("Last day of use")[1]


def test_a_yes_or_no_without_an_answer_is_refused(librarian: Visit, assets: list[int]) -> None:
    answer = librarian.post("/bulk-edits", {"asset": assets, "op.right.ask_first": "set"})
    assert answer.status_code == 422
    assert "Say yes or no." in read_page(answer).notices()


def test_the_preview_shows_picture_and_number(librarian: Visit, assets: list[int]) -> None:
    page = preview(librarian, assets, {"tags.add": "sea"})
    first = page.tree.xpath("//tbody/tr[1]/th")[0]
    assert first.xpath(".//img/@src")
    assert f"AST-{assets[0]:05}" in first.text_content()


def test_a_preview_leads_back_to_the_filled_form(librarian: Visit, assets: list[int]) -> None:
    form = {
        "type_key": "layout", "tags.add": "sea, coast",
        "op.attr.region": "add", "attr.region": ["japan", "norway"],
        "op.attr.photographer": "clear",
        "op.right.ends_on": "clear", "op.right.territories": "set", "right.territories": "NO, SE",
        "op.right.ask_first": "set", "right.ask_first": "true",
    }  # fmt: skip
    page = preview(librarian, assets, form)
    again = page.tree.xpath("string(//form[@action='/bulk-edits/new']//input[@name='again']/@value)")
    typed = read_page(librarian.post("/bulk-edits/new", {"again": again})).typed("/bulk-edits")
    said = {name: [each for each in values if each] for name, values in typed.items()}
    assert said["asset"] == [str(each) for each in assets]
    for name, value in form.items():
        assert sorted(said[name]) == sorted([value] if isinstance(value, str) else value), name
    assert not said.get("op.right.holder")


def test_what_is_left_alone_shows_no_change(house: House, librarian: Visit, assets: list[int]) -> None:
    page = preview(librarian, assets, {"tags.add": "sea"})
    assert "becomes sea" in rows(page)["Ridge"]
    with house.database.transaction() as session:
        for item in session.scalars(select(BulkEditItem).where(BulkEditItem.asset_id == assets[0])):
            item.outcome, item.reason = "refused", "It was changed since."
            where = f"/bulk-edits/{item.bulk_edit_id}"
    assert rows(read_page(librarian.get(where)))["Ridge"] == "It was changed since."


def test_only_the_page_itself_says_that_it_is_being_done(librarian: Visit, assets: list[int]) -> None:
    """A toast would stand there still when it is done."""
    page = preview(librarian, assets, {"tags.add": "sea"})
    action = page.tree.xpath("string(//form[contains(@action, '/run')]/@action)")
    shown = read_page(librarian.get(librarian.post(action, {}).headers["Location"]))
    assert "0 of 2 are changed. This page follows." in shown.notices()
    assert not shown.tree.xpath("//*[@data-toast]")
