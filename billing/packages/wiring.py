"""How packages join money."""

from billing.packages import covers, demo, jobs, letters, models, panels, subscribers, views

TABLES = (models.Package, models.SoldPackage, models.Redemption)
PARTS = (demo, jobs, letters, panels, views)


def wire_before_billing() -> None:
    """Listen to booking before anything is billed."""
    covers.sign_up()
    subscribers.subscribe_before_billing()


def wire() -> None:
    """Listen to booking and billing."""
    subscribers.subscribe()
