"""Those who keep reference data."""

import pytest
from sqlalchemy.orm import Session

from tests import make
from tests.make_reference import Keepers, keepers


@pytest.fixture
def kept_by(session: Session, people: make.People) -> Keepers:
    return keepers(session, people)
