"""How a booking comes about and changes: requests, accepted policies, moves that can be undone, fees proposed."""

import sqlalchemy as sa
from alembic import op

revision = "0008_bookings"
down_revision = "0007_hours"
branch_labels = None
depends_on = None


FEE_VALUES = "late_value >= 0 AND missed_value >= 0"
FEE_PERCENT = "(late_basis <> 'percent' OR late_value <= 100) AND (missed_basis <> 'percent' OR missed_value <= 100)"
FEE_BASES = "late_basis IN ('none', 'percent', 'amount') AND missed_basis IN ('none', 'percent', 'amount')"


def upgrade() -> None:
    _policies()
    _appointments()
    _moves()
    _fees()


def downgrade() -> None:
    for table in ("fee_proposals", "moves"):
        op.drop_table(table)
    op.drop_column("services", "on_request")
    if op.get_bind().dialect.name == "postgresql":
        for column in ("policy_id", "accepted_at", "answer_by", "approved_at", "kept_by"):
            op.drop_column("appointments", column)
    # SQLite cannot drop a column that a constraint names; the tables go with 0002.
    for table in ("booking_policies", "fee_rules"):
        op.drop_table(table)


def _policies() -> None:
    op.create_table(
        "fee_rules",
        sa.Column("id", sa.Integer(), nullable=False),
        *_fee_columns(),
        sa.CheckConstraint("id = 1", name=op.f("ck_fee_rules_one_row")),
        sa.CheckConstraint(FEE_BASES, name=op.f("ck_fee_rules_basis_known")),
        sa.CheckConstraint(FEE_VALUES, name=op.f("ck_fee_rules_values_not_negative")),
        sa.CheckConstraint(FEE_PERCENT, name=op.f("ck_fee_rules_percent_bounds")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_fee_rules")),
    )
    op.create_table(
        "booking_policies",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("text_hash", sa.String(length=64), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        *_fee_columns(),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(FEE_BASES, name=op.f("ck_booking_policies_basis_known")),
        sa.CheckConstraint(FEE_VALUES, name=op.f("ck_booking_policies_values_not_negative")),
        sa.CheckConstraint(FEE_PERCENT, name=op.f("ck_booking_policies_percent_bounds")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_booking_policies")),
        sa.UniqueConstraint("text_hash", name=op.f("uq_booking_policies_text_hash")),
    )


def _fee_columns() -> tuple[sa.Column[object], ...]:
    return (
        sa.Column("late_basis", sa.String(length=8), nullable=False),
        sa.Column("late_value", sa.Integer(), nullable=False),
        sa.Column("missed_basis", sa.String(length=8), nullable=False),
        sa.Column("missed_value", sa.Integer(), nullable=False),
    )


def _appointments() -> None:
    instant = "TIMESTAMP WITH TIME ZONE" if op.get_bind().dialect.name == "postgresql" else "DATETIME"
    add = "ALTER TABLE appointments ADD COLUMN"
    op.execute(f"{add} policy_id INTEGER CONSTRAINT fk_appointments_policy_id REFERENCES booking_policies (id)")
    op.execute(
        f"{add} accepted_at {instant} "
        "CONSTRAINT ck_appointments_accepted_when CHECK ((policy_id IS NULL) = (accepted_at IS NULL))"
    )
    op.execute(
        f"{add} answer_by {instant} "
        "CONSTRAINT ck_appointments_answer_by_when CHECK (status <> 'requested' OR answer_by IS NOT NULL)"
    )
    op.execute(f"{add} approved_at {instant}")
    op.execute(f"{add} kept_by VARCHAR(36)")
    op.add_column("services", sa.Column("on_request", sa.Boolean(), nullable=False, server_default=sa.false()))


def _fees() -> None:
    op.create_table(
        "fee_proposals",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("appointment_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=12), nullable=False),
        sa.Column("amount_cents", sa.Integer(), nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("status", sa.String(length=10), nullable=False),
        sa.Column("fault", sa.String(length=200), nullable=True),
        sa.Column("proposed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("decided_by_id", sa.Integer(), nullable=True),
        sa.Column("reason", sa.LargeBinary(), nullable=True),
        sa.CheckConstraint("kind IN ('late_cancel', 'no_show')", name=op.f("ck_fee_proposals_kind_known")),
        sa.CheckConstraint(
            "status IN ('proposed', 'barred', 'charged', 'waived', 'withdrawn')",
            name=op.f("ck_fee_proposals_status_known"),
        ),
        sa.CheckConstraint("amount_cents >= 0", name=op.f("ck_fee_proposals_amount_not_negative")),
        sa.CheckConstraint("length(currency) = 3", name=op.f("ck_fee_proposals_currency_code")),
        sa.CheckConstraint(
            "status NOT IN ('charged', 'waived') OR decided_at IS NOT NULL", name=op.f("ck_fee_proposals_decided_when")
        ),
        sa.CheckConstraint("status <> 'waived' OR reason IS NOT NULL", name=op.f("ck_fee_proposals_waived_why")),
        sa.CheckConstraint("status <> 'charged' OR fault IS NULL", name=op.f("ck_fee_proposals_never_after_a_fault")),
        sa.ForeignKeyConstraint(["appointment_id"], ["appointments.id"], name=op.f("fk_fee_proposals_appointment_id")),
        sa.ForeignKeyConstraint(["decided_by_id"], ["people.id"], name=op.f("fk_fee_proposals_decided_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_fee_proposals")),
        sa.UniqueConstraint("appointment_id", name=op.f("uq_fee_proposals_appointment_id")),
    )
    op.create_index("ix_fee_proposals_status", "fee_proposals", ["status", "proposed_at"], unique=False)


def _moves() -> None:
    op.create_table(
        "moves",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("appointment_id", sa.Integer(), nullable=True),
        sa.Column("from_starts_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("from_ends_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("to_starts_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("to_ends_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("told_starts_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("told_ends_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=False),
        sa.Column("moved_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("undo_until", sa.DateTime(timezone=True), nullable=False),
        sa.Column("undone_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "from_starts_at < from_ends_at AND to_starts_at < to_ends_at", name=op.f("ck_moves_times_in_order")
        ),
        sa.ForeignKeyConstraint(["appointment_id"], ["appointments.id"], name=op.f("fk_moves_appointment_id")),
        sa.ForeignKeyConstraint(["by_id"], ["people.id"], name=op.f("fk_moves_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_moves")),
    )
    op.create_index("ix_moves_appointment", "moves", ["appointment_id", "undo_until"], unique=False)
