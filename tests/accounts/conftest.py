"""An administrator, and the rows they look after."""

import pytest
from sqlalchemy.orm import Session

from assetlib.access.actor import Actor
from assetlib.accounts.models import Person
from assetlib.accounts.queries import get_person
from tests import make


@pytest.fixture
def administrator(people: make.People) -> Actor:
    return people.administrator


@pytest.fixture
def contributor(session: Session, people: make.People) -> Person:
    """Somebody of an agency."""
    assert people.contributor.person_id is not None
    return get_person(session, people.contributor.person_id)
