"""Questionnaires that are asked and answered, the alerts they raise, and safety plans."""

import sqlalchemy as sa
from alembic import op

revision = "0022_measures"
down_revision = "0021_keys_of_people"
branch_labels = None
depends_on = None

FREE = "('phq9', 'gad7', 'pcl5', 'phq2', 'gad2', 'phq8', 'dass21')"
STAY = {
    "measure_askings": "OLD.state = 'given'",
    "measure_alerts": "OLD.settled_at IS NOT NULL",
    "safety_versions": "",
}
WORDS = "what was given, settled or written stays as it was"


def _guards_of_sqlite(table: str, when: str) -> list[str]:
    condition = f" WHEN {when}" if when else ""
    return [
        f"CREATE TRIGGER {table}_{name} BEFORE {deed} ON {table}{condition} BEGIN SELECT RAISE(ABORT, '{WORDS}'); END"
        for name, deed in (("stay", "UPDATE"), ("keep", "DELETE"))
    ]


def _guards_of_postgresql(table: str, when: str) -> list[str]:
    condition = f" WHEN ({when})" if when else ""
    return [
        f"CREATE TRIGGER {table}_{name} BEFORE {deed} ON {table} FOR EACH {scope} EXECUTE FUNCTION given_stays()"
        for name, deed, scope in (
            ("keep", "UPDATE OR DELETE", f"ROW{condition}"),
            ("never_emptied", "TRUNCATE", "STATEMENT"),
        )
    ]


def _key(table: str, column: str, to: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [f"{to}.id"], name=op.f(f"fk_{table}_{column}"))


def _check(table: str, name: str, rule: str) -> sa.CheckConstraint:
    return sa.CheckConstraint(rule, name=op.f(f"ck_{table}_{name}"))


def upgrade() -> None:
    _rules()
    _asked()
    _alerts()
    _safety()
    if op.get_bind().dialect.name == "postgresql":
        op.execute(
            "CREATE FUNCTION given_stays() RETURNS trigger LANGUAGE plpgsql AS "
            f"$$ BEGIN RAISE EXCEPTION '{WORDS}'; END $$"
        )
        statements = [each for table, when in STAY.items() for each in _guards_of_postgresql(table, when)]
    else:
        statements = [each for table, when in STAY.items() for each in _guards_of_sqlite(table, when)]
    for statement in statements:
        op.execute(statement)


def _rules() -> None:
    op.create_table(
        "measure_rules",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("alert_minutes", sa.Integer(), nullable=False),
        _check("measure_rules", "only_one", "id = 1"),
        _check("measure_rules", "alert_minutes_bounds", "alert_minutes BETWEEN 5 AND 1440"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_measure_rules")),
    )
    op.create_table(
        "measure_offers",
        sa.Column("instrument", sa.String(length=20), nullable=False),
        sa.Column("offered", sa.Boolean(), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changed_by_id", sa.Integer(), nullable=False),
        _check("measure_offers", "instrument_free", f"instrument IN {FREE}"),
        _key("measure_offers", "changed_by_id", "people"),
        sa.PrimaryKeyConstraint("instrument", name=op.f("pk_measure_offers")),
    )


def _asked() -> None:
    op.create_table(
        "measure_plans",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("chart_id", sa.Integer(), nullable=False),
        sa.Column("instrument", sa.LargeBinary(), nullable=False),
        sa.Column("rhythm", sa.String(length=12), nullable=False),
        sa.Column("every", sa.Integer(), nullable=False),
        sa.Column("begun_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("begun_by_id", sa.Integer(), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        _check("measure_plans", "rhythm_known", "rhythm IN ('once', 'weeks', 'sessions')"),
        _check("measure_plans", "every_bounds", "every BETWEEN 1 AND 26"),
        _key("measure_plans", "chart_id", "charts"),
        _key("measure_plans", "begun_by_id", "people"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_measure_plans")),
    )
    op.create_index("ix_measure_plans_chart", "measure_plans", ["chart_id"])
    table = "measure_askings"
    op.create_table(
        table,
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("chart_id", sa.Integer(), nullable=False),
        sa.Column("plan_id", sa.Integer(), nullable=True),
        sa.Column("appointment_id", sa.Integer(), nullable=True),
        sa.Column("instrument", sa.LargeBinary(), nullable=False),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("saves", sa.Integer(), nullable=False),
        sa.Column("progress", sa.LargeBinary(), nullable=True),
        sa.Column("given_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("given_by_id", sa.Integer(), nullable=True),
        sa.Column("sealed", sa.LargeBinary(), nullable=True),
        _check(table, "state_known", "state IN ('asked', 'begun', 'given', 'withdrawn')"),
        _check(
            table,
            "given_whole",
            "(state = 'given') = (sealed IS NOT NULL AND given_at IS NOT NULL AND given_by_id IS NOT NULL)",
        ),
        _check(table, "progress_while_open", "state IN ('asked', 'begun') OR progress IS NULL"),
        _check(table, "saves_count", "saves >= 0"),
        _key(table, "chart_id", "charts"),
        _key(table, "plan_id", "measure_plans"),
        _key(table, "appointment_id", "appointments"),
        _key(table, "given_by_id", "people"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_measure_askings")),
    )
    op.create_index("ix_measure_askings_chart", table, ["chart_id", "state"])
    op.create_index("ix_measure_askings_plan", table, ["plan_id"])


def _alerts() -> None:
    table = "measure_alerts"
    op.create_table(
        table,
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("asking_id", sa.Integer(), nullable=False),
        sa.Column("chart_id", sa.Integer(), nullable=False),
        sa.Column("raised_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.Column("told_times", sa.Integer(), nullable=False),
        sa.Column("told_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("taken_on_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("seen_by_id", sa.Integer(), nullable=True),
        sa.Column("settled_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("settled_by_id", sa.Integer(), nullable=True),
        sa.Column("settled", sa.LargeBinary(), nullable=True),
        _check(table, "seen_whole", "(seen_at IS NULL) = (seen_by_id IS NULL)"),
        _check(
            table,
            "settled_whole",
            "(settled_at IS NULL) = (settled IS NULL) AND (settled_at IS NULL) = (settled_by_id IS NULL)",
        ),
        _check(table, "seen_first", "settled_at IS NULL OR seen_at IS NOT NULL"),
        _check(table, "told_whole", "(told_at IS NULL) = (told_times = 0)"),
        _key(table, "asking_id", "measure_askings"),
        _key(table, "chart_id", "charts"),
        _key(table, "seen_by_id", "people"),
        _key(table, "settled_by_id", "people"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_measure_alerts")),
        sa.UniqueConstraint("asking_id", name=op.f("uq_measure_alerts_asking_id")),
    )
    op.create_index("ix_measure_alerts_open", table, ["settled_at", "seen_at"])
    op.create_index("ix_measure_alerts_chart", table, ["chart_id"])


def _safety() -> None:
    op.create_table(
        "safety_plans",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("chart_id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        _check("safety_plans", "version_counts", "version >= 0"),
        _key("safety_plans", "chart_id", "charts"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_safety_plans")),
        sa.UniqueConstraint("chart_id", name=op.f("uq_safety_plans_chart_id")),
    )
    op.create_table(
        "safety_versions",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("plan_id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("base_version", sa.Integer(), nullable=False),
        sa.Column("author_id", sa.Integer(), nullable=False),
        sa.Column("saved_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        _check("safety_versions", "version_grows", "version > 0 AND base_version >= 0 AND base_version < version"),
        _key("safety_versions", "plan_id", "safety_plans"),
        _key("safety_versions", "author_id", "people"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_safety_versions")),
        sa.UniqueConstraint("plan_id", "version", name=op.f("uq_safety_versions_plan_id_version")),
    )


def downgrade() -> None:
    for table in (
        "safety_versions",
        "safety_plans",
        "measure_alerts",
        "measure_askings",
        "measure_plans",
        "measure_offers",
        "measure_rules",
    ):
        op.drop_table(table)
    if op.get_bind().dialect.name == "postgresql":
        op.execute("DROP FUNCTION given_stays()")
