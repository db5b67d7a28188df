"""Charts opened from outside the care team, each with its reason and its review."""

import sqlalchemy as sa
from alembic import op

revision = "0030_openings"
down_revision = "0026_own_papers"
branch_labels = None
depends_on = None

TABLE = "chart_openings"
STAYS = "who opened a chart, when and why stays as it was written"
FIXED = ("chart_id", "person_id", "sign_in_id", "kind", "reason", "opened_at")


def _when(name: str, *, nullable: bool = True) -> sa.Column:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=nullable)


def _number(name: str, *, nullable: bool = False) -> sa.Column:
    return sa.Column(name, sa.Integer(), nullable=nullable)


def _check(name: str, rule: str) -> sa.CheckConstraint:
    return sa.CheckConstraint(rule, name=op.f(f"ck_{TABLE}_{name}"))


def _key(column: str, to: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [f"{to}.id"], name=op.f(f"fk_{TABLE}_{column}"))


def _guards(dialect: str) -> list[str]:
    changed = " OR ".join(f"OLD.{column} <> NEW.{column}" for column in FIXED)
    if dialect == "sqlite":
        abort = f"BEGIN SELECT RAISE(ABORT, '{STAYS}'); END"
        return [
            f"CREATE TRIGGER {TABLE}_stay BEFORE UPDATE ON {TABLE} WHEN {changed} {abort}",
            f"CREATE TRIGGER {TABLE}_keep BEFORE DELETE ON {TABLE} {abort}",
        ]
    call = f"EXECUTE FUNCTION {TABLE}_keep()"
    return [
        f"CREATE FUNCTION {TABLE}_keep() RETURNS trigger LANGUAGE plpgsql AS $$BEGIN RAISE EXCEPTION '{STAYS}'; END $$",
        f"CREATE TRIGGER {TABLE}_stay BEFORE UPDATE ON {TABLE} FOR EACH ROW WHEN ({changed}) {call}",
        f"CREATE TRIGGER {TABLE}_keep BEFORE DELETE ON {TABLE} FOR EACH ROW {call}",
        f"CREATE TRIGGER {TABLE}_never_emptied BEFORE TRUNCATE ON {TABLE} FOR EACH STATEMENT {call}",
    ]


def upgrade() -> None:
    op.create_table(
        TABLE,
        _number("id"),
        _number("chart_id"),
        _number("person_id"),
        _number("sign_in_id"),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("reason", sa.String(length=40), nullable=False),
        _when("opened_at", nullable=False),
        _when("asked_at"),
        _number("asked_by_id", nullable=True),
        sa.Column("answer", sa.LargeBinary(), nullable=True),
        _when("answered_at"),
        sa.Column("verdict", sa.String(length=10), nullable=True),
        _when("settled_at"),
        _number("settled_by_id", nullable=True),
        _when("noted_at"),
        _number("noted_by_id", nullable=True),
        _check("asked_whole", "(asked_at IS NULL) = (asked_by_id IS NULL)"),
        _check("answered_whole", "(answer IS NULL) = (answered_at IS NULL)"),
        _check("asked_first", "answer IS NULL OR asked_at IS NOT NULL"),
        _check("verdict_known", "verdict IS NULL OR verdict IN ('expected', 'amiss')"),
        _check(
            "settled_whole", "(verdict IS NULL) = (settled_at IS NULL) AND (verdict IS NULL) = (settled_by_id IS NULL)"
        ),
        _check("settled_by_another", "settled_by_id IS NULL OR settled_by_id <> person_id"),
        _check("noted_whole", "(noted_at IS NULL) = (noted_by_id IS NULL)"),
        _check("noted_if_amiss", "noted_at IS NULL OR verdict = 'amiss'"),
        _key("chart_id", "charts"),
        *(_key(f"{who}_id", "people") for who in ("person", "asked_by", "settled_by", "noted_by")),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{TABLE}")),
    )
    op.create_index("ix_chart_openings_chart", TABLE, ["chart_id", "opened_at"])
    op.create_index("ix_chart_openings_person", TABLE, ["person_id", "opened_at"])
    for statement in _guards(op.get_bind().dialect.name):
        op.execute(statement)


def downgrade() -> None:
    op.drop_table(TABLE)
    if op.get_bind().dialect.name == "postgresql":
        op.execute(f"DROP FUNCTION {TABLE}_keep()")
