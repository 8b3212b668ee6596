"""Groups, scopes and duties; invitations, second factors, tokens; notices and mail."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

TABLES = (
    "people_group",
    "api_token",
    "duty_grant",
    "group_member",
    "identity",
    "notice",
    "notice_choice",
    "notice_times",
    "one_time_link",
    "outgoing_mail",
    "recovery_code",
    "second_factor",
)
PERSON_KEY = "uq_role_grant_person_id_role_scope_kind_scope_key"
GROUP_KEY = "uq_role_grant_group_id_role_scope_kind_scope_key"
STATES = {
    "organisation": "ck_organisation_known_state",
    "person": "ck_person_known_state",
}


def upgrade() -> None:
    op.create_table(
        "people_group",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("description", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("revision", sa.Integer(), server_default="1", nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_people_group")),
        sa.UniqueConstraint("name", name=op.f("uq_people_group_name")),
    )
    op.create_table(
        "api_token",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=100), nullable=False),
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("hint", sa.String(length=16), nullable=False),
        sa.Column("scopes", sa.JSON(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_api_token_person_id_person"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_api_token")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_api_token_token_hash")),
    )
    op.create_index(op.f("ix_api_token_person_id"), "api_token", ["person_id"], unique=False)
    op.create_table(
        "duty_grant",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("duty", sa.String(length=32), nullable=False),
        sa.Column("scope_kind", sa.String(length=16), nullable=False),
        sa.Column("scope_key", sa.String(length=60), nullable=False),
        sa.Column("limit_minor", sa.BigInteger(), nullable=True),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("granted_by_id", sa.Integer(), nullable=True),
        sa.Column("granted_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "(limit_minor IS NULL) = (currency = '')", name=op.f("ck_duty_grant_limit_has_a_currency")
        ),
        sa.CheckConstraint(
            "(scope_kind = 'everywhere') = (scope_key = '')", name=op.f("ck_duty_grant_scope_has_a_key")
        ),
        sa.CheckConstraint(
            "duty IN ('plan_approver','budget_approver','po_approver','vendor_maintainer',"
            "'receipt_acceptor','invoice_enterer','invoice_approver','period_closer')",
            name=op.f("ck_duty_grant_known_duty"),
        ),
        sa.CheckConstraint(
            "scope_kind IN ('everywhere','organisation','brand','region')",
            name=op.f("ck_duty_grant_known_scope"),
        ),
        sa.CheckConstraint("limit_minor >= 0", name=op.f("ck_duty_grant_limit_not_negative")),
        sa.ForeignKeyConstraint(
            ["granted_by_id"], ["person.id"], name=op.f("fk_duty_grant_granted_by_id_person")
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_duty_grant_person_id_person"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_duty_grant")),
        sa.UniqueConstraint(
            "person_id",
            "duty",
            "scope_kind",
            "scope_key",
            name=op.f("uq_duty_grant_person_id_duty_scope_kind_scope_key"),
        ),
    )
    op.create_index(op.f("ix_duty_grant_granted_by_id"), "duty_grant", ["granted_by_id"], unique=False)
    op.create_table(
        "group_member",
        sa.Column("group_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("added_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["group_id"],
            ["people_group.id"],
            name=op.f("fk_group_member_group_id_people_group"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_group_member_person_id_person"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("group_id", "person_id", name=op.f("pk_group_member")),
    )
    op.create_index(op.f("ix_group_member_person_id"), "group_member", ["person_id"], unique=False)
    op.create_table(
        "identity",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("issuer", sa.String(length=300), nullable=False),
        sa.Column("subject", sa.String(length=255), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_identity_person_id_person"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_identity")),
        sa.UniqueConstraint("issuer", "subject", name=op.f("uq_identity_issuer_subject")),
    )
    op.create_index(op.f("ix_identity_person_id"), "identity", ["person_id"], unique=False)
    op.create_table(
        "notice",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("sentence", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("facts", sa.JSON(), nullable=False),
        sa.Column("url", sa.String(length=300), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("read_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("mail_state", sa.String(length=16), nullable=False),
        sa.Column("mail_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("dedupe_key", sa.String(length=100), nullable=True),
        sa.CheckConstraint(
            "mail_state IN ('none','waiting','mailed')", name=op.f("ck_notice_known_mail_state")
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_notice_person_id_person"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_notice")),
        sa.UniqueConstraint("person_id", "dedupe_key", name=op.f("uq_notice_person_id_dedupe_key")),
    )
    op.create_index(
        op.f("ix_notice_mail_state_notice_mail_at"), "notice", ["mail_state", "mail_at"], unique=False
    )
    op.create_index(
        op.f("ix_notice_person_id_notice_read_at"), "notice", ["person_id", "read_at"], unique=False
    )
    op.create_table(
        "notice_choice",
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("mode", sa.String(length=16), nullable=False),
        sa.CheckConstraint(
            "mode IN ('at_once','daily','weekly','off')", name=op.f("ck_notice_choice_known_mode")
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_notice_choice_person_id_person"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("person_id", "kind", name=op.f("pk_notice_choice")),
    )
    op.create_table(
        "notice_times",
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("quiet_from", sa.Integer(), nullable=True),
        sa.Column("quiet_to", sa.Integer(), nullable=True),
        sa.Column("digest_hour", sa.Integer(), nullable=False),
        sa.Column("digest_weekday", sa.Integer(), nullable=False),
        sa.CheckConstraint("digest_hour BETWEEN 0 AND 23", name=op.f("ck_notice_times_digest_hour_in_a_day")),
        sa.CheckConstraint(
            "digest_weekday BETWEEN 0 AND 6", name=op.f("ck_notice_times_digest_weekday_in_a_week")
        ),
        sa.CheckConstraint("quiet_from BETWEEN 0 AND 1439", name=op.f("ck_notice_times_quiet_from_in_a_day")),
        sa.CheckConstraint("quiet_to BETWEEN 0 AND 1439", name=op.f("ck_notice_times_quiet_to_in_a_day")),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_notice_times_person_id_person"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("person_id", name=op.f("pk_notice_times")),
    )
    op.create_table(
        "one_time_link",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("purpose", sa.String(length=16), nullable=False),
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("made_by_id", sa.Integer(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("purpose IN ('invitation','reset')", name=op.f("ck_one_time_link_known_purpose")),
        sa.ForeignKeyConstraint(
            ["made_by_id"], ["person.id"], name=op.f("fk_one_time_link_made_by_id_person")
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_one_time_link_person_id_person"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_one_time_link")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_one_time_link_token_hash")),
    )
    op.create_index(op.f("ix_one_time_link_made_by_id"), "one_time_link", ["made_by_id"], unique=False)
    op.create_index(op.f("ix_one_time_link_person_id"), "one_time_link", ["person_id"], unique=False)
    op.create_table(
        "outgoing_mail",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("message_id", sa.String(length=200), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=True),
        sa.Column("recipient", sa.String(length=254), nullable=False),
        sa.Column("letter", sa.JSON(), nullable=False),
        sa.Column("language", sa.String(length=10), nullable=False),
        sa.Column("zone", sa.String(length=64), nullable=False),
        sa.Column("subject", sa.String(length=300), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("html", sa.Text(), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("fault", sa.Text(), nullable=False),
        sa.CheckConstraint("state IN ('waiting','sent','failed')", name=op.f("ck_outgoing_mail_known_state")),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_outgoing_mail_person_id_person"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_outgoing_mail")),
        sa.UniqueConstraint("message_id", name=op.f("uq_outgoing_mail_message_id")),
    )
    op.create_index(op.f("ix_outgoing_mail_person_id"), "outgoing_mail", ["person_id"], unique=False)
    op.create_index(
        op.f("ix_outgoing_mail_state_outgoing_mail_created_at"),
        "outgoing_mail",
        ["state", "created_at"],
        unique=False,
    )
    op.create_table(
        "recovery_code",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("code_hash", sa.String(length=64), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_recovery_code_person_id_person"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_recovery_code")),
        sa.UniqueConstraint("person_id", "code_hash", name=op.f("uq_recovery_code_person_id_code_hash")),
    )
    op.create_table(
        "second_factor",
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("secret", sa.String(length=200), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("confirmed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("last_step", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_second_factor_person_id_person"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("person_id", name=op.f("pk_second_factor")),
    )
    op.add_column("organisation", sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True))
    for name in ("closed_at", "erased_at"):
        op.add_column("person", sa.Column(name, sa.DateTime(timezone=True), nullable=True))
    op.add_column("person", sa.Column("locale", sa.String(length=10), nullable=True))
    op.add_column("person", sa.Column("time_zone", sa.String(length=64), nullable=True))
    op.add_column("person_session", sa.Column("confirmed_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column(
        "person_session", sa.Column("way", sa.String(length=16), server_default="password", nullable=False)
    )
    for table, check in STATES.items():
        _say_states(table, check, "'invited','active','suspended','closed'")
    _widen_role_grants()
    # The name was kept twice, cleaned and as given, until names were taken as they are or not at all.
    with op.batch_alter_table("upload") as batch:
        batch.drop_column("original_name")


def downgrade() -> None:
    with op.batch_alter_table("upload") as batch:
        batch.add_column(
            sa.Column("original_name", sa.String(length=1024), server_default="", nullable=False)
        )
    op.execute("UPDATE upload SET original_name = name")
    with op.batch_alter_table("upload") as batch:
        batch.alter_column("original_name", server_default=None)
    _narrow_role_grants()
    for table, check in STATES.items():
        op.execute(f"UPDATE {table} SET state = 'suspended' WHERE state IN ('invited','closed')")  # noqa: S608
        _say_states(table, check, "'active','suspended'")
    for table, columns in (
        ("person_session", ("way", "confirmed_at")),
        ("person", ("time_zone", "locale", "erased_at", "closed_at")),
        ("organisation", ("closed_at",)),
    ):
        with op.batch_alter_table(table) as batch:
            for name in columns:
                batch.drop_column(name)
    for table in reversed(TABLES):
        op.drop_table(table)


def _say_states(table: str, check: str, states: str) -> None:
    with op.batch_alter_table(table) as batch:
        batch.drop_constraint(op.f(check), type_="check")
        batch.create_check_constraint(op.f(check), f"state IN ({states})")


def _widen_role_grants() -> None:
    """A person or a group holds a role, everywhere or in a scope. People of partners are partners now."""
    connection = op.get_bind()
    rows = connection.execute(
        sa.text(
            "SELECT g.person_id, CASE WHEN o.kind = 'partner' AND g.role = 'field_marketer' THEN 'partner'"
            " ELSE g.role END AS role FROM role_grant g JOIN person p ON p.id = g.person_id"
            " JOIN organisation o ON o.id = p.organisation_id ORDER BY g.person_id, g.role"
        )
    ).all()
    op.drop_table("role_grant")
    table = op.create_table(
        "role_grant",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=True),
        sa.Column("group_id", sa.Integer(), nullable=True),
        sa.Column("role", sa.String(length=32), nullable=False),
        sa.Column("scope_kind", sa.String(length=16), server_default="everywhere", nullable=False),
        sa.Column("scope_key", sa.String(length=60), server_default="", nullable=False),
        sa.CheckConstraint(
            "role IN ('administrator','librarian','planner','finance','field_marketer','reviewer',"
            "'agency_contributor','partner')",
            name=op.f("ck_role_grant_known_role"),
        ),
        sa.CheckConstraint(
            "scope_kind IN ('everywhere','organisation','brand','region')",
            name=op.f("ck_role_grant_known_scope"),
        ),
        sa.CheckConstraint(
            "(person_id IS NULL) <> (group_id IS NULL)", name=op.f("ck_role_grant_of_a_person_or_a_group")
        ),
        sa.CheckConstraint(
            "(scope_kind = 'everywhere') = (scope_key = '')", name=op.f("ck_role_grant_scope_has_a_key")
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name="fk_role_grant_person_id_person", ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["group_id"], ["people_group.id"], name="fk_role_grant_group_id_people_group", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_role_grant"),
        sa.UniqueConstraint("person_id", "role", "scope_kind", "scope_key", name=PERSON_KEY),
        sa.UniqueConstraint("group_id", "role", "scope_kind", "scope_key", name=GROUP_KEY),
    )
    op.bulk_insert(table, [{"person_id": row.person_id, "role": row.role} for row in rows])


def _narrow_role_grants() -> None:
    """Only what the old house knew: roles of persons, without a scope, out of four."""
    connection = op.get_bind()
    rows = connection.execute(
        sa.text(
            "SELECT DISTINCT person_id, CASE role WHEN 'partner' THEN 'field_marketer' ELSE role END AS role"
            " FROM role_grant WHERE person_id IS NOT NULL AND scope_kind = 'everywhere' AND role IN"
            " ('administrator','librarian','agency_contributor','field_marketer','partner')"
        )
    ).all()
    op.drop_table("role_grant")
    table = op.create_table(
        "role_grant",
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("role", sa.String(length=32), nullable=False),
        sa.CheckConstraint(
            "role IN ('administrator','librarian','agency_contributor','field_marketer')",
            name=op.f("ck_role_grant_known_role"),
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name="fk_role_grant_person_id_person", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("person_id", "role", name="pk_role_grant"),
    )
    op.bulk_insert(table, [{"person_id": row.person_id, "role": row.role} for row in rows])
