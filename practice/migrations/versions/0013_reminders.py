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
TABLES = (
    "incoming_texts",
    "attendance_answers",
    "reminder_links",
    "text_consents",
    "reminder_choices",
    "service_reminders",
    "reminder_plans",
)


def upgrade() -> None:
    _widen_outbox()
    op.create_index("ix_outbox_messages_recipient", "outbox_messages", ["recipient_id", "channel", "settled_at"])
    _choices()
    _texts()
    _answers()


def downgrade() -> None:
    for table in TABLES:
        op.drop_table(table)
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


def _choices() -> None:
    op.create_table(
        "reminder_plans",
        sa.Column("service_id", sa.Integer(), nullable=False),
        sa.Column("counselor_minutes", sa.Integer(), nullable=True),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "counselor_minutes BETWEEN 1 AND 20160", name=op.f("ck_reminder_plans_counselor_minutes_bounds")
        ),
        _belongs("reminder_plans", "service_id", "services.id"),
        sa.PrimaryKeyConstraint("service_id", name=op.f("pk_reminder_plans")),
    )
    op.create_table(
        "service_reminders",
        sa.Column("service_id", sa.Integer(), nullable=False),
        sa.Column("minutes", sa.Integer(), nullable=False),
        sa.Column("by_email", sa.Boolean(), nullable=False),
        sa.Column("by_sms", sa.Boolean(), nullable=False),
        sa.CheckConstraint("minutes BETWEEN 1 AND 20160", name=op.f("ck_service_reminders_minutes_bounds")),
        sa.CheckConstraint("by_email OR by_sms", name=op.f("ck_service_reminders_some_road")),
        _belongs("service_reminders", "service_id", "reminder_plans.service_id"),
        sa.PrimaryKeyConstraint("service_id", "minutes", name=op.f("pk_service_reminders")),
    )
    op.create_table(
        "reminder_choices",
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("by_email", sa.Boolean(), nullable=False),
        sa.Column("by_sms", sa.Boolean(), nullable=False),
        sa.Column("skipped", sa.JSON(), nullable=False),
        sa.Column("quiet_from", sa.Integer(), nullable=False),
        sa.Column("quiet_until", sa.Integer(), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "quiet_from BETWEEN 0 AND 1439 AND quiet_until BETWEEN 0 AND 1439",
            name=op.f("ck_reminder_choices_quiet_bounds"),
        ),
        _belongs("reminder_choices", "person_id", "people.id"),
        sa.PrimaryKeyConstraint("person_id", name=op.f("pk_reminder_choices")),
    )


def _texts() -> None:
    op.create_table(
        "text_consents",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("phone", sa.LargeBinary(), nullable=False),
        sa.Column("phone_tail", sa.String(length=3), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("code_hash", sa.String(length=64), nullable=False),
        sa.Column("code_until", sa.DateTime(timezone=True), nullable=False),
        sa.Column("code_tries", sa.Integer(), nullable=False),
        sa.Column("given_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_by", sa.String(length=12), nullable=True),
        sa.CheckConstraint(
            "ended_by IS NULL OR ended_by IN ('page', 'stop', 'carrier', 'replaced')",
            name=op.f("ck_text_consents_ending_known"),
        ),
        sa.CheckConstraint("(ended_at IS NULL) = (ended_by IS NULL)", name=op.f("ck_text_consents_ended_by_something")),
        _belongs("text_consents", "person_id", "people.id"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_text_consents")),
    )
    standing = sa.text("given_at IS NOT NULL AND ended_at IS NULL")
    op.create_index(
        "uq_text_consents_standing",
        "text_consents",
        ["person_id"],
        unique=True,
        sqlite_where=standing,
        postgresql_where=standing,
    )
    op.create_index("ix_text_consents_phone_tail", "text_consents", ["phone_tail"])
    op.create_table(
        "incoming_texts",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("provider_id", sa.String(length=64), nullable=False),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=True),
        sa.Column("verb", sa.String(length=12), nullable=False),
        sa.Column("answer", sa.Text(), nullable=False),
        _belongs("incoming_texts", "person_id", "people.id"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_incoming_texts")),
        sa.UniqueConstraint("provider_id", name=op.f("uq_incoming_texts_provider_id")),
    )


def _answers() -> None:
    op.create_table(
        "reminder_links",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("appointment_id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("used_for", sa.String(length=12), nullable=True),
        _belongs("reminder_links", "appointment_id", "appointments.id"),
        _belongs("reminder_links", "person_id", "people.id"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reminder_links")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_reminder_links_token_hash")),
    )
    op.create_index("ix_reminder_links_appointment", "reminder_links", ["appointment_id"])
    op.create_table(
        "attendance_answers",
        sa.Column("appointment_id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("road", sa.String(length=8), nullable=False),
        sa.CheckConstraint("road IN ('link', 'text', 'page')", name=op.f("ck_attendance_answers_road_known")),
        _belongs("attendance_answers", "appointment_id", "appointments.id"),
        sa.PrimaryKeyConstraint("appointment_id", "version", name=op.f("pk_attendance_answers")),
    )


def _belongs(table: str, column: str, to: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [to], name=op.f(f"fk_{table}_{column}"), ondelete="CASCADE")
