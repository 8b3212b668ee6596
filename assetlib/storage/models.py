"""What the database knows of bytes: blobs that are kept, and uploads on their way."""

from datetime import datetime

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from assetlib.database import Base
from assetlib.storage.states import OPEN


class Blob(Base):
    """Bytes that are kept, with what they were when they were first read."""

    __tablename__ = "blob"
    __table_args__ = (
        CheckConstraint("size >= 0", name="size_not_negative"),
        Index(None, "organisation_id", "sha256"),
        Index(None, "checked_at"),
        Index(None, "damaged_at"),
        Index(None, "released_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(String(128), unique=True)
    """Where the store keeps it. Made by us, never changed, never used again."""
    size: Mapped[int] = mapped_column(BigInteger)
    """Bytes."""
    sha256: Mapped[str] = mapped_column(String(64))
    media_type: Mapped[str] = mapped_column(String(127))
    """By content, not by name."""
    organisation_id: Mapped[int | None] = mapped_column(ForeignKey("organisation.id"))
    """Equal bytes are kept once within one organisation, never across two."""
    created_at: Mapped[datetime]
    checked_at: Mapped[datetime]
    """When its bytes were last read and compared."""
    damaged_at: Mapped[datetime | None]
    """Since when the bytes are known to be gone or not to match."""
    released_at: Mapped[datetime | None]
    """Since when nothing refers to it; the sweeper takes it a week later."""


class Upload(Base):
    """One file on its way from a person to the library."""

    __tablename__ = "upload"
    __table_args__ = (
        CheckConstraint(
            "state IN ('open','verifying','available','refused','cancelled')", name="known_state"
        ),
        CheckConstraint("size >= 0", name="size_not_negative"),
        CheckConstraint("part_size > 0", name="part_size_positive"),
        CheckConstraint("(state = 'refused') = (refusal_code IS NOT NULL)", name="refused_with_a_code"),
        CheckConstraint("(refusal_code IS NULL) = (refusal IS NULL)", name="refused_with_a_sentence"),
        CheckConstraint("state <> 'available' OR blob_id IS NOT NULL", name="available_with_a_blob"),
        UniqueConstraint("person_id", "idempotency_key"),
        Index(None, "person_id", "state"),
        Index(None, "state", "touched_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(String(32), unique=True)
    """What a client calls it."""
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"), index=True)
    """The person's organisation when the upload began; the asset will be theirs."""
    name: Mapped[str] = mapped_column(String(255))
    """The name as it was given."""
    folder: Mapped[str] = mapped_column(String(1024), default="")
    """Cleaned path inside the folder that was dropped; empty for a file dropped by itself."""
    size: Mapped[int] = mapped_column(BigInteger)
    """Bytes, as announced."""
    mtime: Mapped[int] = mapped_column(BigInteger)
    """Milliseconds since 1970, as the client's disk says."""
    fingerprint: Mapped[str] = mapped_column(String(128))
    """The client's own sign by which it knows the file again; it proves nothing."""
    part_size: Mapped[int]
    """Bytes of every part but the last."""
    key: Mapped[str] = mapped_column(String(128), unique=True)
    multipart: Mapped[str] = mapped_column(String(1024))
    """The store's name for the blob that is arriving in parts."""
    state: Mapped[str] = mapped_column(String(16), default=OPEN)
    refusal: Mapped[str | None] = mapped_column(Text)
    refusal_code: Mapped[str | None] = mapped_column(String(64))
    as_version_of: Mapped[int | None]
    """The asset that this is to become a new version of; the catalogue checks that it may."""
    delivered_for: Mapped[int | None]
    """The item of a deliverable that this is sent for; planning checks that it may."""
    asset_id: Mapped[int | None]
    """The asset that came of it. No foreign key: the catalogue stands above and deletes by its own rules."""
    version_number: Mapped[int | None]
    blob_id: Mapped[int | None] = mapped_column(ForeignKey("blob.id"), index=True)
    idempotency_key: Mapped[str | None] = mapped_column(String(128))
    created_at: Mapped[datetime]
    touched_at: Mapped[datetime]
    """When the last part was asked for or came."""
    completed_at: Mapped[datetime | None]

    blob: Mapped[Blob | None] = relationship()
