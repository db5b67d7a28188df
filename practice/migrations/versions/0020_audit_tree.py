"""The audit log as a Merkle tree: whose record an entry concerns, leaves, signed heads, and who is sent them."""

import sqlalchemy as sa
from alembic import op

revision = "0020_audit_tree"
down_revision = "0019_papers"
branch_labels = None
depends_on = None

GROWING = ("audit_leaves", "audit_heads")
ADDED = (("about_id", "INTEGER"), ("acting", "VARCHAR(20)"), ("reason", "VARCHAR(40)"))


def upgrade() -> None:
    for name, kind in ADDED:
        op.execute(f"ALTER TABLE audit_entries ADD COLUMN {name} {kind}")
    op.create_index("ix_audit_entries_about", "audit_entries", ["about_id", "at"])
    op.execute("ALTER TABLE practice ADD COLUMN audit_custodians VARCHAR(500) NOT NULL DEFAULT ''")
    op.create_table(
        "audit_leaves",
        sa.Column("position", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("entry_id", sa.Integer(), nullable=False),
        sa.Column("hash", sa.LargeBinary(), nullable=False),
        sa.CheckConstraint("position >= 0", name=op.f("ck_audit_leaves_position_counts")),
        sa.CheckConstraint("length(hash) = 32", name=op.f("ck_audit_leaves_hash_whole")),
        sa.PrimaryKeyConstraint("position", name=op.f("pk_audit_leaves")),
        sa.UniqueConstraint("entry_id", name=op.f("uq_audit_leaves_entry_id")),
    )
    op.create_table(
        "audit_tree",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("frontier", sa.LargeBinary(), nullable=False),
        sa.CheckConstraint("id = 1", name=op.f("ck_audit_tree_only_one")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit_tree")),
    )
    op.create_table(
        "audit_heads",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("signed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.CheckConstraint("size >= 0", name=op.f("ck_audit_heads_size_counts")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit_heads")),
    )
    for table in GROWING:
        _only_grows(table)


def downgrade() -> None:
    for table in GROWING:
        op.drop_table(table)
        if op.get_bind().dialect.name == "postgresql":
            op.execute(f"DROP FUNCTION {table}_only_grows()")
    op.drop_table("audit_tree")
    op.drop_index("ix_audit_entries_about", table_name="audit_entries")
    for name, _ in ADDED:
        op.execute(f"ALTER TABLE audit_entries DROP COLUMN {name}")
    op.execute("ALTER TABLE practice DROP COLUMN audit_custodians")


def _only_grows(table: str) -> None:
    if op.get_bind().dialect.name == "sqlite":
        for deed in ("UPDATE", "DELETE"):
            op.execute(
                f"CREATE TRIGGER {table}_no_{deed.lower()} BEFORE {deed} ON {table} "
                f"BEGIN SELECT RAISE(ABORT, '{table} only grows'); END"
            )
        return
    op.execute(
        f"CREATE FUNCTION {table}_only_grows() RETURNS trigger LANGUAGE plpgsql AS "
        f"$$ BEGIN RAISE EXCEPTION '{table} only grows'; END $$"
    )
    op.execute(
        f"CREATE TRIGGER {table}_no_change BEFORE UPDATE OR DELETE OR TRUNCATE ON {table} "
        f"FOR EACH STATEMENT EXECUTE FUNCTION {table}_only_grows()"
    )
