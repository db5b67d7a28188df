"""Papers of money: who bills whom, codes of sessions, superbills with the files made of them, and estimates.

Superbills and claim files stay as they were issued; of an estimate only that it was replaced or warned of may be noted.
"""

import sqlalchemy as sa
from alembic import op

revision = "0035_papers"
down_revision = "0043_cards"
branch_labels = None
depends_on = None

TABLES = ("estimates", "claim_files", "superbills", "session_codes", "billing_parties")
GIVEN = (
    "id",
    "number",
    "client_id",
    "counselor_id",
    "cause",
    "first_on",
    "last_on",
    "due_on",
    "total_cents",
    "given_at",
)
# name, moment, table, when it is refused
REFUSED = (
    ("superbills_stay_as_issued", "UPDATE", "superbills", ""),
    ("superbills_stay", "DELETE", "superbills", ""),
    ("claim_files_stay_as_made", "UPDATE", "claim_files", ""),
    ("claim_files_stay", "DELETE", "claim_files", ""),
    ("estimates_stay_as_given", "UPDATE", "estimates", " OR ".join(f"NEW.{name} <> OLD.{name}" for name in GIVEN)),
    ("estimates_stay", "DELETE", "estimates", ""),
)
SERIES = ("superbill", "claim", "estimate")


def _number(name: str, *, nullable: bool = False) -> sa.Column:
    return sa.Column(name, sa.Integer(), nullable=nullable)


def _when(name: str, *, nullable: bool = False) -> sa.Column:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=nullable)


def _day(name: str) -> sa.Column:
    return sa.Column(name, sa.Date(), nullable=False)


def _text(name: str, length: int) -> sa.Column:
    return sa.Column(name, sa.String(length=length), nullable=False)


def _said() -> sa.Column:
    return sa.Column("said", sa.LargeBinary(), nullable=False)


def _table(name: str, *columns: sa.Column, keys: dict[str, str], checks: dict[str, str], unique: tuple = ()) -> None:
    op.create_table(
        name,
        *columns,
        *(sa.CheckConstraint(rule, name=op.f(f"ck_{name}_{check}")) for check, rule in checks.items()),
        *(sa.ForeignKeyConstraint([key], [f"{to}.id"], name=op.f(f"fk_{name}_{key}")) for key, to in keys.items()),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{name}")),
        *((sa.UniqueConstraint(*unique, name=op.f(f"uq_{name}_{'_'.join(unique)}")),) if unique else ()),
    )


def upgrade() -> None:
    _parties()
    _codes()
    _superbills()
    _estimates()
    for name, moment, table, when in REFUSED:
        _refuse(name, moment, table, when)
    for name in SERIES:
        op.execute(f"INSERT INTO invoice_series (name, next_number) VALUES ('{name}', 1)")


def downgrade() -> None:
    for name in SERIES:
        op.execute(f"DELETE FROM invoice_series WHERE name = '{name}'")
    for table in TABLES:
        op.drop_table(table)
    if _on_postgresql():
        for name, *_ in REFUSED:
            op.execute(f"DROP FUNCTION {name}()")


def _parties() -> None:
    table = "billing_parties"
    _table(
        table,
        _number("id"),
        _text("kind", 12),
        _number("person_id", nullable=True),
        _said(),
        _when("changed_at"),
        _number("changed_by_id"),
        keys={"person_id": "people", "changed_by_id": "people"},
        checks={
            "kind_known": "kind IN ('client', 'counselor', 'practice')",
            "whose_known": "(kind = 'practice') = (person_id IS NULL)",
        },
        unique=("person_id", "kind"),
    )
    nobodys = sa.text("person_id IS NULL")
    op.create_index(
        "uq_billing_parties_practice", table, ["kind"], unique=True, sqlite_where=nobodys, postgresql_where=nobodys
    )


def _codes() -> None:
    _table(
        "session_codes",
        _number("id"),
        _number("appointment_id"),
        _said(),
        _when("confirmed_at"),
        _number("confirmed_by_id"),
        keys={"appointment_id": "appointments", "confirmed_by_id": "people"},
        checks={},
        unique=("appointment_id",),
    )
    op.create_index("ix_session_codes_confirmed", "session_codes", ["confirmed_at"])


def _superbills() -> None:
    _table(
        "superbills",
        _number("id"),
        _number("number"),
        _number("client_id"),
        _number("counselor_id"),
        _day("first_on"),
        _day("last_on"),
        _said(),
        _when("issued_at"),
        _number("issued_by_id"),
        keys={"client_id": "people", "counselor_id": "people", "issued_by_id": "people"},
        checks={"number_positive": "number > 0", "days_in_order": "first_on <= last_on"},
        unique=("number",),
    )
    op.create_index("ix_superbills_client", "superbills", ["client_id", "number"])
    _table(
        "claim_files",
        _number("id"),
        _number("control_number"),
        _number("superbill_id"),
        sa.Column("text", sa.LargeBinary(), nullable=False),
        _when("made_at"),
        _number("made_by_id"),
        keys={"superbill_id": "superbills", "made_by_id": "people"},
        checks={"control_number_bounds": "control_number BETWEEN 1 AND 999999999"},
        unique=("control_number",),
    )
    op.create_index("ix_claim_files_superbill", "claim_files", ["superbill_id"])


def _estimates() -> None:
    _table(
        "estimates",
        _number("id"),
        _number("number"),
        _number("client_id"),
        _number("counselor_id"),
        _text("cause", 12),
        _day("first_on"),
        _day("last_on"),
        _when("begins_at"),
        _when("ends_at"),
        _day("due_on"),
        _number("total_cents"),
        _text("currency", 3),
        _said(),
        _when("given_at"),
        _number("given_by_id", nullable=True),
        _when("replaced_at", nullable=True),
        _when("warned_at", nullable=True),
        keys={"client_id": "people", "counselor_id": "people", "given_by_id": "people"},
        checks={
            "number_positive": "number > 0",
            "cause_known": "cause IN ('scheduled', 'asked', 'changed')",
            "total_positive": "total_cents > 0",
            "currency_code": "length(currency) = 3",
            "days_in_order": "first_on < last_on",
        },
        unique=("number",),
    )
    op.create_index("ix_estimates_client", "estimates", ["client_id", "counselor_id", "given_at"])


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
