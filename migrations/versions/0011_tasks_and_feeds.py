"""Tasks with what comes before them, and calendars for other programs."""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

TABLES = (
    "calendar_feed",
    "task",
    "task_predecessor",
)


def upgrade() -> None:
    op.create_table(
        "calendar_feed",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=100), nullable=False),
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("read_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_calendar_feed_person_id_person"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_calendar_feed")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_calendar_feed_token_hash")),
    )
    op.create_index(op.f("ix_calendar_feed_person_id"), "calendar_feed", ["person_id"], unique=False)
    op.create_table(
        "task",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("activity_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("role", sa.String(length=60), nullable=False),
        sa.Column("assignee_id", sa.Integer(), nullable=True),
        sa.Column("agency_id", sa.Integer(), nullable=True),
        sa.Column("effort_hours", sa.Integer(), nullable=False),
        sa.Column("baseline_start", sa.Date(), nullable=True),
        sa.Column("baseline_finish", sa.Date(), nullable=True),
        sa.Column("forecast_start", sa.Date(), nullable=False),
        sa.Column("forecast_finish", sa.Date(), nullable=False),
        sa.Column("actual_start", sa.Date(), nullable=True),
        sa.Column("actual_finish", sa.Date(), nullable=True),
        sa.Column("percent", sa.Integer(), nullable=False),
        sa.Column("stage", sa.String(length=16), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "(stage = 'done') = (actual_finish IS NOT NULL)", name=op.f("ck_task_done_with_a_day")
        ),
        sa.CheckConstraint(
            "kind <> 'milestone' OR forecast_start = forecast_finish",
            name=op.f("ck_task_a_milestone_is_a_day"),
        ),
        sa.CheckConstraint("kind IN ('work','planning','milestone')", name=op.f("ck_task_known_kind")),
        sa.CheckConstraint("stage <> 'done' OR percent = 100", name=op.f("ck_task_done_is_whole")),
        sa.CheckConstraint(
            "stage IN ('to_do','doing','waiting','done','cancelled')", name=op.f("ck_task_known_stage")
        ),
        sa.CheckConstraint(
            "(baseline_start IS NULL) = (baseline_finish IS NULL)"
            " AND (baseline_start IS NULL OR baseline_start <= baseline_finish)",
            name=op.f("ck_task_baseline_in_order"),
        ),
        sa.CheckConstraint(
            "actual_start IS NULL OR actual_finish IS NULL OR actual_start <= actual_finish",
            name=op.f("ck_task_actual_in_order"),
        ),
        sa.CheckConstraint("effort_hours >= 0", name=op.f("ck_task_effort_not_negative")),
        sa.CheckConstraint("forecast_start <= forecast_finish", name=op.f("ck_task_forecast_in_order")),
        sa.CheckConstraint("percent BETWEEN 0 AND 100", name=op.f("ck_task_percent_of_a_whole")),
        sa.ForeignKeyConstraint(["activity_id"], ["activity.id"], name=op.f("fk_task_activity_id_activity")),
        sa.ForeignKeyConstraint(
            ["agency_id"], ["organisation.id"], name=op.f("fk_task_agency_id_organisation")
        ),
        sa.ForeignKeyConstraint(["assignee_id"], ["person.id"], name=op.f("fk_task_assignee_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_task")),
    )
    op.create_index(
        op.f("ix_task_activity_id_task_position"), "task", ["activity_id", "position"], unique=False
    )
    op.create_index(op.f("ix_task_agency_id_task_stage"), "task", ["agency_id", "stage"], unique=False)
    op.create_index(op.f("ix_task_assignee_id_task_stage"), "task", ["assignee_id", "stage"], unique=False)
    op.create_table(
        "task_predecessor",
        sa.Column("task_id", sa.Integer(), nullable=False),
        sa.Column("predecessor_id", sa.Integer(), nullable=False),
        sa.Column("lag_days", sa.Integer(), nullable=False),
        sa.CheckConstraint("lag_days >= 0", name=op.f("ck_task_predecessor_lag_not_negative")),
        sa.CheckConstraint("task_id <> predecessor_id", name=op.f("ck_task_predecessor_not_before_itself")),
        sa.ForeignKeyConstraint(
            ["predecessor_id"],
            ["task.id"],
            name=op.f("fk_task_predecessor_predecessor_id_task"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["task_id"], ["task.id"], name=op.f("fk_task_predecessor_task_id_task"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("task_id", "predecessor_id", name=op.f("pk_task_predecessor")),
    )
    op.create_index(
        op.f("ix_task_predecessor_predecessor_id"), "task_predecessor", ["predecessor_id"], unique=False
    )


def downgrade() -> None:
    for table in reversed(TABLES):
        op.drop_table(table)
