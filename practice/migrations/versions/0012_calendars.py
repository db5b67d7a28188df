"""Calendars from outside, and feeds to them."""

import sqlalchemy as sa
from alembic import op

revision = "0012_calendars"
down_revision = "0011_waitlist"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "external_calendars",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("counselor_id", sa.Integer(), nullable=False),
        sa.Column("label", sa.String(length=80), nullable=False),
        sa.Column("address", sa.LargeBinary(), nullable=False),
        sa.Column("added_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("claims", sa.Integer(), nullable=False),
        sa.Column("leased_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("problem", sa.String(length=200), nullable=False),
        sa.Column("read_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("content_read_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("content_zone", sa.String(length=60), nullable=False),
        sa.Column("etag", sa.String(length=300), nullable=False),
        sa.Column("last_modified", sa.String(length=60), nullable=False),
        sa.CheckConstraint("failures >= 0", name=op.f("ck_external_calendars_failures_not_negative")),
        sa.CheckConstraint("claims >= 0", name=op.f("ck_external_calendars_claims_not_negative")),
        sa.ForeignKeyConstraint(["counselor_id"], ["people.id"], name=op.f("fk_external_calendars_counselor_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_external_calendars")),
    )
    op.create_index("ix_external_calendars_counselor", "external_calendars", ["counselor_id"], unique=False)
    op.create_index("ix_external_calendars_due", "external_calendars", ["due_at"], unique=False)
    op.create_table(
        "busy_times",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("calendar_id", sa.Integer(), nullable=False),
        sa.Column("counselor_id", sa.Integer(), nullable=False),
        sa.Column("starts_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("starts_at < ends_at", name=op.f("ck_busy_times_starts_before_ends")),
        sa.ForeignKeyConstraint(
            ["calendar_id"], ["external_calendars.id"], name=op.f("fk_busy_times_calendar_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["counselor_id"], ["people.id"], name=op.f("fk_busy_times_counselor_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_busy_times")),
    )
    op.create_index("ix_busy_times_counselor", "busy_times", ["counselor_id", "ends_at"], unique=False)
    op.create_index("ix_busy_times_calendar", "busy_times", ["calendar_id"], unique=False)
    op.create_table(
        "calendar_feeds",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("titles", sa.String(length=10), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("fetched_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("titles IN ('neutral', 'busy', 'initials')", name=op.f("ck_calendar_feeds_titles_known")),
        sa.ForeignKeyConstraint(
            ["person_id"], ["people.id"], name=op.f("fk_calendar_feeds_person_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_calendar_feeds")),
        sa.UniqueConstraint("person_id", name=op.f("uq_calendar_feeds_person_id")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_calendar_feeds_token_hash")),
    )


def downgrade() -> None:
    for table in ("calendar_feeds", "busy_times", "external_calendars"):
        op.drop_table(table)
