"""Keys of people, of rings and of the practice's recovery; what is open, and who was given a chart."""

import sqlalchemy as sa
from alembic import op

revision = "0021_keys_of_people"
down_revision = "0020_audit_tree"
branch_labels = None
depends_on = None

OPEN = sa.text("ended_at IS NULL")


def _id() -> sa.Column:
    return sa.Column("id", sa.Integer(), nullable=False)


def _key(table: str, column: str, to: str, **how: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [f"{to}.id"], name=op.f(f"fk_{table}_{column}"), **how)


def _check(table: str, name: str, rule: str) -> sa.CheckConstraint:
    return sa.CheckConstraint(rule, name=op.f(f"ck_{table}_{name}"))


def _whole(name: str, type_: sa.types.TypeEngine | None = None) -> sa.Column:
    return sa.Column(name, type_ or sa.Integer(), nullable=False)


def _at(name: str, *, nullable: bool = False) -> sa.Column:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=nullable)


def upgrade() -> None:
    _people()
    _recovery()
    _rings()
    _accesses()


def _people() -> None:
    op.create_table(
        "person_keys",
        _id(),
        _whole("person_id"),
        _whole("number"),
        _whole("public", sa.LargeBinary()),
        _whole("sealed", sa.LargeBinary()),
        _at("made_at"),
        _at("sealed_at"),
        _check("person_keys", "number_counts", "number > 0"),
        _key("person_keys", "person_id", "people", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_person_keys")),
        sa.UniqueConstraint("person_id", "number", name=op.f("uq_person_keys_person_id_number")),
    )
    op.create_table(
        "open_vaults",
        _whole("sign_in_id"),
        _whole("person_id"),
        _whole("sealed", sa.LargeBinary()),
        _at("opened_at"),
        _key("open_vaults", "sign_in_id", "sign_ins", ondelete="CASCADE"),
        _key("open_vaults", "person_id", "people", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("sign_in_id", name=op.f("pk_open_vaults")),
    )


def _recovery() -> None:
    op.create_table(
        "recovery_keys",
        _id(),
        _whole("public", sa.LargeBinary()),
        _whole("sheets"),
        _whole("made_by_id"),
        _at("made_at"),
        _at("proved_at"),
        _at("retired_at", nullable=True),
        _check("recovery_keys", "sheets_known", "sheets IN (1, 3)"),
        _key("recovery_keys", "made_by_id", "people"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_recovery_keys")),
    )


def _rings() -> None:
    op.create_table(
        "ring_epochs",
        _id(),
        sa.Column("chart_id", sa.Integer(), nullable=True),
        sa.Column("person_id", sa.Integer(), nullable=True),
        _whole("ring", sa.String(length=10)),
        _whole("epoch"),
        sa.Column("letterbox", sa.LargeBinary(), nullable=True),
        _at("begun_at"),
        _check("ring_epochs", "ring_known", "ring IN ('working', 'record', 'private', 'own')"),
        _check("ring_epochs", "epoch_counts", "epoch > 0"),
        _check(
            "ring_epochs",
            "one_owner",
            "(ring = 'own') = (person_id IS NOT NULL) AND (ring = 'own') = (chart_id IS NULL)",
        ),
        _check("ring_epochs", "letterbox_of_record", "(ring = 'record') = (letterbox IS NOT NULL)"),
        _key("ring_epochs", "chart_id", "charts"),
        _key("ring_epochs", "person_id", "people", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ring_epochs")),
        sa.UniqueConstraint("chart_id", "ring", "epoch", name=op.f("uq_ring_epochs_chart_id_ring_epoch")),
        sa.UniqueConstraint("person_id", "ring", "epoch", name=op.f("uq_ring_epochs_person_id_ring_epoch")),
    )
    op.create_table(
        "ring_keys",
        _id(),
        _whole("ring_epoch_id"),
        _whole("recipient", sa.String(length=60)),
        sa.Column("person_id", sa.Integer(), nullable=True),
        _whole("wrapped", sa.LargeBinary()),
        _at("wrapped_at"),
        _key("ring_keys", "ring_epoch_id", "ring_epochs", ondelete="CASCADE"),
        _key("ring_keys", "person_id", "people", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ring_keys")),
        sa.UniqueConstraint("ring_epoch_id", "recipient", name=op.f("uq_ring_keys_ring_epoch_id_recipient")),
    )
    op.create_index("ix_ring_keys_recipient", "ring_keys", ["recipient"])
    op.create_index("ix_ring_keys_person", "ring_keys", ["person_id"])


def _accesses() -> None:
    op.create_table(
        "chart_accesses",
        _id(),
        _whole("chart_id"),
        _whole("person_id"),
        _whole("kind", sa.String(length=20)),
        _whole("key_number"),
        _whole("given_by_id"),
        _at("given_at"),
        _at("ends_at", nullable=True),
        _at("ended_at", nullable=True),
        sa.Column("ended_by_id", sa.Integer(), nullable=True),
        _check("chart_accesses", "kind_known", "kind IN ('supervisor', 'cover', 'successor')"),
        _check("chart_accesses", "ends_later", "ends_at IS NULL OR ends_at > given_at"),
        _key("chart_accesses", "chart_id", "charts"),
        _key("chart_accesses", "person_id", "people"),
        _key("chart_accesses", "given_by_id", "people"),
        _key("chart_accesses", "ended_by_id", "people"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_chart_accesses")),
    )
    op.create_index(
        "uq_chart_accesses_open",
        "chart_accesses",
        ["chart_id", "person_id"],
        unique=True,
        postgresql_where=OPEN,
        sqlite_where=OPEN,
    )
    op.create_index("ix_chart_accesses_person", "chart_accesses", ["person_id"])


def downgrade() -> None:
    for table in ("chart_accesses", "ring_keys", "ring_epochs", "recovery_keys", "open_vaults", "person_keys"):
        op.drop_table(table)
