"""Authorisations to give something of a record to somebody, what was prepared and what was given out."""

import sqlalchemy as sa
from alembic import op

revision = "0027_releases"
down_revision = "0031_ledger"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "releases",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("chart_id", sa.Integer(), nullable=False),
        sa.Column("on_paper", sa.Boolean(), nullable=False),
        sa.Column("entered_by_id", sa.Integer(), nullable=False),
        sa.Column("entered_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=True),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.Column("fingerprint", sa.String(length=64), nullable=False),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("revoked_by_id", sa.Integer(), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("length(fingerprint) = 64", name=op.f("ck_releases_fingerprint_whole")),
        sa.CheckConstraint("(revoked_at IS NULL) = (revoked_by_id IS NULL)", name=op.f("ck_releases_revoked_whole")),
        sa.ForeignKeyConstraint(["chart_id"], ["charts.id"], name=op.f("fk_releases_chart_id")),
        sa.ForeignKeyConstraint(["entered_by_id"], ["people.id"], name=op.f("fk_releases_entered_by_id")),
        sa.ForeignKeyConstraint(["revoked_by_id"], ["people.id"], name=op.f("fk_releases_revoked_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_releases")),
    )
    op.create_index("ix_releases_chart", "releases", ["chart_id"])
    op.create_table(
        "disclosures",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("chart_id", sa.Integer(), nullable=False),
        sa.Column("release_id", sa.Integer(), nullable=True),
        sa.Column("told_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("noted_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("noted_by_id", sa.Integer(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["chart_id"], ["charts.id"], name=op.f("fk_disclosures_chart_id")),
        sa.ForeignKeyConstraint(["release_id"], ["releases.id"], name=op.f("fk_disclosures_release_id")),
        sa.ForeignKeyConstraint(["noted_by_id"], ["people.id"], name=op.f("fk_disclosures_noted_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_disclosures")),
    )
    op.create_index("ix_disclosures_chart_told", "disclosures", ["chart_id", "told_at"])
    op.create_index("ix_disclosures_release", "disclosures", ["release_id"])
    op.create_table(
        "packets",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("release_id", sa.Integer(), nullable=False),
        sa.Column("disclosure_id", sa.Integer(), nullable=True),
        sa.Column("code_hash", sa.String(length=64), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.Column("made_by_id", sa.Integer(), nullable=False),
        sa.Column("printed_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("length(code_hash) = 64 AND length(sha256) = 64", name=op.f("ck_packets_digests_whole")),
        sa.ForeignKeyConstraint(["release_id"], ["releases.id"], name=op.f("fk_packets_release_id")),
        sa.ForeignKeyConstraint(["disclosure_id"], ["disclosures.id"], name=op.f("fk_packets_disclosure_id")),
        sa.ForeignKeyConstraint(["made_by_id"], ["people.id"], name=op.f("fk_packets_made_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_packets")),
        sa.UniqueConstraint("code_hash", name=op.f("uq_packets_code_hash")),
    )
    op.create_index("ix_packets_release", "packets", ["release_id"])
    op.create_index("ix_packets_sha256", "packets", ["sha256"])


def downgrade() -> None:
    op.drop_table("packets")
    op.drop_table("disclosures")
    op.drop_table("releases")
