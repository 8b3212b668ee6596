"""What is ordered and delivered, and what is asked for by forms."""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

TABLES = (
    "delivery_spec",
    "intake_form",
    "deliverable",
    "deliverable_attachment",
    "deliverable_item",
    "hold",
    "intake_request",
    "delivery",
)


def upgrade() -> None:
    op.create_table(
        "delivery_spec",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("description", sa.Text(), nullable=False),
        sa.Column("rules", sa.JSON(), nullable=False),
        sa.Column("created_by_id", sa.Integer(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("retired_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["created_by_id"], ["person.id"], name=op.f("fk_delivery_spec_created_by_id_person")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_delivery_spec")),
        sa.UniqueConstraint("name", name=op.f("uq_delivery_spec_name")),
    )
    op.create_index(op.f("ix_delivery_spec_created_by_id"), "delivery_spec", ["created_by_id"], unique=False)
    op.create_table(
        "intake_form",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("description", sa.Text(), nullable=False),
        sa.Column("makes", sa.String(length=16), nullable=False),
        sa.Column("fields", sa.JSON(), nullable=False),
        sa.Column("activity_id", sa.Integer(), nullable=True),
        sa.Column("answered_by_id", sa.Integer(), nullable=True),
        sa.Column("retired_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("revision", sa.Integer(), server_default="1", nullable=False),
        sa.CheckConstraint("makes IN ('task','deliverable')", name=op.f("ck_intake_form_known_work")),
        sa.ForeignKeyConstraint(
            ["activity_id"], ["activity.id"], name=op.f("fk_intake_form_activity_id_activity")
        ),
        sa.ForeignKeyConstraint(
            ["answered_by_id"], ["person.id"], name=op.f("fk_intake_form_answered_by_id_person")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_intake_form")),
        sa.UniqueConstraint("name", name=op.f("uq_intake_form_name")),
    )
    op.create_index(op.f("ix_intake_form_activity_id"), "intake_form", ["activity_id"], unique=False)
    op.create_index(op.f("ix_intake_form_answered_by_id"), "intake_form", ["answered_by_id"], unique=False)
    op.create_table(
        "deliverable",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("task_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("type_key", sa.String(length=32), nullable=True),
        sa.Column("brief", sa.Text(), nullable=False),
        sa.Column("brief_asset_id", sa.Integer(), nullable=True),
        sa.Column("spec_id", sa.Integer(), nullable=True),
        sa.Column("agency_id", sa.Integer(), nullable=True),
        sa.Column("owner_id", sa.Integer(), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("scope_state", sa.String(length=20), nullable=False),
        sa.Column("brief_by_id", sa.Integer(), nullable=True),
        sa.Column("scope_decided_by_id", sa.Integer(), nullable=True),
        sa.Column("scope_decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("scope_note", sa.Text(), nullable=False),
        sa.Column("creative_state", sa.String(length=20), nullable=False),
        sa.Column("accepted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("accepted_by_id", sa.Integer(), nullable=True),
        sa.Column("created_by_id", sa.Integer(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "creative_state IN ('not_started','in_work','in_review','changes_requested','approved',"
            "'rejected','published','withdrawn')",
            name=op.f("ck_deliverable_known_creative_state"),
        ),
        sa.CheckConstraint(
            "scope_state <> 'scope_approved' OR scope_decided_by_id <> brief_by_id",
            name=op.f("ck_deliverable_scope_by_a_second_person"),
        ),
        sa.CheckConstraint(
            "scope_state IN ('draft','brief_submitted','scope_approved','rescoped','dropped')",
            name=op.f("ck_deliverable_known_scope_state"),
        ),
        sa.CheckConstraint(
            "(accepted_at IS NULL) = (accepted_by_id IS NULL)",
            name=op.f("ck_deliverable_accepted_by_somebody"),
        ),
        sa.ForeignKeyConstraint(
            ["accepted_by_id"], ["person.id"], name=op.f("fk_deliverable_accepted_by_id_person")
        ),
        sa.ForeignKeyConstraint(
            ["agency_id"], ["organisation.id"], name=op.f("fk_deliverable_agency_id_organisation")
        ),
        sa.ForeignKeyConstraint(
            ["brief_asset_id"],
            ["asset.id"],
            name=op.f("fk_deliverable_brief_asset_id_asset"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["brief_by_id"], ["person.id"], name=op.f("fk_deliverable_brief_by_id_person")
        ),
        sa.ForeignKeyConstraint(
            ["created_by_id"], ["person.id"], name=op.f("fk_deliverable_created_by_id_person")
        ),
        sa.ForeignKeyConstraint(["owner_id"], ["person.id"], name=op.f("fk_deliverable_owner_id_person")),
        sa.ForeignKeyConstraint(
            ["scope_decided_by_id"], ["person.id"], name=op.f("fk_deliverable_scope_decided_by_id_person")
        ),
        sa.ForeignKeyConstraint(
            ["spec_id"], ["delivery_spec.id"], name=op.f("fk_deliverable_spec_id_delivery_spec")
        ),
        sa.ForeignKeyConstraint(["task_id"], ["task.id"], name=op.f("fk_deliverable_task_id_task")),
        sa.ForeignKeyConstraint(
            ["type_key"], ["asset_type.key"], name=op.f("fk_deliverable_type_key_asset_type")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_deliverable")),
    )
    op.create_index(op.f("ix_deliverable_accepted_by_id"), "deliverable", ["accepted_by_id"], unique=False)
    op.create_index(
        op.f("ix_deliverable_agency_id_deliverable_creative_state"),
        "deliverable",
        ["agency_id", "creative_state"],
        unique=False,
    )
    op.create_index(op.f("ix_deliverable_brief_asset_id"), "deliverable", ["brief_asset_id"], unique=False)
    op.create_index(op.f("ix_deliverable_brief_by_id"), "deliverable", ["brief_by_id"], unique=False)
    op.create_index(op.f("ix_deliverable_created_by_id"), "deliverable", ["created_by_id"], unique=False)
    op.create_index(op.f("ix_deliverable_due_at"), "deliverable", ["due_at"], unique=False)
    op.create_index(op.f("ix_deliverable_owner_id"), "deliverable", ["owner_id"], unique=False)
    op.create_index(
        op.f("ix_deliverable_scope_decided_by_id"), "deliverable", ["scope_decided_by_id"], unique=False
    )
    op.create_index(op.f("ix_deliverable_spec_id"), "deliverable", ["spec_id"], unique=False)
    op.create_index(op.f("ix_deliverable_task_id"), "deliverable", ["task_id"], unique=False)
    op.create_index(op.f("ix_deliverable_type_key"), "deliverable", ["type_key"], unique=False)
    op.create_table(
        "deliverable_attachment",
        sa.Column("deliverable_id", sa.Integer(), nullable=False),
        sa.Column("asset_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["asset_id"],
            ["asset.id"],
            name=op.f("fk_deliverable_attachment_asset_id_asset"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["deliverable_id"],
            ["deliverable.id"],
            name=op.f("fk_deliverable_attachment_deliverable_id_deliverable"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("deliverable_id", "asset_id", name=op.f("pk_deliverable_attachment")),
    )
    op.create_index(
        op.f("ix_deliverable_attachment_asset_id"), "deliverable_attachment", ["asset_id"], unique=False
    )
    op.create_table(
        "deliverable_item",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("deliverable_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("width", sa.Integer(), nullable=True),
        sa.Column("height", sa.Integer(), nullable=True),
        sa.Column("unit", sa.String(length=2), nullable=False),
        sa.Column("locale", sa.String(length=10), nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("asset_id", sa.Integer(), nullable=True),
        sa.Column("accepted_version_id", sa.Integer(), nullable=True),
        sa.Column("accepted_sha256", sa.String(length=64), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "state <> 'approved' OR accepted_sha256 <> ''",
            name=op.f("ck_deliverable_item_accepted_bytes_are_named"),
        ),
        sa.CheckConstraint(
            "state IN ('waiting','in_work','in_review','changes_requested','approved','rejected')",
            name=op.f("ck_deliverable_item_known_state"),
        ),
        sa.CheckConstraint("unit IN ('px','mm')", name=op.f("ck_deliverable_item_known_unit")),
        sa.CheckConstraint(
            "(width IS NULL) = (height IS NULL)", name=op.f("ck_deliverable_item_a_size_has_two_sides")
        ),
        sa.CheckConstraint(
            "width IS NULL OR (width > 0 AND height > 0)", name=op.f("ck_deliverable_item_size_is_positive")
        ),
        sa.ForeignKeyConstraint(
            ["accepted_version_id"],
            ["version.id"],
            name=op.f("fk_deliverable_item_accepted_version_id_version"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["asset_id"], ["asset.id"], name=op.f("fk_deliverable_item_asset_id_asset"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["deliverable_id"],
            ["deliverable.id"],
            name=op.f("fk_deliverable_item_deliverable_id_deliverable"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_deliverable_item")),
    )
    op.create_index(
        op.f("ix_deliverable_item_accepted_version_id"),
        "deliverable_item",
        ["accepted_version_id"],
        unique=False,
    )
    op.create_index(op.f("ix_deliverable_item_asset_id"), "deliverable_item", ["asset_id"], unique=False)
    op.create_index(
        op.f("ix_deliverable_item_deliverable_id_deliverable_item_position"),
        "deliverable_item",
        ["deliverable_id", "position"],
        unique=False,
    )
    op.create_table(
        "hold",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("activity_id", sa.Integer(), nullable=True),
        sa.Column("deliverable_id", sa.Integer(), nullable=True),
        sa.Column("holder", sa.String(length=16), nullable=False),
        sa.Column("holder_ref", sa.String(length=40), nullable=False),
        sa.Column("sentence", sa.Text(), nullable=False),
        sa.Column("placed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("released_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("holder IN ('spend','review','localisation')", name=op.f("ck_hold_known_holder")),
        sa.CheckConstraint(
            "(activity_id IS NULL) <> (deliverable_id IS NULL)", name=op.f("ck_hold_on_one_thing")
        ),
        sa.ForeignKeyConstraint(["activity_id"], ["activity.id"], name=op.f("fk_hold_activity_id_activity")),
        sa.ForeignKeyConstraint(
            ["deliverable_id"], ["deliverable.id"], name=op.f("fk_hold_deliverable_id_deliverable")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_hold")),
        sa.UniqueConstraint(
            "activity_id", "holder", "holder_ref", name=op.f("uq_hold_activity_id_holder_holder_ref")
        ),
        sa.UniqueConstraint(
            "deliverable_id", "holder", "holder_ref", name=op.f("uq_hold_deliverable_id_holder_holder_ref")
        ),
    )
    op.create_index(op.f("ix_hold_activity_id"), "hold", ["activity_id"], unique=False)
    op.create_index(op.f("ix_hold_deliverable_id"), "hold", ["deliverable_id"], unique=False)
    op.create_table(
        "intake_request",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("form_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("answers", sa.JSON(), nullable=False),
        sa.Column("needed_by", sa.DateTime(timezone=True), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("answered_by_id", sa.Integer(), nullable=True),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("answer", sa.Text(), nullable=False),
        sa.Column("task_id", sa.Integer(), nullable=True),
        sa.Column("deliverable_id", sa.Integer(), nullable=True),
        sa.CheckConstraint(
            "(state = 'open') = (answered_at IS NULL)", name=op.f("ck_intake_request_answered_when_not_open")
        ),
        sa.CheckConstraint(
            "state <> 'approved' OR answered_by_id <> person_id",
            name=op.f("ck_intake_request_approved_by_a_second_person"),
        ),
        sa.CheckConstraint(
            "state IN ('open','approved','declined','withdrawn')", name=op.f("ck_intake_request_known_state")
        ),
        sa.ForeignKeyConstraint(
            ["answered_by_id"], ["person.id"], name=op.f("fk_intake_request_answered_by_id_person")
        ),
        sa.ForeignKeyConstraint(
            ["deliverable_id"], ["deliverable.id"], name=op.f("fk_intake_request_deliverable_id_deliverable")
        ),
        sa.ForeignKeyConstraint(
            ["form_id"], ["intake_form.id"], name=op.f("fk_intake_request_form_id_intake_form")
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_intake_request_person_id_person")
        ),
        sa.ForeignKeyConstraint(["task_id"], ["task.id"], name=op.f("fk_intake_request_task_id_task")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_intake_request")),
    )
    op.create_index(
        op.f("ix_intake_request_answered_by_id"), "intake_request", ["answered_by_id"], unique=False
    )
    op.create_index(
        op.f("ix_intake_request_deliverable_id"), "intake_request", ["deliverable_id"], unique=False
    )
    op.create_index(op.f("ix_intake_request_form_id"), "intake_request", ["form_id"], unique=False)
    op.create_index(
        op.f("ix_intake_request_person_id_intake_request_created_at"),
        "intake_request",
        ["person_id", "created_at"],
        unique=False,
    )
    op.create_index(
        op.f("ix_intake_request_state_intake_request_created_at"),
        "intake_request",
        ["state", "created_at"],
        unique=False,
    )
    op.create_index(op.f("ix_intake_request_task_id"), "intake_request", ["task_id"], unique=False)
    op.create_table(
        "delivery",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("item_id", sa.Integer(), nullable=False),
        sa.Column("version_id", sa.Integer(), nullable=True),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("checks", sa.JSON(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("waived_by_id", sa.Integer(), nullable=True),
        sa.Column("waived_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("waived_reason", sa.Text(), nullable=False),
        sa.Column("returned_reason", sa.Text(), nullable=False),
        sa.CheckConstraint(
            "state IN ('quarantined','passed','waived','sent','accepted','returned','replaced')",
            name=op.f("ck_delivery_known_state"),
        ),
        sa.CheckConstraint(
            "(waived_by_id IS NULL) = (waived_at IS NULL)", name=op.f("ck_delivery_waived_by_somebody")
        ),
        sa.ForeignKeyConstraint(["by_id"], ["person.id"], name=op.f("fk_delivery_by_id_person")),
        sa.ForeignKeyConstraint(
            ["item_id"], ["deliverable_item.id"], name=op.f("fk_delivery_item_id_deliverable_item")
        ),
        sa.ForeignKeyConstraint(
            ["version_id"], ["version.id"], name=op.f("fk_delivery_version_id_version"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["waived_by_id"], ["person.id"], name=op.f("fk_delivery_waived_by_id_person")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_delivery")),
        sa.UniqueConstraint("item_id", "version_id", name=op.f("uq_delivery_item_id_version_id")),
    )
    op.create_index(op.f("ix_delivery_by_id"), "delivery", ["by_id"], unique=False)
    op.create_index(op.f("ix_delivery_state"), "delivery", ["state"], unique=False)
    op.create_index(op.f("ix_delivery_version_id"), "delivery", ["version_id"], unique=False)
    op.create_index(op.f("ix_delivery_waived_by_id"), "delivery", ["waived_by_id"], unique=False)
    with op.batch_alter_table("upload") as batch:
        batch.add_column(sa.Column("delivered_for", sa.Integer(), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table("upload") as batch:
        batch.drop_column("delivered_for")
    for table in reversed(TABLES):
        op.drop_table(table)
