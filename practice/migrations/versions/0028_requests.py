"""Requests of clients about their record, how long records are kept, legal holds, and lawful erasure."""

import sqlalchemy as sa
from alembic import op

from practice.migrations import erasure_guards

revision = "0028_requests"
down_revision = "0029_key_uses"
branch_labels = None
depends_on = None

OPEN = "state = 'open' AND kind IN ('access', 'erasure')"
STAYING = ("request_sayings", "erasures")
TABLES = ("erasures", "legal_holds", "chart_keepings", "retention_rules", "request_sayings", "record_requests")


def _key(table: str, column: str, to: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [f"{to}.id"], name=op.f(f"fk_{table}_{column}"))


def _check(table: str, name: str, rule: str) -> sa.CheckConstraint:
    return sa.CheckConstraint(rule, name=op.f(f"ck_{table}_{name}"))


def _when(name: str, *, nullable: bool = False) -> sa.Column:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=nullable)


def _number(name: str, *, nullable: bool = False) -> sa.Column:
    return sa.Column(name, sa.Integer(), nullable=nullable)


def _text(name: str, length: int) -> sa.Column:
    return sa.Column(name, sa.String(length=length), nullable=False)


def _bytes(name: str, *, nullable: bool = False) -> sa.Column:
    return sa.Column(name, sa.LargeBinary(), nullable=nullable)


def upgrade() -> None:
    erased_at = "TIMESTAMP WITH TIME ZONE" if op.get_bind().dialect.name == "postgresql" else "DATETIME"
    op.execute(f"ALTER TABLE charts ADD COLUMN erased_at {erased_at}")
    _requests()
    _sayings()
    _rules()
    _keepings()
    _holds()
    _erasures()
    erasure_guards.lay_down(op)


def _requests() -> None:
    table = "record_requests"
    op.create_table(
        table,
        _number("id"),
        _number("client_id"),
        _number("chart_id", nullable=True),
        _text("kind", 12),
        _text("law", 8),
        _text("state", 12),
        sa.Column("asked_on", sa.Date(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        _when("asked_at"),
        _when("extended_at", nullable=True),
        _number("extended_by_id", nullable=True),
        _when("settled_at", nullable=True),
        _number("settled_by_id", nullable=True),
        _check(table, "kind_known", "kind IN ('correction', 'restriction', 'access', 'erasure')"),
        _check(table, "law_known", "law IN ('hipaa', 'gdpr')"),
        _check(table, "state_known", "state IN ('open', 'granted', 'partly', 'denied', 'withdrawn')"),
        _check(table, "chart_of_words", "chart_id IS NOT NULL OR kind IN ('access', 'erasure')"),
        _check(table, "settled_whole", "(state = 'open') = (settled_at IS NULL)"),
        _check(table, "settled_by_somebody", "(settled_at IS NULL) = (settled_by_id IS NULL)"),
        _check(table, "extended_whole", "(extended_at IS NULL) = (extended_by_id IS NULL)"),
        *(_key(table, f"{who}_id", "people") for who in ("client", "extended_by", "settled_by")),
        _key(table, "chart_id", "charts"),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{table}")),
    )
    op.create_index("ix_record_requests_due", table, ["state", "due_on"])
    op.create_index("ix_record_requests_client", table, ["client_id"])
    op.create_index("ix_record_requests_chart", table, ["chart_id"])
    op.create_index(
        "uq_record_requests_open",
        table,
        ["client_id", "kind", "chart_id"],
        unique=True,
        postgresql_where=sa.text(OPEN),
        sqlite_where=sa.text(OPEN),
    )


def _sayings() -> None:
    table = "request_sayings"
    op.create_table(
        table,
        _number("id"),
        _number("request_id"),
        _number("number"),
        _text("kind", 14),
        _number("author_id"),
        _bytes("sealed"),
        _when("said_at"),
        _check(table, "number_counts", "number > 0"),
        _check(table, "kind_known", "kind IN ('asked', 'extension', 'answer', 'disagreement', 'rebuttal')"),
        _key(table, "request_id", "record_requests"),
        _key(table, "author_id", "people"),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{table}")),
        sa.UniqueConstraint("request_id", "number", name=op.f(f"uq_{table}_request_id_number")),
    )


def _rules() -> None:
    table = "retention_rules"
    op.create_table(
        table,
        _number("id"),
        _text("place", 60),
        _number("years"),
        _number("until_age", nullable=True),
        _text("source", 300),
        _when("changed_at"),
        _number("changed_by_id", nullable=True),
        _check(table, "years_bounds", "years BETWEEN 1 AND 99"),
        _check(table, "until_age_bounds", "until_age IS NULL OR until_age BETWEEN 18 AND 40"),
        _key(table, "changed_by_id", "people"),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{table}")),
        sa.UniqueConstraint("place", name=op.f(f"uq_{table}_place")),
    )


def _keepings() -> None:
    table = "chart_keepings"
    op.create_table(
        table,
        _number("id"),
        _number("chart_id"),
        _number("rule_id", nullable=True),
        _bytes("born_on", nullable=True),
        _when("reviewed_at", nullable=True),
        _number("reviewed_by_id", nullable=True),
        _check(table, "reviewed_whole", "(reviewed_at IS NULL) = (reviewed_by_id IS NULL)"),
        _key(table, "chart_id", "charts"),
        _key(table, "rule_id", "retention_rules"),
        _key(table, "reviewed_by_id", "people"),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{table}")),
        sa.UniqueConstraint("chart_id", name=op.f(f"uq_{table}_chart_id")),
    )


def _holds() -> None:
    table = "legal_holds"
    op.create_table(
        table,
        _number("id"),
        _number("chart_id"),
        _bytes("reason"),
        _when("placed_at"),
        _number("placed_by_id"),
        _when("released_at", nullable=True),
        _number("released_by_id", nullable=True),
        _check(table, "released_whole", "(released_at IS NULL) = (released_by_id IS NULL)"),
        _key(table, "chart_id", "charts"),
        _key(table, "placed_by_id", "people"),
        _key(table, "released_by_id", "people"),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{table}")),
    )
    standing = sa.text("released_at IS NULL")
    op.create_index(
        "uq_legal_holds_standing",
        table,
        ["chart_id"],
        unique=True,
        postgresql_where=standing,
        sqlite_where=standing,
    )


def _erasures() -> None:
    table = "erasures"
    op.create_table(
        table,
        _number("id"),
        _number("chart_id"),
        _text("ground", 12),
        _number("request_id", nullable=True),
        sa.Column("kept_until", sa.Date(), nullable=False),
        _number("keys"),
        _number("envelopes"),
        _number("rows"),
        _number("reviewed_by_id"),
        _number("erased_by_id"),
        _when("erased_at"),
        _text("code_hash", 64),
        _text("sha256", 64),
        _bytes("document"),
        _check(table, "ground_known", "ground IN ('retention', 'request')"),
        _check(table, "digests_whole", "length(code_hash) = 64 AND length(sha256) = 64"),
        _check(table, "request_named", "(ground = 'request') = (request_id IS NOT NULL)"),
        _key(table, "chart_id", "charts"),
        _key(table, "request_id", "record_requests"),
        _key(table, "reviewed_by_id", "people"),
        _key(table, "erased_by_id", "people"),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{table}")),
        sa.UniqueConstraint("code_hash", name=op.f(f"uq_{table}_code_hash")),
    )
    op.create_index("ix_erasures_sha256", table, ["sha256"])
    op.create_index("ix_erasures_chart", table, ["chart_id"])


def downgrade() -> None:
    erasure_guards.take_up(op)
    for table in TABLES:
        op.drop_table(table)
    if op.get_bind().dialect.name == "postgresql":
        for table in STAYING:
            op.execute(f"DROP FUNCTION {table}_keep()")
    op.execute("ALTER TABLE charts DROP COLUMN erased_at")
