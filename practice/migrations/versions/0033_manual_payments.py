"""Payments taken by hand, and clients' credit in lots whose movements only grow.

Refused are a change to what was written down (it may be undone, once), a lot that gives
more than it holds, credit that is nobody's, and accounts and kinds that nobody knows.
"""

import sqlalchemy as sa
from alembic import op

revision = "0033_manual_payments"
down_revision = "0042_bills"
branch_labels = None
depends_on = None

BEFORE_ACCOUNTS = "('receivable', 'clearing', 'disputed', 'in_transit', 'bank', 'income', 'fees', 'written_off')"
ACCOUNTS = (
    "('receivable', 'clearing', 'disputed', 'in_transit', 'bank', 'income', 'fees', 'written_off',"
    " 'cash', 'credit', 'shares', 'payable')"
)
BEFORE_KINDS = (
    "('invoice', 'payment', 'credit', 'credit_reversed', 'refund', 'refund_returned', 'write_off', 'recovered',"
    " 'fee', 'dispute', 'dispute_won', 'dispute_lost', 'dispute_overturned',"
    " 'payout', 'payout_arrived', 'payout_returned', 'payout_failed')"
)
KINDS = (
    "('invoice', 'payment', 'credit', 'credit_reversed', 'refund', 'refund_returned', 'write_off', 'recovered',"
    " 'fee', 'dispute', 'dispute_won', 'dispute_lost', 'dispute_overturned',"
    " 'payout', 'payout_arrived', 'payout_returned', 'payout_failed',"
    " 'manual_payment', 'manual_undone', 'credit_sold', 'credit_unsold', 'credit_given', 'credit_used',"
    " 'credit_restored', 'credit_expired', 'credit_paid_out', 'refund_to_credit', 'credit_taken_back',"
    " 'fee_returned', 'drawn', 'share', 'share_taken_back', 'transfer', 'transfer_reversed', 'share_paid')"
)
LEFT = "(SELECT coalesce(sum(m.cents), 0) FROM credit_moves m WHERE m.lot_id = NEW.lot_id)"
WRITTEN = ("id", "uid", "client_id", "way", "amount_cents", "currency", "received_on", "entered_by_id", "form_key")
LOT = ("id", "uid", "client_id", "currency", "source", "made_at")
REFUND_WAY = "VARCHAR(6) NOT NULL DEFAULT 'card' CONSTRAINT ck_refunds_way_known CHECK (way IN ('card', 'credit'))"


def _changed(columns: tuple[str, ...]) -> str:
    return " OR ".join(f"NEW.{name} <> OLD.{name}" for name in columns)


# name, moment, table, when it is refused
REFUSED = (
    (
        "manual_payments_only_grow",
        "UPDATE",
        "manual_payments",
        f"{_changed(WRITTEN)} OR OLD.undone_at IS NOT NULL AND (NEW.undone_at IS NULL OR {_changed(('undone_at',))})",
    ),
    ("manual_payments_stay", "DELETE", "manual_payments", ""),
    ("credit_lots_only_grow", "UPDATE", "credit_lots", _changed(LOT)),
    ("credit_lots_stay", "DELETE", "credit_lots", ""),
    ("credit_moves_only_grow", "UPDATE", "credit_moves", _changed(("id", "lot_id", "cents", "kind", "made_at"))),
    ("credit_moves_stay", "DELETE", "credit_moves", ""),
    ("credit_moves_within_what_is_left", "INSERT", "credit_moves", f"{LEFT} + NEW.cents < 0"),
    ("ledger_entries_credit_has_owner", "INSERT", "ledger_entries", "NEW.account = 'credit' AND NEW.client_id IS NULL"),
    ("refunds_keep_their_way", "UPDATE", "refunds", "NEW.way <> OLD.way"),
)  # fmt: skip


def upgrade() -> None:
    _create_manual_payments()
    _create_credit()
    op.execute(f"ALTER TABLE refunds ADD COLUMN way {REFUND_WAY}")
    _know(ACCOUNTS, KINDS)
    for refusal in REFUSED:
        _refuse(*refusal)


def downgrade() -> None:
    for name, _, table, _ in REFUSED:
        _forget(name, table)
    _know(BEFORE_ACCOUNTS, BEFORE_KINDS)
    if not _on_postgresql():
        _without_guards_on_refunds()
    else:
        op.execute("ALTER TABLE refunds DROP COLUMN way")
    op.drop_table("credit_moves")
    op.drop_table("credit_lots")
    op.drop_table("manual_payments")


def _on_postgresql() -> bool:
    return op.get_bind().dialect.name == "postgresql"


def _without_guards_on_refunds() -> None:
    """Drop the column in SQLite, which looks through every trigger of the table and its check meanwhile."""
    about = sa.text("SELECT name, sql FROM sqlite_master WHERE type = 'trigger' AND sql LIKE '%refunds%'")
    guards = op.get_bind().execute(about).all()
    for name, _ in guards:
        op.execute(f"DROP TRIGGER {name}")
    with op.batch_alter_table("refunds") as batch:
        batch.drop_constraint(op.f("ck_refunds_way_known"), type_="check")
        batch.drop_column("way")
    for _, sql in guards:
        op.get_bind().exec_driver_sql(sql)


def _create_manual_payments() -> None:
    op.create_table(
        "manual_payments",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("uid", sa.String(length=32), nullable=False),
        sa.Column("client_id", sa.Integer(), nullable=False),
        sa.Column("way", sa.String(length=10), nullable=False),
        sa.Column("amount_cents", sa.Integer(), nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("received_on", sa.Date(), nullable=False),
        sa.Column("reference", sa.LargeBinary(), nullable=True),
        sa.Column("note", sa.LargeBinary(), nullable=True),
        sa.Column("entered_by_id", sa.Integer(), nullable=False),
        sa.Column("entered_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("form_key", sa.String(length=40), nullable=False),
        sa.Column("undone_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("undone_by_id", sa.Integer(), nullable=True),
        sa.Column("undone_reason", sa.String(length=20), nullable=True),
        sa.CheckConstraint("amount_cents > 0", name=op.f("ck_manual_payments_amount_positive")),
        sa.CheckConstraint("length(currency) = 3", name=op.f("ck_manual_payments_currency_code")),
        sa.CheckConstraint("way IN ('cash', 'cheque', 'transfer')", name=op.f("ck_manual_payments_way_known")),
        sa.CheckConstraint(
            "undone_reason IN ('mistake', 'bounced', 'twice', 'other')", name=op.f("ck_manual_payments_reason_known")
        ),
        sa.CheckConstraint(
            "(undone_at IS NULL) = (undone_by_id IS NULL) AND (undone_at IS NULL) = (undone_reason IS NULL)",
            name=op.f("ck_manual_payments_undone_whole"),
        ),
        sa.ForeignKeyConstraint(["client_id"], ["people.id"], name=op.f("fk_manual_payments_client_id")),
        sa.ForeignKeyConstraint(["entered_by_id"], ["people.id"], name=op.f("fk_manual_payments_entered_by_id")),
        sa.ForeignKeyConstraint(["undone_by_id"], ["people.id"], name=op.f("fk_manual_payments_undone_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_manual_payments")),
        sa.UniqueConstraint("form_key", name=op.f("uq_manual_payments_form_key")),
        sa.UniqueConstraint("uid", name=op.f("uq_manual_payments_uid")),
    )
    op.create_index("ix_manual_payments_client", "manual_payments", ["client_id", "received_on"])
    op.create_index("ix_manual_payments_received", "manual_payments", ["received_on"])


def _create_credit() -> None:
    op.create_table(
        "credit_lots",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("uid", sa.String(length=32), nullable=False),
        sa.Column("client_id", sa.Integer(), nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("source", sa.String(length=10), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("length(currency) = 3", name=op.f("ck_credit_lots_currency_code")),
        sa.CheckConstraint(
            "source IN ('overpaid', 'prepaid', 'refund', 'cancelled', 'gift', 'package', 'rest')",
            name=op.f("ck_credit_lots_source_known"),
        ),
        sa.ForeignKeyConstraint(["client_id"], ["people.id"], name=op.f("fk_credit_lots_client_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_credit_lots")),
        sa.UniqueConstraint("uid", name=op.f("uq_credit_lots_uid")),
    )
    op.create_index("ix_credit_lots_client", "credit_lots", ["client_id"])
    op.create_index("ix_credit_lots_expires", "credit_lots", ["expires_at"])
    op.create_table(
        "credit_moves",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("lot_id", sa.Integer(), nullable=False),
        sa.Column("cents", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("reference", sa.String(length=64), nullable=False),
        sa.Column("invoice_id", sa.Integer(), nullable=True),
        sa.Column("way", sa.String(length=10), nullable=True),
        sa.Column("note", sa.LargeBinary(), nullable=True),
        sa.Column("made_by_id", sa.Integer(), nullable=True),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("form_key", sa.String(length=40), nullable=True),
        sa.CheckConstraint("cents <> 0", name=op.f("ck_credit_moves_cents_not_zero")),
        sa.CheckConstraint("way IN ('cash', 'cheque', 'transfer')", name=op.f("ck_credit_moves_way_known")),
        sa.ForeignKeyConstraint(["lot_id"], ["credit_lots.id"], name=op.f("fk_credit_moves_lot_id")),
        sa.ForeignKeyConstraint(["invoice_id"], ["invoices.id"], name=op.f("fk_credit_moves_invoice_id")),
        sa.ForeignKeyConstraint(["made_by_id"], ["people.id"], name=op.f("fk_credit_moves_made_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_credit_moves")),
        sa.UniqueConstraint("lot_id", "kind", "reference", name=op.f("uq_credit_moves_lot_id_kind_reference")),
    )
    op.create_index("ix_credit_moves_invoice", "credit_moves", ["invoice_id"])
    op.create_index("ix_credit_moves_form", "credit_moves", ["form_key"])


def _know(accounts: str, kinds: str) -> None:
    for name, table, when in (
        ("ledger_entries_of_known_account", "ledger_entries", f"NEW.account NOT IN {accounts}"),
        ("ledger_transactions_of_known_kind", "ledger_transactions", f"NEW.kind NOT IN {kinds}"),
    ):
        _forget(name, table)
        _refuse(name, "INSERT", table, when)


def _forget(name: str, table: str) -> None:
    op.execute(f"DROP TRIGGER {name} ON {table}" if _on_postgresql() else f"DROP TRIGGER {name}")
    if _on_postgresql():
        op.execute(f"DROP FUNCTION {name}()")


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
