"""Plans with their versions, campaigns with their activities, and what came of them."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

TABLES = (
    "campaign_template",
    "plan",
    "campaign",
    "plan_version",
    "activity",
    "expected_result",
    "plan_comment",
    "measured_result",
    "plan_line",
    "planned_activity",
)


def upgrade() -> None:
    op.create_table(
        "campaign_template",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("description", sa.Text(), nullable=False),
        sa.Column("body", sa.JSON(), nullable=False),
        sa.Column("created_by_id", sa.Integer(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("retired_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("revision", sa.Integer(), server_default="1", nullable=False),
        sa.ForeignKeyConstraint(
            ["created_by_id"], ["person.id"], name=op.f("fk_campaign_template_created_by_id_person")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_campaign_template")),
        sa.UniqueConstraint("name", name=op.f("uq_campaign_template_name")),
    )
    op.create_index(
        op.f("ix_campaign_template_created_by_id"), "campaign_template", ["created_by_id"], unique=False
    )
    op.create_table(
        "plan",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("calendar_id", sa.Integer(), nullable=False),
        sa.Column("fiscal_year", sa.Integer(), nullable=False),
        sa.Column("brand", sa.String(length=60), nullable=False),
        sa.Column("region", sa.String(length=60), nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("owner_id", sa.Integer(), nullable=False),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_by_id", sa.Integer(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["calendar_id"], ["fiscal_calendar.id"], name=op.f("fk_plan_calendar_id_fiscal_calendar")
        ),
        sa.ForeignKeyConstraint(["created_by_id"], ["person.id"], name=op.f("fk_plan_created_by_id_person")),
        sa.ForeignKeyConstraint(["owner_id"], ["person.id"], name=op.f("fk_plan_owner_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_plan")),
    )
    op.create_index(op.f("ix_plan_calendar_id"), "plan", ["calendar_id"], unique=False)
    op.create_index(op.f("ix_plan_created_by_id"), "plan", ["created_by_id"], unique=False)
    op.create_index(op.f("ix_plan_owner_id"), "plan", ["owner_id"], unique=False)
    op.create_table(
        "campaign",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("plan_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("theme", sa.Text(), nullable=False),
        sa.Column("objective", sa.Text(), nullable=False),
        sa.Column("brand", sa.String(length=60), nullable=False),
        sa.Column("regions", sa.JSON(), nullable=False),
        sa.Column("channels", sa.JSON(), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=False),
        sa.Column("choice_key", sa.String(length=60), nullable=False),
        sa.Column("owner_id", sa.Integer(), nullable=False),
        sa.Column("brief_asset_id", sa.Integer(), nullable=True),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("created_by_id", sa.Integer(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "state IN ('planned','running','done','cancelled')", name=op.f("ck_campaign_known_state")
        ),
        sa.CheckConstraint("starts_on <= ends_on", name=op.f("ck_campaign_begins_before_it_ends")),
        sa.ForeignKeyConstraint(
            ["brief_asset_id"],
            ["asset.id"],
            name=op.f("fk_campaign_brief_asset_id_asset"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["created_by_id"], ["person.id"], name=op.f("fk_campaign_created_by_id_person")
        ),
        sa.ForeignKeyConstraint(["owner_id"], ["person.id"], name=op.f("fk_campaign_owner_id_person")),
        sa.ForeignKeyConstraint(["plan_id"], ["plan.id"], name=op.f("fk_campaign_plan_id_plan")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_campaign")),
    )
    op.create_index(op.f("ix_campaign_brief_asset_id"), "campaign", ["brief_asset_id"], unique=False)
    op.create_index(op.f("ix_campaign_created_by_id"), "campaign", ["created_by_id"], unique=False)
    op.create_index(op.f("ix_campaign_owner_id"), "campaign", ["owner_id"], unique=False)
    op.create_index(op.f("ix_campaign_plan_id"), "campaign", ["plan_id"], unique=False)
    op.create_index(
        op.f("ix_campaign_starts_on_campaign_ends_on"), "campaign", ["starts_on", "ends_on"], unique=False
    )
    op.create_table(
        "plan_version",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("plan_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("objectives", sa.JSON(), nullable=False),
        sa.Column("assumptions", sa.Text(), nullable=False),
        sa.Column("products", sa.JSON(), nullable=False),
        sa.Column("segments", sa.JSON(), nullable=False),
        sa.Column("channels", sa.JSON(), nullable=False),
        sa.Column("created_by_id", sa.Integer(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("submitted_by_id", sa.Integer(), nullable=True),
        sa.Column("submitted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("content_sha256", sa.String(length=64), nullable=False),
        sa.Column("total_minor", sa.BigInteger(), nullable=False),
        sa.Column("decided_by_id", sa.Integer(), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("answer", sa.Text(), nullable=False),
        sa.Column("activated_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "(state = 'draft') = (submitted_at IS NULL)", name=op.f("ck_plan_version_a_draft_was_not_sent")
        ),
        sa.CheckConstraint(
            "(submitted_at IS NULL) = (content_sha256 = '')",
            name=op.f("ck_plan_version_sent_content_is_sealed"),
        ),
        sa.CheckConstraint(
            "state IN ('draft','in_review','changes_requested','taken_back','rejected','approved','active',"
            "'superseded','closed')",
            name=op.f("ck_plan_version_known_state"),
        ),
        sa.CheckConstraint(
            "decided_by_id IS NULL OR decided_by_id <> submitted_by_id",
            name=op.f("ck_plan_version_decided_by_another_person"),
        ),
        sa.CheckConstraint("number >= 1", name=op.f("ck_plan_version_number_counts_from_one")),
        sa.ForeignKeyConstraint(
            ["created_by_id"], ["person.id"], name=op.f("fk_plan_version_created_by_id_person")
        ),
        sa.ForeignKeyConstraint(
            ["decided_by_id"], ["person.id"], name=op.f("fk_plan_version_decided_by_id_person")
        ),
        sa.ForeignKeyConstraint(["plan_id"], ["plan.id"], name=op.f("fk_plan_version_plan_id_plan")),
        sa.ForeignKeyConstraint(
            ["submitted_by_id"], ["person.id"], name=op.f("fk_plan_version_submitted_by_id_person")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_plan_version")),
        sa.UniqueConstraint("plan_id", "number", name=op.f("uq_plan_version_plan_id_number")),
    )
    op.create_index(op.f("ix_plan_version_created_by_id"), "plan_version", ["created_by_id"], unique=False)
    op.create_index(op.f("ix_plan_version_decided_by_id"), "plan_version", ["decided_by_id"], unique=False)
    op.create_index(op.f("ix_plan_version_state"), "plan_version", ["state"], unique=False)
    op.create_index(
        op.f("ix_plan_version_submitted_by_id"), "plan_version", ["submitted_by_id"], unique=False
    )
    op.create_index(
        "uq_plan_version_one_active",
        "plan_version",
        ["plan_id"],
        unique=True,
        sqlite_where=sa.text("state = 'active'"),
        postgresql_where=sa.text("state = 'active'"),
    )
    op.create_index(
        "uq_plan_version_one_open",
        "plan_version",
        ["plan_id"],
        unique=True,
        sqlite_where=sa.text("state IN ('draft','in_review','approved')"),
        postgresql_where=sa.text("state IN ('draft','in_review','approved')"),
    )
    op.create_table(
        "activity",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("campaign_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("channel", sa.String(length=60), nullable=False),
        sa.Column("region", sa.String(length=60), nullable=False),
        sa.Column("country", sa.String(length=2), nullable=False),
        sa.Column("venue", sa.String(length=200), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=False),
        sa.Column("owner_id", sa.Integer(), nullable=False),
        sa.Column("gl_account_id", sa.Integer(), nullable=True),
        sa.Column("cost_centre_id", sa.Integer(), nullable=True),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.CheckConstraint("kind IN ('activity','event')", name=op.f("ck_activity_known_kind")),
        sa.CheckConstraint(
            "state IN ('planned','running','done','cancelled')", name=op.f("ck_activity_known_state")
        ),
        sa.CheckConstraint("starts_on <= ends_on", name=op.f("ck_activity_begins_before_it_ends")),
        sa.ForeignKeyConstraint(
            ["campaign_id"], ["campaign.id"], name=op.f("fk_activity_campaign_id_campaign")
        ),
        sa.ForeignKeyConstraint(
            ["cost_centre_id"], ["cost_centre.id"], name=op.f("fk_activity_cost_centre_id_cost_centre")
        ),
        sa.ForeignKeyConstraint(
            ["gl_account_id"], ["gl_account.id"], name=op.f("fk_activity_gl_account_id_gl_account")
        ),
        sa.ForeignKeyConstraint(["owner_id"], ["person.id"], name=op.f("fk_activity_owner_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_activity")),
    )
    op.create_index(
        op.f("ix_activity_campaign_id_activity_position"),
        "activity",
        ["campaign_id", "position"],
        unique=False,
    )
    op.create_index(op.f("ix_activity_cost_centre_id"), "activity", ["cost_centre_id"], unique=False)
    op.create_index(op.f("ix_activity_gl_account_id"), "activity", ["gl_account_id"], unique=False)
    op.create_index(op.f("ix_activity_owner_id"), "activity", ["owner_id"], unique=False)
    op.create_index(
        op.f("ix_activity_starts_on_activity_ends_on"), "activity", ["starts_on", "ends_on"], unique=False
    )
    op.create_table(
        "expected_result",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("version_id", sa.Integer(), nullable=False),
        sa.Column("campaign_id", sa.Integer(), nullable=True),
        sa.Column("kpi", sa.String(length=100), nullable=False),
        sa.Column("thousandths", sa.BigInteger(), nullable=False),
        sa.Column("unit", sa.String(length=20), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["campaign_id"], ["campaign.id"], name=op.f("fk_expected_result_campaign_id_campaign")
        ),
        sa.ForeignKeyConstraint(
            ["version_id"],
            ["plan_version.id"],
            name=op.f("fk_expected_result_version_id_plan_version"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_expected_result")),
    )
    op.create_index(op.f("ix_expected_result_campaign_id"), "expected_result", ["campaign_id"], unique=False)
    op.create_index(op.f("ix_expected_result_version_id"), "expected_result", ["version_id"], unique=False)
    op.create_table(
        "plan_comment",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("version_id", sa.Integer(), nullable=False),
        sa.Column("field", sa.String(length=40), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("author_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("settled_by_id", sa.Integer(), nullable=True),
        sa.Column("settled_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "(settled_at IS NULL) = (settled_by_id IS NULL)", name=op.f("ck_plan_comment_settled_by_somebody")
        ),
        sa.ForeignKeyConstraint(["author_id"], ["person.id"], name=op.f("fk_plan_comment_author_id_person")),
        sa.ForeignKeyConstraint(
            ["settled_by_id"], ["person.id"], name=op.f("fk_plan_comment_settled_by_id_person")
        ),
        sa.ForeignKeyConstraint(
            ["version_id"],
            ["plan_version.id"],
            name=op.f("fk_plan_comment_version_id_plan_version"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_plan_comment")),
    )
    op.create_index(op.f("ix_plan_comment_author_id"), "plan_comment", ["author_id"], unique=False)
    op.create_index(op.f("ix_plan_comment_settled_by_id"), "plan_comment", ["settled_by_id"], unique=False)
    op.create_index(op.f("ix_plan_comment_version_id"), "plan_comment", ["version_id"], unique=False)
    op.create_table(
        "measured_result",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("campaign_id", sa.Integer(), nullable=False),
        sa.Column("activity_id", sa.Integer(), nullable=True),
        sa.Column("kpi", sa.String(length=100), nullable=False),
        sa.Column("thousandths", sa.BigInteger(), nullable=False),
        sa.Column("unit", sa.String(length=20), nullable=False),
        sa.Column("measured_on", sa.Date(), nullable=False),
        sa.Column("source", sa.String(length=8), nullable=False),
        sa.Column("entered_by_id", sa.Integer(), nullable=True),
        sa.Column("entered_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("source IN ('typed','csv')", name=op.f("ck_measured_result_known_source")),
        sa.ForeignKeyConstraint(
            ["activity_id"], ["activity.id"], name=op.f("fk_measured_result_activity_id_activity")
        ),
        sa.ForeignKeyConstraint(
            ["campaign_id"], ["campaign.id"], name=op.f("fk_measured_result_campaign_id_campaign")
        ),
        sa.ForeignKeyConstraint(
            ["entered_by_id"], ["person.id"], name=op.f("fk_measured_result_entered_by_id_person")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_measured_result")),
    )
    op.create_index(op.f("ix_measured_result_activity_id"), "measured_result", ["activity_id"], unique=False)
    op.create_index(
        op.f("ix_measured_result_campaign_id_measured_result_kpi_measured_result_measured_on"),
        "measured_result",
        ["campaign_id", "kpi", "measured_on"],
        unique=False,
    )
    op.create_index(
        op.f("ix_measured_result_entered_by_id"), "measured_result", ["entered_by_id"], unique=False
    )
    op.create_table(
        "plan_line",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("version_id", sa.Integer(), nullable=False),
        sa.Column("activity_id", sa.Integer(), nullable=False),
        sa.Column("period_id", sa.Integer(), nullable=False),
        sa.Column("gl_account_id", sa.Integer(), nullable=False),
        sa.Column("cost_centre_id", sa.Integer(), nullable=False),
        sa.Column("amount_minor", sa.BigInteger(), nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("base_minor", sa.BigInteger(), nullable=False),
        sa.Column("certainty", sa.String(length=16), nullable=False),
        sa.Column("is_fixed", sa.Boolean(), nullable=False),
        sa.Column("note", sa.String(length=300), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "certainty IN ('committed','likely','optional')", name=op.f("ck_plan_line_known_certainty")
        ),
        sa.CheckConstraint("amount_minor >= 0 AND base_minor >= 0", name=op.f("ck_plan_line_not_negative")),
        sa.ForeignKeyConstraint(
            ["activity_id"], ["activity.id"], name=op.f("fk_plan_line_activity_id_activity")
        ),
        sa.ForeignKeyConstraint(
            ["cost_centre_id"], ["cost_centre.id"], name=op.f("fk_plan_line_cost_centre_id_cost_centre")
        ),
        sa.ForeignKeyConstraint(
            ["gl_account_id"], ["gl_account.id"], name=op.f("fk_plan_line_gl_account_id_gl_account")
        ),
        sa.ForeignKeyConstraint(
            ["period_id"], ["fiscal_period.id"], name=op.f("fk_plan_line_period_id_fiscal_period")
        ),
        sa.ForeignKeyConstraint(
            ["version_id"],
            ["plan_version.id"],
            name=op.f("fk_plan_line_version_id_plan_version"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_plan_line")),
    )
    op.create_index(op.f("ix_plan_line_activity_id"), "plan_line", ["activity_id"], unique=False)
    op.create_index(op.f("ix_plan_line_cost_centre_id"), "plan_line", ["cost_centre_id"], unique=False)
    op.create_index(op.f("ix_plan_line_gl_account_id"), "plan_line", ["gl_account_id"], unique=False)
    op.create_index(op.f("ix_plan_line_period_id"), "plan_line", ["period_id"], unique=False)
    op.create_index(
        op.f("ix_plan_line_version_id_plan_line_activity_id"),
        "plan_line",
        ["version_id", "activity_id"],
        unique=False,
    )
    op.create_table(
        "planned_activity",
        sa.Column("version_id", sa.Integer(), nullable=False),
        sa.Column("activity_id", sa.Integer(), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=False),
        sa.Column("tasks", sa.JSON(), nullable=False),
        sa.CheckConstraint("starts_on <= ends_on", name=op.f("ck_planned_activity_begins_before_it_ends")),
        sa.ForeignKeyConstraint(
            ["activity_id"], ["activity.id"], name=op.f("fk_planned_activity_activity_id_activity")
        ),
        sa.ForeignKeyConstraint(
            ["version_id"],
            ["plan_version.id"],
            name=op.f("fk_planned_activity_version_id_plan_version"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("version_id", "activity_id", name=op.f("pk_planned_activity")),
    )
    op.create_index(
        op.f("ix_planned_activity_activity_id"), "planned_activity", ["activity_id"], unique=False
    )


def downgrade() -> None:
    for table in reversed(TABLES):
        op.drop_table(table)
