"""Charts whose keys were used in a sitting; and the public keys there are, listed in the audit log by fingerprint."""

from datetime import UTC, datetime
from hashlib import sha256

import sqlalchemy as sa
from alembic import op

revision = "0029_key_uses"
down_revision = "0027_releases"
branch_labels = None
depends_on = None

ENTRIES = sa.table(
    "audit_entries",
    sa.column("at", sa.DateTime(timezone=True)),
    sa.column("action", sa.String),
    sa.column("person_id", sa.Integer),
    sa.column("subject_kind", sa.String),
    sa.column("subject_id", sa.Integer),
    sa.column("detail", sa.JSON),
)
PEOPLE = "SELECT person_id, number, public FROM person_keys ORDER BY id"
RECOVERY = "SELECT id, public FROM recovery_keys ORDER BY id"


def upgrade() -> None:
    op.create_table(
        "key_uses",
        sa.Column("sign_in_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("chart_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("apart", sa.Boolean(), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["sign_in_id"], ["open_vaults.sign_in_id"], name=op.f("fk_key_uses_sign_in_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["chart_id"], ["charts.id"], name=op.f("fk_key_uses_chart_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("sign_in_id", "chart_id", "apart", name=op.f("pk_key_uses")),
    )
    bind, now = op.get_bind(), datetime.now(UTC)
    rows = [
        _entry("vault.key_listed", "person_key", person_id, {"number": number, "key": _print(public)}, now)
        for person_id, number, public in bind.execute(sa.text(PEOPLE))
    ]
    rows += [
        _entry("recovery.key_listed", "recovery_key", number, {"key": _print(public)}, now)
        for number, public in bind.execute(sa.text(RECOVERY))
    ]
    if rows:
        op.bulk_insert(ENTRIES, rows)


def downgrade() -> None:
    op.drop_table("key_uses")


def _print(public: bytes) -> str:
    return sha256(bytes(public)).hexdigest()


def _entry(action: str, kind: str, number: int, detail: dict[str, object], now: datetime) -> dict[str, object]:
    """Write down a key that was there before the log knew keys; it trusts what it finds, once."""
    owner = number if kind == "person_key" else None
    return {
        "at": now,
        "action": action,
        "person_id": owner,
        "subject_kind": kind,
        "subject_id": number,
        "detail": detail,
    }
