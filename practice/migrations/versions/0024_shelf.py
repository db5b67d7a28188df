"""Layouts somebody built and snippets somebody keeps, sealed."""

import sqlalchemy as sa
from alembic import op

revision = "0024_shelf"
down_revision = "0023_supervision"
branch_labels = None
depends_on = None


def upgrade() -> None:
    _kept("own_layouts", sa.Column("put_away_at", sa.DateTime(timezone=True), nullable=True))
    _kept("snippets")


def downgrade() -> None:
    op.drop_table("snippets")
    op.drop_table("own_layouts")


def _kept(table: str, *more: sa.Column[object]) -> None:
    op.create_table(
        table,
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("author_id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        *more,
        sa.CheckConstraint("version > 0", name=op.f(f"ck_{table}_version_counts")),
        sa.ForeignKeyConstraint(["author_id"], ["people.id"], name=op.f(f"fk_{table}_author_id")),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{table}")),
    )
    op.create_index(f"ix_{table}_author", table, ["author_id"])
