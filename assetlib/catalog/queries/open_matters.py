"""What of the catalogue is still open when a person leaves, or when we part from an organisation."""

from sqlalchemy import and_, distinct, exists, func, or_, select
from sqlalchemy.orm import Session, aliased

from assetlib import clock
from assetlib.accounts.models import Organisation, Person
from assetlib.accounts.rules.leaving import Matter
from assetlib.catalog.models import (
    AccessRequest,
    Approval,
    Asset,
    Collection,
    CollectionGrant,
    CollectionGroupGrant,
    Share,
    Version,
)
from assetlib.storage.models import Upload
from assetlib.storage.states import OPEN, VERIFYING
from assetlib.words import say_n

UNDER_WAY = (OPEN, VERIFYING)


def work_of(session: Session, person: Person) -> list[Matter]:
    """What somebody who leaves has open: to hand on, to end, or ending by itself."""
    collections = _count(session, Collection.id, Collection.owner_id == person.id)
    shares = _count(
        session,
        Share.id,
        Share.maker_id == person.id,
        Share.revoked_at.is_(None),
        Share.expires_at > clock.now(),
    )
    requests = _count(
        session, AccessRequest.id, AccessRequest.person_id == person.id, AccessRequest.state == "open"
    )
    uploads = _count(session, Upload.id, Upload.person_id == person.id, Upload.state.in_(UNDER_WAY))
    drafts = unsent_by(session, person.id)
    return [
        Matter(
            "collections",
            say_n("{count} collection is theirs.", "{count} collections are theirs.", collections),
            collections,
            way="hand",
        ),
        Matter(
            "shares",
            say_n("{count} link of theirs is open.", "{count} links of theirs are open.", shares),
            shares,
            way="choose",
        ),
        Matter(
            "requests",
            say_n(
                "{count} request of theirs waits for an answer. It is taken back.",
                "{count} requests of theirs wait for an answer. They are taken back.",
                requests,
            ),
            requests,
            way="end",
        ),
        Matter(
            "uploads",
            say_n(
                "{count} upload of theirs is under way. It is not finished.",
                "{count} uploads of theirs are under way. They are not finished.",
                uploads,
            ),
            uploads,
            way="end",
        ),
        Matter(
            "drafts",
            say_n(
                "{count} asset of theirs is not sent yet, or came back. It stays with {organisation}.",
                "{count} assets of theirs are not sent yet, or came back. They stay with {organisation}.",
                drafts,
                organisation=person.organisation.name,
            ),
            drafts,
            way="stay",
        ),
    ]


def unsent_by(session: Session, person_id: int) -> int:
    """How many assets wait for this person: drafts they sent in, and newest versions that came back."""
    later = aliased(Version)
    newer = exists().where(later.asset_id == Version.asset_id, later.number > Version.number)
    came_back = exists().where(Approval.version_id == Version.id, Approval.verdict == "returned")
    found = (
        select(func.count(distinct(Asset.id)))
        .join(Version, Version.asset_id == Asset.id)
        .where(
            Version.uploaded_by_id == person_id,
            ~newer,
            Asset.deleted_at.is_(None),
            Asset.state != "archived",
            or_(Asset.state == "draft", and_(Version.id != Asset.current_version_id, came_back)),
        )
    )
    return session.scalar(found) or 0


def open_matters_of(session: Session, organisation: Organisation) -> list[Matter]:
    """What an organisation has open with us."""
    uploads = _count(
        session, Upload.id, Upload.organisation_id == organisation.id, Upload.state.in_(UNDER_WAY)
    )
    theirs = (Asset.organisation_id == organisation.id, Asset.deleted_at.is_(None))
    drafts = _count(session, Asset.id, *theirs, Asset.state == "draft")
    in_review = _count(session, Asset.id, *theirs, Asset.state == "in_review")
    return [
        Matter(
            "uploads",
            say_n("{count} upload is under way.", "{count} uploads are under way.", uploads),
            uploads,
            "/library",
        ),
        Matter(
            "drafts",
            say_n("{count} asset of theirs is a draft.", "{count} assets of theirs are drafts.", drafts),
            drafts,
            "/library?q=state:draft",
        ),
        Matter(
            "in_review",
            say_n(
                "{count} asset of theirs is in review.", "{count} assets of theirs are in review.", in_review
            ),
            in_review,
            "/library?q=state:in_review",
        ),
    ]


def made_by(session: Session, person_id: int) -> list[tuple[str, int]]:
    """What somebody made here, in numbers: key and count."""
    return [
        ("assets", _count(session, Asset.id, Asset.created_by_id == person_id)),
        ("versions", _count(session, Version.id, Version.uploaded_by_id == person_id)),
        ("collections", _count(session, Collection.id, Collection.owner_id == person_id)),
        ("shares", _count(session, Share.id, Share.maker_id == person_id)),
    ]


def collections_granted_to(
    session: Session, *, organisation_id: int = 0, group_id: int = 0
) -> list[tuple[int, str]]:
    """Number and name of each collection that is opened to an organisation or to a group."""
    if organisation_id:
        of = select(CollectionGrant.collection_id).where(CollectionGrant.organisation_id == organisation_id)
    else:
        of = select(CollectionGroupGrant.collection_id).where(CollectionGroupGrant.group_id == group_id)
    rows = session.execute(
        select(Collection.id, Collection.name).where(Collection.id.in_(of)).order_by(Collection.name)
    )
    return [(row.id, row.name) for row in rows]


def _count(session: Session, column: object, *where: object) -> int:
    return session.scalar(select(func.count(column)).where(*where)) or 0  # type: ignore[arg-type]  # columns
