"""Couples, families and groups: shared sessions, and the guard between them and appointments of two."""

import sqlalchemy as sa
from alembic import op

from practice.migrations.group_guards import lay_down, take_up

revision = "0010_groups"
down_revision = "0009_series"
branch_labels = None
depends_on = None

KIND = (
    "kind VARCHAR(12) NOT NULL DEFAULT 'individual' "
    "CONSTRAINT ck_services_kind_known CHECK (kind IN ('individual', 'family', 'group'))"
)
CAPACITY = (
    "capacity INTEGER NOT NULL DEFAULT 1 CONSTRAINT ck_services_capacity_fits CHECK "
    "((kind = 'individual' AND capacity = 1) OR (kind <> 'individual' AND capacity BETWEEN 2 AND 11))"
)
SEAT = "group_session_id INTEGER CONSTRAINT fk_appointments_group_session_id REFERENCES group_sessions (id)"
PAYER = "payer_id INTEGER CONSTRAINT fk_appointments_payer_id REFERENCES people (id)"
BLOCKED = ["counselor_id", "blocked_until", "blocked_from", "status", "held_until"]
"""What the free times are worked out from; with the seats left out, the index answers alone."""
MOVED = (
    "group_session_id INTEGER CONSTRAINT fk_moves_group_session_id REFERENCES group_sessions (id) "
    "CONSTRAINT ck_moves_of_one_thing CHECK ((appointment_id IS NULL) <> (group_session_id IS NULL))"
)
COLUMNS = (
    ("services", KIND),
    ("services", CAPACITY),
    ("appointments", SEAT),
    ("appointments", PAYER),
    ("moves", MOVED),
)


def upgrade() -> None:
    _make_sessions()
    _make_invitations()
    for table, column in COLUMNS:
        op.execute(f"ALTER TABLE {table} ADD COLUMN {column}")
    op.create_index("ix_appointments_group_session", "appointments", ["group_session_id"])
    op.drop_index("ix_appointments_counselor_blocked", "appointments")
    op.create_index("ix_appointments_counselor_blocked", "appointments", [*BLOCKED, "group_session_id"])
    lay_down(op)


def downgrade() -> None:
    take_up(op)
    op.drop_table("group_invitations")
    op.drop_index("ix_appointments_group_session", "appointments")
    op.drop_index("ix_appointments_counselor_blocked", "appointments")
    op.create_index("ix_appointments_counselor_blocked", "appointments", BLOCKED)
    for table, column in reversed(COLUMNS):
        op.execute(f"ALTER TABLE {table} DROP COLUMN {column.split()[0]}")
    op.drop_table("group_sessions")


def _make_sessions() -> None:
    op.create_table(
        "group_sessions",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("counselor_id", sa.Integer(), nullable=False),
        sa.Column("service_id", sa.Integer(), nullable=False),
        sa.Column("booker_id", sa.Integer(), nullable=True),
        sa.Column("kind", sa.String(length=12), nullable=False),
        sa.Column("title", sa.String(length=80), nullable=False),
        sa.Column("mode", sa.String(length=12), nullable=False),
        sa.Column("location_id", sa.Integer(), nullable=True),
        sa.Column("starts_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("blocked_from", sa.DateTime(timezone=True), nullable=False),
        sa.Column("blocked_until", sa.DateTime(timezone=True), nullable=False),
        sa.Column("capacity", sa.Integer(), nullable=False),
        sa.Column("listed", sa.Boolean(), nullable=False),
        sa.Column("price_cents", sa.Integer(), nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("status", sa.String(length=12), nullable=False),
        sa.Column("held_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("kind IN ('family', 'group')", name=op.f("ck_group_sessions_kind_known")),
        sa.CheckConstraint("mode IN ('video', 'phone', 'in_person')", name=op.f("ck_group_sessions_mode_known")),
        sa.CheckConstraint(
            "status IN ('held', 'scheduled', 'cancelled', 'expired')", name=op.f("ck_group_sessions_status_known")
        ),
        sa.CheckConstraint(
            "status <> 'held' OR held_until IS NOT NULL", name=op.f("ck_group_sessions_held_until_when")
        ),
        sa.CheckConstraint(
            "blocked_from <= starts_at AND starts_at < ends_at AND ends_at <= blocked_until",
            name=op.f("ck_group_sessions_times_in_order"),
        ),
        sa.CheckConstraint("capacity BETWEEN 2 AND 11", name=op.f("ck_group_sessions_capacity_bounds")),
        sa.CheckConstraint("price_cents >= 0", name=op.f("ck_group_sessions_price_not_negative")),
        sa.ForeignKeyConstraint(["counselor_id"], ["people.id"], name=op.f("fk_group_sessions_counselor_id")),
        sa.ForeignKeyConstraint(["service_id"], ["services.id"], name=op.f("fk_group_sessions_service_id")),
        sa.ForeignKeyConstraint(["booker_id"], ["people.id"], name=op.f("fk_group_sessions_booker_id")),
        sa.ForeignKeyConstraint(["location_id"], ["locations.id"], name=op.f("fk_group_sessions_location_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_group_sessions")),
    )
    op.create_index(
        "ix_group_sessions_counselor_blocked", "group_sessions", ["counselor_id", "blocked_until", "blocked_from"]
    )


def _make_invitations() -> None:
    op.create_table(
        "group_invitations",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("group_session_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("email", sa.String(length=254), nullable=False),
        sa.Column("price_cents", sa.Integer(), nullable=False),
        sa.Column("payer_id", sa.Integer(), nullable=True),
        sa.Column("secret_hash", sa.String(length=64), nullable=False),
        sa.Column("invited_by_id", sa.Integer(), nullable=False),
        sa.Column("invited_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("appointment_id", sa.Integer(), nullable=True),
        sa.Column("declined_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("price_cents >= 0", name=op.f("ck_group_invitations_price_not_negative")),
        sa.CheckConstraint(
            "declined_at IS NULL OR appointment_id IS NULL", name=op.f("ck_group_invitations_one_answer")
        ),
        sa.ForeignKeyConstraint(
            ["group_session_id"], ["group_sessions.id"], name=op.f("fk_group_invitations_group_session_id")
        ),
        sa.ForeignKeyConstraint(["payer_id"], ["people.id"], name=op.f("fk_group_invitations_payer_id")),
        sa.ForeignKeyConstraint(["invited_by_id"], ["people.id"], name=op.f("fk_group_invitations_invited_by_id")),
        sa.ForeignKeyConstraint(
            ["appointment_id"], ["appointments.id"], name=op.f("fk_group_invitations_appointment_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_group_invitations")),
        sa.UniqueConstraint("secret_hash", name=op.f("uq_group_invitations_secret_hash")),
    )
    op.create_index("ix_group_invitations_session", "group_invitations", ["group_session_id"])
