"""Attributes that several librarians change."""

from typing import Any

import pytest
from sqlalchemy.orm import Session

from assetlib.catalog.actions.attributes import change_attribute
from assetlib.catalog.errors import ChangedMeanwhile
from tests import make

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
