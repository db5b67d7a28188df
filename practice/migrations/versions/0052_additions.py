"""Additions to a session: what a counselor asks for them, and the session that an invoice adds to."""

import sqlalchemy as sa
from alembic import op

revision = "0052_additions"
down_revision = "0048_billers"
branch_labels = None
depends_on = None

KEY = "CONSTRAINT fk_invoices_addition_to_id REFERENCES appointments (id)"


def upgrade() -> None:
    op.execute(f"ALTER TABLE invoices ADD COLUMN addition_to_id INTEGER {KEY}")
    op.create_index("ix_invoices_addition", "invoices", ["addition_to_id"])
    op.create_table(
        "addition_fees",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("counselor_id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=5), nullable=False),
        sa.Column("unit_cents", sa.Integer(), nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.CheckConstraint("unit_cents > 0", name=op.f("ck_addition_fees_unit_positive")),
        sa.CheckConstraint("length(currency) = 3", name=op.f("ck_addition_fees_currency_code")),
        sa.ForeignKeyConstraint(["counselor_id"], ["people.id"], name=op.f("fk_addition_fees_counselor_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_addition_fees")),
        sa.UniqueConstraint("counselor_id", "code", name=op.f("uq_addition_fees_counselor_id_code")),
    )


def downgrade() -> None:
    op.drop_table("addition_fees")
    op.drop_index("ix_invoices_addition", "invoices")
    op.execute("ALTER TABLE invoices DROP COLUMN addition_to_id")
