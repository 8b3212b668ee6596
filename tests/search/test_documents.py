"""Rows into documents."""

import math
from datetime import date, timedelta

import pytest
from sqlalchemy.orm import Session

from assetlib import clock
from assetlib.catalog.models import Version
from assetlib.search.documents import documents_of, next_ids
from assetlib.search.request import Document
from tests import make
from tests.catalog.statements import counted

ENGINES = ("sqlite", "postgresql")


def one(session: Session, asset_id: int) -> Document:
    session.flush()
    (document,) = documents_of(session, [asset_id])
    return document


def test_everything_that_can_be_found(session: Session, people: make.People) -> None:
    region = make.attribute(session, "region", "tree", choices=["asia", "japan", "europe"])
    region.choices[1].parent_id = region.choices[0].id
    make.attribute(session, "people", "people", multiple=True)
    make.attribute(session, "edition", "number")
    make.attribute(session, "shot", "date")
    make.attribute(session, "retouched", "boolean")
    until = clock.now() + timedelta(seconds=90.5)
    asset = make.asset(
        session,
        people.agency,
        title="First light",
        description="Dawn",
        alt_text="A tent",
        tags=["Trail", "lake"],
        state="approved",
        uses=4,
        embargo_until=until,
        attributes={
            "region": ["japan"],
            "people": ["Ana Ruiz", "Bo Lind"],
            "edition": "12.5",
            "shot": "2026-03-01",
            "retouched": False,
            "gone": "no such attribute",
        },
    )
    version = session.get_one(Version, asset.current_version_id)
    version.text, version.colours, version.duration_ms, version.pages = "words inside", ["orange"], 1500, 3
    approval = make.approval(session, version, people.librarian)
    make.right(
        session, asset, licence="CC BY", credit_line="Foto Ruiz", ends_on=date(2027, 1, 2), ask_first=True
    )
    outer = make.collection(session, people.librarian)
    inner = make.collection(session, people.librarian, asset, inside=outer)
    document = one(session, asset.id)
    assert document.texts == {
        "ref": (asset.ref,),
        "title": ("First light",),
        "description": ("Dawn",),
        "alt_text": ("A tent",),
        "tags": ("Trail", "lake"),
        "file_name": ("lighthouse-1.jpg",),
        "text": ("words inside",),
        "rights": ("Northwind Outdoors", "CC BY", "Foto Ruiz"),
        "attr.region": ("Japan", "Asia"),
        "attr.people": ("Ana Ruiz", "Bo Lind"),
    }
    assert document.keywords == {
        "type": ("photograph",),
        "state": ("approved",),
        "tag": ("Trail", "lake"),
        "format": ("JPEG",),
        "family": ("image",),
        "shape": ("landscape",),
        "colour": ("orange",),
        "has": ("licence", "credit", "alt_text", "description", "tags", "text", "preview"),
        "is": ("approved",),
        "attr.region": ("japan", "asia"),
        "attr.people": ("Ana Ruiz", "Bo Lind"),
        "attr.retouched": ("no",),
    }
    assert document.numbers == {
        "width": 1200,
        "height": 800,
        "pages": 3,
        "duration": 1500,
        "size": version.size,
        "uses": 4,
        "created": int(asset.created_at.timestamp()),
        "updated": int(asset.updated_at.timestamp()),
        "approved": int(approval.at.timestamp()),
        "rights_to": date(2027, 1, 2).toordinal(),
        "attr.edition": 12_500,
        "attr.shot": date(2026, 3, 1).toordinal(),
    }
    assert document.collections == (inner.id,)
    assert document.embargo_until == math.ceil(until.timestamp())
    assert document.has_right
    assert document.requires_request
    assert not document.published


def test_an_asset_without_anything(session: Session, people: make.People) -> None:
    asset = make.asset(session, people.own, versions=0, title="Bare")
    document = one(session, asset.id)
    assert document.texts == {"ref": (asset.ref,), "title": ("Bare",)}
    assert not document.has_right


def test_the_trash_has_no_documents(session: Session, people: make.People) -> None:
    kept, thrown = (make.asset(session, people.own) for _ in range(2))
    thrown.deleted_at = clock.now()
    session.flush()
    assert [each.id for each in documents_of(session, [thrown.id, kept.id, 999])] == [kept.id]
    assert next_ids(session) == [kept.id]
    assert next_ids(session, kept.id) == []


def test_only_the_last_word_about_the_bytes_in_force_approves(session: Session, people: make.People) -> None:
    asset = make.asset(session, people.own)
    first = session.get_one(Version, asset.current_version_id)
    make.approval(session, first, people.librarian)
    make.approval(session, first, people.librarian, sha256="0" * 64, verdict="returned")
    assert one(session, asset.id).keywords["is"] == ("approved",)
    make.approval(session, first, people.librarian, verdict="returned")
    assert "is" not in one(session, asset.id).keywords
    make.approval(session, first, people.librarian)
    make.version(session, asset)
    assert "is" not in one(session, asset.id).keywords


def test_what_others_laid_over_an_upload_is_not_told_by_its_words(
    session: Session, people: make.People
) -> None:
    asset = make.asset(session, people.agency)
    version = make.version(
        session, asset, organisation_id=people.own.id, file_name="secret.jpg", text="secret"
    )
    assert not {"file_name", "text"} & set(one(session, asset.id).texts)
    make.approval(session, version, people.librarian)
    asset.state = "published"
    assert one(session, asset.id).texts["file_name"] == ("secret.jpg",)


@pytest.mark.parametrize("number", [1, 40])
def test_statements_do_not_grow_with_assets(session: Session, people: make.People, number: int) -> None:
    make.attribute(session, "brand", "choice", choices=["tarn"])
    ids = [make.published(session, people.own, people.librarian).id for _ in range(number)]
    with counted(session) as statements:
        assert len(documents_of(session, ids)) == number
    assert len(statements) == 4
