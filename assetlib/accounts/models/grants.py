"""What a person or a group may: roles within a scope, duties up to a limit."""

from datetime import datetime

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from assetlib.database import Base

SCOPE_CHECK = "scope_kind IN ('everywhere','organisation','brand','region')"


class RoleGrant(Base):
    """One role of one person or of one group, everywhere or within a scope."""

    __tablename__ = "role_grant"
    __table_args__ = (
        CheckConstraint(
            "role IN ('administrator','librarian','planner','finance','field_marketer','reviewer',"
            "'agency_contributor','partner')",
            name="known_role",
        ),
        CheckConstraint(SCOPE_CHECK, name="known_scope"),
        CheckConstraint("(person_id IS NULL) <> (group_id IS NULL)", name="of_a_person_or_a_group"),
        CheckConstraint("(scope_kind = 'everywhere') = (scope_key = '')", name="scope_has_a_key"),
        UniqueConstraint("person_id", "role", "scope_kind", "scope_key"),
        UniqueConstraint("group_id", "role", "scope_kind", "scope_key"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"))
    group_id: Mapped[int | None] = mapped_column(ForeignKey("people_group.id", ondelete="CASCADE"))
    role: Mapped[str] = mapped_column(String(32))
    scope_kind: Mapped[str] = mapped_column(String(16), default="everywhere", server_default="everywhere")
    scope_key: Mapped[str] = mapped_column(String(60), default="", server_default="")
    """Id of the organisation, or key of the brand or region; empty for everywhere."""


class DutyGrant(Base):
    """One duty of one person within a scope, up to an amount."""

    __tablename__ = "duty_grant"
    __table_args__ = (
        CheckConstraint(
            "duty IN ('plan_approver','budget_approver','po_approver','vendor_maintainer',"
            "'receipt_acceptor','invoice_enterer','invoice_approver','period_closer')",
            name="known_duty",
        ),
        CheckConstraint(SCOPE_CHECK, name="known_scope"),
        CheckConstraint("(scope_kind = 'everywhere') = (scope_key = '')", name="scope_has_a_key"),
        CheckConstraint("limit_minor >= 0", name="limit_not_negative"),
        CheckConstraint("(limit_minor IS NULL) = (currency = '')", name="limit_has_a_currency"),
        UniqueConstraint("person_id", "duty", "scope_kind", "scope_key"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"))
    duty: Mapped[str] = mapped_column(String(32))
    scope_kind: Mapped[str] = mapped_column(String(16), default="everywhere")
    scope_key: Mapped[str] = mapped_column(String(60), default="")
    limit_minor: Mapped[int | None] = mapped_column(BigInteger)
    """Up to this amount, in minor units of `currency`; None: without a limit."""
    currency: Mapped[str] = mapped_column(String(3), default="")
    granted_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True)
    granted_at: Mapped[datetime]
