"""Who is told of what happens to assets. Names of people are left out: notices outlive them.

Whoever did it themself is not told of it.
"""

from sqlalchemy.orm import Session

from assetlib.access.actor import Actor
from assetlib.catalog.models import Asset, Version
from assetlib.catalog.queries.audience import agency_people, librarians, looking_after
from assetlib.notify.telling import tell
from assetlib.storage.models import Upload
from assetlib.words import say

AS_LIBRARIAN = say("You look after this asset.")
AS_UPLOADER = say("You uploaded this version.")
AS_AGENCY = say("Your agency made this.")
AS_SENDER = say("You sent this file.")


def tell_sent(session: Session, asset: Asset, *, by: Actor) -> None:
    """Librarians who may decide: a version waits for their verdict."""
    newest = asset.versions[0] if asset.versions else None
    number = newest.number if newest is not None else 1
    tell(
        session,
        looking_after(librarians(session), asset, but=by.person_id),
        "version.sent",
        say("“{title}”, version {number}, waits for your verdict.", title=asset.title, number=number),
        AS_LIBRARIAN,
        f"/assets/{asset.id}?v={number}",
        asset_id=asset.id,
    )


def tell_added(session: Session, asset: Asset, version: Version, *, by: Actor) -> None:
    """Librarians who may decide: somebody added a version."""
    tell(
        session,
        looking_after(librarians(session), asset, but=by.person_id),
        "version.added",
        say("“{title}” has a new version: {number}.", title=asset.title, number=version.number),
        AS_LIBRARIAN,
        f"/assets/{asset.id}?v={version.number}",
        asset_id=asset.id,
    )


def tell_verdict(
    session: Session, asset: Asset, version: Version, *, approved: bool, note: str, by: Actor
) -> None:
    """Whoever uploaded a version: what was said of it, with the note."""
    values = {"title": asset.title, "number": version.number, "note": note.strip()}
    if approved and note.strip():
        sentence = say("“{title}”, version {number}, was approved: “{note}”", **values)
    elif approved:
        sentence = say("“{title}”, version {number}, was approved.", **values)
    else:
        sentence = say("“{title}”, version {number}, came back: “{note}”", **values)
    tell(
        session,
        [version.uploaded_by_id if version.uploaded_by_id != by.person_id else None],
        "version.approved" if approved else "version.returned",
        sentence,
        AS_UPLOADER,
        f"/assets/{asset.id}?v={version.number}",
        asset_id=asset.id,
    )


def tell_published(session: Session, asset: Asset, *, by: Actor) -> None:
    """People of the agency that made it: it is out."""
    tell(
        session,
        [each for each in agency_people(session, asset) if each != by.person_id],
        "asset.published",
        say("“{title}” was published.", title=asset.title),
        AS_AGENCY,
        f"/assets/{asset.id}",
        asset_id=asset.id,
    )


def tell_refused(session: Session, upload: Upload, *, sentence: str) -> None:
    """Whoever sent a file: it was not taken, and why."""
    tell(
        session,
        [upload.person_id],
        "upload.refused",
        say("“{name}” was not taken. {why}", name=upload.name, why=sentence),
        AS_SENDER,
        "/uploads",
        dedupe=f"upload-{upload.public_id}",
    )
