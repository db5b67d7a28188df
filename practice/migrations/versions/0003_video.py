"""Rooms, and the log of who came and went."""

import sqlalchemy as sa
from alembic import op

revision = "0003_video"
down_revision = "0002_booking"
branch_labels = None
depends_on = None

EVENTS = "('waiting', 'admitted', 'joined', 'dropped', 'returned', 'left', 'ended', 'quality')"


def upgrade() -> None:
    op.create_table(
        "rooms",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("uid", sa.String(length=36), nullable=False),
        sa.Column("appointment_id", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("together_seconds", sa.Integer(), nullable=False),
        sa.CheckConstraint("together_seconds >= 0", name=op.f("ck_rooms_together_not_negative")),
        sa.ForeignKeyConstraint(["appointment_id"], ["appointments.id"], name=op.f("fk_rooms_appointment_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_rooms")),
        sa.UniqueConstraint("uid", name=op.f("uq_rooms_uid")),
        sa.UniqueConstraint("appointment_id", name=op.f("uq_rooms_appointment_id")),
    )
    op.create_table(
        "room_events",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("room_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=True),
        sa.Column("event", sa.String(length=12), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("server", sa.String(length=32), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("detail", sa.JSON(), nullable=False),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(f"event IN {EVENTS}", name=op.f("ck_room_events_event_known")),
        sa.CheckConstraint("number > 0", name=op.f("ck_room_events_number_counts")),
        sa.ForeignKeyConstraint(["room_id"], ["rooms.id"], name=op.f("fk_room_events_room_id")),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_room_events_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_room_events")),
        sa.UniqueConstraint("server", "number", name=op.f("uq_room_events_server_number")),
    )
    op.create_index("ix_room_events_room", "room_events", ["room_id", "at"])
    op.create_index("ix_room_events_at", "room_events", ["at"])


def downgrade() -> None:
    op.drop_table("room_events")
    op.drop_table("rooms")
