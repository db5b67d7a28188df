"""Documents that were printed, by the hash of their bytes and of the code they carry."""

import sqlalchemy as sa
from alembic import op

revision = "0019_papers"
down_revision = "0018_notes_of_all_kinds"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "papers",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("code_hash", sa.String(length=64), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("chart_id", sa.Integer(), nullable=False),
        sa.Column("notes", sa.Integer(), nullable=False),
        sa.Column("printed_by_id", sa.Integer(), nullable=False),
        sa.Column("printed_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("length(code_hash) = 64 AND length(sha256) = 64", name=op.f("ck_papers_digests_whole")),
        sa.CheckConstraint("notes > 0", name=op.f("ck_papers_notes_counted")),
        sa.ForeignKeyConstraint(["chart_id"], ["charts.id"], name=op.f("fk_papers_chart_id")),
        sa.ForeignKeyConstraint(["printed_by_id"], ["people.id"], name=op.f("fk_papers_printed_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_papers")),
        sa.UniqueConstraint("code_hash", name=op.f("uq_papers_code_hash")),
    )
    op.create_index("ix_papers_sha256", "papers", ["sha256"])
    op.create_index("ix_papers_chart", "papers", ["chart_id"])


def downgrade() -> None:
    op.drop_table("papers")
