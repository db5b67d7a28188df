"""A payment may be for an invoice that is about no session.

SQLite cannot loosen a column where it stands; that it may be empty changes nothing on disk, so its
words in the schema are changed (https://www.sqlite.org/lang_altertable.html, section 8).
"""

import sqlalchemy as sa
from alembic import op

revision = "0042_bills"
down_revision = "0036_ends"
branch_labels = None
depends_on = None

BILL = (
    "bill_id INTEGER CONSTRAINT fk_payments_bill_id REFERENCES invoices (id)"
    " CONSTRAINT ck_payments_for_one_thing CHECK ((appointment_id IS NULL) <> (bill_id IS NULL))"
)
STRICT, LOOSE = "appointment_id INTEGER NOT NULL", "appointment_id INTEGER"


def upgrade() -> None:
    _let_appointment_be_missing(True)
    op.execute(f"ALTER TABLE payments ADD COLUMN {BILL}")
    unpaid = sa.text("status IN ('new', 'open')")
    op.create_index(
        "uq_payments_one_unpaid_bill",
        "payments",
        ["bill_id"],
        unique=True,
        sqlite_where=unpaid,
        postgresql_where=unpaid,
    )


def downgrade() -> None:
    op.drop_index("uq_payments_one_unpaid_bill", "payments")
    op.execute("ALTER TABLE payments DROP COLUMN bill_id")
    _let_appointment_be_missing(False)


def _let_appointment_be_missing(missing: bool) -> None:
    connection = op.get_bind()
    if connection.dialect.name == "postgresql":
        op.alter_column("payments", "appointment_id", nullable=missing)
        return
    before, after = (STRICT, LOOSE) if missing else (LOOSE, STRICT)
    version = connection.exec_driver_sql("PRAGMA schema_version").scalar_one()
    connection.exec_driver_sql("PRAGMA writable_schema = ON")
    connection.execute(
        sa.text("UPDATE sqlite_master SET sql = replace(sql, :before, :after) WHERE name = 'payments'"),
        {"before": before, "after": after},
    )
    connection.exec_driver_sql(f"PRAGMA schema_version = {version + 1}")
    connection.exec_driver_sql("PRAGMA writable_schema = RESET")
