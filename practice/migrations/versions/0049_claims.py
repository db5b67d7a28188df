"""Claims with a life of their own: made of superbills, sent, paid or denied, corrected and voided by another.

Of a claim only its state ever changes; what became of it only grows.
"""

import sqlalchemy as sa
from alembic import op

revision = "0049_claims"
down_revision = "0050_objections_and_till"
branch_labels = None
depends_on = None

STATES = "('made', 'sent', 'paid', 'denied', 'withdrawn', 'replaced', 'voided')"
FIXED = ("id", "number", "superbill_id", "client_id", "counselor_id", "frequency", "total_cents", "currency", "made_at")
FOLLOWS = "COALESCE(NEW.follows_id, 0) <> COALESCE(OLD.follows_id, 0)"
# name, moment, table, when it is refused
REFUSED = (
    ("claims_stay_as_made", "UPDATE", "claims", " OR ".join((FOLLOWS, *(f"NEW.{n} <> OLD.{n}" for n in FIXED)))),
    ("claims_stay", "DELETE", "claims", ""),
    ("claim_events_stay_as_noted", "UPDATE", "claim_events", ""),
    ("claim_events_stay", "DELETE", "claim_events", ""),
)
SERIES = "claims"


def upgrade() -> None:
    _claims()
    _events()
    op.execute(
        "ALTER TABLE claim_files ADD COLUMN claim_id INTEGER CONSTRAINT fk_claim_files_claim_id REFERENCES claims (id)"
    )
    op.create_index("ix_claim_files_claim", "claim_files", ["claim_id"])
    for name, moment, table, when in REFUSED:
        _refuse(name, moment, table, when)
    op.execute(f"INSERT INTO invoice_series (name, next_number) VALUES ('{SERIES}', 1)")


def downgrade() -> None:
    op.execute(f"DELETE FROM invoice_series WHERE name = '{SERIES}'")
    op.drop_index("ix_claim_files_claim", "claim_files")
    op.execute("ALTER TABLE claim_files DROP COLUMN claim_id")
    op.drop_table("claim_events")
    op.drop_table("claims")
    if _on_postgresql():
        for name, *_ in REFUSED:
            op.execute(f"DROP FUNCTION {name}()")


def _claims() -> None:
    table = "claims"
    op.create_table(
        table,
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("superbill_id", sa.Integer(), nullable=False),
        sa.Column("client_id", sa.Integer(), nullable=False),
        sa.Column("counselor_id", sa.Integer(), nullable=False),
        sa.Column("frequency", sa.String(length=1), nullable=False),
        sa.Column("follows_id", sa.Integer(), nullable=True),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("total_cents", sa.Integer(), nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("said", sa.LargeBinary(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("made_by_id", sa.Integer(), nullable=False),
        sa.CheckConstraint("number > 0", name=op.f("ck_claims_number_positive")),
        sa.CheckConstraint("frequency IN ('1', '7', '8')", name=op.f("ck_claims_frequency_known")),
        sa.CheckConstraint(f"state IN {STATES}", name=op.f("ck_claims_state_known")),
        sa.CheckConstraint("(frequency = '1') = (follows_id IS NULL)", name=op.f("ck_claims_follows_another")),
        sa.CheckConstraint("total_cents >= 0", name=op.f("ck_claims_total_not_negative")),
        sa.CheckConstraint("length(currency) = 3", name=op.f("ck_claims_currency_code")),
        _key(table, "superbill_id", "superbills"),
        _key(table, "client_id", "people"),
        _key(table, "counselor_id", "people"),
        _key(table, "follows_id", "claims"),
        _key(table, "made_by_id", "people"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_claims")),
        sa.UniqueConstraint("number", name=op.f("uq_claims_number")),
    )
    op.create_index("ix_claims_client", table, ["client_id", "number"])
    op.create_index("ix_claims_state", table, ["state", "number"])
    _one("uq_claims_follows", "follows_id", "state <> 'withdrawn'")
    _one("uq_claims_first", "superbill_id", "state <> 'withdrawn' AND frequency = '1'")


def _one(name: str, column: str, where: str) -> None:
    condition = sa.text(where)
    op.create_index(name, "claims", [column], unique=True, sqlite_where=condition, postgresql_where=condition)


def _events() -> None:
    table = "claim_events"
    op.create_table(
        table,
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("claim_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=12), nullable=False),
        sa.Column("happened_on", sa.Date(), nullable=False),
        sa.Column("paid_cents", sa.Integer(), nullable=True),
        sa.Column("words", sa.LargeBinary(), nullable=False),
        sa.Column("noted_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("noted_by_id", sa.Integer(), nullable=False),
        sa.CheckConstraint(f"kind IN {STATES}", name=op.f("ck_claim_events_kind_known")),
        sa.CheckConstraint(
            "paid_cents IS NULL OR (kind = 'paid' AND paid_cents >= 0)", name=op.f("ck_claim_events_paid_not_negative")
        ),
        _key(table, "claim_id", "claims"),
        _key(table, "noted_by_id", "people"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_claim_events")),
    )
    op.create_index("ix_claim_events_claim", table, ["claim_id", "id"])


def _key(table: str, column: str, to: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [f"{to}.id"], name=op.f(f"fk_{table}_{column}"))


def _on_postgresql() -> bool:
    return op.get_bind().dialect.name == "postgresql"


def _refuse(name: str, moment: str, table: str, when: str) -> None:
    if not _on_postgresql():
        condition = f"WHEN {when} " if when else ""
        op.execute(
            f"CREATE TRIGGER {name} BEFORE {moment} ON {table} {condition}BEGIN SELECT RAISE(ABORT, '{name}'); END"
        )
        return
    refuse = f"RAISE EXCEPTION '{name}' USING ERRCODE = 'integrity_constraint_violation'"
    answer = "OLD" if moment == "DELETE" else "NEW"
    body = f"IF {when or 'true'} THEN {refuse}; END IF; RETURN {answer};"
    op.execute(f"CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN {body} END $$")
    op.execute(f"CREATE TRIGGER {name} BEFORE {moment} ON {table} FOR EACH ROW EXECUTE FUNCTION {name}()")
