"""Days on which the house does not work, beside the public holidays of each country."""

from datetime import date

from sqlalchemy import ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from assetlib.database import Base


class CompanyDay(Base):
    """A day of a country that the house keeps otherwise: it rests, or it works on a public holiday."""

    __tablename__ = "company_day"
    __table_args__ = (UniqueConstraint("country", "day"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    country: Mapped[str] = mapped_column(String(2))
    day: Mapped[date]
    name: Mapped[str] = mapped_column(String(100))
    works: Mapped[bool] = mapped_column(default=False)
    """It is worked on, though others rest."""
    entered_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True)
