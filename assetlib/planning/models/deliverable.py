"""What is ordered, what of it came, and what holds it."""

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from assetlib.database import Base
from assetlib.planning.models.campaign import Activity
from assetlib.planning.models.task import Task


class Deliverable(Base):
    """Files that a task brings forth: what is asked for, until when, and how far it is."""

    __tablename__ = "deliverable"
    __table_args__ = (
        CheckConstraint(
            "scope_state IN ('draft','brief_submitted','scope_approved','rescoped','dropped')",
            name="known_scope_state",
        ),
        CheckConstraint(
            "creative_state IN ('not_started','in_work','in_review','changes_requested','approved',"
            "'rejected','published','withdrawn')",
            name="known_creative_state",
        ),
        CheckConstraint("(accepted_at IS NULL) = (accepted_by_id IS NULL)", name="accepted_by_somebody"),
        CheckConstraint(
            "scope_state <> 'scope_approved' OR scope_decided_by_id <> brief_by_id",
            name="scope_by_a_second_person",
        ),
        Index(None, "task_id"),
        Index(None, "agency_id", "creative_state"),
        Index(None, "due_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    task_id: Mapped[int] = mapped_column(ForeignKey("task.id"))
    name: Mapped[str] = mapped_column(String(200))
    type_key: Mapped[str | None] = mapped_column(ForeignKey("asset_type.key"), index=True)
    """Which sort of asset it becomes."""
    brief: Mapped[str] = mapped_column(Text, default="")
    brief_asset_id: Mapped[int | None] = mapped_column(
        ForeignKey("asset.id", ondelete="SET NULL"), index=True
    )
    spec_id: Mapped[int | None] = mapped_column(ForeignKey("delivery_spec.id"), index=True)
    """What each of its files has to keep to."""
    agency_id: Mapped[int | None] = mapped_column(ForeignKey("organisation.id"))
    """Who delivers; None: the house itself."""
    owner_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    """Who asked for it, and is asked about it."""
    due_at: Mapped[datetime]
    scope_state: Mapped[str] = mapped_column(String(20), default="draft")
    brief_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True)
    scope_decided_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True)
    scope_decided_at: Mapped[datetime | None]
    scope_note: Mapped[str] = mapped_column(Text, default="")
    creative_state: Mapped[str] = mapped_column(String(20), default="not_started")
    """The worst of its items."""
    accepted_at: Mapped[datetime | None]
    """Since when all its items are approved: the evidence that it was delivered."""
    accepted_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True)
    created_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True)
    created_at: Mapped[datetime]
    revision: Mapped[int] = mapped_column()

    __mapper_args__ = {"version_id_col": revision}

    task: Mapped[Task] = relationship()
    items: Mapped[list["DeliverableItem"]] = relationship(
        back_populates="deliverable", cascade="all, delete-orphan", order_by="DeliverableItem.position"
    )
    attachments: Mapped[list["DeliverableAttachment"]] = relationship(cascade="all, delete-orphan")

    @property
    def ref(self) -> str:
        """The name people say: D-121."""
        return f"D-{self.id}"


class DeliverableItem(Base):
    """One file of a deliverable: of which kind, size and language, and which version was accepted for it."""

    __tablename__ = "deliverable_item"
    __table_args__ = (
        CheckConstraint("unit IN ('px','mm')", name="known_unit"),
        CheckConstraint("(width IS NULL) = (height IS NULL)", name="a_size_has_two_sides"),
        CheckConstraint("width IS NULL OR (width > 0 AND height > 0)", name="size_is_positive"),
        CheckConstraint(
            "state IN ('waiting','in_work','in_review','changes_requested','approved','rejected')",
            name="known_state",
        ),
        CheckConstraint("state <> 'approved' OR accepted_sha256 <> ''", name="accepted_bytes_are_named"),
        Index(None, "deliverable_id", "position"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    deliverable_id: Mapped[int] = mapped_column(ForeignKey("deliverable.id", ondelete="CASCADE"))
    name: Mapped[str] = mapped_column(String(200))
    width: Mapped[int | None]
    height: Mapped[int | None]
    unit: Mapped[str] = mapped_column(String(2), default="px")
    locale: Mapped[str] = mapped_column(String(10), default="")
    """Language of the words in it; empty: none, or any."""
    state: Mapped[str] = mapped_column(String(20), default="waiting")
    asset_id: Mapped[int | None] = mapped_column(ForeignKey("asset.id", ondelete="SET NULL"), index=True)
    """The asset that its deliveries are versions of."""
    accepted_version_id: Mapped[int | None] = mapped_column(
        ForeignKey("version.id", ondelete="SET NULL"), index=True
    )
    accepted_sha256: Mapped[str] = mapped_column(String(64), default="")
    """Exactly these bytes were accepted."""
    position: Mapped[int] = mapped_column(default=0)

    deliverable: Mapped[Deliverable] = relationship(back_populates="items")
    deliveries: Mapped[list["Delivery"]] = relationship(back_populates="item", order_by="Delivery.id.desc()")


class DeliverableAttachment(Base):
    """An asset of the library that whoever delivers may use or should know."""

    __tablename__ = "deliverable_attachment"
    __table_args__ = (Index(None, "asset_id"),)

    deliverable_id: Mapped[int] = mapped_column(
        ForeignKey("deliverable.id", ondelete="CASCADE"), primary_key=True
    )
    asset_id: Mapped[int] = mapped_column(ForeignKey("asset.id", ondelete="CASCADE"), primary_key=True)


class Delivery(Base):
    """One file that came for an item, and what the checks found."""

    __tablename__ = "delivery"
    __table_args__ = (
        CheckConstraint(
            "state IN ('quarantined','passed','waived','sent','accepted','returned','replaced')",
            name="known_state",
        ),
        CheckConstraint("(waived_by_id IS NULL) = (waived_at IS NULL)", name="waived_by_somebody"),
        UniqueConstraint("item_id", "version_id"),
        Index(None, "state"),
        Index(None, "version_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    item_id: Mapped[int] = mapped_column(ForeignKey("deliverable_item.id"))
    version_id: Mapped[int | None] = mapped_column(ForeignKey("version.id", ondelete="SET NULL"))
    """None once the asset was removed for good; what was found in it stays."""
    sha256: Mapped[str] = mapped_column(String(64))
    """The bytes that were checked."""
    state: Mapped[str] = mapped_column(String(16))
    checks: Mapped[list[dict[str, Any]]] = mapped_column(default=list)
    """Of each check its name, whether it passed, what was found and what is needed; see catalog.rules."""
    note: Mapped[str] = mapped_column(Text, default="")
    """What the sender tells the reviewers."""
    by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True)
    at: Mapped[datetime]
    sent_at: Mapped[datetime | None]
    waived_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True)
    waived_at: Mapped[datetime | None]
    waived_reason: Mapped[str] = mapped_column(Text, default="")
    returned_reason: Mapped[str] = mapped_column(Text, default="")
    """Why it came back."""

    item: Mapped[DeliverableItem] = relationship(back_populates="deliveries")


class Hold(Base):
    """Something that an upper room needs kept: while it lies on a thing, the thing is not dropped."""

    __tablename__ = "hold"
    __table_args__ = (
        CheckConstraint("(activity_id IS NULL) <> (deliverable_id IS NULL)", name="on_one_thing"),
        CheckConstraint("holder IN ('spend','review','localisation')", name="known_holder"),
        UniqueConstraint("activity_id", "holder", "holder_ref"),
        UniqueConstraint("deliverable_id", "holder", "holder_ref"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    activity_id: Mapped[int | None] = mapped_column(ForeignKey("activity.id"), index=True)
    deliverable_id: Mapped[int | None] = mapped_column(ForeignKey("deliverable.id"), index=True)
    holder: Mapped[str] = mapped_column(String(16))
    holder_ref: Mapped[str] = mapped_column(String(40))
    """What holds it, as its room calls it, such as `order-12`."""
    sentence: Mapped[str] = mapped_column(Text)
    """Why, as `words.kept` keeps it: it stands in the refusal."""
    placed_at: Mapped[datetime]
    released_at: Mapped[datetime | None]

    activity: Mapped[Activity | None] = relationship()
    deliverable: Mapped[Deliverable | None] = relationship()
