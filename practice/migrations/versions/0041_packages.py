"""Several sessions bought ahead: packages on offer, those sold, and the sessions booked on them."""

import sqlalchemy as sa
from alembic import op

revision = "0041_packages"
down_revision = "0044_paying"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "packages",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("service_id", sa.Integer(), nullable=False),
        sa.Column("sessions", sa.Integer(), nullable=False),
        sa.Column("unit_cents", sa.Integer(), nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("valid_days", sa.Integer(), nullable=True),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("made_by_id", sa.Integer(), nullable=False),
        sa.CheckConstraint("sessions BETWEEN 2 AND 100", name=op.f("ck_packages_sessions_bounds")),
        sa.CheckConstraint("unit_cents > 0", name=op.f("ck_packages_unit_positive")),
        sa.CheckConstraint("length(currency) = 3", name=op.f("ck_packages_currency_code")),
        sa.CheckConstraint("valid_days BETWEEN 30 AND 1826", name=op.f("ck_packages_valid_days_bounds")),
        sa.ForeignKeyConstraint(["service_id"], ["services.id"], name=op.f("fk_packages_service_id")),
        sa.ForeignKeyConstraint(["made_by_id"], ["people.id"], name=op.f("fk_packages_made_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_packages")),
    )
    op.create_index("ix_packages_service", "packages", ["service_id"])
    op.create_table(
        "sold_packages",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("package_id", sa.Integer(), nullable=False),
        sa.Column("service_id", sa.Integer(), nullable=False),
        sa.Column("client_id", sa.Integer(), nullable=False),
        sa.Column("lot_id", sa.Integer(), nullable=False),
        sa.Column("invoice_id", sa.Integer(), nullable=False),
        sa.Column("sessions", sa.Integer(), nullable=False),
        sa.Column("unit_cents", sa.Integer(), nullable=False),
        sa.Column("sold_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("sold_by_id", sa.Integer(), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("low_told_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("form_key", sa.String(length=40), nullable=False),
        sa.CheckConstraint("sessions > 0", name=op.f("ck_sold_packages_sessions_positive")),
        sa.CheckConstraint("unit_cents > 0", name=op.f("ck_sold_packages_unit_positive")),
        sa.ForeignKeyConstraint(["package_id"], ["packages.id"], name=op.f("fk_sold_packages_package_id")),
        sa.ForeignKeyConstraint(["service_id"], ["services.id"], name=op.f("fk_sold_packages_service_id")),
        sa.ForeignKeyConstraint(["client_id"], ["people.id"], name=op.f("fk_sold_packages_client_id")),
        sa.ForeignKeyConstraint(["lot_id"], ["credit_lots.id"], name=op.f("fk_sold_packages_lot_id")),
        sa.ForeignKeyConstraint(["invoice_id"], ["invoices.id"], name=op.f("fk_sold_packages_invoice_id")),
        sa.ForeignKeyConstraint(["sold_by_id"], ["people.id"], name=op.f("fk_sold_packages_sold_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sold_packages")),
        sa.UniqueConstraint("form_key", name=op.f("uq_sold_packages_form_key")),
        sa.UniqueConstraint("invoice_id", name=op.f("uq_sold_packages_invoice_id")),
        sa.UniqueConstraint("lot_id", name=op.f("uq_sold_packages_lot_id")),
    )
    op.create_index("ix_sold_packages_client", "sold_packages", ["client_id"])
    op.create_table(
        "redemptions",
        sa.Column("appointment_id", sa.Integer(), nullable=False),
        sa.Column("sold_id", sa.Integer(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("released_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["appointment_id"], ["appointments.id"], name=op.f("fk_redemptions_appointment_id")),
        sa.ForeignKeyConstraint(["sold_id"], ["sold_packages.id"], name=op.f("fk_redemptions_sold_id")),
        sa.PrimaryKeyConstraint("appointment_id", name=op.f("pk_redemptions")),
    )
    op.create_index("ix_redemptions_sold", "redemptions", ["sold_id"])


def downgrade() -> None:
    op.drop_table("redemptions")
    op.drop_table("sold_packages")
    op.drop_table("packages")
