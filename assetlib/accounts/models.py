"""Organisations, people, their roles and sessions."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from assetlib.database import Base


class Organisation(Base):
    """The own company, an agency or a partner."""

    __tablename__ = "organisation"
    __table_args__ = (
        CheckConstraint("kind IN ('own','agency','partner')", name="known_kind"),
        CheckConstraint("state IN ('active','suspended')", name="known_state"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(200), unique=True)
    kind: Mapped[str] = mapped_column(String(16))
    state: Mapped[str] = mapped_column(String(16), default="active")
    """People of a suspended organisation cannot sign in, and their open sessions are dead."""
    created_at: Mapped[datetime]

    people: Mapped[list["Person"]] = relationship(back_populates="organisation")


class Person(Base):
    """Somebody who can sign in."""

    __tablename__ = "person"
    __table_args__ = (CheckConstraint("state IN ('active','suspended')", name="known_state"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"), index=True)
    email: Mapped[str] = mapped_column(String(254), unique=True)
    """Lower case, so that one address is one person."""
    name: Mapped[str] = mapped_column(String(200))
    password_hash: Mapped[str | None] = mapped_column(String(200))
    """argon2id; None until a password was set."""
    state: Mapped[str] = mapped_column(String(16), default="active")
    created_at: Mapped[datetime]

    organisation: Mapped[Organisation] = relationship(back_populates="people")
    grants: Mapped[list["RoleGrant"]] = relationship(back_populates="person", cascade="all, delete-orphan")

    @property
    def roles(self) -> frozenset[str]:
        return frozenset(grant.role for grant in self.grants)


class RoleGrant(Base):
    """One role of one person."""

    __tablename__ = "role_grant"
    __table_args__ = (
        CheckConstraint(
            "role IN ('administrator','librarian','agency_contributor','field_marketer')", name="known_role"
        ),
    )

    person_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), primary_key=True)
    role: Mapped[str] = mapped_column(String(32), primary_key=True)

    person: Mapped[Person] = relationship(back_populates="grants")


class PersonSession(Base):
    """One browser in which a person is signed in. Ending the row ends the session at once."""

    __tablename__ = "person_session"

    id: Mapped[int] = mapped_column(primary_key=True)
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    """sha256 of the token in the cookie; the token itself is never stored."""
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), index=True)
    created_at: Mapped[datetime]
    seen_at: Mapped[datetime]
    """Kept to the minute, so that reading a page seldom writes."""
    ended_at: Mapped[datetime | None]
    address: Mapped[str] = mapped_column(String(64), default="")
    browser: Mapped[str] = mapped_column(String(200), default="")

    person: Mapped[Person] = relationship()


class SignInThrottle(Base):
    """Failed tries of one address from one network, or of one network over all addresses."""

    __tablename__ = "sign_in_throttle"
    __table_args__ = (Index(None, "last_at"),)

    key: Mapped[str] = mapped_column(String(64), primary_key=True)
    """sha256 of what is counted: no list of tried addresses is kept."""
    failures: Mapped[int]
    first_at: Mapped[datetime]
    last_at: Mapped[datetime]
    open_at: Mapped[datetime]
    """The next try is listened to from this moment on."""
