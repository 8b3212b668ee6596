"""Collections: ordered sets of assets, one inside another."""

from datetime import datetime
from typing import TYPE_CHECKING

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from assetlib.database import Base

if TYPE_CHECKING:
    from assetlib.catalog.models.asset import Asset


class Collection(Base):
    """An ordered set of assets. Private to its owner, or open to the own organisation."""

    __tablename__ = "collection"
    __table_args__ = (CheckConstraint("audience IN ('private','organisation')", name="known_audience"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(200))
    description: Mapped[str] = mapped_column(Text, default="")
    parent_id: Mapped[int | None] = mapped_column(ForeignKey("collection.id"), index=True)
    owner_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    audience: Mapped[str] = mapped_column(String(16), default="private")
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]
    revision: Mapped[int] = mapped_column(default=1, server_default="1")
    """Counts changes of name, description, audience and place, not what is put in."""

    items: Mapped[list["CollectionItem"]] = relationship(
        back_populates="collection", cascade="all, delete-orphan", order_by="CollectionItem.position"
    )
    grants: Mapped[list["CollectionGrant"]] = relationship(
        back_populates="collection", cascade="all, delete-orphan"
    )
    group_grants: Mapped[list["CollectionGroupGrant"]] = relationship(
        back_populates="collection", cascade="all, delete-orphan"
    )


class CollectionAncestor(Base):
    """Collection lies in ancestor, at any depth; each collection is also its own ancestor (depth 0)."""

    __tablename__ = "collection_ancestor"
    __table_args__ = (Index(None, "ancestor_id"),)

    collection_id: Mapped[int] = mapped_column(
        ForeignKey("collection.id", ondelete="CASCADE"), primary_key=True
    )
    ancestor_id: Mapped[int] = mapped_column(
        ForeignKey("collection.id", ondelete="CASCADE"), primary_key=True
    )
    depth: Mapped[int]


class CollectionItem(Base):
    """An asset in a collection."""

    __tablename__ = "collection_item"
    __table_args__ = (
        Index(None, "asset_id"),
        Index("ix_collection_item_order", "collection_id", "position", "asset_id"),
        Index(None, "added_at"),
    )

    collection_id: Mapped[int] = mapped_column(
        ForeignKey("collection.id", ondelete="CASCADE"), primary_key=True
    )
    asset_id: Mapped[int] = mapped_column(ForeignKey("asset.id", ondelete="CASCADE"), primary_key=True)
    position: Mapped[int]
    added_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True)
    added_at: Mapped[datetime]

    collection: Mapped[Collection] = relationship(back_populates="items")
    asset: Mapped["Asset"] = relationship(back_populates="items")


class CollectionGrant(Base):
    """Opens a collection, and the published assets in it and below it, to the people of an organisation."""

    __tablename__ = "collection_grant"
    __table_args__ = (Index(None, "organisation_id"),)

    collection_id: Mapped[int] = mapped_column(
        ForeignKey("collection.id", ondelete="CASCADE"), primary_key=True
    )
    organisation_id: Mapped[int] = mapped_column(
        ForeignKey("organisation.id", ondelete="CASCADE"), primary_key=True
    )
    granted_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True)
    granted_at: Mapped[datetime]

    collection: Mapped[Collection] = relationship(back_populates="grants")


class CollectionGroupGrant(Base):
    """Opens a collection, and the published assets in it and below it, to the people of a group."""

    __tablename__ = "collection_group_grant"
    __table_args__ = (Index(None, "group_id"),)

    collection_id: Mapped[int] = mapped_column(
        ForeignKey("collection.id", ondelete="CASCADE"), primary_key=True
    )
    group_id: Mapped[int] = mapped_column(ForeignKey("people_group.id", ondelete="CASCADE"), primary_key=True)
    granted_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True)
    granted_at: Mapped[datetime]

    collection: Mapped[Collection] = relationship(back_populates="group_grants")
