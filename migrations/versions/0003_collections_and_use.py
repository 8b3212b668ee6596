"""Collections, changes to many assets at once, and who took what."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "bulk_edit",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("changes", sa.JSON(), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "state IN ('preview','running','done','undoing','undone')", name=op.f("ck_bulk_edit_known_state")
        ),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name="fk_bulk_edit_person_id_person"),
        sa.PrimaryKeyConstraint("id", name="pk_bulk_edit"),
    )
    op.create_index("ix_bulk_edit_person_id", "bulk_edit", ["person_id"])
    op.create_table(
        "collection",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("description", sa.Text(), nullable=False),
        sa.Column("parent_id", sa.Integer(), nullable=True),
        sa.Column("owner_id", sa.Integer(), nullable=False),
        sa.Column("audience", sa.String(length=16), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "audience IN ('private','organisation')", name=op.f("ck_collection_known_audience")
        ),
        sa.ForeignKeyConstraint(["owner_id"], ["person.id"], name="fk_collection_owner_id_person"),
        sa.ForeignKeyConstraint(["parent_id"], ["collection.id"], name="fk_collection_parent_id_collection"),
        sa.PrimaryKeyConstraint("id", name="pk_collection"),
    )
    op.create_index("ix_collection_owner_id", "collection", ["owner_id"])
    op.create_index("ix_collection_parent_id", "collection", ["parent_id"])
    op.create_table(
        "package",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(length=32), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("form", sa.String(length=32), nullable=False),
        sa.Column("asset_ids", sa.JSON(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name="fk_package_person_id_person"),
        sa.PrimaryKeyConstraint("id", name="pk_package"),
        sa.UniqueConstraint("public_id", name="uq_package_public_id"),
    )
    op.create_index("ix_package_person_id", "package", ["person_id"])
    op.create_table(
        "bulk_edit_item",
        sa.Column("bulk_edit_id", sa.Integer(), nullable=False),
        sa.Column("asset_id", sa.Integer(), nullable=False),
        sa.Column("before", sa.JSON(), nullable=False),
        sa.Column("after", sa.JSON(), nullable=False),
        sa.Column("outcome", sa.String(length=16), nullable=False),
        sa.Column("reason", sa.String(length=300), nullable=False),
        sa.CheckConstraint(
            "outcome IN ('waiting','changed','same','refused','undone','kept')",
            name=op.f("ck_bulk_edit_item_known_outcome"),
        ),
        sa.ForeignKeyConstraint(
            ["asset_id"], ["asset.id"], name="fk_bulk_edit_item_asset_id_asset", ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["bulk_edit_id"],
            ["bulk_edit.id"],
            name="fk_bulk_edit_item_bulk_edit_id_bulk_edit",
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("bulk_edit_id", "asset_id", name="pk_bulk_edit_item"),
    )
    op.create_index("ix_bulk_edit_item_asset_id", "bulk_edit_item", ["asset_id"])
    op.create_table(
        "collection_ancestor",
        sa.Column("collection_id", sa.Integer(), nullable=False),
        sa.Column("ancestor_id", sa.Integer(), nullable=False),
        sa.Column("depth", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["ancestor_id"],
            ["collection.id"],
            name="fk_collection_ancestor_ancestor_id_collection",
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["collection_id"],
            ["collection.id"],
            name="fk_collection_ancestor_collection_id_collection",
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("collection_id", "ancestor_id", name="pk_collection_ancestor"),
    )
    op.create_index("ix_collection_ancestor_ancestor_id", "collection_ancestor", ["ancestor_id"])
    op.create_table(
        "collection_grant",
        sa.Column("collection_id", sa.Integer(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("granted_by_id", sa.Integer(), nullable=True),
        sa.Column("granted_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["collection_id"],
            ["collection.id"],
            name="fk_collection_grant_collection_id_collection",
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["granted_by_id"], ["person.id"], name="fk_collection_grant_granted_by_id_person"
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"],
            ["organisation.id"],
            name="fk_collection_grant_organisation_id_organisation",
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("collection_id", "organisation_id", name="pk_collection_grant"),
    )
    op.create_index("ix_collection_grant_granted_by_id", "collection_grant", ["granted_by_id"])
    op.create_index("ix_collection_grant_organisation_id", "collection_grant", ["organisation_id"])
    op.create_table(
        "collection_item",
        sa.Column("collection_id", sa.Integer(), nullable=False),
        sa.Column("asset_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("added_by_id", sa.Integer(), nullable=True),
        sa.Column("added_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["added_by_id"], ["person.id"], name="fk_collection_item_added_by_id_person"),
        sa.ForeignKeyConstraint(
            ["asset_id"], ["asset.id"], name="fk_collection_item_asset_id_asset", ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["collection_id"],
            ["collection.id"],
            name="fk_collection_item_collection_id_collection",
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("collection_id", "asset_id", name="pk_collection_item"),
    )
    op.create_index("ix_collection_item_added_by_id", "collection_item", ["added_by_id"])
    op.create_index("ix_collection_item_asset_id", "collection_item", ["asset_id"])
    op.create_table(
        "usage_event",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("asset_id", sa.Integer(), nullable=False),
        sa.Column("version_id", sa.Integer(), nullable=False),
        sa.Column("form", sa.String(length=32), nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("package_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["asset_id"], ["asset.id"], name="fk_usage_event_asset_id_asset"),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name="fk_usage_event_organisation_id_organisation"
        ),
        sa.ForeignKeyConstraint(["package_id"], ["package.id"], name="fk_usage_event_package_id_package"),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name="fk_usage_event_person_id_person"),
        sa.ForeignKeyConstraint(["version_id"], ["version.id"], name="fk_usage_event_version_id_version"),
        sa.PrimaryKeyConstraint("id", name="pk_usage_event"),
    )
    op.create_index("ix_usage_event_asset_id_usage_event_at", "usage_event", ["asset_id", "at"])
    op.create_index("ix_usage_event_organisation_id", "usage_event", ["organisation_id"])
    op.create_index("ix_usage_event_package_id", "usage_event", ["package_id"])
    op.create_index("ix_usage_event_person_id_usage_event_at", "usage_event", ["person_id", "at"])
    op.create_index("ix_usage_event_version_id", "usage_event", ["version_id"])


def downgrade() -> None:
    op.drop_table("usage_event")
    op.drop_table("collection_item")
    op.drop_table("collection_grant")
    op.drop_table("collection_ancestor")
    op.drop_table("bulk_edit_item")
    op.drop_table("package")
    op.drop_table("collection")
    op.drop_table("bulk_edit")
