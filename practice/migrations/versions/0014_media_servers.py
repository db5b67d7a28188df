"""Media servers with their heartbeats, and which of them a room lives on."""

import sqlalchemy as sa
from alembic import op

revision = "0014_media_servers"
down_revision = "0013_reminders"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "media_servers",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("url", sa.String(length=200), nullable=False),
        sa.Column("life", sa.String(length=32), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("leased_until", sa.DateTime(timezone=True), nullable=False),
        sa.Column("draining", sa.Boolean(), nullable=False),
        sa.Column("rooms", sa.Integer(), nullable=False),
        sa.Column("people", sa.Integer(), nullable=False),
        sa.CheckConstraint("rooms >= 0 AND people >= 0", name=op.f("ck_media_servers_load_not_negative")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_media_servers")),
        sa.UniqueConstraint("url", name=op.f("uq_media_servers_url")),
    )
    op.create_table(
        "room_placements",
        sa.Column("room_id", sa.Integer(), nullable=False),
        sa.Column("server_id", sa.Integer(), nullable=False),
        sa.Column("placed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("until", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["room_id"], ["rooms.id"], name=op.f("fk_room_placements_room_id")),
        sa.ForeignKeyConstraint(["server_id"], ["media_servers.id"], name=op.f("fk_room_placements_server_id")),
        sa.PrimaryKeyConstraint("room_id", name=op.f("pk_room_placements")),
    )
    op.create_index("ix_room_placements_server", "room_placements", ["server_id", "until"])


def downgrade() -> None:
    op.drop_table("room_placements")
    op.drop_table("media_servers")
