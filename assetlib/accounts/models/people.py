"""Organisations, people, and groups of people."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from assetlib.accounts.models.grants import DutyGrant, RoleGrant
from assetlib.database import Base


class Organisation(Base):
    """The own company, an agency or a partner."""

    __tablename__ = "organisation"
    __table_args__ = (
        CheckConstraint("kind IN ('own','agency','partner')", name="known_kind"),
        CheckConstraint("state IN ('invited','active','suspended','closed')", name="known_state"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(200), unique=True)
    kind: Mapped[str] = mapped_column(String(16))
    state: Mapped[str] = mapped_column(String(16), default="active")
    """Invited until the first of its people comes in. People of a suspended or closed organisation cannot
    sign in, and their open sessions are dead."""
    created_at: Mapped[datetime]
    closed_at: Mapped[datetime | None]
    """Since when we no longer work together; its files and what it did stay."""

    people: Mapped[list["Person"]] = relationship(back_populates="organisation")


class Person(Base):
    """Somebody who can sign in, could once, or is invited to."""

    __tablename__ = "person"
    __table_args__ = (
        CheckConstraint("state IN ('invited','active','suspended','closed')", name="known_state"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"), index=True)
    email: Mapped[str] = mapped_column(String(254), unique=True)
    """Lower case, so that one address is one person. An erased person has one that nobody can have."""
    name: Mapped[str] = mapped_column(String(200))
    password_hash: Mapped[str | None] = mapped_column(String(200))
    """argon2id; None until a password was set."""
    state: Mapped[str] = mapped_column(String(16), default="active")
    """Invited until they came in for the first time; closed when they left and their work was handed on."""
    created_at: Mapped[datetime]
    closed_at: Mapped[datetime | None]
    erased_at: Mapped[datetime | None]
    """Since when name and address are gone. What they did stays, under their number."""
    locale: Mapped[str | None] = mapped_column(String(10))
    """`en` or `de`; None: what the browser asks for."""
    time_zone: Mapped[str | None] = mapped_column(String(64))
    """A name of the IANA list; None: that of the house."""

    organisation: Mapped[Organisation] = relationship(back_populates="people")
    grants: Mapped[list[RoleGrant]] = relationship(cascade="all, delete-orphan", order_by=RoleGrant.id)
    duties: Mapped[list[DutyGrant]] = relationship(
        cascade="all, delete-orphan", order_by=DutyGrant.id, foreign_keys=DutyGrant.person_id
    )
    memberships: Mapped[list["GroupMember"]] = relationship(
        back_populates="person", cascade="all, delete-orphan"
    )

    @property
    def roles(self) -> frozenset[str]:
        """The roles given to this person themself, anywhere; groups may give more."""
        return frozenset(grant.role for grant in self.grants)


class Group(Base):
    """People who are given roles, and collections, together."""

    __tablename__ = "people_group"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(200), unique=True)
    description: Mapped[str] = mapped_column(Text, default="")
    created_at: Mapped[datetime]
    revision: Mapped[int] = mapped_column(default=1, server_default="1")
    """Counts changes of name and description."""

    members: Mapped[list["GroupMember"]] = relationship(back_populates="group", cascade="all, delete-orphan")
    grants: Mapped[list[RoleGrant]] = relationship(cascade="all, delete-orphan", order_by=RoleGrant.id)


class GroupMember(Base):
    """A person in a group."""

    __tablename__ = "group_member"
    __table_args__ = (Index(None, "person_id"),)

    group_id: Mapped[int] = mapped_column(ForeignKey("people_group.id", ondelete="CASCADE"), primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), primary_key=True)
    added_at: Mapped[datetime]

    group: Mapped[Group] = relationship(back_populates="members")
    person: Mapped[Person] = relationship(back_populates="memberships")
