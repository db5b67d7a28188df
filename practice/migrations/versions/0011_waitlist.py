"""Who waits for a time."""

import sqlalchemy as sa
from alembic import op

revision = "0011_waitlist"
down_revision = "0010_groups"
branch_labels = None
depends_on = None

OPEN = sa.text("status = 'open'")
ALONE = sa.text("group_session_id IS NULL")
OPEN_ALONE = sa.text("status = 'open' AND group_session_id IS NULL")
IN_LINE = sa.text("status IN ('waiting', 'paused') AND group_session_id IS NOT NULL")


def upgrade() -> None:
    op.create_table(
        "waitlist_wishes",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("client_id", sa.Integer(), nullable=False),
        sa.Column("counselor_id", sa.Integer(), nullable=True),
        sa.Column("service_id", sa.Integer(), nullable=True),
        sa.Column("group_session_id", sa.Integer(), nullable=True),
        sa.Column("kind", sa.String(length=80), nullable=False),
        sa.Column("times", sa.Integer(), nullable=False),
        sa.Column("first_on", sa.Date(), nullable=False),
        sa.Column("last_on", sa.Date(), nullable=False),
        sa.Column("notice_minutes", sa.Integer(), nullable=False),
        sa.Column("by_text", sa.Boolean(), nullable=False),
        sa.Column("status", sa.String(length=12), nullable=False),
        sa.Column("unanswered", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "status IN ('waiting', 'paused', 'booked', 'left', 'removed', 'ended')",
            name=op.f("ck_waitlist_wishes_status_known"),
        ),
        sa.CheckConstraint(
            "(counselor_id IS NULL) = (service_id IS NULL)", name=op.f("ck_waitlist_wishes_service_of_counselor")
        ),
        sa.CheckConstraint("times BETWEEN 1 AND 2097151", name=op.f("ck_waitlist_wishes_times_some")),
        sa.CheckConstraint("first_on <= last_on", name=op.f("ck_waitlist_wishes_days_in_order")),
        sa.CheckConstraint("notice_minutes BETWEEN 0 AND 20160", name=op.f("ck_waitlist_wishes_notice_bounds")),
        sa.CheckConstraint("unanswered >= 0", name=op.f("ck_waitlist_wishes_unanswered_not_negative")),
        sa.ForeignKeyConstraint(["client_id"], ["people.id"], name=op.f("fk_waitlist_wishes_client_id")),
        sa.ForeignKeyConstraint(["counselor_id"], ["people.id"], name=op.f("fk_waitlist_wishes_counselor_id")),
        sa.ForeignKeyConstraint(["service_id"], ["services.id"], name=op.f("fk_waitlist_wishes_service_id")),
        sa.ForeignKeyConstraint(
            ["group_session_id"], ["group_sessions.id"], name=op.f("fk_waitlist_wishes_group_session_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_waitlist_wishes")),
    )
    op.create_index("ix_waitlist_wishes_client", "waitlist_wishes", ["client_id"], unique=False)
    op.create_index("ix_waitlist_wishes_status", "waitlist_wishes", ["status", "counselor_id"], unique=False)
    op.create_index(
        "ux_waitlist_wishes_group",
        "waitlist_wishes",
        ["group_session_id", "client_id"],
        unique=True,
        sqlite_where=IN_LINE,
        postgresql_where=IN_LINE,
    )
    op.create_table(
        "waitlist_places",
        sa.Column("counselor_id", sa.Integer(), nullable=False),
        sa.Column("wish_id", sa.Integer(), nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["counselor_id"], ["people.id"], name=op.f("fk_waitlist_places_counselor_id")),
        sa.ForeignKeyConstraint(["wish_id"], ["waitlist_wishes.id"], name=op.f("fk_waitlist_places_wish_id")),
        sa.PrimaryKeyConstraint("counselor_id", "wish_id", name=op.f("pk_waitlist_places")),
    )
    op.create_table(
        "waitlist_offers",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("wish_id", sa.Integer(), nullable=False),
        sa.Column("counselor_id", sa.Integer(), nullable=False),
        sa.Column("client_id", sa.Integer(), nullable=False),
        sa.Column("appointment_id", sa.Integer(), nullable=False),
        sa.Column("group_session_id", sa.Integer(), nullable=True),
        sa.Column("starts_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("status", sa.String(length=12), nullable=False),
        sa.Column("by_hand", sa.Boolean(), nullable=False),
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("offered_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("settled_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "status IN ('open', 'accepted', 'taken', 'declined', 'lapsed', 'withdrawn')",
            name=op.f("ck_waitlist_offers_status_known"),
        ),
        sa.CheckConstraint(
            "status IN ('open', 'accepted') OR settled_at IS NOT NULL", name=op.f("ck_waitlist_offers_settled_when")
        ),
        sa.ForeignKeyConstraint(["wish_id"], ["waitlist_wishes.id"], name=op.f("fk_waitlist_offers_wish_id")),
        sa.ForeignKeyConstraint(["counselor_id"], ["people.id"], name=op.f("fk_waitlist_offers_counselor_id")),
        sa.ForeignKeyConstraint(["client_id"], ["people.id"], name=op.f("fk_waitlist_offers_client_id")),
        sa.ForeignKeyConstraint(
            ["appointment_id"], ["appointments.id"], name=op.f("fk_waitlist_offers_appointment_id")
        ),
        sa.ForeignKeyConstraint(
            ["group_session_id"], ["group_sessions.id"], name=op.f("fk_waitlist_offers_group_session_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_waitlist_offers")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_waitlist_offers_token_hash")),
        sa.UniqueConstraint("appointment_id", name=op.f("uq_waitlist_offers_appointment_id")),
    )
    for name, columns, where in (
        ("ux_waitlist_offers_client", ["client_id"], OPEN),
        ("ux_waitlist_offers_time", ["counselor_id", "starts_at"], OPEN_ALONE),
        ("ux_waitlist_offers_once", ["wish_id", "counselor_id", "starts_at"], ALONE),
    ):
        op.create_index(name, "waitlist_offers", columns, unique=True, sqlite_where=where, postgresql_where=where)
    op.create_table(
        "waitlist_turns",
        sa.Column("counselor_id", sa.Integer(), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("leased_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("claims", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["counselor_id"], ["people.id"], name=op.f("fk_waitlist_turns_counselor_id")),
        sa.PrimaryKeyConstraint("counselor_id", name=op.f("pk_waitlist_turns")),
    )
    op.create_index("ix_waitlist_turns_due", "waitlist_turns", ["due_at"], unique=False)
    op.create_table(
        "waitlist_rules",
        sa.Column("counselor_id", sa.Integer(), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("offer_minutes", sa.Integer(), nullable=False),
        sa.CheckConstraint("offer_minutes BETWEEN 10 AND 1440", name=op.f("ck_waitlist_rules_offer_bounds")),
        sa.ForeignKeyConstraint(["counselor_id"], ["people.id"], name=op.f("fk_waitlist_rules_counselor_id")),
        sa.PrimaryKeyConstraint("counselor_id", name=op.f("pk_waitlist_rules")),
    )


def downgrade() -> None:
    for name in ("rules", "turns", "offers", "places", "wishes"):
        op.drop_table(f"waitlist_{name}")
