"""Invoices, payments, refunds, the provider's news and a double-entry ledger."""

import sqlalchemy as sa
from alembic import op

revision = "0005_billing"
down_revision = "0004_notes"
branch_labels = None
depends_on = None

TABLES = (
    "webhook_events",
    "ledger_entries",
    "ledger_transactions",
    "ledger_balanced",
    "refunds",
    "payments",
    "invoice_lines",
    "invoices",
    "invoice_series",
)


def upgrade() -> None:
    op.create_table(
        "invoice_series",
        sa.Column("name", sa.String(length=20), nullable=False),
        sa.Column("next_number", sa.Integer(), nullable=False),
        sa.CheckConstraint("next_number > 0", name=op.f("ck_invoice_series_next_number_positive")),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_invoice_series")),
    )
    op.create_table(
        "ledger_balanced",
        sa.Column("open_cents", sa.Integer(), autoincrement=False, nullable=False),
        sa.CheckConstraint("open_cents = 0", name=op.f("ck_ledger_balanced_only_zero")),
        sa.PrimaryKeyConstraint("open_cents", name=op.f("pk_ledger_balanced")),
    )
    op.create_table(
        "invoices",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("uid", sa.String(length=32), nullable=False),
        sa.Column("appointment_id", sa.Integer(), nullable=True),
        sa.Column("client_id", sa.Integer(), nullable=False),
        sa.Column("counselor_id", sa.Integer(), nullable=False),
        sa.Column("total_cents", sa.Integer(), nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("issued_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("parties", sa.LargeBinary(), nullable=False),
        sa.CheckConstraint("length(currency) = 3", name=op.f("ck_invoices_currency_code")),
        sa.CheckConstraint("number > 0", name=op.f("ck_invoices_number_positive")),
        sa.CheckConstraint("total_cents > 0", name=op.f("ck_invoices_total_positive")),
        sa.ForeignKeyConstraint(["appointment_id"], ["appointments.id"], name=op.f("fk_invoices_appointment_id")),
        sa.ForeignKeyConstraint(["client_id"], ["people.id"], name=op.f("fk_invoices_client_id")),
        sa.ForeignKeyConstraint(["counselor_id"], ["people.id"], name=op.f("fk_invoices_counselor_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_invoices")),
        sa.UniqueConstraint("appointment_id", name=op.f("uq_invoices_appointment_id")),
        sa.UniqueConstraint("number", name=op.f("uq_invoices_number")),
        sa.UniqueConstraint("uid", name=op.f("uq_invoices_uid")),
    )
    op.create_index("ix_invoices_client", "invoices", ["client_id", "issued_at"], unique=False)
    op.create_index("ix_invoices_issued", "invoices", ["issued_at"], unique=False)
    op.create_table(
        "invoice_lines",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("invoice_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("description", sa.LargeBinary(), nullable=False),
        sa.Column("quantity", sa.Integer(), nullable=False),
        sa.Column("unit_cents", sa.Integer(), nullable=False),
        sa.Column("amount_cents", sa.Integer(), nullable=False),
        sa.CheckConstraint("amount_cents = quantity * unit_cents", name=op.f("ck_invoice_lines_amount_adds_up")),
        sa.CheckConstraint("quantity > 0", name=op.f("ck_invoice_lines_quantity_positive")),
        sa.ForeignKeyConstraint(["invoice_id"], ["invoices.id"], name=op.f("fk_invoice_lines_invoice_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_invoice_lines")),
        sa.UniqueConstraint("invoice_id", "position", name=op.f("uq_invoice_lines_invoice_id_position")),
    )
    op.create_table(
        "payments",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("uid", sa.String(length=32), nullable=False),
        sa.Column("appointment_id", sa.Integer(), nullable=False),
        sa.Column("client_id", sa.Integer(), nullable=False),
        sa.Column("invoice_id", sa.Integer(), nullable=True),
        sa.Column("amount_cents", sa.Integer(), nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("status", sa.String(length=12), nullable=False),
        sa.Column("received_cents", sa.Integer(), nullable=False),
        sa.Column("refunded_cents", sa.Integer(), nullable=False),
        sa.Column("fate", sa.String(length=8), nullable=True),
        sa.Column("checkout_id", sa.String(length=100), nullable=True),
        sa.Column("checkout_url", sa.LargeBinary(), nullable=True),
        sa.Column("intent_id", sa.String(length=100), nullable=True),
        sa.Column("problem", sa.String(length=80), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("checked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("paid_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "(status = 'succeeded') = (received_cents > 0 AND paid_at IS NOT NULL AND fate IS NOT NULL)",
            name=op.f("ck_payments_succeeded_is_settled"),
        ),
        sa.CheckConstraint("fate IN ('kept', 'late', 'twice')", name=op.f("ck_payments_fate_known")),
        sa.CheckConstraint(
            "status IN ('new', 'open', 'processing', 'closed', 'succeeded')", name=op.f("ck_payments_status_known")
        ),
        sa.CheckConstraint("amount_cents > 0", name=op.f("ck_payments_amount_positive")),
        sa.CheckConstraint("length(currency) = 3", name=op.f("ck_payments_currency_code")),
        sa.CheckConstraint("received_cents >= 0", name=op.f("ck_payments_received_not_negative")),
        sa.CheckConstraint(
            "refunded_cents BETWEEN 0 AND received_cents", name=op.f("ck_payments_refunded_within_received")
        ),
        sa.ForeignKeyConstraint(["appointment_id"], ["appointments.id"], name=op.f("fk_payments_appointment_id")),
        sa.ForeignKeyConstraint(["client_id"], ["people.id"], name=op.f("fk_payments_client_id")),
        sa.ForeignKeyConstraint(["invoice_id"], ["invoices.id"], name=op.f("fk_payments_invoice_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_payments")),
        sa.UniqueConstraint("checkout_id", name=op.f("uq_payments_checkout_id")),
        sa.UniqueConstraint("intent_id", name=op.f("uq_payments_intent_id")),
        sa.UniqueConstraint("uid", name=op.f("uq_payments_uid")),
    )
    op.create_index("ix_payments_client", "payments", ["client_id", "created_at"], unique=False)
    op.create_index("ix_payments_invoice", "payments", ["invoice_id"], unique=False)
    op.create_index("ix_payments_paid", "payments", ["paid_at"], unique=False)
    op.create_index("ix_payments_undecided", "payments", ["status", "checked_at"], unique=False)
    op.create_index(
        "uq_payments_one_kept",
        "payments",
        ["appointment_id"],
        unique=True,
        sqlite_where=sa.text("fate = 'kept'"),
        postgresql_where=sa.text("fate = 'kept'"),
    )
    op.create_index(
        "uq_payments_one_unpaid",
        "payments",
        ["appointment_id"],
        unique=True,
        sqlite_where=sa.text("status IN ('new', 'open')"),
        postgresql_where=sa.text("status IN ('new', 'open')"),
    )
    op.create_table(
        "ledger_transactions",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("reference", sa.String(length=64), nullable=False),
        sa.Column("amount_cents", sa.Integer(), nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("open_debit_cents", sa.Integer(), nullable=False),
        sa.Column("open_credit_cents", sa.Integer(), nullable=False),
        sa.Column("payment_id", sa.Integer(), nullable=True),
        sa.Column("posted_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("amount_cents > 0", name=op.f("ck_ledger_transactions_amount_positive")),
        sa.CheckConstraint("length(currency) = 3", name=op.f("ck_ledger_transactions_currency_code")),
        sa.ForeignKeyConstraint(
            ["open_credit_cents"],
            ["ledger_balanced.open_cents"],
            name=op.f("fk_ledger_transactions_open_credit_cents"),
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.ForeignKeyConstraint(
            ["open_debit_cents"],
            ["ledger_balanced.open_cents"],
            name=op.f("fk_ledger_transactions_open_debit_cents"),
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.ForeignKeyConstraint(["payment_id"], ["payments.id"], name=op.f("fk_ledger_transactions_payment_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ledger_transactions")),
        sa.UniqueConstraint("id", "currency", name=op.f("uq_ledger_transactions_id_currency")),
        sa.UniqueConstraint("kind", "reference", name=op.f("uq_ledger_transactions_kind_reference")),
    )
    op.create_index("ix_ledger_transactions_payment", "ledger_transactions", ["payment_id"], unique=False)
    op.create_index("ix_ledger_transactions_posted", "ledger_transactions", ["posted_at"], unique=False)
    op.create_table(
        "refunds",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("uid", sa.String(length=32), nullable=False),
        sa.Column("payment_id", sa.Integer(), nullable=False),
        sa.Column("amount_cents", sa.Integer(), nullable=False),
        sa.Column("status", sa.String(length=12), nullable=False),
        sa.Column("reason", sa.String(length=12), nullable=False),
        sa.Column("note", sa.LargeBinary(), nullable=True),
        sa.Column("requested_by_id", sa.Integer(), nullable=True),
        sa.Column("form_key", sa.String(length=40), nullable=True),
        sa.Column("provider_id", sa.String(length=100), nullable=True),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("leased_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("last_error", sa.String(length=300), nullable=False),
        sa.Column("requested_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("settled_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "reason IN ('cancelled', 'late', 'twice', 'goodwill', 'technical', 'mistake', 'provider')",
            name=op.f("ck_refunds_reason_known"),
        ),
        sa.CheckConstraint("status <> 'sending' OR leased_until IS NOT NULL", name=op.f("ck_refunds_sending_leased")),
        sa.CheckConstraint(
            "status IN ('queued', 'sending', 'pending', 'succeeded', 'failed', 'withdrawn')",
            name=op.f("ck_refunds_status_known"),
        ),
        sa.CheckConstraint("amount_cents > 0", name=op.f("ck_refunds_amount_positive")),
        sa.ForeignKeyConstraint(["payment_id"], ["payments.id"], name=op.f("fk_refunds_payment_id")),
        sa.ForeignKeyConstraint(["requested_by_id"], ["people.id"], name=op.f("fk_refunds_requested_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_refunds")),
        sa.UniqueConstraint("form_key", name=op.f("uq_refunds_form_key")),
        sa.UniqueConstraint("provider_id", name=op.f("uq_refunds_provider_id")),
        sa.UniqueConstraint("uid", name=op.f("uq_refunds_uid")),
    )
    op.create_index("ix_refunds_due", "refunds", ["status", "due_at"], unique=False)
    op.create_index("ix_refunds_payment", "refunds", ["payment_id"], unique=False)
    op.create_table(
        "webhook_events",
        sa.Column("id", sa.String(length=120), nullable=False),
        sa.Column("kind", sa.String(length=80), nullable=False),
        sa.Column("subject", sa.String(length=20), nullable=False),
        sa.Column("subject_id", sa.String(length=100), nullable=False),
        sa.Column("intent_id", sa.String(length=100), nullable=False),
        sa.Column("key", sa.String(length=64), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("error", sa.String(length=300), nullable=False),
        sa.Column("payment_id", sa.Integer(), nullable=True),
        sa.CheckConstraint("state IN ('waiting', 'applied', 'ignored')", name=op.f("ck_webhook_events_state_known")),
        sa.ForeignKeyConstraint(["payment_id"], ["payments.id"], name=op.f("fk_webhook_events_payment_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_webhook_events")),
    )
    op.create_index("ix_webhook_events_payment", "webhook_events", ["payment_id", "received_at"], unique=False)
    op.create_index("ix_webhook_events_waiting", "webhook_events", ["state", "due_at"], unique=False)
    op.create_table(
        "ledger_entries",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("transaction_id", sa.Integer(), nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("account", sa.String(length=20), nullable=False),
        sa.Column("amount_cents", sa.Integer(), nullable=False),
        sa.Column("client_id", sa.Integer(), nullable=False),
        sa.Column("counselor_id", sa.Integer(), nullable=True),
        sa.Column("invoice_id", sa.Integer(), nullable=True),
        sa.CheckConstraint("amount_cents <> 0", name=op.f("ck_ledger_entries_amount_not_zero")),
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
    op.create_index("ix_ledger_entries_account", "ledger_entries", ["account", "client_id"], unique=False)
    op.create_index("ix_ledger_entries_invoice", "ledger_entries", ["invoice_id", "account"], unique=False)
    op.create_index("ix_ledger_entries_transaction", "ledger_entries", ["transaction_id"], unique=False)
    op.execute("INSERT INTO invoice_series (name, next_number) VALUES ('invoice', 1)")
    op.execute("INSERT INTO ledger_balanced (open_cents) VALUES (0)")


def downgrade() -> None:
    for table in TABLES:
        op.drop_table(table)
