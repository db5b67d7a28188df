"""Prices below the usual: the sliding scale, what was agreed with clients, and vouchers."""

import sqlalchemy as sa
from alembic import op

revision = "0045_lowered_prices"
down_revision = "0041_packages"
branch_labels = None
depends_on = None

STANDING = sa.text("ended_at IS NULL")
COUNTS = sa.text("released_at IS NULL")


def upgrade() -> None:
    op.create_table(
        "tiers",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("percent", sa.Integer(), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("percent BETWEEN 1 AND 99", name=op.f("ck_tiers_percent_bounds")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_tiers")),
    )
    _create_agreed_prices()
    _create_vouchers()


def downgrade() -> None:
    op.drop_table("voucher_uses")
    op.drop_table("vouchers")
    op.drop_table("agreed_prices")
    op.drop_table("tiers")


def _create_agreed_prices() -> None:
    op.create_table(
        "agreed_prices",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("client_id", sa.Integer(), nullable=False),
        sa.Column("tier_id", sa.Integer(), nullable=True),
        sa.Column("percent", sa.Integer(), nullable=False),
        sa.Column("attested_words", sa.Text(), nullable=True),
        sa.Column("reason", sa.LargeBinary(), nullable=True),
        sa.Column("review_on", sa.Date(), nullable=False),
        sa.Column("made_by_id", sa.Integer(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("told_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_by_id", sa.Integer(), nullable=True),
        sa.CheckConstraint("percent BETWEEN 0 AND 99", name=op.f("ck_agreed_prices_percent_bounds")),
        sa.CheckConstraint(
            "(attested_words IS NULL) = (tier_id IS NULL)", name=op.f("ck_agreed_prices_attested_to_a_tier")
        ),
        sa.CheckConstraint("(ended_at IS NULL) = (ended_by_id IS NULL)", name=op.f("ck_agreed_prices_ended_whole")),
        sa.ForeignKeyConstraint(["client_id"], ["people.id"], name=op.f("fk_agreed_prices_client_id")),
        sa.ForeignKeyConstraint(["tier_id"], ["tiers.id"], name=op.f("fk_agreed_prices_tier_id")),
        sa.ForeignKeyConstraint(["made_by_id"], ["people.id"], name=op.f("fk_agreed_prices_made_by_id")),
        sa.ForeignKeyConstraint(["ended_by_id"], ["people.id"], name=op.f("fk_agreed_prices_ended_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_agreed_prices")),
    )
    op.create_index(
        "uq_agreed_prices_one",
        "agreed_prices",
        ["client_id"],
        unique=True,
        sqlite_where=STANDING,
        postgresql_where=STANDING,
    )
    op.create_index("ix_agreed_prices_review", "agreed_prices", ["review_on"])


def _create_vouchers() -> None:
    op.create_table(
        "vouchers",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=24), nullable=False),
        sa.Column("percent", sa.Integer(), nullable=True),
        sa.Column("amount_cents", sa.Integer(), nullable=True),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("service_id", sa.Integer(), nullable=True),
        sa.Column("most_uses", sa.Integer(), nullable=True),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("made_by_id", sa.Integer(), nullable=False),
        sa.CheckConstraint("(percent IS NULL) <> (amount_cents IS NULL)", name=op.f("ck_vouchers_one_measure")),
        sa.CheckConstraint("percent BETWEEN 1 AND 100", name=op.f("ck_vouchers_percent_bounds")),
        sa.CheckConstraint("amount_cents > 0", name=op.f("ck_vouchers_amount_positive")),
        sa.CheckConstraint("length(currency) = 3", name=op.f("ck_vouchers_currency_code")),
        sa.CheckConstraint("most_uses > 0", name=op.f("ck_vouchers_most_uses_positive")),
        sa.ForeignKeyConstraint(["service_id"], ["services.id"], name=op.f("fk_vouchers_service_id")),
        sa.ForeignKeyConstraint(["made_by_id"], ["people.id"], name=op.f("fk_vouchers_made_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_vouchers")),
        sa.UniqueConstraint("code", name=op.f("uq_vouchers_code")),
    )
    op.create_table(
        "voucher_uses",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("voucher_id", sa.Integer(), nullable=False),
        sa.Column("client_id", sa.Integer(), nullable=False),
        sa.Column("appointment_id", sa.Integer(), nullable=False),
        sa.Column("cents", sa.Integer(), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("released_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("cents > 0", name=op.f("ck_voucher_uses_cents_positive")),
        sa.ForeignKeyConstraint(["voucher_id"], ["vouchers.id"], name=op.f("fk_voucher_uses_voucher_id")),
        sa.ForeignKeyConstraint(["client_id"], ["people.id"], name=op.f("fk_voucher_uses_client_id")),
        sa.ForeignKeyConstraint(["appointment_id"], ["appointments.id"], name=op.f("fk_voucher_uses_appointment_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_voucher_uses")),
    )
    for name, columns in (
        ("uq_voucher_uses_session", ["appointment_id"]),
        ("uq_voucher_uses_client", ["voucher_id", "client_id"]),
    ):
        op.create_index(name, "voucher_uses", columns, unique=True, sqlite_where=COUNTS, postgresql_where=COUNTS)
