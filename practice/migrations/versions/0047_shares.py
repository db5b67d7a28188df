"""Counselors' shares: what was agreed, what each session added, and what was sent."""

import sqlalchemy as sa
from alembic import op

revision = "0047_shares"
down_revision = "0049_claims"
branch_labels = None
depends_on = None

WAYS = "('transfer', 'bank', 'cash')"
BEFORE_KINDS = (
    "('invoice', 'payment', 'credit', 'credit_reversed', 'refund', 'refund_returned', 'write_off', 'recovered',"
    " 'fee', 'dispute', 'dispute_won', 'dispute_lost', 'dispute_overturned',"
    " 'payout', 'payout_arrived', 'payout_returned', 'payout_failed',"
    " 'manual_payment', 'manual_undone', 'credit_sold', 'credit_unsold', 'credit_given', 'credit_used',"
    " 'credit_restored', 'credit_expired', 'credit_paid_out', 'refund_to_credit', 'credit_taken_back',"
    " 'fee_returned', 'drawn', 'share', 'share_taken_back', 'transfer', 'transfer_reversed', 'share_paid',"
    " 'banked', 'banking_undone', 'till_short', 'till_over')"
)
STATES = "('sending', 'waiting', 'done', 'refused', 'called_off', 'undone')"

# name, moment, table, when it is refused
REFUSED = (
    ("share_lines_only_grow", "UPDATE", "share_lines", ""),
    ("share_lines_stay", "DELETE", "share_lines", ""),
    (
        "share_rules_are_only_withdrawn",
        "UPDATE",
        "share_rules",
        " OR ".join(
            (
                *(f"NEW.{name} <> OLD.{name}" for name in ("counselor_id", "kind", "value", "currency", "from_on")),
                "coalesce(NEW.service_id, 0) <> coalesce(OLD.service_id, 0)",
                "OLD.withdrawn_at IS NOT NULL",
            )
        ),
    ),
    ("share_rules_stay", "DELETE", "share_rules", ""),
    (
        "share_payments_keep_their_amount",
        "UPDATE",
        "share_payments",
        " OR ".join(f"NEW.{name} <> OLD.{name}" for name in ("uid", "counselor_id", "amount_cents", "currency", "way")),
    ),
    ("share_payments_stay", "DELETE", "share_payments", ""),
)


def upgrade() -> None:
    _create_rules()
    _create_lines()
    _create_payments()
    _create_accounts()
    _know(f"{BEFORE_KINDS[:-1]}, 'share_unpaid')")
    for name, moment, table, when in REFUSED:
        _refuse(name, moment, table, when)


def downgrade() -> None:
    for name, _, table, _ in REFUSED:
        _forget(name, table)
    _know(BEFORE_KINDS)
    for table in ("share_accounts", "share_payments", "share_lines", "share_rules"):
        op.drop_table(table)


def _on_postgresql() -> bool:
    return op.get_bind().dialect.name == "postgresql"


def _create_rules() -> None:
    op.create_table(
        "share_rules",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("counselor_id", sa.Integer(), nullable=False),
        sa.Column("service_id", sa.Integer(), nullable=True),
        sa.Column("kind", sa.String(length=8), nullable=False),
        sa.Column("value", sa.Integer(), nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("from_on", sa.Date(), nullable=False),
        sa.Column("made_by_id", sa.Integer(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("withdrawn_by_id", sa.Integer(), nullable=True),
        sa.CheckConstraint("kind IN ('percent', 'fixed')", name=op.f("ck_share_rules_kind_known")),
        sa.CheckConstraint("value >= 0", name=op.f("ck_share_rules_value_not_negative")),
        sa.CheckConstraint("kind <> 'percent' OR value <= 10000", name=op.f("ck_share_rules_percent_bounds")),
        sa.CheckConstraint("length(currency) = 3", name=op.f("ck_share_rules_currency_code")),
        sa.CheckConstraint(
            "(withdrawn_at IS NULL) = (withdrawn_by_id IS NULL)", name=op.f("ck_share_rules_withdrawn_by_somebody")
        ),
        *_refers("share_rules", counselor="people", service="services", made_by="people", withdrawn_by="people"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_share_rules")),
    )
    op.create_index("ix_share_rules_counselor", "share_rules", ["counselor_id", "from_on"])


def _create_lines() -> None:
    op.create_table(
        "share_lines",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("transaction_id", sa.Integer(), nullable=False),
        sa.Column("invoice_id", sa.Integer(), nullable=False),
        sa.Column("rule_id", sa.Integer(), nullable=True),
        sa.Column("collected_cents", sa.Integer(), nullable=False),
        sa.Column("total_cents", sa.Integer(), nullable=False),
        sa.Column("share_cents", sa.Integer(), nullable=False),
        sa.CheckConstraint("share_cents <> 0", name=op.f("ck_share_lines_share_not_zero")),
        sa.CheckConstraint(
            "collected_cents >= 0 AND total_cents >= 0", name=op.f("ck_share_lines_totals_not_negative")
        ),
        *_refers("share_lines", transaction="ledger_transactions", invoice="invoices", rule="share_rules"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_share_lines")),
        sa.UniqueConstraint("transaction_id", name=op.f("uq_share_lines_transaction_id")),
    )
    op.create_index("ix_share_lines_invoice", "share_lines", ["invoice_id"])


def _create_payments() -> None:
    checks = {
        "amount_positive": "amount_cents > 0",
        "currency_code": "length(currency) = 3",
        "way_known": f"way IN {WAYS}",
        "state_known": f"state IN {STATES}",
        "transfer_has_account": "(way = 'transfer') = (account_id IS NOT NULL)",
        "by_hand_is_done": "way = 'transfer' OR state IN ('done', 'undone')",
        "transfers_are_not_undone": "way <> 'transfer' OR state <> 'undone'",
        "reversed_within": "reversed_cents >= 0 AND reversed_cents <= amount_cents",
    }
    op.create_table(
        "share_payments",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("uid", sa.String(length=32), nullable=False),
        sa.Column("counselor_id", sa.Integer(), nullable=False),
        sa.Column("amount_cents", sa.Integer(), nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("way", sa.String(length=8), nullable=False),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("paid_on", sa.Date(), nullable=False),
        sa.Column("reference", sa.LargeBinary(), nullable=True),
        sa.Column("account_id", sa.String(length=80), nullable=True),
        sa.Column("transfer_id", sa.String(length=80), nullable=True),
        sa.Column("reversed_cents", sa.Integer(), nullable=False),
        sa.Column("attempt", sa.Integer(), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("problem", sa.String(length=80), nullable=False),
        sa.Column("form_key", sa.String(length=32), nullable=False),
        sa.Column("made_by_id", sa.Integer(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("settled_at", sa.DateTime(timezone=True), nullable=True),
        *(sa.CheckConstraint(text, name=op.f(f"ck_share_payments_{name}")) for name, text in checks.items()),
        *_refers("share_payments", counselor="people", made_by="people"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_share_payments")),
        *(
            sa.UniqueConstraint(name, name=op.f(f"uq_share_payments_{name}"))
            for name in ("uid", "form_key", "transfer_id")
        ),
    )
    op.create_index("ix_share_payments_counselor", "share_payments", ["counselor_id", "made_at"])
    op.create_index("ix_share_payments_under_way", "share_payments", ["state", "due_at"])


def _create_accounts() -> None:
    op.create_table(
        "share_accounts",
        sa.Column("counselor_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("account_id", sa.String(length=80), nullable=False),
        sa.Column("changed_by_id", sa.Integer(), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        *_refers("share_accounts", counselor="people", changed_by="people"),
        sa.PrimaryKeyConstraint("counselor_id", name=op.f("pk_share_accounts")),
    )


def _refers(table: str, **named: str) -> list[sa.ForeignKeyConstraint]:
    return [
        sa.ForeignKeyConstraint([f"{name}_id"], [f"{other}.id"], name=op.f(f"fk_{table}_{name}_id"))
        for name, other in named.items()
    ]


def _know(kinds: str) -> None:
    name, table = "ledger_transactions_of_known_kind", "ledger_transactions"
    _forget(name, table)
    _refuse(name, "INSERT", table, f"NEW.kind NOT IN {kinds}")


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
