"""A site with something in it: made once in a run through the real jobs, then copied for each test."""

import json
import shutil
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session

from assetlib import clock
from assetlib.catalog.models import Asset
from assetlib.house import House, open_house
from assetlib.jobs import enqueue
from assetlib.settings import Settings
from assetlib.worker import Worker
from tests import make
from tests.browser import media
from tests.browser.site import Site, free_port, put_people, site_at

PUBLISHED = 30
"""Light assets that fill the library beside those with real files."""


@dataclass(frozen=True)
class Furniture:
    """Ids of what stands in a furnished site."""

    picture: int
    """Published, cleared, 5200 pixels wide: it has zoom tiles."""
    film: int
    pages: int
    ended: int
    """Published, but its rights are over."""
    ended_version: int
    draft: int
    """Of the agency, not sent for approval yet."""
    in_review: int
    collection: int


def furnish(home: Path, empty_database_file: Path) -> None:
    """Make a home with people, assets in every state and a search index."""
    home.mkdir(parents=True)
    shutil.copyfile(empty_database_file, home / "assetlib.sqlite")
    house = open_house(Settings(home=home))
    with house.database.transaction() as session:
        people, emails = put_people(session)
        _send(session, house, people)
    _work_off(house)
    with house.database.transaction() as session:
        furniture = _settle(session, house, people)
    _work_off(house)
    house.database.close()
    (home / "emails.json").write_text(json.dumps(emails))
    (home / "furniture.json").write_text(json.dumps(vars(furniture)))


def copied(furnished: Path, home: Path) -> tuple[Site, Furniture]:
    """A site of one's own with everything of the furnished one. Nothing runs yet."""
    shutil.copytree(furnished, home)
    emails = json.loads((home / "emails.json").read_text())
    furniture = Furniture(**json.loads((home / "furniture.json").read_text()))
    return site_at(home, emails, free_port()), furniture


def _send(session: Session, house: House, people: make.People) -> None:
    files = {
        "lighthouse-wide.jpg": media.jpeg(5200, 1000),
        "waves.mp4": media.film(),
        "poster.pdf": media.pdf(3),
        "old-campaign.jpg": media.jpeg(1200, 800, hue=60),
        "first-draft.jpg": media.jpeg(1100, 900, hue=90),
        "second-draft.jpg": media.jpeg(900, 1100, hue=160),
    }
    for name, content in files.items():
        upload = make.upload(session, people.contributor, content=content, store=house.store, name=name)
        enqueue(session, "catalog.take_in_upload", upload_id=upload.id)


def _work_off(house: House) -> None:
    worker = Worker(house, name="furnisher")
    worker.run_until_idle()


def _settle(session: Session, house: House, people: make.People) -> Furniture:
    known = {asset.versions[0].file_name: asset for asset in session.scalars(select(Asset))}
    titles = {
        "lighthouse-wide.jpg": "Lighthouse, wide",
        "waves.mp4": "Waves, one second",
        "poster.pdf": "Poster, three pages",
        "old-campaign.jpg": "Old campaign",
    }
    for name, title in titles.items():
        _publish(session, people, known[name], title)
    assert known["old-campaign.jpg"].right is not None
    known["old-campaign.jpg"].right.ends_on = clock.today() - timedelta(days=3)
    known["first-draft.jpg"].title = "First draft"
    known["second-draft.jpg"].title = "Second draft"
    known["second-draft.jpg"].state = "in_review"
    thumb = media.saved(media.landscape(480, 320, hue=70), "WEBP", method=0)
    for number in range(1, PUBLISHED + 1):
        asset = make.published(
            session,
            people.own,
            people.librarian,
            title=f"Trail {number:02}",
            tags=["trail", "even" if number % 2 == 0 else "odd"],
            type_key="photograph" if number % 3 else "layout",
            created_by_id=people.librarian.person_id,
        )
        for recipe in ("thumb", "preview"):
            make.rendition(session, asset.versions[0], recipe, content=thumb, store=house.store)
    press = make.collection(session, people.librarian, known["lighthouse-wide.jpg"], name="Press kit")
    make.collection(session, people.librarian, inside=press, name="Shops")
    make.asset(
        session,
        people.own,
        title="Thrown away",
        deleted_at=clock.now(),
        deleted_by_id=people.librarian.person_id,
    )
    return Furniture(
        picture=known["lighthouse-wide.jpg"].id,
        film=known["waves.mp4"].id,
        pages=known["poster.pdf"].id,
        ended=known["old-campaign.jpg"].id,
        ended_version=known["old-campaign.jpg"].versions[0].id,
        draft=known["first-draft.jpg"].id,
        in_review=known["second-draft.jpg"].id,
        collection=press.id,
    )


def _publish(session: Session, people: make.People, asset: Asset, title: str) -> None:
    asset.title = title
    asset.tags = ["coast"]
    assert asset.current_version is not None
    make.approval(session, asset.current_version, people.librarian)
    make.right(session, asset, channels=["web"], territories=["DE", "AT"])
    asset.state = "published"
