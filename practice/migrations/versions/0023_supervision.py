"""Supervision: who reads along with whom, what they decided and said about notes, and the hours."""

import sqlalchemy as sa
from alembic import op

revision = "0023_supervision"
down_revision = "0022_measures"
branch_labels = None
depends_on = None

KEPT = (
    ("note_reviews", "what was decided about a note stays"),
    ("review_comments", "what was said about a note stays"),
)


def _guards(dialect: str) -> list[str]:
    if dialect == "sqlite":
        return [
            f"CREATE TRIGGER {table}_{name} BEFORE {deed} ON {table} BEGIN SELECT RAISE(ABORT, '{words}'); END"
            for table, words in KEPT
            for name, deed in (("stay", "UPDATE"), ("keep", "DELETE"))
        ]
    return [
        statement
        for table, words in KEPT
        for statement in (
            (
                f"CREATE FUNCTION {table}_keep() RETURNS trigger LANGUAGE plpgsql AS $$ "
                f"BEGIN RAISE EXCEPTION '{words}'; END $$"
            ),
            (
                f"CREATE TRIGGER {table}_keep BEFORE UPDATE OR DELETE ON {table} "
                f"FOR EACH ROW EXECUTE FUNCTION {table}_keep()"
            ),
            (
                f"CREATE TRIGGER {table}_never_emptied BEFORE TRUNCATE ON {table} "
                f"FOR EACH STATEMENT EXECUTE FUNCTION {table}_keep()"
            ),
        )
    ]


def _key(table: str, column: str, to: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [f"{to}.id"], name=op.f(f"fk_{table}_{column}"))


def _check(table: str, name: str, rule: str) -> sa.CheckConstraint:
    return sa.CheckConstraint(rule, name=op.f(f"ck_{table}_{name}"))


def _when(name: str, *, nullable: bool = False) -> sa.Column:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=nullable)


def _number(name: str, *, nullable: bool = False) -> sa.Column:
    return sa.Column(name, sa.Integer(), nullable=nullable)


def upgrade() -> None:
    _supervisions()
    _reviews()
    _hours()
    for statement in _guards(op.get_bind().dialect.name):
        op.execute(statement)


def _supervisions() -> None:
    table = "supervisions"
    op.create_table(
        table,
        _number("id"),
        _number("supervisor_id"),
        _number("supervisee_id"),
        sa.Column("duty", sa.String(length=10), nullable=False),
        sa.Column("begins_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=True),
        _number("arranged_by_id"),
        _when("arranged_at"),
        _when("accepted_at", nullable=True),
        _when("ended_at", nullable=True),
        _number("ended_by_id", nullable=True),
        _check(table, "two_people", "supervisor_id <> supervisee_id"),
        _check(table, "duty_known", "duty IN ('read', 'approve', 'cosign')"),
        _check(table, "days_in_order", "ends_on IS NULL OR ends_on >= begins_on"),
        *(_key(table, f"{who}_id", "people") for who in ("supervisor", "supervisee", "arranged_by", "ended_by")),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{table}")),
    )
    running = sa.text("ended_at IS NULL")
    op.create_index(
        "uq_supervisions_running",
        table,
        ["supervisor_id", "supervisee_id"],
        unique=True,
        postgresql_where=running,
        sqlite_where=running,
    )
    op.create_index("ix_supervisions_supervisee", table, ["supervisee_id"])


def _reviews() -> None:
    op.create_table(
        "note_reviews",
        _number("id"),
        _number("note_id"),
        _number("supervision_id"),
        _number("reviewer_id"),
        sa.Column("decision", sa.String(length=10), nullable=False),
        sa.Column("fingerprint", sa.String(length=64), nullable=False),
        _number("addenda"),
        _when("reviewed_at"),
        _check("note_reviews", "decision_known", "decision IN ('returned', 'approved', 'cosigned')"),
        _check("note_reviews", "addenda_count", "addenda >= 0"),
        _key("note_reviews", "note_id", "notes"),
        _key("note_reviews", "supervision_id", "supervisions"),
        _key("note_reviews", "reviewer_id", "people"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_note_reviews")),
    )
    final = sa.text("decision <> 'returned'")
    op.create_index(
        "uq_note_reviews_final",
        "note_reviews",
        ["note_id", "reviewer_id"],
        unique=True,
        postgresql_where=final,
        sqlite_where=final,
    )
    op.create_index("ix_note_reviews_note", "note_reviews", ["note_id"])
    op.create_table(
        "review_comments",
        _number("id"),
        _number("note_id"),
        _number("number"),
        _number("author_id"),
        _number("epoch"),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        _when("written_at"),
        _check("review_comments", "number_counts", "number > 0"),
        _key("review_comments", "note_id", "notes"),
        _key("review_comments", "author_id", "people"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_review_comments")),
        sa.UniqueConstraint("note_id", "number", name=op.f("uq_review_comments_note_id_number")),
    )


def _hours() -> None:
    table = "supervision_hours"
    op.create_table(
        table,
        _number("id"),
        _number("supervision_id"),
        sa.Column("met_on", sa.Date(), nullable=False),
        _number("minutes"),
        sa.Column("format", sa.String(length=12), nullable=False),
        _number("entered_by_id"),
        _when("entered_at"),
        _number("confirmed_by_id", nullable=True),
        _when("confirmed_at", nullable=True),
        _when("withdrawn_at", nullable=True),
        _check(table, "minutes_bounds", "minutes BETWEEN 5 AND 600"),
        _check(table, "format_known", "format IN ('individual', 'triadic', 'group', 'observed')"),
        _check(table, "confirmed_whole", "(confirmed_at IS NULL) = (confirmed_by_id IS NULL)"),
        _check(table, "confirmed_by_other", "confirmed_by_id IS NULL OR confirmed_by_id <> entered_by_id"),
        _check(table, "confirmed_stays", "withdrawn_at IS NULL OR confirmed_at IS NULL"),
        _key(table, "supervision_id", "supervisions"),
        _key(table, "entered_by_id", "people"),
        _key(table, "confirmed_by_id", "people"),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{table}")),
    )
    op.create_index("ix_supervision_hours_supervision", table, ["supervision_id", "met_on"])


def downgrade() -> None:
    for table in ("supervision_hours", "review_comments", "note_reviews", "supervisions"):
        op.drop_table(table)
    if op.get_bind().dialect.name == "postgresql":
        for table, _ in KEPT:
            op.execute(f"DROP FUNCTION {table}_keep()")
