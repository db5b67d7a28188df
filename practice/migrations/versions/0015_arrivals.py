"""Where a person is before a session, and guests with a link of their own."""

import sqlalchemy as sa
from alembic import op

revision = "0015_arrivals"
down_revision = "0014_media_servers"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "arrivals",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("appointment_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("told_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("said", sa.LargeBinary(), nullable=False),
        sa.Column("privacy", sa.String(length=12), nullable=False),
        sa.Column("licensed", sa.String(length=12), nullable=False),
        sa.Column("overridden_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("overridden_by_id", sa.Integer(), nullable=True),
        sa.Column("override_reason", sa.LargeBinary(), nullable=True),
        sa.CheckConstraint("privacy IN ('alone', 'not_alone', 'unsaid')", name=op.f("ck_arrivals_privacy_known")),
        sa.CheckConstraint(
            "licensed IN ('covered', 'elsewhere', 'untold', 'unlisted')", name=op.f("ck_arrivals_licensed_known")
        ),
        sa.CheckConstraint(
            "(overridden_at IS NULL) = (overridden_by_id IS NULL)", name=op.f("ck_arrivals_override_whole")
        ),
        sa.CheckConstraint(
            "(overridden_at IS NULL) = (override_reason IS NULL)", name=op.f("ck_arrivals_override_reasoned")
        ),
        sa.ForeignKeyConstraint(["appointment_id"], ["appointments.id"], name=op.f("fk_arrivals_appointment_id")),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_arrivals_person_id")),
        sa.ForeignKeyConstraint(["overridden_by_id"], ["people.id"], name=op.f("fk_arrivals_overridden_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_arrivals")),
    )
    op.create_index("ix_arrivals_appointment", "arrivals", ["appointment_id", "told_at"])
    op.create_index("ix_arrivals_person", "arrivals", ["person_id", "told_at"])
    op.create_table(
        "room_guests",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("appointment_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("part", sa.String(length=12), nullable=False),
        sa.Column("link_hash", sa.String(length=64), nullable=False),
        sa.Column("invited_by_id", sa.Integer(), nullable=False),
        sa.Column("invited_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("seat_hash", sa.String(length=64), nullable=True),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "part IN ('interpreter', 'partner', 'supervisor', 'guest')", name=op.f("ck_room_guests_part_known")
        ),
        sa.CheckConstraint("(used_at IS NULL) = (seat_hash IS NULL)", name=op.f("ck_room_guests_used_whole")),
        sa.ForeignKeyConstraint(["appointment_id"], ["appointments.id"], name=op.f("fk_room_guests_appointment_id")),
        sa.ForeignKeyConstraint(["invited_by_id"], ["people.id"], name=op.f("fk_room_guests_invited_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_room_guests")),
        sa.UniqueConstraint("link_hash", name=op.f("uq_room_guests_link_hash")),
    )
    op.create_index("ix_room_guests_appointment", "room_guests", ["appointment_id"])


def downgrade() -> None:
    op.drop_table("room_guests")
    op.drop_table("arrivals")
