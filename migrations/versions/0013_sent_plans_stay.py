"""Who wrote in a version of a plan, and that what was sent for review stays as it is."""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

OF_A_VERSION = ("expected_result", "plan_line", "planned_activity", "plan_writer")
"""What stands in a version beside its own row."""
SAID = ("objectives", "assumptions", "products", "segments", "channels", "content_sha256", "total_minor")
REFUSED = "a version that was sent does not change"


def upgrade() -> None:
    op.create_table(
        "plan_writer",
        sa.Column("version_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_plan_writer_person_id_person")),
        sa.ForeignKeyConstraint(
            ["version_id"],
            ["plan_version.id"],
            name=op.f("fk_plan_writer_version_id_plan_version"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("version_id", "person_id", name=op.f("pk_plan_writer")),
    )
    op.create_index(op.f("ix_plan_writer_person_id"), "plan_writer", ["person_id"], unique=False)
    if _is_sqlite():
        _keep_in_sqlite()
    else:
        _keep_in_postgres()


def downgrade() -> None:
    if _is_sqlite():
        op.execute("DROP TRIGGER plan_version_stays")
        for table in OF_A_VERSION:
            for act in ("insert", "update", "delete"):
                op.execute(f"DROP TRIGGER {table}_stays_{act}")
    else:
        for table in ("plan_version", *OF_A_VERSION):
            op.execute(f"DROP TRIGGER {table}_stays ON {table}")
        op.execute("DROP FUNCTION keep_what_was_sent()")
        op.execute("DROP FUNCTION keep_sent_version()")
    op.drop_table("plan_writer")


def _is_sqlite() -> bool:
    return op.get_bind().dialect.name == "sqlite"


def _keep_in_sqlite() -> None:
    changed = " OR ".join(f"NEW.{column} IS NOT OLD.{column}" for column in SAID)
    op.execute(
        "CREATE TRIGGER plan_version_stays BEFORE UPDATE ON plan_version "
        f"WHEN OLD.state <> 'draft' AND (NEW.state = 'draft' OR {changed}) "
        f"BEGIN SELECT RAISE(ABORT, '{REFUSED}'); END"
    )
    for table in OF_A_VERSION:
        for act, rows in (("INSERT", ("NEW",)), ("UPDATE", ("OLD", "NEW")), ("DELETE", ("OLD",))):
            ids = ", ".join(f"{row}.version_id" for row in rows)
            op.execute(
                f"CREATE TRIGGER {table}_stays_{act.lower()} BEFORE {act} ON {table} "  # noqa: S608  # ours
                f"WHEN EXISTS (SELECT 1 FROM plan_version WHERE id IN ({ids}) AND state <> 'draft') "
                f"BEGIN SELECT RAISE(ABORT, '{REFUSED}'); END"
            )


def _keep_in_postgres() -> None:
    changed = " OR ".join(f"NEW.{column}::text IS DISTINCT FROM OLD.{column}::text" for column in SAID)
    op.execute(
        "CREATE FUNCTION keep_sent_version() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
        f"IF OLD.state <> 'draft' AND (NEW.state = 'draft' OR {changed}) THEN "
        f"RAISE EXCEPTION '{REFUSED}'; END IF; RETURN NEW; END $$"
    )
    op.execute(
        "CREATE TRIGGER plan_version_stays BEFORE UPDATE ON plan_version "
        "FOR EACH ROW EXECUTE FUNCTION keep_sent_version()"
    )
    op.execute(
        "CREATE FUNCTION keep_what_was_sent() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "  # noqa: S608  # ours
        "IF EXISTS (SELECT 1 FROM plan_version WHERE state <> 'draft' "
        "AND id IN (OLD.version_id, NEW.version_id)) THEN "
        f"RAISE EXCEPTION '{REFUSED}'; END IF; RETURN COALESCE(NEW, OLD); END $$"
    )
    for table in OF_A_VERSION:
        op.execute(
            f"CREATE TRIGGER {table}_stays BEFORE INSERT OR UPDATE OR DELETE ON {table} "
            "FOR EACH ROW EXECUTE FUNCTION keep_what_was_sent()"
        )
