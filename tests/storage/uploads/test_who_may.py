"""An upload belongs to one person."""

from dataclasses import replace

import pytest

from assetlib.access.actor import ANONYMOUS
from assetlib.access.permission import NotPermitted
from assetlib.database import Database
from assetlib.storage.local import LocalStore
from assetlib.storage.uploads.errors import (
    NoSuchUpload,
)
from assetlib.storage.uploads.protocol import UploadDesk
from tests import make
from tests.storage.uploads.test_protocol import announced, begun, send


def test_an_upload_is_its_persons_alone(desk: UploadDesk, database: Database, crowd: make.People) -> None:
    with database.transaction() as session:
        colleague = make.actor(make.person(session, crowd.agency, "agency_contributor"), crowd.agency)
    upload = begun(desk, crowd.contributor)
    for stranger in (colleague, crowd.other_contributor, crowd.librarian, crowd.administrator, ANONYMOUS):
        with pytest.raises(NoSuchUpload):
            desk.look(stranger, upload)
        with pytest.raises(NoSuchUpload):
            send(desk, stranger, upload, 1)
        with pytest.raises(NoSuchUpload):
            desk.complete(stranger, upload)
        with pytest.raises(NoSuchUpload):
            desk.cancel(stranger, upload)
        assert upload not in {each.upload.public_id for each in desk.mine(stranger)}
    assert [each.upload.public_id for each in desk.mine(crowd.contributor)] == [upload]
    assert list(desk.mine(crowd.contributor, "verifying")) == []


def test_who_may_not_upload_begins_nothing(desk: UploadDesk, crowd: make.People, store: LocalStore) -> None:
    before = len(list(store.list_multiparts()))
    for actor in (crowd.field_marketer, crowd.partner_marketer, crowd.without_role, ANONYMOUS):
        with pytest.raises(NotPermitted):
            desk.begin(actor, announced())
    assert len(list(store.list_multiparts())) == before


def test_who_lost_the_role_sends_no_more(desk: UploadDesk, crowd: make.People) -> None:
    upload = begun(desk, crowd.contributor)
    now_without = replace(crowd.contributor, roles=frozenset())
    with pytest.raises(NotPermitted):
        send(desk, now_without, upload, 1)
    with pytest.raises(NotPermitted):
        desk.complete(now_without, upload)


@pytest.mark.parametrize("public_id", ["", "x", "a" * 32, "A" * 32, "a\0b", "../x"])
def test_there_is_no_such_upload(desk: UploadDesk, crowd: make.People, public_id: str) -> None:
    with pytest.raises(NoSuchUpload):
        desk.look(crowd.contributor, public_id)
