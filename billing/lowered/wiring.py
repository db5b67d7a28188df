"""How lowered prices join money."""

from billing.lowered import agreements, demo, jobs, letters, models, panels, views, voucher_views

TABLES = (models.Tier, models.AgreedPrice, models.Voucher, models.VoucherUse)
PARTS = (demo, jobs, letters, panels, views, voucher_views)


def wire() -> None:
    """Let booking ask for agreed prices."""
    agreements.sign_up()
