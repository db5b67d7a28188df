"""Finer hours: by date, pattern, service and way of meeting; places; limits."""

revision = "0007_hours"
down_revision = "0006_billing_guards"
branch_labels = None
depends_on = None


def upgrade() -> None:
    pass


def downgrade() -> None:
    pass
