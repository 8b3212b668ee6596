"""What delivered files have to keep to."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from assetlib.database import Base


class DeliverySpec(Base):
    """Named rules for files: formats, sizes, colour, length, weight, names, attributes and rights."""

    __tablename__ = "delivery_spec"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(200), unique=True)
    description: Mapped[str] = mapped_column(Text, default="")
    rules: Mapped[dict[str, Any]] = mapped_column(default=dict)
    """In the form of `rules.delivery_specs`. What is not said is not checked."""
    created_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True)
    created_at: Mapped[datetime]
    retired_at: Mapped[datetime | None]
    """Since when it is not offered any more."""
    revision: Mapped[int] = mapped_column()

    __mapper_args__ = {"version_id_col": revision}
