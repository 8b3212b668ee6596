"""What calls about reference data look like."""

from datetime import date, datetime
from typing import Any, Literal

from pydantic import BaseModel, Field

from assetlib.api.shapes import Query, RowId, Shape, Text

Kind = Literal["gl_account", "cost_centre", "rate", "vendor", "contract"]


class CalendarIn(Shape):
    """How years are cut: by months, or by weeks as 4-4-5 and its like."""

    name: Text
    pattern: Literal["months", "445", "454", "544"] = "months"
    start_month: int = Field(1, ge=1, le=12, description="the month in which a year begins")
    last_weekday: int = Field(5, ge=0, le=6, description="of years by weeks: they end on it; 0 is Monday")
    anchor: Literal["last", "nearest"] = Field(
        "last", description="the last such weekday of the month, or the one nearest to its end"
    )
    named_by: Literal["start", "end"] = "end"


class CalendarChange(CalendarIn):
    revision: int = Field(description="the one that was read")


class YearIn(Shape):
    year: int = Field(ge=1, le=9_999)


class CalendarOut(Shape):
    id: int
    name: str
    pattern: str
    start_month: int
    last_weekday: int
    anchor: str
    named_by: str
    revision: int
    years: list[int] = Field(description="those that are open, the latest first")


class CalendarsOut(Shape):
    calendars: list[CalendarOut]


class PeriodOut(Shape):
    number: int
    quarter: int
    starts_on: date
    ends_on: date


class YearOut(Shape):
    calendar: int
    year: int
    is_open: bool = Field(description="its days are fixed; else these are as they would be")
    periods: list[PeriodOut]


class ThingOut(Shape):
    id: int
    name: str
    values: dict[str, Any] = Field(description="field → value; a rate is a text such as 1.085")
    state: str = Field(description="valid, coming or over today; of a vendor active, blocked or closed")
    pending_change: int | None = Field(description="a change of it that may still come")


class ThingsOut(Shape):
    total: int
    page: int
    size: int
    things: list[ThingOut]


class ContractsOut(Shape):
    contracts: list[ThingOut]


class HolidaysQuery(BaseModel):
    country: str = Field(max_length=2)
    year: int = Field(ge=1990, le=2100)


class HolidayOut(Shape):
    day: date
    name: str


class CompanyDayOut(Shape):
    id: int
    country: str
    day: date
    name: str
    works: bool


class HolidaysOut(Shape):
    country: str
    year: int
    public: list[HolidayOut]
    company: list[CompanyDayOut]


class CompanyDayIn(Shape):
    country: Text
    day: date
    name: Text
    works: bool = Field(default=False, description="the company works, though others rest")


class ChangeIn(Shape):
    """What a thing shall say. Without `thing` a new one comes into being."""

    kind: Kind
    thing: RowId | None = None
    values: dict[str, str | int | None] = Field(
        description="field → value: days as 2027-01-31, amounts in minor units, a rate as a text with a point"
    )
    effective_on: date | None = Field(None, description="today when none is given")
    reason: Text


class ChangesQuery(Query):
    state: Literal["", "open", "approved", "applied", "rejected", "withdrawn"] = ""


class ChangeOut(Shape):
    id: int
    kind: str
    thing: int | None
    name: str
    before: dict[str, Any]
    after: dict[str, Any]
    effective_on: date
    reason: str
    state: str
    made_by: str
    made_at: datetime
    decided_by: str
    decided_at: datetime | None
    applied_at: datetime | None
    answer: str
    may_decide: bool
    may_withdraw: bool


class ChangesOut(Shape):
    total: int
    page: int
    size: int
    changes: list[ChangeOut]


class AnswerIn(Shape):
    answer: Text = ""
