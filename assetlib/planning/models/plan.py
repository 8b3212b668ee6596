"""A plan, its versions, and what a version says."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from assetlib.access.actor import ScopeFacts
from assetlib.database import Base

OPEN_STATES = ("draft", "in_review", "approved")
"""Of these a plan has one version at most."""


class Plan(Base):
    """What is to be done in a fiscal year for a brand or a region. What it says is said by its versions."""

    __tablename__ = "plan"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(200))
    calendar_id: Mapped[int] = mapped_column(ForeignKey("fiscal_calendar.id"), index=True)
    fiscal_year: Mapped[int]
    brand: Mapped[str] = mapped_column(String(60), default="")
    """Key of the brand it is for; empty for all."""
    region: Mapped[str] = mapped_column(String(60), default="")
    """Key of the region it is for; empty for all."""
    currency: Mapped[str] = mapped_column(String(3))
    """In which its money is summed."""
    owner_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    closed_at: Mapped[datetime | None]
    """Since when nothing new is planned under it."""
    created_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True)
    created_at: Mapped[datetime]
    revision: Mapped[int] = mapped_column()

    __mapper_args__ = {"version_id_col": revision}

    versions: Mapped[list["PlanVersion"]] = relationship(
        back_populates="plan", order_by="PlanVersion.number.desc()"
    )
    active_version: Mapped["PlanVersion | None"] = relationship(
        primaryjoin="and_(PlanVersion.plan_id == Plan.id, PlanVersion.state == 'active')", viewonly=True
    )
    """The version by which people work. Whoever made it active in the same session looks for it anew."""

    @property
    def ref(self) -> str:
        """The name people say: PLN-003."""
        return f"PLN-{self.id:03d}"

    @property
    def scope_facts(self) -> ScopeFacts:
        """Within which scopes a role or duty must be held to count for this plan."""
        return scopes_of(self.brand, [self.region] if self.region else [])


def scopes_of(brand: str, regions: list[str]) -> ScopeFacts:
    return {
        "organisation": frozenset(),
        "brand": frozenset({brand} if brand else ()),
        "region": frozenset(regions),
    }


class PlanVersion(Base):
    """What a plan says at one time. From the moment it is sent for review its content never changes."""

    __tablename__ = "plan_version"
    __table_args__ = (
        CheckConstraint(
            "state IN ('draft','in_review','changes_requested','taken_back','rejected','approved','active',"
            "'superseded','closed')",
            name="known_state",
        ),
        CheckConstraint("number >= 1", name="number_counts_from_one"),
        CheckConstraint("(state = 'draft') = (submitted_at IS NULL)", name="a_draft_was_not_sent"),
        CheckConstraint("(submitted_at IS NULL) = (content_sha256 = '')", name="sent_content_is_sealed"),
        CheckConstraint(
            "decided_by_id IS NULL OR decided_by_id <> submitted_by_id", name="decided_by_another_person"
        ),
        UniqueConstraint("plan_id", "number"),
        Index(
            "uq_plan_version_one_open",
            "plan_id",
            unique=True,
            sqlite_where=text("state IN ('draft','in_review','approved')"),
            postgresql_where=text("state IN ('draft','in_review','approved')"),
        ),
        Index(
            "uq_plan_version_one_active",
            "plan_id",
            unique=True,
            sqlite_where=text("state = 'active'"),
            postgresql_where=text("state = 'active'"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    plan_id: Mapped[int] = mapped_column(ForeignKey("plan.id"))
    number: Mapped[int]
    state: Mapped[str] = mapped_column(String(20), default="draft", index=True)
    reason: Mapped[str] = mapped_column(Text, default="")
    """Why it is made, of every version but the first."""
    objectives: Mapped[list[str]] = mapped_column(default=list)
    assumptions: Mapped[str] = mapped_column(Text, default="")
    products: Mapped[list[str]] = mapped_column(default=list)
    """Keys of products that it is about."""
    segments: Mapped[list[str]] = mapped_column(default=list)
    """Whom it is to reach, in the planner's words."""
    channels: Mapped[list[str]] = mapped_column(default=list)
    """Keys of channels."""
    created_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True)
    created_at: Mapped[datetime]
    submitted_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True)
    submitted_at: Mapped[datetime | None]
    content_sha256: Mapped[str] = mapped_column(String(64), default="")
    """Of all it says, in its canonical form, when it was sent."""
    total_minor: Mapped[int] = mapped_column(BigInteger, default=0)
    """The sum of its lines in the plan's currency, when it was sent."""
    decided_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True)
    decided_at: Mapped[datetime | None]
    answer: Mapped[str] = mapped_column(Text, default="")
    activated_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]
    """Since when another version is active, or the plan is closed."""
    revision: Mapped[int] = mapped_column()

    __mapper_args__ = {"version_id_col": revision}

    plan: Mapped[Plan] = relationship(back_populates="versions")
    expected: Mapped[list["ExpectedResult"]] = relationship(
        back_populates="version", cascade="all, delete-orphan", order_by="ExpectedResult.position"
    )
    activities: Mapped[list["PlannedActivity"]] = relationship(
        back_populates="version", cascade="all, delete-orphan", order_by="PlannedActivity.activity_id"
    )
    lines: Mapped[list["PlanLine"]] = relationship(
        back_populates="version", cascade="all, delete-orphan", order_by="PlanLine.position"
    )
    comments: Mapped[list["PlanComment"]] = relationship(
        back_populates="version", cascade="all, delete-orphan", order_by="PlanComment.id"
    )
    writers: Mapped[list["PlanWriter"]] = relationship(cascade="all, delete-orphan")

    @property
    def written_by(self) -> frozenset[int]:
        """Everybody who had a hand in it: none of them decides it."""
        hands = [self.submitted_by_id, self.created_by_id, self.plan.owner_id]
        return frozenset(
            each for each in (*hands, *(row.person_id for row in self.writers)) if each is not None
        )


class PlanWriter(Base):
    """Somebody who wrote in a version while it was a draft."""

    __tablename__ = "plan_writer"

    version_id: Mapped[int] = mapped_column(
        ForeignKey("plan_version.id", ondelete="CASCADE"), primary_key=True
    )
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), primary_key=True, index=True)


class ExpectedResult(Base):
    """What a plan, or one of its campaigns, is to bring."""

    __tablename__ = "expected_result"
    __table_args__ = (Index(None, "version_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    version_id: Mapped[int] = mapped_column(ForeignKey("plan_version.id", ondelete="CASCADE"))
    campaign_id: Mapped[int | None] = mapped_column(ForeignKey("campaign.id"), index=True)
    """None: of the plan as a whole."""
    kpi: Mapped[str] = mapped_column(String(100))
    thousandths: Mapped[int] = mapped_column(BigInteger)
    """The value in thousandths of `unit`."""
    unit: Mapped[str] = mapped_column(String(20), default="")
    position: Mapped[int] = mapped_column(default=0)

    version: Mapped[PlanVersion] = relationship(back_populates="expected")


class PlannedActivity(Base):
    """An activity as a version plans it: its days in the version that is active are the baseline."""

    __tablename__ = "planned_activity"
    __table_args__ = (
        CheckConstraint("starts_on <= ends_on", name="begins_before_it_ends"),
        Index(None, "activity_id"),
    )

    version_id: Mapped[int] = mapped_column(
        ForeignKey("plan_version.id", ondelete="CASCADE"), primary_key=True
    )
    activity_id: Mapped[int] = mapped_column(ForeignKey("activity.id"), primary_key=True)
    starts_on: Mapped[date]
    ends_on: Mapped[date]
    tasks: Mapped[list[dict[str, Any]]] = mapped_column(default=list)
    """Of each task its id, start and finish when the version was sent. Their baseline, once it is active."""

    version: Mapped[PlanVersion] = relationship(back_populates="activities")


class PlanLine(Base):
    """Money that an activity is to cost in a month, on an account and a cost centre."""

    __tablename__ = "plan_line"
    __table_args__ = (
        CheckConstraint("amount_minor >= 0 AND base_minor >= 0", name="not_negative"),
        CheckConstraint("certainty IN ('committed','likely','optional')", name="known_certainty"),
        Index(None, "version_id", "activity_id"),
        Index(None, "activity_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    version_id: Mapped[int] = mapped_column(ForeignKey("plan_version.id", ondelete="CASCADE"))
    activity_id: Mapped[int] = mapped_column(ForeignKey("activity.id"))
    period_id: Mapped[int] = mapped_column(ForeignKey("fiscal_period.id"), index=True)
    gl_account_id: Mapped[int] = mapped_column(ForeignKey("gl_account.id"), index=True)
    cost_centre_id: Mapped[int] = mapped_column(ForeignKey("cost_centre.id"), index=True)
    amount_minor: Mapped[int] = mapped_column(BigInteger)
    currency: Mapped[str] = mapped_column(String(3))
    base_minor: Mapped[int] = mapped_column(BigInteger)
    """The same in the plan's currency, at the plan rate of its year."""
    certainty: Mapped[str] = mapped_column(String(16), default="likely")
    is_fixed: Mapped[bool] = mapped_column(default=False)
    """It costs the same whatever is made of it."""
    note: Mapped[str] = mapped_column(String(300), default="")
    position: Mapped[int] = mapped_column(default=0)

    version: Mapped[PlanVersion] = relationship(back_populates="lines")


class PlanComment(Base):
    """A remark about a version, at one of its fields or at the whole."""

    __tablename__ = "plan_comment"
    __table_args__ = (
        CheckConstraint("(settled_at IS NULL) = (settled_by_id IS NULL)", name="settled_by_somebody"),
        Index(None, "version_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    version_id: Mapped[int] = mapped_column(ForeignKey("plan_version.id", ondelete="CASCADE"))
    field: Mapped[str] = mapped_column(String(40), default="")
    """`objectives`, `assumptions`, `lines`, `line-12`, `activity-7` …; empty: of the whole."""
    text: Mapped[str] = mapped_column(Text)
    author_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    at: Mapped[datetime]
    settled_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True)
    settled_at: Mapped[datetime | None]

    version: Mapped[PlanVersion] = relationship(back_populates="comments")
