"""Links for people without an account; questions for what is not open, and what was opened for a time."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

TABLES = (
    "access_request",
    "asset_grant",
    "collection_group_grant",
    "share",
    "share_item",
    "share_session",
    "share_access",
)


def upgrade() -> None:
    op.create_table(
        "access_request",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("asset_number", sa.Integer(), nullable=True),
        sa.Column("query", sa.String(length=500), nullable=False),
        sa.Column("purpose", sa.Text(), nullable=False),
        sa.Column("until", sa.Date(), nullable=True),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("answered_by_id", sa.Integer(), nullable=True),
        sa.Column("answer", sa.Text(), nullable=False),
        sa.CheckConstraint(
            "(state = 'open') = (answered_at IS NULL)", name=op.f("ck_access_request_answered_when_not_open")
        ),
        sa.CheckConstraint(
            "state IN ('open','granted','refused','taken_back')", name=op.f("ck_access_request_known_state")
        ),
        sa.ForeignKeyConstraint(
            ["answered_by_id"], ["person.id"], name=op.f("fk_access_request_answered_by_id_person")
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_access_request_person_id_person")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_access_request")),
    )
    op.create_index(
        op.f("ix_access_request_answered_by_id"), "access_request", ["answered_by_id"], unique=False
    )
    op.create_index(
        op.f("ix_access_request_person_id_access_request_created_at"),
        "access_request",
        ["person_id", "created_at"],
        unique=False,
    )
    op.create_index(
        op.f("ix_access_request_state_access_request_created_at"),
        "access_request",
        ["state", "created_at"],
        unique=False,
    )
    op.create_table(
        "asset_grant",
        sa.Column("asset_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("until", sa.Date(), nullable=False),
        sa.Column("request_id", sa.Integer(), nullable=True),
        sa.Column("granted_by_id", sa.Integer(), nullable=True),
        sa.Column("granted_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["asset_id"], ["asset.id"], name=op.f("fk_asset_grant_asset_id_asset"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["granted_by_id"], ["person.id"], name=op.f("fk_asset_grant_granted_by_id_person")
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_asset_grant_person_id_person"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["request_id"],
            ["access_request.id"],
            name=op.f("fk_asset_grant_request_id_access_request"),
            ondelete="SET NULL",
        ),
        sa.PrimaryKeyConstraint("asset_id", "person_id", name=op.f("pk_asset_grant")),
    )
    op.create_index(op.f("ix_asset_grant_granted_by_id"), "asset_grant", ["granted_by_id"], unique=False)
    op.create_index(
        op.f("ix_asset_grant_person_id_asset_grant_until"),
        "asset_grant",
        ["person_id", "until"],
        unique=False,
    )
    op.create_index(op.f("ix_asset_grant_request_id"), "asset_grant", ["request_id"], unique=False)
    op.create_table(
        "collection_group_grant",
        sa.Column("collection_id", sa.Integer(), nullable=False),
        sa.Column("group_id", sa.Integer(), nullable=False),
        sa.Column("granted_by_id", sa.Integer(), nullable=True),
        sa.Column("granted_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["collection_id"],
            ["collection.id"],
            name=op.f("fk_collection_group_grant_collection_id_collection"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["granted_by_id"], ["person.id"], name=op.f("fk_collection_group_grant_granted_by_id_person")
        ),
        sa.ForeignKeyConstraint(
            ["group_id"],
            ["people_group.id"],
            name=op.f("fk_collection_group_grant_group_id_people_group"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("collection_id", "group_id", name=op.f("pk_collection_group_grant")),
    )
    op.create_index(
        op.f("ix_collection_group_grant_granted_by_id"),
        "collection_group_grant",
        ["granted_by_id"],
        unique=False,
    )
    op.create_index(
        op.f("ix_collection_group_grant_group_id"), "collection_group_grant", ["group_id"], unique=False
    )
    op.create_table(
        "share",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("hint", sa.String(length=16), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("message", sa.Text(), nullable=False),
        sa.Column("maker_id", sa.Integer(), nullable=False),
        sa.Column("collection_id", sa.Integer(), nullable=True),
        sa.Column("forms", sa.JSON(), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("password_hash", sa.String(length=200), nullable=True),
        sa.Column("download_limit", sa.Integer(), nullable=True),
        sa.Column("downloads", sa.Integer(), nullable=False),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("revision", sa.Integer(), server_default="1", nullable=False),
        sa.CheckConstraint("download_limit >= 1", name=op.f("ck_share_limit_is_a_number")),
        sa.CheckConstraint(
            "download_limit IS NULL OR downloads <= download_limit", name=op.f("ck_share_limit_is_kept")
        ),
        sa.CheckConstraint("downloads >= 0", name=op.f("ck_share_downloads_not_negative")),
        sa.ForeignKeyConstraint(
            ["collection_id"],
            ["collection.id"],
            name=op.f("fk_share_collection_id_collection"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(["maker_id"], ["person.id"], name=op.f("fk_share_maker_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_share")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_share_token_hash")),
    )
    op.create_index(op.f("ix_share_collection_id"), "share", ["collection_id"], unique=False)
    op.create_index(op.f("ix_share_maker_id"), "share", ["maker_id"], unique=False)
    op.create_table(
        "share_item",
        sa.Column("share_id", sa.Integer(), nullable=False),
        sa.Column("asset_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["asset_id"], ["asset.id"], name=op.f("fk_share_item_asset_id_asset"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["share_id"], ["share.id"], name=op.f("fk_share_item_share_id_share"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("share_id", "asset_id", name=op.f("pk_share_item")),
    )
    op.create_index(op.f("ix_share_item_asset_id"), "share_item", ["asset_id"], unique=False)
    op.create_table(
        "share_session",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("share_id", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("address", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(
            ["share_id"], ["share.id"], name=op.f("fk_share_session_share_id_share"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_share_session")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_share_session_token_hash")),
    )
    op.create_index(op.f("ix_share_session_share_id"), "share_session", ["share_id"], unique=False)
    op.create_table(
        "share_access",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("share_id", sa.Integer(), nullable=False),
        sa.Column("session_id", sa.Integer(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("what", sa.String(length=16), nullable=False),
        sa.Column("asset_id", sa.Integer(), nullable=True),
        sa.Column("version_id", sa.Integer(), nullable=True),
        sa.Column("form", sa.String(length=32), nullable=False),
        sa.Column("address", sa.String(length=64), nullable=False),
        sa.CheckConstraint(
            "what IN ('opened','refused','downloaded','resumed')", name=op.f("ck_share_access_known_what")
        ),
        sa.ForeignKeyConstraint(
            ["asset_id"], ["asset.id"], name=op.f("fk_share_access_asset_id_asset"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["session_id"],
            ["share_session.id"],
            name=op.f("fk_share_access_session_id_share_session"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["share_id"], ["share.id"], name=op.f("fk_share_access_share_id_share"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["version_id"],
            ["version.id"],
            name=op.f("fk_share_access_version_id_version"),
            ondelete="SET NULL",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_share_access")),
    )
    op.create_index(op.f("ix_share_access_asset_id"), "share_access", ["asset_id"], unique=False)
    op.create_index(op.f("ix_share_access_session_id"), "share_access", ["session_id"], unique=False)
    op.create_index(op.f("ix_share_access_version_id"), "share_access", ["version_id"], unique=False)
    op.create_index(
        op.f("ix_share_access_share_id_share_access_at"), "share_access", ["share_id", "at"], unique=False
    )
    for table, ondelete in (("package", "CASCADE"), ("usage_event", "SET NULL")):
        with op.batch_alter_table(table) as batch:
            batch.add_column(sa.Column("share_id", sa.Integer(), nullable=True))
            batch.create_index(f"ix_{table}_share_id", ["share_id"])
            batch.create_foreign_key(
                f"fk_{table}_share_id_share", "share", ["share_id"], ["id"], ondelete=ondelete
            )


def downgrade() -> None:
    for table in ("package", "usage_event"):
        with op.batch_alter_table(table) as batch:
            batch.drop_constraint(f"fk_{table}_share_id_share", type_="foreignkey")
            batch.drop_index(f"ix_{table}_share_id")
            batch.drop_column("share_id")
    for table in reversed(TABLES):
        op.drop_table(table)
