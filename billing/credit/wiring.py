"""How clients' credit joins money."""

from billing.credit import jobs, models, panels, session_views, settling, views

TABLES = (models.CreditLot, models.CreditMove)
PARTS = (jobs, panels, session_views, views)


def wire() -> None:
    """Listen to booking."""
    settling.subscribe()
