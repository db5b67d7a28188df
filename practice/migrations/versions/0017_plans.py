"""Treatment plans: every state of a chart's plan, sealed, and kept as it was."""

import sqlalchemy as sa
from alembic import op

revision = "0017_plans"
down_revision = "0016_wishes"
branch_labels = None
depends_on = None

SQLITE = tuple(
    f"CREATE TRIGGER plan_versions_{name} BEFORE {deed} ON plan_versions "
    "BEGIN SELECT RAISE(ABORT, 'a state of a plan stays as it was'); END"
    for name, deed in (("stay", "UPDATE"), ("keep", "DELETE"))
)
POSTGRESQL = (
    """
    CREATE FUNCTION plan_versions_keep() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN RAISE EXCEPTION 'a state of a plan stays as it was'; END $$
    """,
    (
        "CREATE TRIGGER plan_versions_keep BEFORE UPDATE OR DELETE ON plan_versions "
        "FOR EACH ROW EXECUTE FUNCTION plan_versions_keep()"
    ),
    (
        "CREATE TRIGGER plan_versions_never_emptied BEFORE TRUNCATE ON plan_versions "
        "FOR EACH STATEMENT EXECUTE FUNCTION plan_versions_keep()"
    ),
)


def upgrade() -> None:
    op.create_table(
        "plan_versions",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("chart_id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("author_id", sa.Integer(), nullable=False),
        sa.Column("epoch", sa.Integer(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.Column("review_on", sa.Date(), nullable=True),
        sa.Column("saved_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("version > 0", name=op.f("ck_plan_versions_version_counts")),
        sa.CheckConstraint("epoch > 0", name=op.f("ck_plan_versions_epoch_counts")),
        sa.ForeignKeyConstraint(["chart_id"], ["charts.id"], name=op.f("fk_plan_versions_chart_id")),
        sa.ForeignKeyConstraint(["author_id"], ["people.id"], name=op.f("fk_plan_versions_author_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_plan_versions")),
        sa.UniqueConstraint("chart_id", "version", name=op.f("uq_plan_versions_chart_id_version")),
    )
    op.create_index("ix_plan_versions_review", "plan_versions", ["review_on"])
    for statement in SQLITE if op.get_bind().dialect.name == "sqlite" else POSTGRESQL:
        op.execute(statement)


def downgrade() -> None:
    op.drop_table("plan_versions")
    if op.get_bind().dialect.name == "postgresql":
        op.execute("DROP FUNCTION plan_versions_keep()")
