"""Blobs are known by their sha256 alone; nobody asked for the other sum."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

CHECK = "ck_blob_crc32_is_32_bits"


def upgrade() -> None:
    with op.batch_alter_table("blob") as batch:
        batch.drop_constraint(op.f(CHECK), type_="check")
        batch.drop_column("crc32")


def downgrade() -> None:
    with op.batch_alter_table("blob") as batch:
        batch.add_column(sa.Column("crc32", sa.BigInteger(), server_default="0", nullable=False))
        batch.create_check_constraint(op.f(CHECK), "crc32 BETWEEN 0 AND 4294967295")
    with op.batch_alter_table("blob") as batch:
        batch.alter_column("crc32", server_default=None)
