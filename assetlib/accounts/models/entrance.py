"""How people, and programs in their name, come in. Of what opens a door only the sha256 is kept here.

A link that goes by mail stands in its mail as well, until a mail server has taken it (`notify.models`).
"""

from datetime import date, datetime, timedelta

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from assetlib.accounts.models.people import Person
from assetlib.database import Base


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
    confirmed_at: Mapped[datetime | None]
    """When the person last proved who they are, at sign-in or since; sensitive acts ask for a fresh proof."""
    ended_at: Mapped[datetime | None]
    address: Mapped[str] = mapped_column(String(64), default="")
    browser: Mapped[str] = mapped_column(String(200), default="")
    way: Mapped[str] = mapped_column(String(16), default="password", server_default="password")
    """How they came in: `password`, `code` (with a second factor), `oidc` or `link`."""

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


class OneTimeLink(Base):
    """A link sent by mail that opens one door once: an invitation, or a new password."""

    __tablename__ = "one_time_link"
    __table_args__ = (CheckConstraint("purpose IN ('invitation','reset')", name="known_purpose"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    purpose: Mapped[str] = mapped_column(String(16))
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), index=True)
    made_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True)
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None]
    """Used, or replaced by a later one; either way it opens nothing."""


class SecondFactor(Base):
    """The secret that a person's phone shares with us."""

    __tablename__ = "second_factor"

    person_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), primary_key=True)
    secret: Mapped[str] = mapped_column(String(200))
    """Base32, encrypted with a key that is kept outside the database."""
    created_at: Mapped[datetime]
    confirmed_at: Mapped[datetime | None]
    """Since when it is asked for: the person has shown a first code."""
    last_step: Mapped[int] = mapped_column(BigInteger, default=0)
    """The step of time whose code was used last; no earlier one, nor the same, is taken again."""


class RecoveryCode(Base):
    """One of a few codes, each for once, for the day on which the phone is lost."""

    __tablename__ = "recovery_code"
    __table_args__ = (UniqueConstraint("person_id", "code_hash"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"))
    code_hash: Mapped[str] = mapped_column(String(64))
    used_at: Mapped[datetime | None]


class Identity(Base):
    """A person as their company's sign-in knows them."""

    __tablename__ = "identity"
    __table_args__ = (UniqueConstraint("issuer", "subject"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), index=True)
    issuer: Mapped[str] = mapped_column(String(300))
    subject: Mapped[str] = mapped_column(String(255))
    created_at: Mapped[datetime]


class ApiToken(Base):
    """A key with which a program acts in a person's name, within scopes."""

    __tablename__ = "api_token"

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), index=True)
    name: Mapped[str] = mapped_column(String(100))
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    hint: Mapped[str] = mapped_column(String(16))
    """The first characters, by which its owner knows it again."""
    scopes: Mapped[list[str]]
    """Out of `access.actor.TOKEN_SCOPES`. Never more than the person may."""
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime | None]
    used_at: Mapped[datetime | None]
    """Kept to the hour."""
    revoked_at: Mapped[datetime | None]

    person: Mapped[Person] = relationship()

    @property
    def last_day(self) -> date | None:
        """The last day, in UTC, on which it opens anything; None: it has no end."""
        return (self.expires_at - timedelta(microseconds=1)).date() if self.expires_at is not None else None
