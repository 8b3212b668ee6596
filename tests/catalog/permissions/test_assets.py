"""The truth about sight and bytes, as tables, and the SQL held against the Python."""

from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select
from sqlalchemy.orm import Session

from assetlib import clock
from assetlib.access.actor import ANONYMOUS, SYSTEM, Actor
from assetlib.access.permission import Permission
from assetlib.catalog.errors import NoSuchVersion, NotToBeUsed
from assetlib.catalog.models import Asset, Collection, CollectionItem, Version
from assetlib.catalog.models.asset import STATES
from assetlib.catalog.permissions import assets as permissions
from assetlib.catalog.permissions.assets import may_have_bytes, require_bytes, sees, shows_version
from assetlib.catalog.queries.visibility import trash_visible_to, visible_to
from tests import make

ENGINES = ("sqlite", "postgresql")

NOW = datetime.fromisoformat("2026-05-20T12:00:00+00:00")
YESTERDAY, TOMORROW = date(2026, 5, 19), date(2026, 5, 21)
CLEARED: dict[str, Any] = {}
WHO = (
    "administrator",
    "librarian",
    "field_marketer",
    "contributor",
    "other_contributor",
    "granted_partner",
    "partner_marketer",
    "without_role",
)
STAFF = {"administrator", "librarian"}
NOBODY: set[str] = set()


def actors(session: Session, people: make.People, asset: Asset) -> dict[str, Actor]:
    """Everybody, and the partner once more with a grant for a collection that holds the asset."""
    album = make.collection(session, people.librarian, asset, granted_to=[people.partner])
    named = {name: getattr(people, name) for name in WHO if name != "granted_partner"}
    named["granted_partner"] = replace(people.partner_marketer, collections=frozenset({album.id}))
    return named


def case(
    session: Session,
    people: make.People,
    *,
    state: str = "published",
    right: dict[str, Any] | None = CLEARED,
    approved: bool = True,
    version: str = "current",
    **values: Any,
) -> tuple[Asset, Version]:
    """An asset of the agency and one of its versions: the current, an older or a newer one."""
    asset = make.asset(session, people.agency, state=state, **values)
    current = session.get_one(Version, asset.current_version_id)
    if version == "older":
        make.approval(session, current, people.librarian)
        make.version(session, asset)
    if version == "newer":
        make.approval(session, current, people.librarian)
        current = make.version(session, asset, current=False)
    if version == "of the house":
        current = make.version(session, asset, organisation_id=people.own.id)
    if approved:
        make.approval(session, current, people.librarian)
    if right is not None:
        make.right(session, asset, **right)
    return asset, current


ALL_INSIDE = STAFF | {"field_marketer", "contributor", "granted_partner"}
TABLE: list[tuple[str, dict[str, Any], set[str], set[str]]] = [
    ("published and cleared", {}, ALL_INSIDE, ALL_INSIDE),
    *((state, {"state": state}, STAFF | {"contributor"}, STAFF | {"contributor"})
      for state in STATES if state != "published"),
    ("under embargo", {"embargo_until": NOW + timedelta(seconds=1)},
     STAFF | {"contributor"}, STAFF | {"contributor"}),
    ("embargo just over", {"embargo_until": NOW}, ALL_INSIDE, ALL_INSIDE),
    ("in the trash", {"deleted_at": NOW}, STAFF, NOBODY),
    ("without rights", {"right": None}, STAFF | {"contributor"}, STAFF | {"contributor"}),
    ("rights ended", {"right": {"ends_on": YESTERDAY}}, STAFF | {"contributor"}, STAFF | {"contributor"}),
    ("rights end today", {"right": {"ends_on": NOW.date()}}, ALL_INSIDE, ALL_INSIDE),
    ("rights not begun", {"right": {"starts_on": TOMORROW}},
     STAFF | {"contributor"}, STAFF | {"contributor"}),
    ("ask first", {"right": {"ask_first": True}}, ALL_INSIDE, STAFF | {"contributor"}),
    ("not approved", {"approved": False}, STAFF | {"contributor"}, STAFF | {"contributor"}),
    ("an older version", {"version": "older"}, STAFF | {"contributor"}, STAFF | {"contributor"}),
    ("a newer version", {"version": "newer"}, STAFF | {"contributor"}, STAFF | {"contributor"}),
    ("a version of the house", {"version": "of the house"},
     STAFF | {"field_marketer", "granted_partner"}, STAFF | {"field_marketer", "granted_partner"}),
]  # fmt: skip


@pytest.mark.parametrize(
    ("values", "preview", "download"), [row[1:] for row in TABLE], ids=[r[0] for r in TABLE]
)
def test_who_gets_which_bytes(
    session: Session,
    people: make.People,
    values: dict[str, Any],
    preview: set[str],
    download: set[str],
) -> None:
    with clock.held_at(NOW):
        asset, version = case(session, people, **values)
        who = actors(session, people, asset)
        for use, expected in (("preview", preview), ("download", download)):
            got = {name for name, actor in who.items() if may_have_bytes(actor, asset, version, use).is_yes}  # type: ignore[arg-type]  # the loop's own two words
            assert got == expected, use


def test_nobody_without_a_role_gets_anything(session: Session, people: make.People) -> None:
    asset = make.published(session, people.own, people.librarian)
    for actor in (ANONYMOUS, SYSTEM, people.without_role):
        assert asset.current_version is not None
        assert not may_have_bytes(actor, asset, asset.current_version, "preview").is_yes
        assert not sees(actor, asset)


def test_an_approval_of_other_bytes_opens_nothing(session: Session, people: make.People) -> None:
    asset, version = case(session, people, approved=False)
    make.approval(session, version, people.librarian, sha256="0" * 64)
    assert may_have_bytes(people.field_marketer, asset, version, "download").code == "not_found"


def test_the_last_verdict_counts(session: Session, people: make.People) -> None:
    asset, version = case(session, people)
    assert may_have_bytes(people.field_marketer, asset, version, "download").is_yes
    make.approval(session, version, people.librarian, verdict="returned")
    assert not may_have_bytes(people.field_marketer, asset, version, "download").is_yes
    make.approval(session, version, people.librarian)
    assert may_have_bytes(people.field_marketer, asset, version, "download").is_yes


def test_a_version_of_another_asset_is_no_way_round(session: Session, people: make.People) -> None:
    public = make.published(session, people.own, people.librarian)
    secret = make.asset(session, people.own)
    assert secret.current_version is not None
    for actor in people.all():
        assert not may_have_bytes(actor, public, secret.current_version, "download").is_yes


def test_what_must_not_be_known_is_refused_as_if_it_were_not_there(
    session: Session, people: make.People
) -> None:
    asset, version = case(session, people, state="draft")
    with pytest.raises(NoSuchVersion):
        require_bytes(people.field_marketer, asset, version, "preview")


@pytest.mark.parametrize(
    ("right", "reason", "words"),
    [
        (None, "rights_unknown", "No rights are recorded"),
        ({"ends_on": YESTERDAY}, "rights_ended", "on 19 May."),
        ({"starts_on": TOMORROW}, "rights_not_begun", "on 21 May."),
        ({"ask_first": True, "terms": "Only with the sea."}, "ask_first", "Only with the sea."),
    ],
)
def test_what_the_rights_keep_back_is_refused_with_the_reason(
    session: Session, people: make.People, right: dict[str, Any] | None, reason: str, words: str
) -> None:
    with clock.held_at(NOW):
        asset, version = case(session, people, right=right)
        with pytest.raises(NotToBeUsed) as refused:
            require_bytes(people.field_marketer, asset, version, "download")
    assert refused.value.details["reason"] == reason
    assert words in refused.value.sentence


CHANGES: list[tuple[Permission, dict[str, set[str]]]] = [
    (permissions.EDIT_ASSET, {"draft": STAFF | {"contributor"}, "in_review": STAFF | {"contributor"}}),
    (permissions.SUBMIT_ASSET, {"draft": STAFF | {"contributor"}, "in_review": STAFF | {"contributor"}}),
    (permissions.DELETE_ASSET, {"draft": STAFF | {"contributor"}, "in_review": STAFF | {"contributor"}}),
    (permissions.ADD_VERSION, dict.fromkeys(STATES, STAFF | {"contributor"})),
    (permissions.DECIDE_VERSION, {}),
    (permissions.PUBLISH_ASSET, {}),
    (permissions.EDIT_RIGHTS, {}),
]


@pytest.mark.parametrize("state", STATES)
@pytest.mark.parametrize(("permission", "wider"), CHANGES, ids=[row[0].name for row in CHANGES])
def test_who_may_change_what_in_which_state(
    session: Session,
    people: make.People,
    permission: Permission,
    wider: dict[str, set[str]],
    state: str,
) -> None:
    asset, _ = case(session, people, state=state)
    who = actors(session, people, asset)
    assert {name for name, actor in who.items() if permission.allows(actor, asset)} == wider.get(state, STAFF)
    asset.deleted_at = clock.now()
    assert not any(permission.allows(actor, asset) for actor in who.values())
    assert {n for n, a in who.items() if permissions.RESTORE_ASSET.allows(a, asset)} == STAFF


@pytest.mark.parametrize(
    ("permission", "allowed"),
    [
        (permissions.UPLOAD, STAFF | {"contributor", "other_contributor"}),
        (permissions.VIEW_LIBRARY, set(WHO) - {"without_role"}),
        (permissions.SEE_TRASH, STAFF),
        (permissions.BULK_EDIT, STAFF),
        (permissions.SHAPE_SCHEMA, STAFF),
        (permissions.SEE_USAGE, STAFF),
        (permissions.KEEP_RENDITIONS, NOBODY),
    ],
    ids=lambda value: getattr(value, "name", ""),
)
def test_what_is_open_without_an_asset(
    session: Session, people: make.People, permission: Permission, allowed: set[str]
) -> None:
    who = actors(session, people, make.asset(session, people.own))
    assert {name for name, actor in who.items() if permission.allows(actor)} == allowed
    assert not permission.allows(ANONYMOUS)


def test_only_the_house_purges_and_only_from_the_trash(session: Session, people: make.People) -> None:
    asset = make.asset(session, people.own)
    assert not permissions.PURGE_ASSET.allows(SYSTEM, asset)
    asset.deleted_at = clock.now()
    assert permissions.PURGE_ASSET.allows(SYSTEM, asset)
    assert not any(permissions.PURGE_ASSET.allows(actor, asset) for actor in people.all())


rows = st.fixed_dictionaries(
    {
        "state": st.sampled_from(STATES),
        "of": st.sampled_from(["own", "agency", "other_agency", "partner"]),
        "embargo": st.sampled_from([None, -1, 0, 1]),
        "deleted": st.booleans(),
        "albums": st.frozensets(st.integers(0, 2)),
        "approved": st.booleans(),
    }
)
viewers = st.fixed_dictionaries(
    {
        "of": st.sampled_from(["own", "agency", "other_agency", "partner"]),
        "roles": st.frozensets(
            st.sampled_from(["administrator", "librarian", "agency_contributor", "field_marketer"])
        ),
        "albums": st.frozensets(st.integers(0, 2)),
    }
)


@settings(
    max_examples=40,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
    derandomize=True,
)
@given(st.lists(rows, min_size=1, max_size=6), st.lists(viewers, min_size=1, max_size=4))
def test_the_sql_and_the_python_agree_on_sight(
    session: Session, people: make.People, made: list[dict[str, Any]], looking: list[dict[str, Any]]
) -> None:
    with clock.held_at(NOW), session.begin_nested() as undone:
        albums = [make.collection(session, people.librarian) for _ in range(3)]
        assets = [_made(session, people, albums, row) for row in made]
        for each in looking:
            actor = _looking(people, albums, each)
            in_sql = set(session.scalars(select(Asset.id).where(visible_to(actor))))
            in_trash = set(session.scalars(select(Asset.id).where(trash_visible_to(actor))))
            seen = {asset.id for asset in assets if sees(actor, asset)}
            assert in_sql == {i for i in seen if session.get_one(Asset, i).deleted_at is None}
            assert in_trash == {i for i in seen if session.get_one(Asset, i).deleted_at is not None}
            for asset in assets:
                for version in asset.versions:
                    if may_have_bytes(actor, asset, version, "preview").is_yes:
                        assert shows_version(actor, asset, version)
        undone.rollback()


def _made(session: Session, people: make.People, albums: list[Collection], row: dict[str, Any]) -> Asset:
    embargo = row["embargo"]
    asset = make.asset(
        session,
        getattr(people, row["of"]),
        state=row["state"],
        embargo_until=None if embargo is None else NOW + timedelta(seconds=embargo),
        deleted_at=NOW if row["deleted"] else None,
    )
    if row["approved"]:
        make.approval(session, session.get_one(Version, asset.current_version_id), people.librarian)
        make.right(session, asset)
    for place in row["albums"]:
        session.add(
            CollectionItem(collection_id=albums[place].id, asset_id=asset.id, position=asset.id, added_at=NOW)
        )
    session.flush()
    session.expire(asset)
    return asset


def _looking(people: make.People, albums: list[Collection], row: dict[str, Any]) -> Actor:
    of = getattr(people, row["of"])
    return Actor(
        kind="person",
        name="Somebody",
        person_id=1,
        organisation_id=of.id,
        organisation_kind=of.kind,
        roles=row["roles"],
        collections=frozenset(albums[place].id for place in row["albums"]),
    )
