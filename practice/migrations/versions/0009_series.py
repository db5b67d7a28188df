"""Appointments that recur."""

import sqlalchemy as sa
from alembic import op

revision = "0009_series"
down_revision = "0008_bookings"
branch_labels = None
depends_on = None

CHECKS = {
    "frequency_known": "frequency IN ('weekly', 'monthly')",
    "every_bounds": "every BETWEEN 1 AND 12",
    "weekday_bounds": "weekday BETWEEN 0 AND 6",
    "position_when_monthly": "(frequency = 'monthly') = (position IS NOT NULL)",
    "position_known": "position IN (-1, 1, 2, 3, 4)",
    "minute_bounds": "minute BETWEEN 0 AND 1439",
    "ends_one_way": "(sessions IS NULL) <> (until_on IS NULL)",
    "sessions_bounds": "sessions BETWEEN 2 AND 52",
    "until_after_first": "until_on > first_on",
    "two_people": "counselor_id <> client_id",
}
REFERENCES = {
    "counselor_id": "people.id",
    "client_id": "people.id",
    "service_id": "services.id",
    "created_by_id": "people.id",
}


def upgrade() -> None:
    op.create_table(
        "appointment_series",
        sa.Column("id", sa.Integer(), nullable=False),
        *(sa.Column(name, sa.Integer(), nullable=False) for name in REFERENCES),
        sa.Column("continues_id", sa.Integer(), nullable=True),
        sa.Column("zone", sa.String(length=60), nullable=False),
        sa.Column("frequency", sa.String(length=8), nullable=False),
        sa.Column("every", sa.Integer(), nullable=False),
        sa.Column("weekday", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=True),
        sa.Column("minute", sa.Integer(), nullable=False),
        sa.Column("first_on", sa.Date(), nullable=False),
        sa.Column("sessions", sa.Integer(), nullable=True),
        sa.Column("until_on", sa.Date(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        *(sa.CheckConstraint(rule, name=op.f(f"ck_appointment_series_{name}")) for name, rule in CHECKS.items()),
        *(
            sa.ForeignKeyConstraint([name], [target], name=op.f(f"fk_appointment_series_{name}"))
            for name, target in REFERENCES.items()
        ),
        sa.ForeignKeyConstraint(
            ["continues_id"], ["appointment_series.id"], name=op.f("fk_appointment_series_continues_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_appointment_series")),
    )
    op.create_index("ix_appointment_series_counselor", "appointment_series", ["counselor_id", "client_id"])
    op.create_index("ix_appointment_series_client", "appointment_series", ["client_id"])
    # Not in batch mode: that would build the table anew and lose the triggers that guard it.
    op.execute(
        "ALTER TABLE appointments ADD COLUMN series_id INTEGER "
        "CONSTRAINT fk_appointments_series_id REFERENCES appointment_series (id)"
    )
    op.create_index("ix_appointments_series", "appointments", ["series_id"])
    op.execute("ALTER TABLE services ADD COLUMN recurring_allowed BOOLEAN NOT NULL DEFAULT false")


def downgrade() -> None:
    op.execute("ALTER TABLE services DROP COLUMN recurring_allowed")
    op.drop_index("ix_appointments_series", table_name="appointments")
    op.execute("ALTER TABLE appointments DROP COLUMN series_id")
    op.drop_table("appointment_series")
