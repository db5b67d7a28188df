"""A ledger for everything that happens to money: payouts are about nobody, and invoices can be adjusted by hand.

The entries are moved into a table whose client may be missing where an entry is about no
client. Refused are accounts and kinds that nobody knows, an adjustment above what is due,
and a change to one.
"""

import sqlalchemy as sa
from alembic import op

revision = "0031_ledger"
down_revision = "0030_openings"
branch_labels = None
depends_on = None

ACCOUNTS = "('receivable', 'clearing', 'disputed', 'in_transit', 'bank', 'income', 'fees', 'written_off')"
KINDS = (
    "('invoice', 'payment', 'credit', 'credit_reversed', 'refund', 'refund_returned', 'write_off', 'recovered',"
    " 'fee', 'dispute', 'dispute_won', 'dispute_lost', 'dispute_overturned',"
    " 'payout', 'payout_arrived', 'payout_returned', 'payout_failed')"
)
WHOSE_KNOWN = "client_id IS NOT NULL OR account NOT IN ('receivable', 'income', 'written_off')"
COLUMNS = "id, transaction_id, currency, account, amount_cents, client_id, counselor_id, invoice_id"
DUE = (
    "(SELECT coalesce(sum(e.amount_cents), 0) FROM ledger_entries e"
    " WHERE e.invoice_id = NEW.invoice_id AND e.account = 'receivable')"
)
FIXED = ("id", "uid", "invoice_id", "amount_cents", "kind", "reason", "made_by_id", "made_at", "form_key")

# name, moment, table, when it is refused
REFUSED = (
    ("ledger_entries_of_known_account", "INSERT", "ledger_entries", f"NEW.account NOT IN {ACCOUNTS}"),
    ("ledger_transactions_of_known_kind", "INSERT", "ledger_transactions", f"NEW.kind NOT IN {KINDS}"),
    ("adjustments_within_what_is_due", "INSERT", "adjustments", f"NEW.amount_cents > {DUE}"),
    ("adjustments_only_grow", "UPDATE", "adjustments", " OR ".join(f"NEW.{name} <> OLD.{name}" for name in FIXED)),
    ("adjustments_stay", "DELETE", "adjustments", ""),
)


def upgrade() -> None:
    if _on_postgresql():
        op.alter_column("ledger_entries", "client_id", nullable=True)
        op.create_check_constraint(op.f("ck_ledger_entries_whose_known"), "ledger_entries", WHOSE_KNOWN)
    else:
        _move_entries(client_may_be_missing=True)
    _create_adjustments()
    for name, moment, table, when in REFUSED:
        _refuse(name, moment, table, when)


def downgrade() -> None:
    for name, _, table, _ in REFUSED:
        op.execute(f"DROP TRIGGER {name} ON {table}" if _on_postgresql() else f"DROP TRIGGER {name}")
        if _on_postgresql():
            op.execute(f"DROP FUNCTION {name}()")
    op.drop_table("adjustments")
    if _on_postgresql():
        op.drop_constraint(op.f("ck_ledger_entries_whose_known"), "ledger_entries")
        op.alter_column("ledger_entries", "client_id", nullable=False)
    else:
        _move_entries(client_may_be_missing=False)


def _on_postgresql() -> bool:
    return op.get_bind().dialect.name == "postgresql"


def _move_entries(*, client_may_be_missing: bool) -> None:
    """Move the entries over; SQLite cannot loosen a column where it stands. The guards are put back as they were."""
    about = "SELECT name, sql FROM sqlite_master WHERE type = 'trigger' AND sql LIKE '%ledger_entries%'"
    guards = op.get_bind().execute(sa.text(about)).all()
    for name, _ in guards:
        op.execute(f"DROP TRIGGER {name}")
    checks = [sa.CheckConstraint("amount_cents <> 0", name=op.f("ck_ledger_entries_amount_not_zero"))]
    if client_may_be_missing:
        checks.append(sa.CheckConstraint(WHOSE_KNOWN, name=op.f("ck_ledger_entries_whose_known")))
    op.create_table(
        "ledger_entries_moved",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("transaction_id", sa.Integer(), nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("account", sa.String(length=20), nullable=False),
        sa.Column("amount_cents", sa.Integer(), nullable=False),
        sa.Column("client_id", sa.Integer(), nullable=client_may_be_missing),
        sa.Column("counselor_id", sa.Integer(), nullable=True),
        sa.Column("invoice_id", sa.Integer(), nullable=True),
        *checks,
        sa.ForeignKeyConstraint(["client_id"], ["people.id"], name=op.f("fk_ledger_entries_client_id")),
        sa.ForeignKeyConstraint(["counselor_id"], ["people.id"], name=op.f("fk_ledger_entries_counselor_id")),
        sa.ForeignKeyConstraint(["invoice_id"], ["invoices.id"], name=op.f("fk_ledger_entries_invoice_id")),
        sa.ForeignKeyConstraint(
            ["transaction_id", "currency"],
            ["ledger_transactions.id", "ledger_transactions.currency"],
            name=op.f("fk_ledger_entries_transaction_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ledger_entries")),
    )
    op.execute(f"INSERT INTO ledger_entries_moved ({COLUMNS}) SELECT {COLUMNS} FROM ledger_entries")
    op.drop_table("ledger_entries")
    op.rename_table("ledger_entries_moved", "ledger_entries")
    op.create_index("ix_ledger_entries_account", "ledger_entries", ["account", "client_id"])
    op.create_index("ix_ledger_entries_invoice", "ledger_entries", ["invoice_id", "account"])
    op.create_index("ix_ledger_entries_transaction", "ledger_entries", ["transaction_id"])
    for _, sql in guards:
        op.get_bind().exec_driver_sql(sql)


def _create_adjustments() -> None:
    op.create_table(
        "adjustments",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("uid", sa.String(length=32), nullable=False),
        sa.Column("invoice_id", sa.Integer(), nullable=False),
        sa.Column("amount_cents", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("reason", sa.String(length=20), nullable=False),
        sa.Column("note", sa.LargeBinary(), nullable=True),
        sa.Column("made_by_id", sa.Integer(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("form_key", sa.String(length=40), nullable=False),
        sa.CheckConstraint("amount_cents > 0", name=op.f("ck_adjustments_amount_positive")),
        sa.CheckConstraint("kind IN ('credit', 'write_off')", name=op.f("ck_adjustments_kind_known")),
        sa.CheckConstraint(
            "reason IN ('uncollectable', 'hardship', 'goodwill', 'mistake')", name=op.f("ck_adjustments_reason_known")
        ),
        sa.ForeignKeyConstraint(["invoice_id"], ["invoices.id"], name=op.f("fk_adjustments_invoice_id")),
        sa.ForeignKeyConstraint(["made_by_id"], ["people.id"], name=op.f("fk_adjustments_made_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_adjustments")),
        sa.UniqueConstraint("form_key", name=op.f("uq_adjustments_form_key")),
        sa.UniqueConstraint("uid", name=op.f("uq_adjustments_uid")),
    )
    op.create_index("ix_adjustments_invoice", "adjustments", ["invoice_id"])


def _refuse(name: str, moment: str, table: str, when: str) -> None:
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
