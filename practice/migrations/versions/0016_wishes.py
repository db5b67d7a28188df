"""Groups that meet again and again know their rule; each window of a wish has dates of its own."""

import sqlalchemy as sa
from alembic import op

revision = "0016_wishes"
down_revision = "0015_arrivals"
branch_labels = None
depends_on = None

SERIES = "series_id INTEGER CONSTRAINT fk_group_sessions_series_id REFERENCES group_series (id)"


def upgrade() -> None:
    op.create_table(
        "group_series",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("counselor_id", sa.Integer(), nullable=False),
        sa.Column("zone", sa.String(length=60), nullable=False),
        sa.Column("frequency", sa.String(length=8), nullable=False),
        sa.Column("every", sa.Integer(), nullable=False),
        sa.Column("weekday", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=True),
        sa.Column("minute", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("frequency IN ('weekly', 'monthly')", name=op.f("ck_group_series_frequency_known")),
        sa.CheckConstraint("every BETWEEN 1 AND 12", name=op.f("ck_group_series_every_bounds")),
        sa.CheckConstraint("weekday BETWEEN 0 AND 6", name=op.f("ck_group_series_weekday_bounds")),
        sa.CheckConstraint(
            "(frequency = 'monthly') = (position IS NOT NULL)", name=op.f("ck_group_series_position_when_monthly")
        ),
        sa.CheckConstraint("position IN (-1, 1, 2, 3, 4)", name=op.f("ck_group_series_position_known")),
        sa.CheckConstraint("minute BETWEEN 0 AND 1439", name=op.f("ck_group_series_minute_bounds")),
        sa.ForeignKeyConstraint(["counselor_id"], ["people.id"], name=op.f("fk_group_series_counselor_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_group_series")),
    )
    op.execute(f"ALTER TABLE group_sessions ADD COLUMN {SERIES}")
    op.create_index("ix_group_sessions_series", "group_sessions", ["series_id"])
    op.create_table(
        "waitlist_windows",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("wish_id", sa.Integer(), nullable=False),
        sa.Column("times", sa.Integer(), nullable=False),
        sa.Column("first_on", sa.Date(), nullable=False),
        sa.Column("last_on", sa.Date(), nullable=False),
        sa.CheckConstraint("times BETWEEN 1 AND 2097151", name=op.f("ck_waitlist_windows_times_some")),
        sa.CheckConstraint("first_on <= last_on", name=op.f("ck_waitlist_windows_days_in_order")),
        sa.ForeignKeyConstraint(["wish_id"], ["waitlist_wishes.id"], name=op.f("fk_waitlist_windows_wish_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_waitlist_windows")),
    )
    op.create_index("ix_waitlist_windows_wish", "waitlist_windows", ["wish_id"])


def downgrade() -> None:
    op.drop_table("waitlist_windows")
    op.drop_index("ix_group_sessions_series", "group_sessions")
    op.execute("ALTER TABLE group_sessions DROP COLUMN series_id")
    op.drop_table("group_series")
