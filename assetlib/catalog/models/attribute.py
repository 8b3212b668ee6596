"""Which fields an asset has: the schema that librarians shape."""

from sqlalchemy import CheckConstraint, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from assetlib.database import Base

KINDS = ("text", "number", "date", "choice", "tree", "people", "boolean")


class AssetType(Base):
    """A sort of asset, such as photograph or logo."""

    __tablename__ = "asset_type"

    key: Mapped[str] = mapped_column(String(32), primary_key=True)
    label: Mapped[str] = mapped_column(String(100))
    position: Mapped[int] = mapped_column(default=0)


class Attribute(Base):
    """One field of the schema. Values lie in `Asset.attributes` under its key."""

    __tablename__ = "attribute"
    __table_args__ = (
        CheckConstraint(
            "kind IN ('text','number','date','choice','tree','people','boolean')", name="known_kind"
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(String(40), unique=True)
    """Lower-case word; fixed for ever, because values and searches name it."""
    label: Mapped[str] = mapped_column(String(100))
    kind: Mapped[str] = mapped_column(String(16))
    hint: Mapped[str] = mapped_column(String(300), default="")
    multiple: Mapped[bool] = mapped_column(default=False)
    """Choice, tree, people and text may hold several values."""
    facet: Mapped[bool] = mapped_column(default=False)
    """Offered at the side of the library."""
    required: Mapped[bool] = mapped_column(default=False)
    """Must be filled before an asset is published."""
    types: Mapped[list[str]] = mapped_column(default=list)
    """Keys of the asset types it is for; empty means all."""
    embedded_as: Mapped[str] = mapped_column(String(100), default="")
    """Key of the embedded metadata that fills it at upload, such as `creator`."""
    position: Mapped[int] = mapped_column(default=0)
    revision: Mapped[int] = mapped_column(default=1, server_default="1")
    """Counts changes of the attribute itself, not of its choices."""

    choices: Mapped[list["AttributeChoice"]] = relationship(
        back_populates="attribute", cascade="all, delete-orphan", order_by="AttributeChoice.position"
    )


class AttributeChoice(Base):
    """One value that a choice or tree attribute can take. In a tree it stands below its parent."""

    __tablename__ = "attribute_choice"
    __table_args__ = (UniqueConstraint("attribute_id", "key"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    attribute_id: Mapped[int] = mapped_column(ForeignKey("attribute.id", ondelete="CASCADE"))
    parent_id: Mapped[int | None] = mapped_column(ForeignKey("attribute_choice.id"), index=True)
    key: Mapped[str] = mapped_column(String(60))
    label: Mapped[str] = mapped_column(String(200))
    position: Mapped[int] = mapped_column(default=0)

    attribute: Mapped[Attribute] = relationship(back_populates="choices")
