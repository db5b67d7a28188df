"""How services are paid, and charging a card by itself."""

import sqlalchemy as sa
from alembic import op

revision = "0044_paying"
down_revision = "0034_settlements"
branch_labels = None
depends_on = None

BOOKINGS = "('full', 'deposit', 'card', 'nothing')"
TABLES = ("collections", "autopay_agreements", "agreed_paying", "paying_rules")


def upgrade() -> None:
    _rules()
    _agreed()
    _autopay()
    _collections()


def downgrade() -> None:
    for table in TABLES:
        op.drop_table(table)


def _number(name: str, *, nullable: bool = False) -> sa.Column[int]:
    return sa.Column(name, sa.Integer(), nullable=nullable)


def _text(name: str, length: int) -> sa.Column[str]:
    return sa.Column(name, sa.String(length=length), nullable=False)


def _when(name: str, *, nullable: bool = False) -> sa.Column[object]:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=nullable)


def _check(table: str, name: str, condition: str) -> sa.CheckConstraint:
    return sa.CheckConstraint(condition, name=op.f(f"ck_{table}_{name}"))


def _key(table: str, column: str, other: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [f"{other}.id"], name=op.f(f"fk_{table}_{column}"))


def _rules() -> None:
    table = "paying_rules"
    op.create_table(
        table,
        sa.Column("service_id", sa.Integer(), autoincrement=False, nullable=False),
        _text("booking", 8),
        _text("first_visit", 8),
        _text("basis", 8),
        _number("value"),
        _text("rest", 8),
        _check(table, "booking_known", f"booking IN {BOOKINGS}"),
        _check(table, "first_visit_known", f"first_visit IN {BOOKINGS}"),
        _check(table, "basis_known", "basis IN ('percent', 'amount')"),
        _check(table, "rest_known", "rest IN ('before', 'after')"),
        _check(table, "value_bounds", "value > 0 AND (basis <> 'percent' OR value <= 100)"),
        _key(table, "service_id", "services"),
        sa.PrimaryKeyConstraint("service_id", name=op.f(f"pk_{table}")),
    )


def _agreed() -> None:
    table = "agreed_paying"
    op.create_table(
        table,
        sa.Column("appointment_id", sa.Integer(), autoincrement=False, nullable=False),
        _text("booking", 8),
        _number("deposit_cents"),
        _text("rest", 8),
        _when("agreed_at"),
        _check(table, "booking_known", f"booking IN {BOOKINGS}"),
        _check(table, "rest_known", "rest IN ('before', 'after')"),
        _check(table, "deposit_not_negative", "deposit_cents >= 0"),
        _key(table, "appointment_id", "appointments"),
        sa.PrimaryKeyConstraint("appointment_id", name=op.f(f"pk_{table}")),
    )


def _autopay() -> None:
    table = "autopay_agreements"
    op.create_table(
        table,
        _number("id"),
        _number("client_id"),
        _text("words", 500),
        _when("agreed_at"),
        _when("stopped_at", nullable=True),
        _key(table, "client_id", "people"),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{table}")),
    )
    stands = sa.text("stopped_at IS NULL")
    op.create_index(
        "uq_autopay_agreements_stands", table, ["client_id"], unique=True, sqlite_where=stands, postgresql_where=stands
    )


def _collections() -> None:
    table = "collections"
    op.create_table(
        table,
        _number("id"),
        _number("invoice_id"),
        _text("state", 10),
        _when("charge_at"),
        _when("next_at"),
        _number("told_cents"),
        _number("attempts"),
        _number("payment_id", nullable=True),
        _check(
            table,
            "state_known",
            "state IN ('planned', 'told', 'trying', 'asked', 'done', 'given_up', 'stopped')",
        ),
        _check(table, "attempts_not_negative", "attempts >= 0"),
        _key(table, "invoice_id", "invoices"),
        _key(table, "payment_id", "payments"),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{table}")),
        sa.UniqueConstraint("invoice_id", name=op.f(f"uq_{table}_invoice_id")),
    )
    op.create_index("ix_collections_due", table, ["state", "next_at"])
