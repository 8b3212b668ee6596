"""Campaigns, the activities and events they are made of, templates, and what came of them."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from assetlib.access.actor import ScopeFacts
from assetlib.database import Base
from assetlib.planning.models.plan import Plan, scopes_of


class Campaign(Base):
    """Something that people will see for a while, under one idea. Its days are those of its activities."""

    __tablename__ = "campaign"
    __table_args__ = (
        CheckConstraint("state IN ('planned','running','done','cancelled')", name="known_state"),
        CheckConstraint("starts_on <= ends_on", name="begins_before_it_ends"),
        Index(None, "starts_on", "ends_on"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    plan_id: Mapped[int] = mapped_column(ForeignKey("plan.id"), index=True)
    name: Mapped[str] = mapped_column(String(200))
    theme: Mapped[str] = mapped_column(Text, default="")
    """The idea, in the planner's words."""
    objective: Mapped[str] = mapped_column(Text, default="")
    """Which objective of the plan it serves."""
    brand: Mapped[str] = mapped_column(String(60), default="")
    regions: Mapped[list[str]] = mapped_column(default=list)
    """Keys of regions; empty means all."""
    channels: Mapped[list[str]] = mapped_column(default=list)
    """Keys of channels; empty means not said."""
    starts_on: Mapped[date]
    ends_on: Mapped[date]
    """First and last day on which people see it."""
    choice_key: Mapped[str] = mapped_column(String(60), default="")
    """Key among the choices of the library's attribute `campaign`; by it its assets are found."""
    owner_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    brief_asset_id: Mapped[int | None] = mapped_column(
        ForeignKey("asset.id", ondelete="SET NULL"), index=True
    )
    state: Mapped[str] = mapped_column(String(16), default="planned")
    created_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True)
    created_at: Mapped[datetime]
    revision: Mapped[int] = mapped_column()

    __mapper_args__ = {"version_id_col": revision}

    plan: Mapped[Plan] = relationship()
    activities: Mapped[list["Activity"]] = relationship(
        back_populates="campaign", order_by="Activity.position, Activity.id"
    )

    @property
    def scope_facts(self) -> ScopeFacts:
        return scopes_of(self.brand, self.regions)


class Activity(Base):
    """A part of a campaign: a flight of advertisements, a mailing, a fair."""

    __tablename__ = "activity"
    __table_args__ = (
        CheckConstraint("kind IN ('activity','event')", name="known_kind"),
        CheckConstraint("state IN ('planned','running','done','cancelled')", name="known_state"),
        CheckConstraint("starts_on <= ends_on", name="begins_before_it_ends"),
        Index(None, "campaign_id", "position"),
        Index(None, "starts_on", "ends_on"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    campaign_id: Mapped[int] = mapped_column(ForeignKey("campaign.id"))
    name: Mapped[str] = mapped_column(String(200))
    kind: Mapped[str] = mapped_column(String(16), default="activity")
    channel: Mapped[str] = mapped_column(String(60), default="")
    region: Mapped[str] = mapped_column(String(60), default="")
    country: Mapped[str] = mapped_column(String(2), default="")
    """By whose holidays its workdays are counted; empty: weekends only."""
    venue: Mapped[str] = mapped_column(String(200), default="")
    """Of an event."""
    starts_on: Mapped[date]
    ends_on: Mapped[date]
    """First and last day on which people see it, as expected now."""
    owner_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    gl_account_id: Mapped[int | None] = mapped_column(ForeignKey("gl_account.id"), index=True)
    """What its new lines are booked to, unless they say otherwise."""
    cost_centre_id: Mapped[int | None] = mapped_column(ForeignKey("cost_centre.id"), index=True)
    state: Mapped[str] = mapped_column(String(16), default="planned")
    position: Mapped[int] = mapped_column(default=0)
    created_at: Mapped[datetime]
    revision: Mapped[int] = mapped_column()

    __mapper_args__ = {"version_id_col": revision}

    campaign: Mapped[Campaign] = relationship(back_populates="activities")


class CampaignTemplate(Base):
    """A campaign as it usually goes, with days counted from its first one."""

    __tablename__ = "campaign_template"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(200), unique=True)
    description: Mapped[str] = mapped_column(Text, default="")
    body: Mapped[dict[str, Any]] = mapped_column(default=dict)
    """Activities with their tasks and deliverables, in the form of `rules.templates`."""
    created_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True)
    created_at: Mapped[datetime]
    retired_at: Mapped[datetime | None]
    """Since when it is not offered any more."""
    revision: Mapped[int] = mapped_column(default=1, server_default="1")


class MeasuredResult(Base):
    """What came of a campaign: a figure, of a day. Rows are added; a later one of the same day counts."""

    __tablename__ = "measured_result"
    __table_args__ = (
        CheckConstraint("source IN ('typed','csv')", name="known_source"),
        Index(None, "campaign_id", "kpi", "measured_on"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    campaign_id: Mapped[int] = mapped_column(ForeignKey("campaign.id"))
    activity_id: Mapped[int | None] = mapped_column(ForeignKey("activity.id"), index=True)
    kpi: Mapped[str] = mapped_column(String(100))
    thousandths: Mapped[int] = mapped_column(BigInteger)
    unit: Mapped[str] = mapped_column(String(20), default="")
    measured_on: Mapped[date]
    source: Mapped[str] = mapped_column(String(8), default="typed")
    entered_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True)
    entered_at: Mapped[datetime]
