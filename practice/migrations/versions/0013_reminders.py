"""Reminders by service, channel and consent; what became of every message."""

import sqlalchemy as sa
from alembic import op

revision = "0013_reminders"
down_revision = "0012_calendars"
branch_labels = None
depends_on = None

OLD = {
    "state_known": "state IN ('planned', 'sending', 'sent', 'failed', 'withdrawn')",
    "sending_leased": "state <> 'sending' OR (worker IS NOT NULL AND leased_until IS NOT NULL)",
}
NEW = {
    "state_known": "state IN ('planned', 'sending', 'sent', 'delivered', 'failed', 'late', 'withdrawn')",
    "sending_held": "state <> 'sending' OR worker IS NOT NULL",
}
KEPT = (
    "id, key, kind, channel, recipient_id, subject_kind, subject_id, payload, due_at, planned_at, state, attempts, "
    "worker, settled_at, last_error"
)
INDEXES = {"ix_outbox_messages_due": ["state", "due_at"], "ix_outbox_messages_subject": ["subject_kind", "subject_id"]}


def upgrade() -> None:
    _widen_outbox()
    op.create_index("ix_outbox_messages_recipient", "outbox_messages", ["recipient_id", "channel", "settled_at"])


def downgrade() -> None:
    op.drop_index("ix_outbox_messages_recipient", "outbox_messages")
    _narrow_outbox()


def _widen_outbox() -> None:
    added = [
        sa.Column("delivered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("provider_id", sa.String(length=64), nullable=True),
        sa.Column("error_code", sa.String(length=40), nullable=True),
        sa.Column("uncertain", sa.Boolean(), nullable=False, server_default=sa.false()),
    ]
    if op.get_bind().dialect.name == "sqlite":
        _rebuild(added, NEW)
        return
    _swap_checks(OLD, NEW)
    op.drop_column("outbox_messages", "leased_until")
    for column in added:
        op.add_column("outbox_messages", column)
    op.alter_column("outbox_messages", "uncertain", server_default=None)


def _narrow_outbox() -> None:
    op.execute("UPDATE outbox_messages SET state = 'sent' WHERE state = 'delivered'")
    op.execute("UPDATE outbox_messages SET state = 'withdrawn' WHERE state = 'late'")
    op.execute("UPDATE outbox_messages SET state = 'planned', worker = NULL WHERE state = 'sending'")
    leased = sa.Column("leased_until", sa.DateTime(timezone=True), nullable=True)
    if op.get_bind().dialect.name == "sqlite":
        _rebuild([leased], OLD)
        return
    op.add_column("outbox_messages", leased)
    for name in ("delivered_at", "provider_id", "error_code", "uncertain"):
        op.drop_column("outbox_messages", name)
    _swap_checks(NEW, OLD)


def _swap_checks(old: dict[str, str], new: dict[str, str]) -> None:
    for name in old:
        op.drop_constraint(op.f(f"ck_outbox_messages_{name}"), "outbox_messages", type_="check")
    for name, condition in new.items():
        op.create_check_constraint(op.f(f"ck_outbox_messages_{name}"), "outbox_messages", condition)


def _rebuild(added: list[sa.Column], checks: dict[str, str]) -> None:
    """Make the table anew: SQLite cannot change a check. Nothing refers to it and it has no triggers."""
    op.create_table(
        "outbox_messages_new",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=200), nullable=False),
        sa.Column("kind", sa.String(length=60), nullable=False),
        sa.Column("channel", sa.String(length=20), nullable=False),
        sa.Column("recipient_id", sa.Integer(), nullable=True),
        sa.Column("subject_kind", sa.String(length=40), nullable=True),
        sa.Column("subject_id", sa.Integer(), nullable=True),
        sa.Column("payload", sa.LargeBinary(), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("planned_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("worker", sa.String(length=60), nullable=True),
        sa.Column("settled_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("last_error", sa.String(length=500), nullable=True),
        *added,
        *(sa.CheckConstraint(words, name=op.f(f"ck_outbox_messages_{name}")) for name, words in checks.items()),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_outbox_messages")),
        sa.UniqueConstraint("key", name=op.f("uq_outbox_messages_key")),
    )
    op.execute(f"INSERT INTO outbox_messages_new ({KEPT}) SELECT {KEPT} FROM outbox_messages")
    op.drop_table("outbox_messages")
    op.rename_table("outbox_messages_new", "outbox_messages")
    for name, columns in INDEXES.items():
        op.create_index(name, "outbox_messages", columns)
