"""What counselors offer, appointments, and the guard that no two overlap."""

import sqlalchemy as sa
from alembic import op

revision = "0002_booking"
down_revision = "0001_practice"
branch_labels = None
depends_on = None

LIVE = "('held', 'confirmed', 'completed', 'no_show')"
RANGES = {
    "ex_appointments_counselor_overlap": ("counselor_id", "blocked_from", "blocked_until"),
    "ex_appointments_client_overlap": ("client_id", "starts_at", "ends_at"),
}
WATCHED = "counselor_id, client_id, starts_at, ends_at, blocked_from, blocked_until, status"


def upgrade() -> None:
    op.create_table(
        "booking_rules",
        sa.Column("counselor_id", sa.Integer(), nullable=False),
        sa.Column("notice_minutes", sa.Integer(), nullable=False),
        sa.Column("horizon_days", sa.Integer(), nullable=False),
        sa.Column("step_minutes", sa.Integer(), nullable=False),
        sa.Column("restarts", sa.Boolean(), nullable=False),
        sa.CheckConstraint("horizon_days BETWEEN 1 AND 365", name=op.f("ck_booking_rules_horizon_bounds")),
        sa.CheckConstraint("notice_minutes BETWEEN 0 AND 43200", name=op.f("ck_booking_rules_notice_bounds")),
        sa.CheckConstraint("step_minutes BETWEEN 5 AND 240", name=op.f("ck_booking_rules_step_bounds")),
        sa.ForeignKeyConstraint(["counselor_id"], ["people.id"], name=op.f("fk_booking_rules_counselor_id")),
        sa.PrimaryKeyConstraint("counselor_id", name=op.f("pk_booking_rules")),
    )
    op.create_table(
        "date_overrides",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("counselor_id", sa.Integer(), nullable=False),
        sa.Column("falls_on", sa.Date(), nullable=False),
        sa.Column("opens", sa.Integer(), nullable=True),
        sa.Column("closes", sa.Integer(), nullable=True),
        sa.CheckConstraint(
            "(opens IS NULL AND closes IS NULL) OR (opens >= 0 AND opens < closes AND closes <= 1440)",
            name=op.f("ck_date_overrides_opens_before_closes"),
        ),
        sa.ForeignKeyConstraint(["counselor_id"], ["people.id"], name=op.f("fk_date_overrides_counselor_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_date_overrides")),
        sa.UniqueConstraint(
            "counselor_id", "falls_on", "opens", name=op.f("uq_date_overrides_counselor_id_falls_on_opens")
        ),
    )
    op.create_table(
        "services",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("counselor_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("description", sa.Text(), nullable=False),
        sa.Column("minutes", sa.Integer(), nullable=False),
        sa.Column("price_cents", sa.Integer(), nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("buffer_before", sa.Integer(), nullable=False),
        sa.Column("buffer_after", sa.Integer(), nullable=False),
        sa.Column("cpt_code", sa.String(length=5), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.CheckConstraint("buffer_after BETWEEN 0 AND 240", name=op.f("ck_services_buffer_after_bounds")),
        sa.CheckConstraint("buffer_before BETWEEN 0 AND 240", name=op.f("ck_services_buffer_before_bounds")),
        sa.CheckConstraint("length(currency) = 3", name=op.f("ck_services_currency_code")),
        sa.CheckConstraint("minutes BETWEEN 5 AND 480", name=op.f("ck_services_minutes_bounds")),
        sa.CheckConstraint("price_cents >= 0", name=op.f("ck_services_price_not_negative")),
        sa.ForeignKeyConstraint(["counselor_id"], ["people.id"], name=op.f("fk_services_counselor_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_services")),
    )
    op.create_index("ix_services_counselor", "services", ["counselor_id"], unique=False)
    op.create_table(
        "time_off",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("counselor_id", sa.Integer(), nullable=False),
        sa.Column("starts_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("label", sa.String(length=80), nullable=False),
        sa.CheckConstraint("starts_at < ends_at", name=op.f("ck_time_off_starts_before_ends")),
        sa.ForeignKeyConstraint(["counselor_id"], ["people.id"], name=op.f("fk_time_off_counselor_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_time_off")),
    )
    op.create_index("ix_time_off_counselor", "time_off", ["counselor_id", "ends_at"], unique=False)
    op.create_table(
        "weekly_hours",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("counselor_id", sa.Integer(), nullable=False),
        sa.Column("weekday", sa.Integer(), nullable=False),
        sa.Column("opens", sa.Integer(), nullable=False),
        sa.Column("closes", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "opens >= 0 AND opens < closes AND closes <= 1440", name=op.f("ck_weekly_hours_opens_before_closes")
        ),
        sa.CheckConstraint("weekday BETWEEN 0 AND 6", name=op.f("ck_weekly_hours_weekday_known")),
        sa.ForeignKeyConstraint(["counselor_id"], ["people.id"], name=op.f("fk_weekly_hours_counselor_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_weekly_hours")),
        sa.UniqueConstraint(
            "counselor_id", "weekday", "opens", name=op.f("uq_weekly_hours_counselor_id_weekday_opens")
        ),
    )
    op.create_table(
        "locations",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("counselor_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("address", sa.String(length=300), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["counselor_id"], ["people.id"], name=op.f("fk_locations_counselor_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_locations")),
    )
    op.create_index("ix_locations_counselor", "locations", ["counselor_id"], unique=False)
    op.create_table(
        "appointments",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("uid", sa.String(length=36), nullable=False),
        sa.Column("counselor_id", sa.Integer(), nullable=False),
        sa.Column("client_id", sa.Integer(), nullable=False),
        sa.Column("service_id", sa.Integer(), nullable=False),
        sa.Column("mode", sa.String(length=12), nullable=False),
        sa.Column("location_id", sa.Integer(), nullable=True),
        sa.Column("starts_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("blocked_from", sa.DateTime(timezone=True), nullable=False),
        sa.Column("blocked_until", sa.DateTime(timezone=True), nullable=False),
        sa.Column("status", sa.String(length=12), nullable=False),
        sa.Column("held_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("price_cents", sa.Integer(), nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.Column("cancellation_notice_hours", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("confirmed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("cancelled_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("cancelled_by_id", sa.Integer(), nullable=True),
        sa.Column("cancelled_late", sa.Boolean(), nullable=False),
        sa.Column("cancel_reason", sa.LargeBinary(), nullable=True),
        sa.CheckConstraint(
            "status <> 'cancelled' OR cancelled_at IS NOT NULL", name=op.f("ck_appointments_cancelled_when")
        ),
        sa.CheckConstraint("status <> 'held' OR held_until IS NOT NULL", name=op.f("ck_appointments_held_until_when")),
        sa.CheckConstraint(
            "status IN ('held', 'confirmed', 'completed', 'no_show', 'cancelled', 'expired', 'requested', 'declined')",
            name=op.f("ck_appointments_status_known"),
        ),
        sa.CheckConstraint(
            "status NOT IN ('confirmed', 'completed', 'no_show') OR confirmed_at IS NOT NULL",
            name=op.f("ck_appointments_confirmed_when"),
        ),
        sa.CheckConstraint(
            "blocked_from <= starts_at AND starts_at < ends_at AND ends_at <= blocked_until",
            name=op.f("ck_appointments_times_in_order"),
        ),
        sa.CheckConstraint("mode IN ('video', 'phone', 'in_person')", name=op.f("ck_appointments_mode_known")),
        sa.CheckConstraint("cancellation_notice_hours >= 0", name=op.f("ck_appointments_notice_not_negative")),
        sa.CheckConstraint("counselor_id <> client_id", name=op.f("ck_appointments_two_people")),
        sa.CheckConstraint("length(currency) = 3", name=op.f("ck_appointments_currency_code")),
        sa.CheckConstraint("price_cents >= 0", name=op.f("ck_appointments_price_not_negative")),
        sa.CheckConstraint("sequence >= 0", name=op.f("ck_appointments_sequence_not_negative")),
        sa.ForeignKeyConstraint(["cancelled_by_id"], ["people.id"], name=op.f("fk_appointments_cancelled_by_id")),
        sa.ForeignKeyConstraint(["client_id"], ["people.id"], name=op.f("fk_appointments_client_id")),
        sa.ForeignKeyConstraint(["counselor_id"], ["people.id"], name=op.f("fk_appointments_counselor_id")),
        sa.ForeignKeyConstraint(["location_id"], ["locations.id"], name=op.f("fk_appointments_location_id")),
        sa.ForeignKeyConstraint(["service_id"], ["services.id"], name=op.f("fk_appointments_service_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_appointments")),
        sa.UniqueConstraint("uid", name=op.f("uq_appointments_uid")),
    )
    op.create_index("ix_appointments_client_ends", "appointments", ["client_id", "ends_at"], unique=False)
    op.create_index(
        "ix_appointments_counselor_blocked",
        "appointments",
        ["counselor_id", "blocked_until", "blocked_from", "status", "held_until"],
        unique=False,
    )
    op.create_index("ix_appointments_held", "appointments", ["status", "held_until"], unique=False)
    op.create_index("ix_appointments_starts", "appointments", ["starts_at"], unique=False)
    guard = _guard_postgresql if op.get_bind().dialect.name == "postgresql" else _guard_sqlite
    for name, (owner, begins, ends) in RANGES.items():
        guard(name, owner, begins, ends)


def downgrade() -> None:
    for table in (
        "appointments",
        "locations",
        "weekly_hours",
        "time_off",
        "services",
        "date_overrides",
        "booking_rules",
    ):
        op.drop_table(table)


def _guard_postgresql(name: str, owner: str, begins: str, ends: str) -> None:
    op.execute("CREATE EXTENSION IF NOT EXISTS btree_gist")
    op.execute(
        f"ALTER TABLE appointments ADD CONSTRAINT {name} EXCLUDE USING gist "
        f"({owner} WITH =, tstzrange({begins}, {ends}) WITH &&) WHERE (status IN {LIVE})"
    )


def _guard_sqlite(name: str, owner: str, begins: str, ends: str) -> None:
    # A batch change of this table loses its triggers: whoever makes one lays them down again.
    for moment, deed in (("insert", "INSERT"), ("update", f"UPDATE OF {WATCHED}")):
        op.execute(
            f"CREATE TRIGGER {name}_{moment} BEFORE {deed} ON appointments WHEN NEW.status IN {LIVE} "
            f"BEGIN SELECT RAISE(ABORT, '{name}') WHERE EXISTS (SELECT 1 FROM appointments AS other "
            f"WHERE other.{owner} = NEW.{owner} AND other.{ends} > NEW.{begins} AND other.{begins} < NEW.{ends} "
            f"AND other.status IN {LIVE} AND other.id IS NOT NEW.id); END"
        )
