"""How clients' credit joins money."""

from billing.credit import jobs, models, panels, settling, views

TABLES = (models.CreditLot, models.CreditMove)
PARTS = (jobs, panels, views)


def wire() -> None:
    """Listen to booking."""
    settling.subscribe()
