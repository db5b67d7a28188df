"""The match of card company, books and appointments, and months into which nothing is booked any more."""

import sqlalchemy as sa
from alembic import op

revision = "0039_match_and_months"
down_revision = "0046_fees"
branch_labels = None
depends_on = None

KINDS = (
    "('charge_unknown', 'charge_differs', 'refund_unknown', 'payment_without_line', 'refund_without_line',"
    " 'payout_unbooked', 'dispute_unbooked', 'transfer_unbooked', 'line_other', 'balance', 'books_differ',"
    " 'unbilled', 'billed_otherwise', 'earned_cancelled', 'owed_to_client', 'not_given_back', 'stuck',"
    " 'closed_changed')"
)
CLOSED = "NEW.posted_at < (SELECT coalesce(max(m.ends_at), {never}) FROM closed_months m WHERE m.reopened_at IS NULL)"
FIXED = ("id", "month", "starts_at", "ends_at", "closed_at", "closed_by_id")
REWRITES = " OR ".join((*(f"NEW.{name} <> OLD.{name}" for name in FIXED), "OLD.reopened_at IS NOT NULL"))

# name, moment, table, when it is refused
REFUSED = (
    ("ledger_transactions_not_in_closed_months", "INSERT", "ledger_transactions", CLOSED),
    ("closed_months_only_open_again", "UPDATE", "closed_months", REWRITES),
    ("closed_months_stay", "DELETE", "closed_months", ""),
    ("closed_balances_only_grow", "UPDATE", "closed_balances", ""),
    ("closed_balances_stay", "DELETE", "closed_balances", ""),
)


def upgrade() -> None:
    _create_match()
    _create_months()
    for name, moment, table, when in REFUSED:
        _refuse(name, moment, table, when)


def downgrade() -> None:
    for name, _, table, _ in REFUSED:
        op.execute(f"DROP TRIGGER {name} ON {table}" if _on_postgresql() else f"DROP TRIGGER {name}")
        if _on_postgresql():
            op.execute(f"DROP FUNCTION {name}()")
    for table in ("closed_balances", "closed_months", "match_differences", "match_runs"):
        op.drop_table(table)


def _on_postgresql() -> bool:
    return op.get_bind().dialect.name == "postgresql"


def _create_match() -> None:
    op.create_table(
        "match_runs",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("ran_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("totals", sa.JSON(), nullable=False),
        sa.Column("checked", sa.Integer(), nullable=False),
        sa.Column("found", sa.Integer(), nullable=False),
        sa.Column("problem", sa.String(length=200), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_match_runs")),
    )
    op.create_index("ix_match_runs_ran", "match_runs", ["ran_at"])
    named = {"payment": "payments", "invoice": "invoices", "appointment": "appointments", "explained_by": "people"}
    op.create_table(
        "match_differences",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=120), nullable=False),
        sa.Column("kind", sa.String(length=24), nullable=False),
        sa.Column("amount_cents", sa.Integer(), nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("happened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("line_id", sa.String(length=80), nullable=True),
        *(sa.Column(f"{name}_id", sa.Integer(), nullable=True) for name in named),
        sa.Column("first_seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("gone_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("explained_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("note", sa.LargeBinary(), nullable=True),
        sa.CheckConstraint(f"kind IN {KINDS}", name=op.f("ck_match_differences_kind_known")),
        sa.CheckConstraint(
            "(explained_at IS NULL) = (explained_by_id IS NULL)",
            name=op.f("ck_match_differences_explained_by_somebody"),
        ),
        *(
            sa.ForeignKeyConstraint([f"{name}_id"], [f"{table}.id"], name=op.f(f"fk_match_differences_{name}_id"))
            for name, table in named.items()
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_match_differences")),
        sa.UniqueConstraint("key", name=op.f("uq_match_differences_key")),
    )
    op.create_index("ix_match_differences_open", "match_differences", ["gone_at", "explained_at"])


def _create_months() -> None:
    op.create_table(
        "closed_months",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("month", sa.String(length=7), nullable=False),
        sa.Column("starts_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("closed_by_id", sa.Integer(), nullable=False),
        sa.Column("reopened_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("reopened_by_id", sa.Integer(), nullable=True),
        sa.Column("reason", sa.String(length=12), nullable=True),
        sa.Column("note", sa.LargeBinary(), nullable=True),
        sa.CheckConstraint("ends_at > starts_at", name=op.f("ck_closed_months_ends_after_start")),
        sa.CheckConstraint(
            "reason IN ('correction', 'late_news', 'accountant', 'mistake')", name=op.f("ck_closed_months_reason_known")
        ),
        sa.CheckConstraint(
            "(reopened_at IS NULL) = (reopened_by_id IS NULL) AND (reopened_at IS NULL) = (reason IS NULL)",
            name=op.f("ck_closed_months_reopened_for_a_reason"),
        ),
        sa.ForeignKeyConstraint(["closed_by_id"], ["people.id"], name=op.f("fk_closed_months_closed_by_id")),
        sa.ForeignKeyConstraint(["reopened_by_id"], ["people.id"], name=op.f("fk_closed_months_reopened_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_closed_months")),
    )
    standing = sa.text("reopened_at IS NULL")
    op.create_index(
        "uq_closed_months_standing",
        "closed_months",
        ["month"],
        unique=True,
        sqlite_where=standing,
        postgresql_where=standing,
    )
    op.create_table(
        "closed_balances",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("month_id", sa.Integer(), nullable=False),
        sa.Column("account", sa.String(length=20), nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("cents", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["month_id"], ["closed_months.id"], name=op.f("fk_closed_balances_month_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_closed_balances")),
        sa.UniqueConstraint(
            "month_id", "account", "currency", name=op.f("uq_closed_balances_month_id_account_currency")
        ),
    )


def _refuse(name: str, moment: str, table: str, when: str) -> None:
    when = when.format(never="NEW.posted_at") if when else ""
    if not _on_postgresql():
        condition = f"WHEN {when} " if when else ""
        op.execute(
            f"CREATE TRIGGER {name} BEFORE {moment} ON {table} {condition}BEGIN SELECT RAISE(ABORT, '{name}'); END"
        )
        return
    refuse = f"RAISE EXCEPTION '{name}' USING ERRCODE = 'integrity_constraint_violation'"
    answer = "OLD" if moment == "DELETE" else "NEW"
    body = f"IF {when or 'true'} THEN {refuse}; END IF; RETURN {answer};"
    op.execute(f"CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN {body} END $$")
    op.execute(f"CREATE TRIGGER {name} BEFORE {moment} ON {table} FOR EACH ROW EXECUTE FUNCTION {name}()")
