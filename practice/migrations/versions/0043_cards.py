"""Cards that clients keep at the payment provider."""

import sqlalchemy as sa
from alembic import op

revision = "0043_cards"
down_revision = "0033_manual_payments"
branch_labels = None
depends_on = None

CARD = "card_id INTEGER CONSTRAINT fk_payments_card_id REFERENCES saved_cards (id)"


def upgrade() -> None:
    op.create_table(
        "card_customers",
        sa.Column("client_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("provider_id", sa.String(length=100), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["client_id"], ["people.id"], name=op.f("fk_card_customers_client_id")),
        sa.PrimaryKeyConstraint("client_id", name=op.f("pk_card_customers")),
        sa.UniqueConstraint("provider_id", name=op.f("uq_card_customers_provider_id")),
    )
    _cards()
    _setups()
    op.execute(f"ALTER TABLE payments ADD COLUMN {CARD}")


def downgrade() -> None:
    op.execute("ALTER TABLE payments DROP COLUMN card_id")
    for table in ("card_setups", "saved_cards", "card_customers"):
        op.drop_table(table)


def _cards() -> None:
    op.create_table(
        "saved_cards",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("client_id", sa.Integer(), nullable=False),
        sa.Column("provider_id", sa.String(length=100), nullable=False),
        sa.Column("shown", sa.LargeBinary(), nullable=False),
        sa.Column("is_usual", sa.Boolean(), nullable=False),
        sa.Column("added_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("removed_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("removed_at IS NULL OR NOT is_usual", name=op.f("ck_saved_cards_usual_is_kept")),
        sa.ForeignKeyConstraint(["client_id"], ["people.id"], name=op.f("fk_saved_cards_client_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_saved_cards")),
        sa.UniqueConstraint("provider_id", name=op.f("uq_saved_cards_provider_id")),
    )
    usual = sa.text("is_usual")
    op.create_index(
        "uq_saved_cards_usual", "saved_cards", ["client_id"], unique=True, sqlite_where=usual, postgresql_where=usual
    )
    op.create_index("ix_saved_cards_client", "saved_cards", ["client_id", "removed_at"])


def _setups() -> None:
    op.create_table(
        "card_setups",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("uid", sa.String(length=32), nullable=False),
        sa.Column("client_id", sa.Integer(), nullable=False),
        sa.Column("appointment_id", sa.Integer(), nullable=True),
        sa.Column("stage", sa.String(length=8), nullable=False),
        sa.Column("checkout_id", sa.String(length=100), nullable=True),
        sa.Column("checkout_url", sa.LargeBinary(), nullable=True),
        sa.Column("card_id", sa.Integer(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("checked_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("stage IN ('new', 'open', 'done', 'closed')", name=op.f("ck_card_setups_stage_known")),
        sa.ForeignKeyConstraint(["client_id"], ["people.id"], name=op.f("fk_card_setups_client_id")),
        sa.ForeignKeyConstraint(["appointment_id"], ["appointments.id"], name=op.f("fk_card_setups_appointment_id")),
        sa.ForeignKeyConstraint(["card_id"], ["saved_cards.id"], name=op.f("fk_card_setups_card_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_card_setups")),
        sa.UniqueConstraint("checkout_id", name=op.f("uq_card_setups_checkout_id")),
        sa.UniqueConstraint("uid", name=op.f("uq_card_setups_uid")),
    )
    op.create_index("ix_card_setups_open", "card_setups", ["stage", "checked_at"])
    op.create_index("ix_card_setups_client", "card_setups", ["client_id"])
