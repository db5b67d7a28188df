"""What the card company moves by itself: its statement, its payouts, and payments that a bank asks back."""

import sqlalchemy as sa
from alembic import op

revision = "0034_settlements"
down_revision = "0035_papers"
branch_labels = None
depends_on = None


def upgrade() -> None:
    _create_provider_lines()
    _create_payouts()
    _create_disputes()


def downgrade() -> None:
    op.drop_table("disputes")
    op.drop_table("payouts")
    op.drop_table("provider_lines")


def _create_provider_lines() -> None:
    op.create_table(
        "provider_lines",
        sa.Column("id", sa.String(length=80), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("amount_cents", sa.Integer(), nullable=False),
        sa.Column("fee_cents", sa.Integer(), nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("source", sa.String(length=80), nullable=False),
        sa.Column("payment_id", sa.Integer(), nullable=True),
        sa.Column("payout_id", sa.String(length=80), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("read_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "kind IN ('charge', 'refund', 'refund_failed', 'dispute', 'dispute_won', 'fee', 'payout',"
            " 'payout_failed', 'transfer', 'transfer_back', 'other')",
            name=op.f("ck_provider_lines_kind_known"),
        ),
        sa.CheckConstraint("length(currency) = 3", name=op.f("ck_provider_lines_currency_code")),
        sa.ForeignKeyConstraint(["payment_id"], ["payments.id"], name=op.f("fk_provider_lines_payment_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_provider_lines")),
    )
    for name, column in (
        ("created", "created_at"),
        ("source",) * 2,
        ("payment", "payment_id"),
        ("payout", "payout_id"),
    ):
        op.create_index(f"ix_provider_lines_{name}", "provider_lines", [column])


def _create_payouts() -> None:
    op.create_table(
        "payouts",
        sa.Column("id", sa.String(length=80), nullable=False),
        sa.Column("amount_cents", sa.Integer(), nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("stage", sa.String(length=12), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("arrives_on", sa.Date(), nullable=False),
        sa.Column("problem", sa.String(length=80), nullable=False),
        sa.Column("checked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("itemised_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("stage IN ('pending', 'in_transit', 'paid', 'failed')", name=op.f("ck_payouts_stage_known")),
        sa.CheckConstraint("amount_cents <> 0", name=op.f("ck_payouts_amount_not_zero")),
        sa.CheckConstraint("length(currency) = 3", name=op.f("ck_payouts_currency_code")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_payouts")),
    )
    op.create_index("ix_payouts_created", "payouts", ["created_at"])


def _create_disputes() -> None:
    op.create_table(
        "disputes",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("provider_id", sa.String(length=80), nullable=False),
        sa.Column("payment_id", sa.Integer(), nullable=False),
        sa.Column("amount_cents", sa.Integer(), nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("stage", sa.String(length=12), nullable=False),
        sa.Column("reason", sa.String(length=40), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("heard_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("checked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("settled_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("withdrawn_cents", sa.Integer(), nullable=False),
        sa.Column("returned_cents", sa.Integer(), nullable=False),
        sa.Column("answer", sa.LargeBinary(), nullable=True),
        sa.Column("answer_key", sa.String(length=32), nullable=True),
        sa.Column("answered_by_id", sa.Integer(), nullable=True),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("problem", sa.String(length=300), nullable=False),
        sa.CheckConstraint(
            "stage IN ('asked', 'reviewed', 'closed', 'lost', 'won')", name=op.f("ck_disputes_stage_known")
        ),
        sa.CheckConstraint("amount_cents > 0", name=op.f("ck_disputes_amount_positive")),
        sa.CheckConstraint(
            "returned_cents BETWEEN 0 AND withdrawn_cents", name=op.f("ck_disputes_returned_within_withdrawn")
        ),
        sa.CheckConstraint("(answer IS NULL) = (answer_key IS NULL)", name=op.f("ck_disputes_answer_has_key")),
        sa.CheckConstraint("sent_at IS NULL OR answer IS NOT NULL", name=op.f("ck_disputes_sent_is_answered")),
        sa.ForeignKeyConstraint(["payment_id"], ["payments.id"], name=op.f("fk_disputes_payment_id")),
        sa.ForeignKeyConstraint(["answered_by_id"], ["people.id"], name=op.f("fk_disputes_answered_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_disputes")),
        sa.UniqueConstraint("provider_id", name=op.f("uq_disputes_provider_id")),
        sa.UniqueConstraint("answer_key", name=op.f("uq_disputes_answer_key")),
    )
    op.create_index("ix_disputes_payment", "disputes", ["payment_id"])
    op.create_index("ix_disputes_open", "disputes", ["stage", "due_at"])
