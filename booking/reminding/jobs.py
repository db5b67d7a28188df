"""What reminding does by the clock."""

from __future__ import annotations

from datetime import datetime

from booking.reminding import consents, links
from practice.core.scheduler import every


@every(60, "booking.text_opt_outs")
def end_refused_consents(now: datetime) -> None:
    """End the consents of telephones that the carrier says have opted out."""
    consents.end_where_carriers_refuse(now)


@every(86_400, "booking.old_links")
def drop_old_links(now: datetime) -> None:
    """Delete the links of appointments that are long over."""
    links.purge(now)
