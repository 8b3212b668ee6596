"""The catalogue: assets, their versions, what is said of them, and what became of them."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "asset_type",
        sa.Column("key", sa.String(length=32), nullable=False),
        sa.Column("label", sa.String(length=100), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("key", name="pk_asset_type"),
    )
    op.create_table(
        "attribute",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=40), nullable=False),
        sa.Column("label", sa.String(length=100), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("hint", sa.String(length=300), nullable=False),
        sa.Column("multiple", sa.Boolean(), nullable=False),
        sa.Column("facet", sa.Boolean(), nullable=False),
        sa.Column("required", sa.Boolean(), nullable=False),
        sa.Column("types", sa.JSON(), nullable=False),
        sa.Column("embedded_as", sa.String(length=100), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "kind IN ('text','number','date','choice','tree','people','boolean')",
            name=op.f("ck_attribute_known_kind"),
        ),
        sa.PrimaryKeyConstraint("id", name="pk_attribute"),
        sa.UniqueConstraint("key", name="uq_attribute_key"),
    )
    op.create_table(
        "attribute_choice",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("attribute_id", sa.Integer(), nullable=False),
        sa.Column("parent_id", sa.Integer(), nullable=True),
        sa.Column("key", sa.String(length=60), nullable=False),
        sa.Column("label", sa.String(length=200), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["attribute_id"],
            ["attribute.id"],
            name="fk_attribute_choice_attribute_id_attribute",
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["parent_id"], ["attribute_choice.id"], name="fk_attribute_choice_parent_id_attribute_choice"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_attribute_choice"),
        sa.UniqueConstraint("attribute_id", "key", name="uq_attribute_choice_attribute_id_key"),
    )
    op.create_index("ix_attribute_choice_parent_id", "attribute_choice", ["parent_id"])
    op.create_table(
        "asset",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(length=300), nullable=False),
        sa.Column("description", sa.Text(), nullable=False),
        sa.Column("alt_text", sa.Text(), nullable=False),
        sa.Column("type_key", sa.String(length=32), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("created_by_id", sa.Integer(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("current_version_id", sa.Integer(), nullable=True),
        sa.Column("tags", sa.JSON(), nullable=False),
        sa.Column("attributes", sa.JSON(), nullable=False),
        sa.Column("embargo_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("deleted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("deleted_by_id", sa.Integer(), nullable=True),
        sa.Column("uses", sa.Integer(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "state IN ('draft','in_review','approved','published','withdrawn','archived')",
            name=op.f("ck_asset_known_state"),
        ),
        sa.CheckConstraint("uses >= 0", name=op.f("ck_asset_uses_not_negative")),
        sa.ForeignKeyConstraint(["created_by_id"], ["person.id"], name="fk_asset_created_by_id_person"),
        *_current_version_if_sqlite(),
        sa.ForeignKeyConstraint(["deleted_by_id"], ["person.id"], name="fk_asset_deleted_by_id_person"),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name="fk_asset_organisation_id_organisation"
        ),
        sa.ForeignKeyConstraint(["type_key"], ["asset_type.key"], name="fk_asset_type_key_asset_type"),
        sa.PrimaryKeyConstraint("id", name="pk_asset"),
    )
    op.create_index("ix_asset_created_by_id", "asset", ["created_by_id"])
    op.create_index("ix_asset_current_version_id", "asset", ["current_version_id"])
    op.create_index("ix_asset_deleted_at", "asset", ["deleted_at"])
    op.create_index("ix_asset_deleted_by_id", "asset", ["deleted_by_id"])
    op.create_index("ix_asset_organisation_id", "asset", ["organisation_id"])
    op.create_index("ix_asset_state_asset_deleted_at", "asset", ["state", "deleted_at"])
    op.create_index("ix_asset_type_key", "asset", ["type_key"])
    op.create_table(
        "usage_right",
        sa.Column("asset_id", sa.Integer(), nullable=False),
        sa.Column("holder", sa.String(length=200), nullable=False),
        sa.Column("licence", sa.String(length=200), nullable=False),
        sa.Column("credit_line", sa.String(length=300), nullable=False),
        sa.Column("channels", sa.JSON(), nullable=False),
        sa.Column("territories", sa.JSON(), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=True),
        sa.Column("ends_on", sa.Date(), nullable=True),
        sa.Column("ask_first", sa.Boolean(), nullable=False),
        sa.Column("terms", sa.Text(), nullable=False),
        sa.CheckConstraint(
            "starts_on IS NULL OR ends_on IS NULL OR starts_on <= ends_on",
            name=op.f("ck_usage_right_begins_before_it_ends"),
        ),
        sa.ForeignKeyConstraint(
            ["asset_id"], ["asset.id"], name="fk_usage_right_asset_id_asset", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("asset_id", name="pk_usage_right"),
    )
    op.create_index("ix_usage_right_ends_on", "usage_right", ["ends_on"])
    op.create_table(
        "version",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("asset_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("blob_id", sa.Integer(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("file_name", sa.String(length=255), nullable=False),
        sa.Column("media_type", sa.String(length=100), nullable=False),
        sa.Column("format", sa.String(length=40), nullable=False),
        sa.Column("family", sa.String(length=16), nullable=False),
        sa.Column("width", sa.Integer(), nullable=True),
        sa.Column("height", sa.Integer(), nullable=True),
        sa.Column("pages", sa.Integer(), nullable=True),
        sa.Column("duration_ms", sa.BigInteger(), nullable=True),
        sa.Column("shape", sa.String(length=16), nullable=True),
        sa.Column("colours", sa.JSON(), nullable=False),
        sa.Column("main_colour", sa.String(length=7), nullable=True),
        sa.Column("phash", sa.String(length=16), nullable=True),
        sa.Column("facts", sa.JSON(), nullable=False),
        sa.Column("embedded", sa.JSON(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("warnings", sa.JSON(), nullable=False),
        sa.Column("preview_state", sa.String(length=16), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("uploaded_by_id", sa.Integer(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "preview_state IN ('waiting','ready','failed','none')",
            name=op.f("ck_version_known_preview_state"),
        ),
        sa.CheckConstraint("number >= 1", name=op.f("ck_version_number_counts_from_one")),
        sa.ForeignKeyConstraint(["asset_id"], ["asset.id"], name="fk_version_asset_id_asset"),
        sa.ForeignKeyConstraint(["blob_id"], ["blob.id"], name="fk_version_blob_id_blob"),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name="fk_version_organisation_id_organisation"
        ),
        sa.ForeignKeyConstraint(["uploaded_by_id"], ["person.id"], name="fk_version_uploaded_by_id_person"),
        sa.PrimaryKeyConstraint("id", name="pk_version"),
        sa.UniqueConstraint("asset_id", "number", name="uq_version_asset_id_number"),
    )
    op.create_index("ix_version_blob_id", "version", ["blob_id"])
    op.create_index("ix_version_organisation_id", "version", ["organisation_id"])
    op.create_index("ix_version_phash", "version", ["phash"])
    op.create_index("ix_version_sha256", "version", ["sha256"])
    op.create_index("ix_version_uploaded_by_id", "version", ["uploaded_by_id"])
    op.create_table(
        "approval",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("version_id", sa.Integer(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("verdict", sa.String(length=16), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("verdict IN ('approved','returned')", name=op.f("ck_approval_known_verdict")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name="fk_approval_person_id_person"),
        sa.ForeignKeyConstraint(["version_id"], ["version.id"], name="fk_approval_version_id_version"),
        sa.PrimaryKeyConstraint("id", name="pk_approval"),
    )
    op.create_index("ix_approval_person_id", "approval", ["person_id"])
    op.create_index("ix_approval_version_id", "approval", ["version_id"])
    op.create_table(
        "rendition",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("version_id", sa.Integer(), nullable=False),
        sa.Column("recipe", sa.String(length=32), nullable=False),
        sa.Column("page", sa.Integer(), nullable=False),
        sa.Column("blob_id", sa.Integer(), nullable=False),
        sa.Column("media_type", sa.String(length=100), nullable=False),
        sa.Column("width", sa.Integer(), nullable=True),
        sa.Column("height", sa.Integer(), nullable=True),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["blob_id"], ["blob.id"], name="fk_rendition_blob_id_blob"),
        sa.ForeignKeyConstraint(
            ["version_id"], ["version.id"], name="fk_rendition_version_id_version", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_rendition"),
        sa.UniqueConstraint("version_id", "recipe", "page", name="uq_rendition_version_id_recipe_page"),
    )
    op.create_index("ix_rendition_blob_id", "rendition", ["blob_id"])
    if not _is_sqlite():
        op.create_foreign_key(
            "fk_asset_current_version_id_version", "asset", "version", ["current_version_id"], ["id"]
        )
    _keep_approvals()


def downgrade() -> None:
    if not _is_sqlite():
        op.drop_constraint("fk_asset_current_version_id_version", "asset", type_="foreignkey")
    op.drop_table("rendition")
    op.drop_table("approval")
    op.drop_table("version")
    op.drop_table("usage_right")
    op.drop_table("asset")
    op.drop_table("attribute_choice")
    op.drop_table("attribute")
    op.drop_table("asset_type")


def _current_version_if_sqlite() -> list[sa.ForeignKeyConstraint]:
    """Asset and version name each other. SQLite takes a key to a table not there yet, and none later."""
    if not _is_sqlite():
        return []
    return [
        sa.ForeignKeyConstraint(
            ["current_version_id"], ["version.id"], name="fk_asset_current_version_id_version"
        )
    ]


def _is_sqlite() -> bool:
    return op.get_bind().dialect.name == "sqlite"


def _keep_approvals() -> None:
    """A verdict is never changed; it may go with its asset, when the trash is emptied."""
    if _is_sqlite():
        op.execute(
            "CREATE TRIGGER approval_no_update BEFORE UPDATE ON approval "
            "BEGIN SELECT RAISE(ABORT, 'rows of approval are only ever added'); END"
        )
    else:
        op.execute(
            "CREATE TRIGGER approval_stays BEFORE UPDATE ON approval "
            "FOR EACH ROW EXECUTE FUNCTION refuse_change()"
        )
