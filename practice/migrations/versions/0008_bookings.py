"""How a booking comes about and changes: requests, accepted policies, moves that can be undone, fees proposed."""

import sqlalchemy as sa
from alembic import op

revision = "0008_bookings"
down_revision = "0007_hours"
branch_labels = None
depends_on = None


def upgrade() -> None:
    _moves()


def downgrade() -> None:
    op.drop_table("moves")


def _moves() -> None:
    op.create_table(
        "moves",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("appointment_id", sa.Integer(), nullable=False),
        sa.Column("from_starts_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("from_ends_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("to_starts_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("to_ends_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("told_starts_at", sa.DateTime(timezone=True), nullable=False),
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
