"""Notices to people, what they want to be told of, and mail on its way."""

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from assetlib.database import Base

MODE_CHECK = "IN ('at_once','daily','weekly','off')"


class Notice(Base):
    """One thing that one person is told."""

    __tablename__ = "notice"
    __table_args__ = (
        CheckConstraint("mail_state IN ('none','waiting','mailed')", name="known_mail_state"),
        Index(None, "person_id", "read_at"),
        Index(None, "mail_state", "mail_at"),
        UniqueConstraint("person_id", "dedupe_key"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"))
    kind: Mapped[str] = mapped_column(String(40))
    """One of `notify.kinds`."""
    sentence: Mapped[str] = mapped_column(Text)
    """What happened, as `words.kept` writes it: read in the reader's language."""
    reason: Mapped[str] = mapped_column(Text)
    """Why this person is told: kept likewise."""
    facts: Mapped[dict[str, Any]] = mapped_column(default=dict)
    """What it is about, `{"asset": 12}`: the sentence is only for whoever may still see that."""
    url: Mapped[str] = mapped_column(String(300))
    """Where to go on, an address within the house."""
    at: Mapped[datetime]
    read_at: Mapped[datetime | None]
    mail_state: Mapped[str] = mapped_column(String(16), default="none")
    mail_at: Mapped[datetime | None]
    """When it is due to be mailed, alone or in a digest."""
    dedupe_key: Mapped[str | None] = mapped_column(String(100))
    """The same thing is told to the same person once."""


class NoticeChoice(Base):
    """How one person wants to be mailed of one kind of thing; without a row, as the kind says."""

    __tablename__ = "notice_choice"
    __table_args__ = (CheckConstraint(f"mode {MODE_CHECK}", name="known_mode"),)

    person_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), primary_key=True)
    kind: Mapped[str] = mapped_column(String(40), primary_key=True)
    mode: Mapped[str] = mapped_column(String(16))


class NoticeTimes(Base):
    """When one person wants to be mailed. Minutes and hours of their own time zone."""

    __tablename__ = "notice_times"
    __table_args__ = (
        CheckConstraint("quiet_from BETWEEN 0 AND 1439", name="quiet_from_in_a_day"),
        CheckConstraint("quiet_to BETWEEN 0 AND 1439", name="quiet_to_in_a_day"),
        CheckConstraint("digest_hour BETWEEN 0 AND 23", name="digest_hour_in_a_day"),
        CheckConstraint("digest_weekday BETWEEN 0 AND 6", name="digest_weekday_in_a_week"),
    )

    person_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), primary_key=True)
    quiet_from: Mapped[int | None]
    """Minute of the day; None: no quiet hours. They may reach over midnight."""
    quiet_to: Mapped[int | None]
    digest_hour: Mapped[int] = mapped_column(default=8)
    digest_weekday: Mapped[int] = mapped_column(default=0)
    """Monday is 0."""


class OutgoingMail(Base):
    """A mail that was promised, until it is sent, and for a while after."""

    __tablename__ = "outgoing_mail"
    __table_args__ = (
        CheckConstraint("state IN ('waiting','sent','failed')", name="known_state"),
        Index(None, "state", "created_at"),
        Index(None, "person_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    message_id: Mapped[str] = mapped_column(String(200), unique=True)
    """The same at every try, so that a mail sent twice is known as one."""
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"))
    """None: to somebody without an account."""
    recipient: Mapped[str] = mapped_column(String(254))
    letter: Mapped[dict[str, Any]] = mapped_column(default=dict)
    """What it says, with the patterns of its sentences; written out before the first try."""
    language: Mapped[str] = mapped_column(String(10), default="en")
    zone: Mapped[str] = mapped_column(String(64), default="UTC")
    subject: Mapped[str] = mapped_column(String(300))
    text: Mapped[str] = mapped_column(Text, default="")
    """Empty until it is written out, in the language and the zone of its reader."""
    html: Mapped[str] = mapped_column(Text, default="")
    state: Mapped[str] = mapped_column(String(16), default="waiting")
    created_at: Mapped[datetime]
    sent_at: Mapped[datetime | None]
    fault: Mapped[str] = mapped_column(Text, default="")
    """What the mail server said when it did not take it."""
