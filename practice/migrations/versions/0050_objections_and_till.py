"""Disputes that the practice accepts, objections of clients to a fee, and the till carried to the bank."""

import sqlalchemy as sa
from alembic import op

revision = "0050_objections_and_till"
down_revision = "0039_match_and_months"
branch_labels = None
depends_on = None

ACCEPTED_BY = "accepted_by_id INTEGER CONSTRAINT fk_disputes_accepted_by_id REFERENCES people (id)"
WHOLE = "CONSTRAINT ck_disputes_accepted_whole CHECK ((accepted_at IS NULL) = (accepted_by_id IS NULL))"
EITHER = "CONSTRAINT ck_disputes_answered_or_accepted CHECK (accepted_at IS NULL OR answer IS NULL)"

BEFORE_ACCOUNTS = (
    "('receivable', 'clearing', 'disputed', 'in_transit', 'bank', 'income', 'fees', 'written_off',"
    " 'cash', 'credit', 'shares', 'payable')"
)
ACCOUNTS = f"{BEFORE_ACCOUNTS[:-1]}, 'till_difference')"
BEFORE_KINDS = (
    "('invoice', 'payment', 'credit', 'credit_reversed', 'refund', 'refund_returned', 'write_off', 'recovered',"
    " 'fee', 'dispute', 'dispute_won', 'dispute_lost', 'dispute_overturned',"
    " 'payout', 'payout_arrived', 'payout_returned', 'payout_failed',"
    " 'manual_payment', 'manual_undone', 'credit_sold', 'credit_unsold', 'credit_given', 'credit_used',"
    " 'credit_restored', 'credit_expired', 'credit_paid_out', 'refund_to_credit', 'credit_taken_back',"
    " 'fee_returned', 'drawn', 'share', 'share_taken_back', 'transfer', 'transfer_reversed', 'share_paid')"
)
KINDS = f"{BEFORE_KINDS[:-1]}, 'banked', 'banking_undone', 'till_short', 'till_over')"
FIXED = ("id", "uid", "currency", "cash_cents", "cheque_cents", "expected_cents", "counted_cents", "banked_on")
REWRITES = " OR ".join((*(f"NEW.{name} <> OLD.{name}" for name in FIXED), "OLD.undone_at IS NOT NULL"))

# name, moment, table, when it is refused
REFUSED = (
    ("till_bankings_only_grow", "UPDATE", "till_bankings", REWRITES),
    ("till_bankings_stay", "DELETE", "till_bankings", ""),
)


def upgrade() -> None:
    _accept_disputes()
    _create_objections()
    _create_till()
    _know(ACCOUNTS, KINDS)
    for refusal in REFUSED:
        _refuse(*refusal)


def downgrade() -> None:
    for name, _, table, _ in REFUSED:
        _forget(name, table)
    _know(BEFORE_ACCOUNTS, BEFORE_KINDS)
    for table in ("banked_cheques", "till_bankings", "fee_objections"):
        op.drop_table(table)
    _drop_accepting()


def _on_postgresql() -> bool:
    return op.get_bind().dialect.name == "postgresql"


def _accept_disputes() -> None:
    instant = "TIMESTAMP WITH TIME ZONE" if _on_postgresql() else "DATETIME"
    op.execute(f"ALTER TABLE disputes ADD COLUMN accepted_at {instant} {EITHER}")
    op.execute(f"ALTER TABLE disputes ADD COLUMN {ACCEPTED_BY} {WHOLE}")


def _drop_accepting() -> None:
    for name in ("accepted_by_id", "accepted_at"):
        op.execute(f"ALTER TABLE disputes DROP COLUMN {name}")


def _key(table: str, column: str, to: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [f"{to}.id"], name=op.f(f"fk_{table}_{column}"))


def _check(table: str, name: str, rule: str) -> sa.CheckConstraint:
    return sa.CheckConstraint(rule, name=op.f(f"ck_{table}_{name}"))


def _number(name: str, *, nullable: bool = False) -> sa.Column:
    return sa.Column(name, sa.Integer(), nullable=nullable)


def _when(name: str, *, nullable: bool = False) -> sa.Column:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=nullable)


def _create_objections() -> None:
    table = "fee_objections"
    op.create_table(
        table,
        _number("id"),
        _number("proposal_id"),
        sa.Column("words", sa.LargeBinary(), nullable=False),
        _number("made_by_id"),
        _when("made_at"),
        sa.Column("outcome", sa.String(length=8), nullable=True),
        sa.Column("answer", sa.LargeBinary(), nullable=True),
        _number("answered_by_id", nullable=True),
        _when("answered_at", nullable=True),
        _check(table, "outcome_known", "outcome IN ('kept', 'let_go')"),
        _check(table, "answered_with_outcome", "(answered_at IS NULL) = (outcome IS NULL)"),
        _check(table, "answered_by_somebody", "(answered_at IS NULL) = (answered_by_id IS NULL)"),
        _check(table, "answered_in_words", "(answered_at IS NULL) = (answer IS NULL)"),
        _key(table, "proposal_id", "fee_proposals"),
        _key(table, "made_by_id", "people"),
        _key(table, "answered_by_id", "people"),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{table}")),
        sa.UniqueConstraint("proposal_id", name=op.f(f"uq_{table}_proposal_id")),
    )
    op.create_index("ix_fee_objections_open", table, ["answered_at"])


def _create_till() -> None:
    table = "till_bankings"
    op.create_table(
        table,
        _number("id"),
        sa.Column("uid", sa.String(length=32), nullable=False),
        sa.Column("banked_on", sa.Date(), nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=False),
        *(_number(name) for name in ("expected_cents", "counted_cents", "cash_cents", "cheque_cents")),
        sa.Column("note", sa.LargeBinary(), nullable=True),
        _number("made_by_id"),
        _when("made_at"),
        sa.Column("form_key", sa.String(length=40), nullable=False),
        _when("undone_at", nullable=True),
        _number("undone_by_id", nullable=True),
        _check(table, "currency_code", "length(currency) = 3"),
        _check(table, "carried_was_counted", "cash_cents BETWEEN 0 AND counted_cents"),
        _check(table, "cheques_not_negative", "cheque_cents >= 0"),
        _check(table, "says_something", "cash_cents + cheque_cents > 0 OR counted_cents <> expected_cents"),
        _check(table, "undone_whole", "(undone_at IS NULL) = (undone_by_id IS NULL)"),
        _key(table, "made_by_id", "people"),
        _key(table, "undone_by_id", "people"),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{table}")),
        sa.UniqueConstraint("uid", name=op.f(f"uq_{table}_uid")),
        sa.UniqueConstraint("form_key", name=op.f(f"uq_{table}_form_key")),
    )
    op.create_index("ix_till_bankings_day", table, ["banked_on"])
    op.create_table(
        "banked_cheques",
        _number("id"),
        _number("banking_id"),
        _number("payment_id"),
        _when("released_at", nullable=True),
        _key("banked_cheques", "banking_id", table),
        _key("banked_cheques", "payment_id", "manual_payments"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_banked_cheques")),
    )
    op.create_index("ix_banked_cheques_banking", "banked_cheques", ["banking_id"])
    carried = sa.text("released_at IS NULL")
    op.create_index(
        "uq_banked_cheques_once",
        "banked_cheques",
        ["payment_id"],
        unique=True,
        sqlite_where=carried,
        postgresql_where=carried,
    )


def _know(accounts: str, kinds: str) -> None:
    for name, table, when in (
        ("ledger_entries_of_known_account", "ledger_entries", f"NEW.account NOT IN {accounts}"),
        ("ledger_transactions_of_known_kind", "ledger_transactions", f"NEW.kind NOT IN {kinds}"),
    ):
        _forget(name, table)
        _refuse(name, "INSERT", table, when)


def _forget(name: str, table: str) -> None:
    op.execute(f"DROP TRIGGER {name} ON {table}" if _on_postgresql() else f"DROP TRIGGER {name}")
    if _on_postgresql():
        op.execute(f"DROP FUNCTION {name}()")


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
