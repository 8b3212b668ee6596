"""What plans and books are reckoned in: fiscal years, accounts, rates, vendors, holidays."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

TABLES = (
    "cost_centre",
    "fiscal_calendar",
    "gl_account",
    "fiscal_period",
    "vendor",
    "company_day",
    "contract",
    "reference_change",
    "exchange_rate",
)


def upgrade() -> None:
    op.create_table(
        "cost_centre",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=20), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("region", sa.String(length=60), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_until", sa.Date(), nullable=True),
        sa.Column("revision", sa.Integer(), server_default="1", nullable=False),
        sa.CheckConstraint(
            "valid_until IS NULL OR valid_from <= valid_until",
            name=op.f("ck_cost_centre_begins_before_it_ends"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_cost_centre")),
        sa.UniqueConstraint("code", name=op.f("uq_cost_centre_code")),
    )
    op.create_table(
        "fiscal_calendar",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=100), nullable=False),
        sa.Column("pattern", sa.String(length=8), nullable=False),
        sa.Column("start_month", sa.Integer(), nullable=False),
        sa.Column("last_weekday", sa.Integer(), nullable=False),
        sa.Column("anchor", sa.String(length=8), nullable=False),
        sa.Column("named_by", sa.String(length=8), nullable=False),
        sa.Column("revision", sa.Integer(), server_default="1", nullable=False),
        sa.CheckConstraint("anchor IN ('last','nearest')", name=op.f("ck_fiscal_calendar_known_anchor")),
        sa.CheckConstraint("named_by IN ('start','end')", name=op.f("ck_fiscal_calendar_known_name")),
        sa.CheckConstraint(
            "pattern IN ('months','445','454','544')", name=op.f("ck_fiscal_calendar_known_pattern")
        ),
        sa.CheckConstraint("last_weekday BETWEEN 0 AND 6", name=op.f("ck_fiscal_calendar_ends_on_a_weekday")),
        sa.CheckConstraint(
            "start_month BETWEEN 1 AND 12", name=op.f("ck_fiscal_calendar_begins_with_a_month")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_fiscal_calendar")),
        sa.UniqueConstraint("name", name=op.f("uq_fiscal_calendar_name")),
    )
    op.create_table(
        "gl_account",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=20), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_until", sa.Date(), nullable=True),
        sa.Column("revision", sa.Integer(), server_default="1", nullable=False),
        sa.CheckConstraint(
            "kind IN ('expense','prepaid','liability')", name=op.f("ck_gl_account_known_kind")
        ),
        sa.CheckConstraint(
            "valid_until IS NULL OR valid_from <= valid_until",
            name=op.f("ck_gl_account_begins_before_it_ends"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_gl_account")),
        sa.UniqueConstraint("code", name=op.f("uq_gl_account_code")),
    )
    op.create_table(
        "fiscal_period",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("calendar_id", sa.Integer(), nullable=False),
        sa.Column("fiscal_year", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("quarter", sa.Integer(), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.CheckConstraint(
            "state IN ('future','open','soft_closed','closed')", name=op.f("ck_fiscal_period_known_state")
        ),
        sa.CheckConstraint("number BETWEEN 1 AND 12", name=op.f("ck_fiscal_period_twelve_a_year")),
        sa.CheckConstraint("quarter BETWEEN 1 AND 4", name=op.f("ck_fiscal_period_four_quarters")),
        sa.CheckConstraint("starts_on <= ends_on", name=op.f("ck_fiscal_period_begins_before_it_ends")),
        sa.ForeignKeyConstraint(
            ["calendar_id"], ["fiscal_calendar.id"], name=op.f("fk_fiscal_period_calendar_id_fiscal_calendar")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_fiscal_period")),
        sa.UniqueConstraint(
            "calendar_id",
            "fiscal_year",
            "number",
            name=op.f("uq_fiscal_period_calendar_id_fiscal_year_number"),
        ),
    )
    op.create_index(
        op.f("ix_fiscal_period_calendar_id_fiscal_period_starts_on"),
        "fiscal_period",
        ["calendar_id", "starts_on"],
        unique=False,
    )
    op.create_table(
        "vendor",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=20), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=True),
        sa.Column("country", sa.String(length=2), nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("tax_number", sa.String(length=40), nullable=False),
        sa.Column("email", sa.String(length=254), nullable=False),
        sa.Column("terms_days", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("revision", sa.Integer(), server_default="1", nullable=False),
        sa.CheckConstraint("state IN ('active','blocked','closed')", name=op.f("ck_vendor_known_state")),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_vendor_organisation_id_organisation")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_vendor")),
        sa.UniqueConstraint("code", name=op.f("uq_vendor_code")),
    )
    op.create_index(op.f("ix_vendor_organisation_id"), "vendor", ["organisation_id"], unique=False)
    op.create_table(
        "company_day",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("country", sa.String(length=2), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("name", sa.String(length=100), nullable=False),
        sa.Column("works", sa.Boolean(), nullable=False),
        sa.Column("entered_by_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["entered_by_id"], ["person.id"], name=op.f("fk_company_day_entered_by_id_person")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_company_day")),
        sa.UniqueConstraint("country", "day", name=op.f("uq_company_day_country_day")),
    )
    op.create_index(op.f("ix_company_day_entered_by_id"), "company_day", ["entered_by_id"], unique=False)
    op.create_table(
        "contract",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("vendor_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=True),
        sa.Column("cap_minor", sa.BigInteger(), nullable=True),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("notice_days", sa.Integer(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("revision", sa.Integer(), server_default="1", nullable=False),
        sa.CheckConstraint(
            "(cap_minor IS NULL) = (currency = '')", name=op.f("ck_contract_cap_has_a_currency")
        ),
        sa.CheckConstraint(
            "kind IN ('frame','work','insurance','secrecy')", name=op.f("ck_contract_known_kind")
        ),
        sa.CheckConstraint("cap_minor IS NULL OR cap_minor >= 0", name=op.f("ck_contract_cap_not_negative")),
        sa.CheckConstraint(
            "ends_on IS NULL OR starts_on <= ends_on", name=op.f("ck_contract_begins_before_it_ends")
        ),
        sa.ForeignKeyConstraint(["vendor_id"], ["vendor.id"], name=op.f("fk_contract_vendor_id_vendor")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_contract")),
    )
    op.create_index(
        op.f("ix_contract_vendor_id_contract_starts_on"), "contract", ["vendor_id", "starts_on"], unique=False
    )
    op.create_table(
        "reference_change",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("thing_id", sa.Integer(), nullable=True),
        sa.Column("before", sa.JSON(), nullable=False),
        sa.Column("after", sa.JSON(), nullable=False),
        sa.Column("effective_on", sa.Date(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("made_by_id", sa.Integer(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("decided_by_id", sa.Integer(), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("answer", sa.Text(), nullable=False),
        sa.Column("applied_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "(state = 'applied') = (applied_at IS NOT NULL)",
            name=op.f("ck_reference_change_applied_with_a_moment"),
        ),
        sa.CheckConstraint(
            "(state = 'open') = (decided_at IS NULL)", name=op.f("ck_reference_change_decided_when_not_open")
        ),
        sa.CheckConstraint(
            "kind IN ('gl_account','cost_centre','rate','vendor','contract')",
            name=op.f("ck_reference_change_known_kind"),
        ),
        sa.CheckConstraint(
            "state IN ('open','approved','applied','rejected','withdrawn')",
            name=op.f("ck_reference_change_known_state"),
        ),
        sa.CheckConstraint(
            "state NOT IN ('approved','applied') OR "
            "(decided_by_id IS NOT NULL AND decided_by_id <> made_by_id)",
            name=op.f("ck_reference_change_by_a_second_person"),
        ),
        sa.ForeignKeyConstraint(
            ["decided_by_id"], ["person.id"], name=op.f("fk_reference_change_decided_by_id_person")
        ),
        sa.ForeignKeyConstraint(
            ["made_by_id"], ["person.id"], name=op.f("fk_reference_change_made_by_id_person")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reference_change")),
    )
    op.create_index(
        op.f("ix_reference_change_decided_by_id"), "reference_change", ["decided_by_id"], unique=False
    )
    op.create_index(
        op.f("ix_reference_change_kind_reference_change_thing_id"),
        "reference_change",
        ["kind", "thing_id"],
        unique=False,
    )
    op.create_index(op.f("ix_reference_change_made_by_id"), "reference_change", ["made_by_id"], unique=False)
    op.create_index(
        op.f("ix_reference_change_state_reference_change_effective_on"),
        "reference_change",
        ["state", "effective_on"],
        unique=False,
    )
    op.create_table(
        "exchange_rate",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("base", sa.String(length=3), nullable=False),
        sa.Column("quote", sa.String(length=3), nullable=False),
        sa.Column("rate", sa.BigInteger(), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("entered_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("change_id", sa.Integer(), nullable=True),
        sa.CheckConstraint(
            "kind IN ('plan','spot','month_average','month_end')", name=op.f("ck_exchange_rate_known_kind")
        ),
        sa.CheckConstraint("base <> quote", name=op.f("ck_exchange_rate_of_two_currencies")),
        sa.CheckConstraint("rate > 0", name=op.f("ck_exchange_rate_worth_something")),
        sa.ForeignKeyConstraint(
            ["change_id"], ["reference_change.id"], name=op.f("fk_exchange_rate_change_id_reference_change")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_exchange_rate")),
        sa.UniqueConstraint(
            "kind", "base", "quote", "valid_from", name=op.f("uq_exchange_rate_kind_base_quote_valid_from")
        ),
    )
    op.create_index(op.f("ix_exchange_rate_change_id"), "exchange_rate", ["change_id"], unique=False)


def downgrade() -> None:
    for table in reversed(TABLES):
        op.drop_table(table)
