"""People who plan."""

import pytest
from sqlalchemy.orm import Session

from assetlib.access.actor import PLANNER, Actor
from tests import make


@pytest.fixture
def planner(session: Session, people: make.People) -> Actor:
    return make.actor(make.person(session, people.own, PLANNER, name="Paula Planner"), people.own)


@pytest.fixture
def other_planner(session: Session, people: make.People) -> Actor:
    return make.actor(make.person(session, people.own, PLANNER, name="Otto Planner"), people.own)
