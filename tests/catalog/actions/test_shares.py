"""Links: who makes them, for what, and what a change of them is."""

from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from assetlib import clock
from assetlib.access.actor import Actor
from assetlib.access.permission import NotPermitted
from assetlib.catalog.actions.shares import Terms, change_share, make_share, revoke_share, set_share_password
from assetlib.catalog.errors import ChangedMeanwhile, NoSuchShare, WrongState, WrongValue
from assetlib.catalog.models import Asset, Share, ShareSession
from assetlib.catalog.queries.links import holder_of, maker_of
from assetlib.catalog.queries.shares import get_share, shares_page, shares_reaching, shown_by
from assetlib.errors import NotFound, Refusal
from tests import make
from tests.catalog.recorded import recorded

ENGINES = ("sqlite", "postgresql")
LONGEST = 365


def terms(**values: object) -> Terms:
    asked = {
        "name": "Press kit", "message": "", "forms": ["original"], "download_limit": None,
        "expires_at": clock.now() + timedelta(days=30), **values,
    }  # fmt: skip
    return Terms(**asked)  # type: ignore[arg-type]  # each of the right kind


def share(session: Session, actor: Actor, *assets: Asset, **values: object) -> Share:
    made, _ = make_share(
        session, actor, terms(**values), asset_ids=[each.id for each in assets], longest_days=LONGEST
    )
    return made


def titles(session: Session, of: Share) -> list[str]:
    holder = holder_of(session, of, maker_of(session, of), 0)
    return [each.asset.title for each in shown_by(session, holder)]


@pytest.fixture
def asset(session: Session, people: make.People) -> Asset:
    return make.published(session, people.agency, people.librarian, title="Lighthouse")


def test_own_people_make_links_and_nobody_else(session: Session, people: make.People, asset: Asset) -> None:
    for maker in (people.administrator, people.librarian, people.field_marketer):
        assert titles(session, share(session, maker, asset)) == ["Lighthouse"]
    for stranger in (people.contributor, people.partner_marketer, people.without_role):
        with pytest.raises(NotPermitted):
            share(session, stranger, asset)


def test_nobody_shares_what_they_do_not_see(session: Session, people: make.People, asset: Asset) -> None:
    draft = make.asset(session, people.agency, title="A draft")
    with pytest.raises(NotFound):
        share(session, people.field_marketer, draft)
    made = share(session, people.field_marketer, draft, asset)
    assert [each.asset_id for each in made.items] == [asset.id]


def test_a_link_to_nothing_that_can_be_shown_is_not_made(session: Session, people: make.People) -> None:
    ended = make.asset(session, people.agency, state="published", title="Ended")
    assert ended.current_version is not None
    make.approval(session, ended.current_version, people.librarian)
    make.right(session, ended, ends_on=clock.today() - timedelta(days=1))
    for each in (ended, make.asset(session, people.agency)):
        with pytest.raises(WrongState, match="None of this can be shared now"):
            share(session, people.librarian, each)


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("name", "  "),
        ("name", "x" * 201),
        ("message", "x" * 4_001),
        ("forms", ["zoom"]),
        ("forms", ["thumb"]),
        ("download_limit", 0),
        ("download_limit", -1),
        ("download_limit", 10**9),
    ],
)
def test_what_a_link_cannot_be_is_told_beside_its_field(
    session: Session, people: make.People, asset: Asset, field: str, value: object
) -> None:
    with pytest.raises(WrongValue) as refusal:
        share(session, people.librarian, asset, **{field: value})
    assert list(refusal.value.details["fields"]) == [field]


@pytest.mark.parametrize("days", [-1, 0, LONGEST + 2])
def test_a_link_ends_within_what_the_house_allows(
    session: Session, people: make.People, asset: Asset, days: int
) -> None:
    with pytest.raises(WrongValue) as refusal:
        share(session, people.librarian, asset, expires_at=clock.now() + timedelta(days=days))
    assert list(refusal.value.details["fields"]) == ["expires_at"]


def test_a_live_link_shows_no_private_collection_inside(session: Session, people: make.People) -> None:
    def out(title: str) -> Asset:
        return make.published(session, people.own, people.librarian, title=title)

    top = make.collection(session, people.field_marketer, out("On top"))
    make.collection(session, people.field_marketer, out("Inside"), inside=top)
    make.collection(session, people.field_marketer, out("Private"), inside=top, audience="private")
    make.collection(session, people.librarian, out("Private of another"), inside=top, audience="private")
    made, _ = make_share(session, people.field_marketer, terms(), collection=top, longest_days=LONGEST)
    assert titles(session, made) == ["On top", "Inside"]
    top.audience, top.owner_id = "private", people.librarian.person_id or 0
    session.flush()
    assert titles(session, made) == []


def test_a_change_is_made_from_what_was_read_and_written_down(
    session: Session, people: make.People, asset: Asset
) -> None:
    made = share(session, people.field_marketer, asset, download_limit=5)
    wider = terms(forms=["original", "large"], download_limit=9, name="For the press")
    change_share(session, people.field_marketer, made, wider, revision=1, longest_days=LONGEST)
    assert (made.forms, made.download_limit) == (["original", "large"], 9)
    assert (made.name, made.revision) == ("For the press", 2)
    with pytest.raises(ChangedMeanwhile):
        change_share(session, people.field_marketer, made, terms(), revision=1, longest_days=LONGEST)
    entry = recorded(session)[-1]
    assert entry.action == "catalog.share_changed"
    assert entry.changes["before"]["download_limit"] == 5
    assert entry.changes["after"]["download_limit"] == 9
    assert "For the press" not in str(entry.changes)


def test_a_limit_is_not_set_below_what_was_taken(session: Session, people: make.People, asset: Asset) -> None:
    made = share(session, people.field_marketer, asset, download_limit=5)
    made.downloads = 3
    session.flush()
    with pytest.raises(WrongValue):
        change_share(
            session, people.field_marketer, made, terms(download_limit=2), revision=1, longest_days=LONGEST
        )


def test_links_are_changed_by_their_makers_and_taken_back_by_librarians_too(
    session: Session, people: make.People, asset: Asset
) -> None:
    made = share(session, people.field_marketer, asset)
    for other in (people.librarian, people.administrator):
        assert get_share(session, other, made.id) is made
        with pytest.raises(NotPermitted):
            change_share(session, other, made, terms(), revision=1, longest_days=LONGEST)
        with pytest.raises(NotPermitted):
            set_share_password(session, other, made, None, revision=1)
    for stranger in (people.contributor, people.partner_marketer, people.without_role):
        with pytest.raises(NoSuchShare):
            get_share(session, stranger, made.id)
        with pytest.raises(NotPermitted):
            revoke_share(session, stranger, made)
    revoke_share(session, people.librarian, made)
    assert made.revoked_at is not None
    with pytest.raises(WrongState):
        change_share(session, people.field_marketer, made, terms(), revision=2, longest_days=LONGEST)
    revision = made.revision
    revoke_share(session, people.field_marketer, made)
    assert made.revision == revision


def test_lists_show_one_s_own_links_and_librarians_everybody_s(
    session: Session, people: make.People, asset: Asset
) -> None:
    mine, theirs = share(session, people.field_marketer, asset), share(session, people.administrator, asset)

    def listed(actor: Actor, *, everybody: bool = False) -> list[int]:
        page = shares_page(session, actor, all_of_them=everybody, number=1, size=10)
        return [row.share.id for row in page.rows]

    assert listed(people.field_marketer, everybody=True) == [mine.id]
    assert listed(people.librarian) == []
    assert listed(people.librarian, everybody=True) == [theirs.id, mine.id]
    assert [row.share.id for row in shares_reaching(session, people.librarian, asset)] == [theirs.id, mine.id]
    assert [row.share.id for row in shares_reaching(session, people.field_marketer, asset)] == [mine.id]
    assert shares_reaching(session, people.contributor, asset) == []
    mine.revoked_at = theirs.expires_at = clock.now()
    session.flush()
    assert shares_reaching(session, people.librarian, asset) == []


def test_a_new_password_closes_the_link_in_every_browser(
    session: Session, people: make.People, asset: Asset
) -> None:
    made = share(session, people.field_marketer, asset)
    session.add(ShareSession(token_hash="0" * 64, share_id=made.id, created_at=clock.now()))
    session.flush()
    set_share_password(session, people.field_marketer, made, "$argon2id$…", revision=1)
    assert session.scalars(select(ShareSession)).all() == []


def test_the_holder_of_a_link_has_no_other_right(session: Session, people: make.People, asset: Asset) -> None:
    """Whoever made it: the house asks a permission, and a link has none but to its files."""
    made = share(session, people.administrator, asset)
    holder = holder_of(session, made, maker_of(session, made), 0)
    assert not holder.has_any_role
    for attempt in (
        lambda: get_share(session, holder, made.id),
        lambda: share(session, holder, asset),
        lambda: revoke_share(session, holder, made),
    ):
        with pytest.raises(Refusal):
            attempt()
