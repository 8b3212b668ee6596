"""Attributes that several librarians change."""

from typing import Any

import pytest
from sqlalchemy.orm import Session

from assetlib.catalog.actions.attributes import add_attribute, change_attribute
from assetlib.catalog.errors import ChangedMeanwhile, WrongValue
from assetlib.catalog.queries.embedding import attributes_from
from tests import make
from tests.catalog.recorded import recorded

METADATA = {"creator": {"value": "Ada", "source": "xmp"}}

pytestmark = pytest.mark.usefixtures("noise")


def test_an_attribute_is_not_changed_over_what_nobody_saw(session: Session, people: make.People) -> None:
    row = make.attribute(session, "brand")
    seen = row.revision
    same: dict[str, Any] = {"hint": "", "facet": False, "required": False}
    change_attribute(session, people.librarian, row, revision=seen, label="Marque", **same)
    with pytest.raises(ChangedMeanwhile) as refused:
        change_attribute(session, people.administrator, row, revision=seen, label="House", **same)
    assert refused.value.details["current"]["label"] == "Marque"
    assert row.label == "Marque"


def test_what_fills_it_is_chosen_and_recorded(session: Session, people: make.People) -> None:
    said: dict[str, Any] = {"label": "Who", "hint": "", "facet": True, "required": True}
    row = add_attribute(
        session, people.librarian, key="who", kind="people", embedded_as="creator", reserved=(), **said
    )
    assert attributes_from(session, "photograph", METADATA) == {"who": "Ada"}
    assert recorded(session)[-1].changes["after"] == {
        **said, "key": "who", "kind": "people", "multiple": False, "types": [], "embedded_as": "creator",
    }  # fmt: skip
    change_attribute(session, people.librarian, row, revision=row.revision, **said)
    assert row.embedded_as == "creator"
    change_attribute(session, people.librarian, row, revision=row.revision, embedded_as="", **said)
    assert attributes_from(session, "photograph", METADATA) == {}
    assert recorded(session)[-1].changes["before"] == {"embedded_as": "creator"}
    with pytest.raises(WrongValue) as refused:
        change_attribute(session, people.librarian, row, revision=row.revision, embedded_as="mood", **said)
    assert list(refused.value.details["fields"]) == ["embedded_as"]
