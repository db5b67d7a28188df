"""The guards that keep money true, the same on both databases.

Refused are a posting that does not balance when the transaction ends, a change to what
is in the books, a gap in the invoice numbers, and a refund above its charge. The open
sides of a posting point at a table that holds only zero, through a foreign key that is
looked at when the transaction commits.
"""

from alembic import op

revision = "0006_billing_guards"
down_revision = "0005_billing"
branch_labels = None
depends_on = None

DEAD = "('failed', 'withdrawn')"

POSTED = "(SELECT coalesce(sum(e.amount_cents), 0) FROM ledger_entries e WHERE e.transaction_id = {0}.id"
OPEN_DEBIT = f"{{0}}.amount_cents - {POSTED} AND e.amount_cents > 0)"
OPEN_CREDIT = f"{{0}}.amount_cents + {POSTED} AND e.amount_cents < 0)"
NULLABLE = ("appointment_id", "payment_id")
UNCHANGED = ("id", "kind", "reference", "currency", "amount_cents", "posted_at", "payment_id")


def _any_changed(columns: tuple[str, ...]) -> str:
    def changed(name: str) -> str:
        if name in NULLABLE:
            return f"coalesce(NEW.{name}, 0) <> coalesce(OLD.{name}, 0)"
        return f"NEW.{name} <> OLD.{name}"

    return " OR ".join(changed(name) for name in columns)


CLOSES = (
    f"UPDATE ledger_transactions SET open_debit_cents = {OPEN_DEBIT.format('ledger_transactions')},"
    f" open_credit_cents = {OPEN_CREDIT.format('ledger_transactions')} WHERE id = NEW.transaction_id"
)
REWRITES = " OR ".join(
    (
        _any_changed(UNCHANGED),
        f"NEW.open_debit_cents <> {OPEN_DEBIT.format('NEW')}",
        f"NEW.open_credit_cents <> {OPEN_CREDIT.format('NEW')}",
    )
)
PROMISED = (
    f"(SELECT coalesce(sum(r.amount_cents), 0) FROM refunds r WHERE r.payment_id = NEW.id AND r.status NOT IN {DEAD})"
)

# Sealed columns are missing here: a new field key seals them anew.
INVOICE = ("id", "number", "uid", "client_id", "counselor_id", "total_cents", "currency", "issued_at", "appointment_id")
LINE = ("id", "invoice_id", "position", "quantity", "unit_cents", "amount_cents")


# name, moment, table, when it is refused
REFUSED = (
    ("invoices_only_grow", "UPDATE", "invoices", _any_changed(INVOICE)),
    ("invoices_stay", "DELETE", "invoices", ""),
    ("invoice_lines_only_grow", "UPDATE", "invoice_lines", _any_changed(LINE)),
    ("invoice_lines_stay", "DELETE", "invoice_lines", ""),
    (
        "invoice_numbers_without_gaps",
        "INSERT",
        "invoices",
        "NEW.number <> (SELECT coalesce(max(i.number), 0) + 1 FROM invoices i)",
    ),
    ("payments_stay", "DELETE", "payments", ""),
    ("payments_refunded_is_true", "UPDATE", "payments", f"NEW.refunded_cents <> {PROMISED}"),
    ("payments_refunded_begins_at_nothing", "INSERT", "payments", "NEW.refunded_cents <> 0"),
    ("refunds_stay", "DELETE", "refunds", ""),
    (
        "refunds_keep_their_amount",
        "UPDATE",
        "refunds",
        "NEW.amount_cents <> OLD.amount_cents OR NEW.payment_id <> OLD.payment_id",
    ),
    ("ledger_entries_only_grow", "UPDATE", "ledger_entries", ""),
    ("ledger_entries_stay", "DELETE", "ledger_entries", ""),
    ("ledger_transactions_stay", "DELETE", "ledger_transactions", ""),
    (
        "ledger_transactions_begin_open",
        "INSERT",
        "ledger_transactions",
        "NEW.open_debit_cents <> NEW.amount_cents OR NEW.open_credit_cents <> NEW.amount_cents",
    ),
    (
        "ledger_transactions_only_grow",
        "UPDATE",
        "ledger_transactions",
        REWRITES,
    ),
)

# name, moment, table, when, what follows
FOLLOWS = (
    (
        "ledger_entries_close_their_posting",
        "INSERT",
        "ledger_entries",
        "",
        CLOSES,
    ),
    (
        "refunds_are_added_up",
        "INSERT",
        "refunds",
        f"NEW.status NOT IN {DEAD}",
        "UPDATE payments SET refunded_cents = refunded_cents + NEW.amount_cents WHERE id = NEW.payment_id",
    ),
    (
        "refunds_that_die_are_taken_off",
        "UPDATE",
        "refunds",
        f"NEW.status IN {DEAD} AND OLD.status NOT IN {DEAD}",
        "UPDATE payments SET refunded_cents = refunded_cents - NEW.amount_cents WHERE id = NEW.payment_id",
    ),
    (
        "refunds_that_revive_are_added",
        "UPDATE",
        "refunds",
        f"NEW.status NOT IN {DEAD} AND OLD.status IN {DEAD}",
        "UPDATE payments SET refunded_cents = refunded_cents + NEW.amount_cents WHERE id = NEW.payment_id",
    ),
)


def upgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":
        _guard_postgresql()
    else:
        _guard_sqlite()


def downgrade() -> None:
    on_postgresql = op.get_bind().dialect.name == "postgresql"
    for name, _, table, *_ in (*REFUSED, *FOLLOWS):
        op.execute(f"DROP TRIGGER {name} ON {table}" if on_postgresql else f"DROP TRIGGER {name}")
        if on_postgresql:
            op.execute(f"DROP FUNCTION {name}()")


def _guard_sqlite() -> None:
    for name, moment, table, when in REFUSED:
        condition = f"WHEN {when} " if when else ""
        op.execute(
            f"CREATE TRIGGER {name} BEFORE {moment} ON {table} {condition}BEGIN SELECT RAISE(ABORT, '{name}'); END"
        )
    for name, moment, table, when, deed in FOLLOWS:
        condition = f"WHEN {when} " if when else ""
        op.execute(f"CREATE TRIGGER {name} AFTER {moment} ON {table} {condition}BEGIN {deed}; END")


def _guard_postgresql() -> None:
    for name, moment, table, when in REFUSED:
        refuse = f"RAISE EXCEPTION '{name}' USING ERRCODE = 'integrity_constraint_violation'"
        answer = "OLD" if moment == "DELETE" else "NEW"
        _trigger(name, "BEFORE", moment, table, f"IF {when or 'true'} THEN {refuse}; END IF; RETURN {answer};")
    for name, moment, table, when, deed in FOLLOWS:
        _trigger(name, "AFTER", moment, table, f"IF {when or 'true'} THEN {deed}; END IF; RETURN NULL;")


def _trigger(name: str, place: str, moment: str, table: str, body: str) -> None:
    op.execute(f"CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN {body} END $$")
    op.execute(f"CREATE TRIGGER {name} {place} {moment} ON {table} FOR EACH ROW EXECUTE FUNCTION {name}()")
