"""An asset, its versions, and what is said of them."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Any

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from assetlib.access.actor import ScopeFacts
from assetlib.catalog.models.collection import CollectionItem
from assetlib.database import Base

STATES = ("draft", "in_review", "approved", "published", "withdrawn", "archived")


class Asset(Base):
    """The thing people look for. Its bytes are its versions'."""

    __tablename__ = "asset"
    __table_args__ = (
        CheckConstraint(
            "state IN ('draft','in_review','approved','published','withdrawn','archived')", name="known_state"
        ),
        CheckConstraint("uses >= 0", name="uses_not_negative"),
        Index(None, "state", "deleted_at"),
        Index(None, "organisation_id", "state"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    title: Mapped[str] = mapped_column(String(300))
    description: Mapped[str] = mapped_column(Text, default="")
    alt_text: Mapped[str] = mapped_column(Text, default="")
    """What a person who cannot see the picture is told."""
    type_key: Mapped[str] = mapped_column(ForeignKey("asset_type.key"), index=True)
    state: Mapped[str] = mapped_column(String(16), default="draft")
    """Embargo and expiry are not states: they follow from dates, at the moment."""
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    """Who uploaded it: an agency sees its own. The own organisation owns every asset."""
    created_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True)
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]
    current_version_id: Mapped[int | None] = mapped_column(
        ForeignKey("version.id", use_alter=True), index=True
    )
    """The version in force. Once one is approved, a later one takes its place only by its own approval."""
    tags: Mapped[list[str]] = mapped_column(default=list)
    attributes: Mapped[dict[str, Any]] = mapped_column(default=dict)
    """Attribute key → value, in the forms of `rules.attributes`. Replaced whole, never changed inside."""
    embargo_until: Mapped[datetime | None]
    deleted_at: Mapped[datetime | None] = mapped_column(index=True)
    """In the trash since; gone for good after 30 days."""
    deleted_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True)
    uses: Mapped[int] = mapped_column(default=0)
    """Downloads so far; each has its own row in `usage_event`."""
    revision: Mapped[int] = mapped_column()
    """Counts changes, so that two people who edit at once do not overwrite each other."""

    __mapper_args__ = {"version_id_col": revision}

    current_version: Mapped["Version | None"] = relationship(
        foreign_keys=[current_version_id], post_update=True
    )
    versions: Mapped[list["Version"]] = relationship(
        back_populates="asset", foreign_keys="Version.asset_id", order_by="Version.number.desc()"
    )
    right: Mapped["UsageRight | None"] = relationship(back_populates="asset")
    items: Mapped[list[CollectionItem]] = relationship(back_populates="asset")

    @property
    def ref(self) -> str:
        """The name people say: AST-00042."""
        return reference(self.id)

    @property
    def scope_facts(self) -> ScopeFacts:
        """Within which scopes a role must be held to count for this asset."""
        return scopes_of(self.organisation_id, self.attributes)


def reference(asset_id: int) -> str:
    return f"AST-{asset_id:05d}"


def scopes_of(organisation_id: int, attributes: Mapping[str, Any]) -> ScopeFacts:
    return {
        "organisation": frozenset({str(organisation_id)}),
        "brand": _choices(attributes.get("brand")),
        "region": _choices(attributes.get("region")),
    }


def _choices(value: Any) -> frozenset[str]:
    return frozenset(value if isinstance(value, list) else [value] if value is not None else [])


class Version(Base):
    """One immutable file of an asset, and all that was found in it."""

    __tablename__ = "version"
    __table_args__ = (
        UniqueConstraint("asset_id", "number"),
        Index(None, "sha256"),
        Index(None, "number"),
        CheckConstraint("number >= 1", name="number_counts_from_one"),
        CheckConstraint("preview_state IN ('waiting','ready','failed','none')", name="known_preview_state"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    asset_id: Mapped[int] = mapped_column(ForeignKey("asset.id"))
    number: Mapped[int]
    blob_id: Mapped[int] = mapped_column(ForeignKey("blob.id"), index=True)
    sha256: Mapped[str] = mapped_column(String(64))
    size: Mapped[int] = mapped_column(BigInteger)
    file_name: Mapped[str] = mapped_column(String(255))
    media_type: Mapped[str] = mapped_column(String(100))
    format: Mapped[str] = mapped_column(String(40))
    """As people say it: JPEG, PDF, MP4."""
    family: Mapped[str] = mapped_column(String(16))
    """image, vector, pdf, video, audio, office, raw, archive, text or other."""
    width: Mapped[int | None]
    height: Mapped[int | None]
    pages: Mapped[int | None]
    duration_ms: Mapped[int | None] = mapped_column(BigInteger)
    shape: Mapped[str | None] = mapped_column(String(16))
    """landscape, portrait, square or panorama."""
    colours: Mapped[list[str]] = mapped_column(default=list)
    """Named colours, the strongest first."""
    main_colour: Mapped[str | None] = mapped_column(String(7))
    """#rrggbb, shown until the picture is there."""
    phash: Mapped[str | None] = mapped_column(String(16), index=True)
    facts: Mapped[dict[str, Any]] = mapped_column(default=dict)
    """Everything else the examination found."""
    embedded: Mapped[dict[str, Any]] = mapped_column(default=dict)
    """Metadata written inside the file, each with its source."""
    text: Mapped[str] = mapped_column(Text, default="", deferred=True)
    """The words inside, for search."""
    warnings: Mapped[list[str]] = mapped_column(default=list)
    """What people should know, such as that the picture data is cut off."""
    preview_state: Mapped[str] = mapped_column(String(16), default="waiting")
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"), index=True)
    uploaded_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True)
    created_at: Mapped[datetime]

    asset: Mapped[Asset] = relationship(back_populates="versions", foreign_keys=[asset_id])
    renditions: Mapped[list["Rendition"]] = relationship(
        back_populates="version", cascade="all, delete-orphan"
    )
    approvals: Mapped[list["Approval"]] = relationship(back_populates="version", order_by="Approval.id")

    @property
    def is_approved(self) -> bool:
        """The last word said of exactly these bytes was yes."""
        return is_last_word_yes(self.sha256, ((each.sha256, each.verdict) for each in self.approvals))

    @property
    def was_returned(self) -> bool:
        """The last word said of it was no."""
        return bool(self.approvals) and self.approvals[-1].verdict == "returned"


def is_last_word_yes(sha256: str, said: Iterable[tuple[str, str]]) -> bool:
    """Of all that was said, bytes and verdict, the last about these bytes approved them."""
    verdicts = [verdict for bytes_, verdict in said if bytes_ == sha256]
    return bool(verdicts) and verdicts[-1] == "approved"


class Rendition(Base):
    """A file made from a version by a named recipe. It has no rights of its own: its asset decides."""

    __tablename__ = "rendition"
    __table_args__ = (UniqueConstraint("version_id", "recipe", "page"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    version_id: Mapped[int] = mapped_column(ForeignKey("version.id", ondelete="CASCADE"))
    recipe: Mapped[str] = mapped_column(String(32))
    page: Mapped[int] = mapped_column(default=1)
    blob_id: Mapped[int] = mapped_column(ForeignKey("blob.id"), index=True)
    media_type: Mapped[str] = mapped_column(String(100))
    width: Mapped[int | None]
    height: Mapped[int | None]
    size: Mapped[int] = mapped_column(BigInteger)

    version: Mapped[Version] = relationship(back_populates="renditions")


class Approval(Base):
    """A verdict about exact bytes, by a person. Rows are added, never changed."""

    __tablename__ = "approval"
    __table_args__ = (
        CheckConstraint("verdict IN ('approved','returned')", name="known_verdict"),
        Index(None, "version_id"),
        Index(None, "verdict"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    version_id: Mapped[int] = mapped_column(ForeignKey("version.id"))
    sha256: Mapped[str] = mapped_column(String(64))
    """The bytes it was said of."""
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    kind: Mapped[str] = mapped_column(String(32))
    """In which capacity: `librarian`; later also a review's close."""
    verdict: Mapped[str] = mapped_column(String(16))
    note: Mapped[str] = mapped_column(Text, default="")
    at: Mapped[datetime]

    version: Mapped[Version] = relationship(back_populates="approvals")


class UsageRight(Base):
    """What an asset may be used for, where, and from when to when. One per asset; none means unknown."""

    __tablename__ = "usage_right"
    __table_args__ = (
        CheckConstraint(
            "starts_on IS NULL OR ends_on IS NULL OR starts_on <= ends_on", name="begins_before_it_ends"
        ),
        Index(None, "ends_on"),
    )

    asset_id: Mapped[int] = mapped_column(ForeignKey("asset.id", ondelete="CASCADE"), primary_key=True)
    holder: Mapped[str] = mapped_column(String(200), default="")
    licence: Mapped[str] = mapped_column(String(200), default="")
    credit_line: Mapped[str] = mapped_column(String(300), default="")
    channels: Mapped[list[str]] = mapped_column(default=list)
    """Where it may appear; empty means everywhere."""
    territories: Mapped[list[str]] = mapped_column(default=list)
    """Country codes; empty means all countries."""
    starts_on: Mapped[date | None]
    """First day of use; None: always."""
    ends_on: Mapped[date | None]
    """Last day of use; None: no end."""
    ask_first: Mapped[bool] = mapped_column(default=False)
    terms: Mapped[str] = mapped_column(Text, default="")
    """What has to be kept to, or what to ask and whom."""

    asset: Mapped[Asset] = relationship(back_populates="right")
