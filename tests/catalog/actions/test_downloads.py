from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from assetlib import clock
from assetlib.access.actor import ANONYMOUS
from assetlib.access.permission import NotPermitted
from assetlib.catalog.actions.downloads import make_package, open_download
from assetlib.catalog.errors import (
    NoSuchAsset,
    NoSuchPackage,
    NoSuchRendition,
    NoSuchVersion,
    NotToBeUsed,
    WrongValue,
)
from assetlib.catalog.models import Asset, UsageEvent, Version
from assetlib.catalog.queries.downloads import (
    get_package,
    package_entries,
    preview_of,
)
from assetlib.storage.local import LocalStore
from tests import make
from tests.catalog.recorded import recorded

ENGINES = ("sqlite", "postgresql")

pytestmark = pytest.mark.usefixtures("noise")


def out(session: Session, people: make.People, **values: Any) -> tuple[Asset, Version]:
    asset = make.published(session, people.agency, people.librarian, **values)
    assert asset.current_version is not None
    return asset, asset.current_version


def uses(session: Session, asset: Asset) -> list[UsageEvent]:
    return list(session.scalars(select(UsageEvent).where(UsageEvent.asset_id == asset.id)))


def test_the_original_goes_by_number_and_title_and_counts(session: Session, people: make.People) -> None:
    asset, version = out(session, people, title="Sun/Sea: a “view”")
    revision = asset.revision
    file = open_download(session, people.field_marketer, asset, version, "original")
    assert file.file_name == f"{asset.ref} Sun-Sea- a “view”.jpg"
    assert (file.size, file.sha256, file.media_type) == (version.size, version.sha256, "image/jpeg")
    (event,) = uses(session, asset)
    assert (event.person_id, event.version_id, event.form, event.size) == (
        people.field_marketer.person_id,
        version.id,
        "original",
        version.size,
    )
    session.refresh(asset)
    assert asset.uses == 1
    assert asset.revision == revision
    entry = recorded(session, asset)[-1]
    assert (entry.action, entry.changes["form"]) == ("catalog.asset_downloaded", "original")


def test_a_preset_is_the_rendition(session: Session, people: make.People) -> None:
    asset, version = out(session, people)
    made = make.rendition(session, version, "large", media_type="image/jpeg")
    file = open_download(session, people.field_marketer, asset, version, "large")
    assert file.size == made.size
    assert file.file_name.endswith(".jpg")
    assert uses(session, asset)[0].form == "large"


def test_a_preset_that_is_not_there_counts_nothing(session: Session, people: make.People) -> None:
    asset, version = out(session, people)
    with pytest.raises(NoSuchRendition, match="Take the original"):
        open_download(session, people.field_marketer, asset, version, "square")
    version.preview_state = "waiting"
    with pytest.raises(NoSuchRendition, match="not made yet"):
        open_download(session, people.field_marketer, asset, version, "square")
    assert uses(session, asset) == []


def test_what_pages_show_is_no_form_of_download(session: Session, people: make.People) -> None:
    asset, version = out(session, people)
    make.rendition(session, version, "thumb")
    with pytest.raises(WrongValue):
        open_download(session, people.field_marketer, asset, version, "thumb")


def test_refused_bytes_leave_no_use(session: Session, people: make.People) -> None:
    asset, version = out(session, people)
    for actor in (people.without_role, people.other_contributor, people.partner_marketer, ANONYMOUS):
        with pytest.raises(NoSuchVersion):
            open_download(session, actor, asset, version, "original")
    assert asset.right is not None
    asset.right.ends_on = date(2020, 1, 1)
    with pytest.raises(NotToBeUsed):
        open_download(session, people.field_marketer, asset, version, "original")
    asset.right.ends_on, asset.right.ask_first = None, True
    with pytest.raises(NotToBeUsed, match="Ask a librarian"):
        open_download(session, people.field_marketer, asset, version, "original")
    assert uses(session, asset) == []
    session.refresh(asset)
    assert asset.uses == 0


def test_pages_get_previews_and_nothing_larger(session: Session, people: make.People) -> None:
    asset, version = out(session, people)
    for recipe in ("thumb", "large"):
        make.rendition(session, version, recipe)
    second = make.rendition(session, version, "pages", page=2)
    assert preview_of(session, people.field_marketer, version.id, "thumb").media_type == "image/webp"
    assert preview_of(session, people.field_marketer, version.id, "pages", page=2).size == second.size
    for recipe, page in (("large", 1), ("original", 1), ("preview", 1), ("pages", 3), ("../thumb", 1)):
        with pytest.raises(NoSuchRendition):
            preview_of(session, people.field_marketer, version.id, recipe, page=page)
    assert uses(session, asset) == []


def test_a_preview_is_decided_like_every_other_byte(session: Session, people: make.People) -> None:
    asset, version = out(session, people)
    make.rendition(session, version, "thumb")
    with pytest.raises(NoSuchVersion):
        preview_of(session, people.partner_marketer, version.id, "thumb")
    with pytest.raises(NoSuchVersion):
        preview_of(session, people.field_marketer, version.id + 1_000, "thumb")
    assert asset.right is not None
    asset.right.ask_first = True
    assert preview_of(session, people.field_marketer, version.id, "thumb").size > 0
    asset.right.ends_on = date(2020, 1, 1)
    with pytest.raises(NotToBeUsed):
        preview_of(session, people.field_marketer, version.id, "thumb")
    asset.deleted_at = clock.now()
    with pytest.raises(NoSuchVersion):
        preview_of(session, people.field_marketer, version.id, "thumb")


@pytest.mark.parametrize(
    ("state", "words"), [("waiting", "not made yet"), ("failed", "could not be made"), ("none", "no preview")]
)
def test_a_preview_that_is_not_there_says_why(
    session: Session, people: make.People, state: str, words: str
) -> None:
    _, version = out(session, people)
    version.preview_state = state
    with pytest.raises(NoSuchRendition, match=words):
        preview_of(session, people.field_marketer, version.id, "thumb")


def test_a_selection_keeps_what_its_maker_sees_in_their_order(
    session: Session, people: make.People, store: LocalStore
) -> None:
    first, second = out(session, people)[0], out(session, people)[0]
    secret = make.asset(session, people.agency)
    package = make_package(
        session, people.field_marketer, [second.id, secret.id, first.id, second.id], "original"
    )
    assert package.asset_ids == [second.id, first.id]
    assert recorded(session)[-1].changes["after"]["assets"] == [second.id, first.id]


@pytest.mark.parametrize(("ids", "form"), [([], "original"), ([1], "thumb"), (list(range(2001)), "original")])
def test_a_selection_that_cannot_be_is_refused(
    session: Session, people: make.People, ids: list[int], form: str
) -> None:
    with pytest.raises(WrongValue):
        make_package(session, people.field_marketer, ids, form)


def test_a_selection_of_what_is_not_there_is_refused(session: Session, people: make.People) -> None:
    secret = make.asset(session, people.agency)
    with pytest.raises(NoSuchAsset):
        make_package(session, people.field_marketer, [secret.id, 10_000], "original")
    with pytest.raises(NotPermitted):
        make_package(session, people.without_role, [secret.id], "original")


def test_a_selection_is_its_makers_alone(session: Session, people: make.People) -> None:
    asset, _ = out(session, people)
    package = make_package(session, people.field_marketer, [asset.id], "original")
    assert get_package(session, people.field_marketer, package.public_id) is package
    for actor in (people.librarian, people.partner_marketer, ANONYMOUS):
        with pytest.raises(NoSuchPackage):
            get_package(session, actor, package.public_id)
    with pytest.raises(NoSuchPackage):
        get_package(session, people.field_marketer, "unheard-of")


def test_each_entry_is_decided_as_things_stand_now(session: Session, people: make.People) -> None:
    kept, ended, gone, draft, formless = (out(session, people)[0] for _ in range(5))
    for asset in (kept, ended, gone, draft):
        assert asset.current_version is not None
        make.rendition(session, asset.current_version, "large", media_type="image/jpeg")
    package = make_package(
        session, people.field_marketer, [a.id for a in (kept, ended, gone, draft, formless)], "large"
    )
    assert ended.right is not None
    ended.right.ends_on = date(2020, 1, 1)
    gone.deleted_at = clock.now()
    draft.state = "withdrawn"
    session.flush()
    entries = list(package_entries(session, people.field_marketer, package))
    assert [entry.file is not None for entry in entries] == [True, False, False, False, False]
    assert [entry.reason.split(".")[0] for entry in entries] == [
        "",
        "The rights ended on 1 Jan 2020",
        "There is no such file, or it is not open to you",
        "There is no such file, or it is not open to you",
        "This file cannot be had in this form",
    ]
    # What the actor may no longer know of is not called by its title.
    assert [bool(entry.title) for entry in entries] == [True, True, False, False, True]


def test_a_grant_that_was_taken_back_closes_the_entry(session: Session, people: make.People) -> None:
    asset, _ = out(session, people)
    album = make.collection(session, people.librarian, asset, granted_to=[people.partner])
    granted = replace(people.partner_marketer, collections=frozenset({album.id}))
    package = make_package(session, granted, [asset.id], "original")
    assert [e.file is not None for e in package_entries(session, granted, package)] == [True]
    assert [e.file is not None for e in package_entries(session, people.partner_marketer, package)] == [False]
