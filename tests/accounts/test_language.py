"""In which language and by which clock somebody reads."""

import pytest
from sqlalchemy.orm import Session

from assetlib.access.permission import NotPermitted
from assetlib.accounts.actions.own import set_language
from assetlib.accounts.errors import WrongPerson
from assetlib.accounts.models import Person
from assetlib.accounts.rules.language import must_be_readable
from tests import make
from tests.catalog.recorded import recorded

ENGINES = ("sqlite", "postgresql")


def test_a_language_and_a_time_zone_are_ones_that_are_known() -> None:
    must_be_readable(language="de", time_zone="Europe/Berlin")
    must_be_readable(language=None, time_zone=None)
    with pytest.raises(WrongPerson) as refused:
        must_be_readable(language="tlh", time_zone="Mars/Olympus")
    assert set(refused.value.details["fields"]) == {"language", "time_zone"}


def test_what_somebody_chose_is_kept_and_recorded_once(
    session: Session, people: make.People, contributor: Person
) -> None:
    for _ in range(2):
        set_language(session, people.contributor, contributor, language="de", time_zone="Asia/Tokyo")
    assert (contributor.locale, contributor.time_zone) == ("de", "Asia/Tokyo")
    entries = [each for each in recorded(session) if each.action == "accounts.language_set"]
    assert [each.changes["after"] for each in entries] == [{"language": "de", "time_zone": "Asia/Tokyo"}]


def test_nobody_chooses_for_another(session: Session, people: make.People, contributor: Person) -> None:
    for actor in (people.administrator, people.other_contributor):
        with pytest.raises(NotPermitted):
            set_language(session, actor, contributor, language="de", time_zone=None)
    assert contributor.locale is None
