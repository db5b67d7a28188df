"""Copies of their record that clients took out, by the hash of their bytes and of the code they carry."""

import sqlalchemy as sa
from alembic import op

revision = "0026_own_papers"
down_revision = "0025_unattended"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "own_papers",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("code_hash", sa.String(length=64), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("client_id", sa.Integer(), nullable=False),
        sa.Column("printed_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("length(code_hash) = 64 AND length(sha256) = 64", name=op.f("ck_own_papers_digests_whole")),
        sa.ForeignKeyConstraint(["client_id"], ["people.id"], name=op.f("fk_own_papers_client_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_own_papers")),
        sa.UniqueConstraint("code_hash", name=op.f("uq_own_papers_code_hash")),
    )
    op.create_index("ix_own_papers_sha256", "own_papers", ["sha256"])
    op.create_index("ix_own_papers_client", "own_papers", ["client_id"])


def downgrade() -> None:
    op.drop_table("own_papers")
