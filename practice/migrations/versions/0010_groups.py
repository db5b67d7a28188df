"""Couples, families and groups."""

revision = "0010_groups"
down_revision = "0009_series"
branch_labels = None
depends_on = None


def upgrade() -> None:
    pass


def downgrade() -> None:
    pass
