"""Finer hours: by date, pattern, service and way of meeting; holidays; limits."""

import sqlalchemy as sa
from alembic import op

revision = "0007_hours"
down_revision = "0006_billing_guards"
branch_labels = None
depends_on = None

MODES = "('video', 'phone', 'in_person')"
LIMITS = {
    "most_per_day": "BETWEEN 1 AND 24",
    "most_per_week": "BETWEEN 1 AND 120",
    "long_break_after": "BETWEEN 1 AND 12",
    "long_break_minutes": "BETWEEN 5 AND 240",
}


def upgrade() -> None:
    _widen_services()
    _widen_rules()
    _make_plans()
    _make_holidays()
    _free_the_days()


def downgrade() -> None:
    with op.batch_alter_table("date_overrides") as batch:
        batch.drop_index("ix_date_overrides_counselor")
        for name in ("service_id", "location_id"):
            batch.drop_constraint(op.f(f"fk_date_overrides_{name}"), type_="foreignkey")
        batch.drop_constraint(op.f("ck_date_overrides_mode_known"), type_="check")
        for name in ("service_id", "mode", "location_id"):
            batch.drop_column(name)
        batch.create_unique_constraint(
            op.f("uq_date_overrides_counselor_id_falls_on_opens"), ["counselor_id", "falls_on", "opens"]
        )
    for table in ("holidays", "plan_hours", "hours_plans"):
        op.drop_table(table)
    # From the last to the first, so that a check on several columns goes with the one it came with.
    for name in ("location_id", "in_person", "by_phone", "by_video"):
        op.execute(f"ALTER TABLE services DROP COLUMN {name}")
    for name in (*LIMITS, "holiday_country", "holiday_subdivision"):
        op.execute(f"ALTER TABLE booking_rules DROP COLUMN {name}")


def _widen_services() -> None:
    no, yes = ("false", "true") if op.get_bind().dialect.name == "postgresql" else ("0", "1")
    op.execute(f"ALTER TABLE services ADD COLUMN by_video BOOLEAN NOT NULL DEFAULT {yes}")
    op.execute(f"ALTER TABLE services ADD COLUMN by_phone BOOLEAN NOT NULL DEFAULT {no}")
    op.execute(
        f"ALTER TABLE services ADD COLUMN in_person BOOLEAN NOT NULL DEFAULT {no} "
        "CONSTRAINT ck_services_some_mode CHECK (by_video OR by_phone OR in_person)"
    )
    op.execute(
        "ALTER TABLE services ADD COLUMN location_id INTEGER "
        "CONSTRAINT fk_services_location_id REFERENCES locations (id)"
    )


def _widen_rules() -> None:
    for name, bounds in LIMITS.items():
        op.execute(
            f"ALTER TABLE booking_rules ADD COLUMN {name} INTEGER "
            f"CONSTRAINT ck_booking_rules_{name}_bounds CHECK ({name} {bounds})"
        )
    op.execute("ALTER TABLE booking_rules ADD COLUMN holiday_country VARCHAR(2)")
    op.execute("ALTER TABLE booking_rules ADD COLUMN holiday_subdivision VARCHAR(10)")


def _make_plans() -> None:
    op.create_table(
        "hours_plans",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("counselor_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(80), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=True),
        sa.Column("ends_on", sa.Date(), nullable=True),
        sa.Column("every_weeks", sa.Integer(), nullable=False),
        sa.Column("anchor_on", sa.Date(), nullable=True),
        sa.Column("replaces", sa.Boolean(), nullable=False),
        sa.Column("service_id", sa.Integer(), nullable=True),
        sa.Column("mode", sa.String(12), nullable=True),
        sa.Column("location_id", sa.Integer(), nullable=True),
        sa.CheckConstraint(
            "ends_on IS NULL OR starts_on IS NULL OR starts_on <= ends_on",
            name=op.f("ck_hours_plans_starts_before_ends"),
        ),
        sa.CheckConstraint("every_weeks BETWEEN 1 AND 12", name=op.f("ck_hours_plans_every_weeks_bounds")),
        sa.CheckConstraint("every_weeks = 1 OR anchor_on IS NOT NULL", name=op.f("ck_hours_plans_anchored")),
        sa.CheckConstraint(f"mode IN {MODES}", name=op.f("ck_hours_plans_mode_known")),
        sa.ForeignKeyConstraint(["counselor_id"], ["people.id"], name=op.f("fk_hours_plans_counselor_id")),
        sa.ForeignKeyConstraint(["service_id"], ["services.id"], name=op.f("fk_hours_plans_service_id")),
        sa.ForeignKeyConstraint(["location_id"], ["locations.id"], name=op.f("fk_hours_plans_location_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_hours_plans")),
    )
    op.create_index("ix_hours_plans_counselor", "hours_plans", ["counselor_id"])
    op.create_table(
        "plan_hours",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("plan_id", sa.Integer(), nullable=False),
        sa.Column("weekday", sa.Integer(), nullable=False),
        sa.Column("opens", sa.Integer(), nullable=False),
        sa.Column("closes", sa.Integer(), nullable=False),
        sa.CheckConstraint("weekday BETWEEN 0 AND 6", name=op.f("ck_plan_hours_weekday_known")),
        sa.CheckConstraint(
            "opens >= 0 AND opens < closes AND closes <= 1440", name=op.f("ck_plan_hours_opens_before_closes")
        ),
        sa.ForeignKeyConstraint(["plan_id"], ["hours_plans.id"], name=op.f("fk_plan_hours_plan_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_plan_hours")),
        sa.UniqueConstraint("plan_id", "weekday", "opens", name=op.f("uq_plan_hours_plan_id_weekday_opens")),
    )


def _make_holidays() -> None:
    op.create_table(
        "holidays",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("counselor_id", sa.Integer(), nullable=False),
        sa.Column("falls_on", sa.Date(), nullable=False),
        sa.Column("name", sa.String(120), nullable=False),
        sa.Column("kept", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["counselor_id"], ["people.id"], name=op.f("fk_holidays_counselor_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_holidays")),
        sa.UniqueConstraint("counselor_id", "falls_on", "name", name=op.f("uq_holidays_counselor_id_falls_on_name")),
    )


def _free_the_days() -> None:
    """Let one day have hours for several kinds of session; this table has no triggers to lose."""
    with op.batch_alter_table("date_overrides") as batch:
        batch.drop_constraint(op.f("uq_date_overrides_counselor_id_falls_on_opens"), type_="unique")
        batch.add_column(sa.Column("service_id", sa.Integer(), nullable=True))
        batch.add_column(sa.Column("mode", sa.String(12), nullable=True))
        batch.add_column(sa.Column("location_id", sa.Integer(), nullable=True))
        batch.create_foreign_key(op.f("fk_date_overrides_service_id"), "services", ["service_id"], ["id"])
        batch.create_foreign_key(op.f("fk_date_overrides_location_id"), "locations", ["location_id"], ["id"])
        batch.create_check_constraint(op.f("ck_date_overrides_mode_known"), f"mode IN {MODES}")
        batch.create_index("ix_date_overrides_counselor", ["counselor_id", "falls_on"])
