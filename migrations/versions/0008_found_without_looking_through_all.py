"""Indexes for what every page counts and what collections show first or lately."""

from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

NEW = (
    ("ix_asset_organisation_id_asset_state", "asset", ["organisation_id", "state"]),
    ("ix_version_number", "version", ["number"]),
    ("ix_approval_verdict", "approval", ["verdict"]),
    ("ix_blob_damaged_at", "blob", ["damaged_at"]),
    ("ix_collection_item_order", "collection_item", ["collection_id", "position", "asset_id"]),
    ("ix_collection_item_added_at", "collection_item", ["added_at"]),
)
# The first of the new ones begins with the same column.
OLD = ("ix_asset_organisation_id", "asset", ["organisation_id"])


def upgrade() -> None:
    for name, table, columns in NEW:
        op.create_index(op.f(name), table, columns)
    op.drop_index(op.f(OLD[0]), table_name=OLD[1])


def downgrade() -> None:
    name, table, columns = OLD
    op.create_index(op.f(name), table, columns)
    for name, table, _ in reversed(NEW):
        op.drop_index(op.f(name), table_name=table)
