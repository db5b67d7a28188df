"""How the reports join the app."""

from billing.reports.views import journal, pages
from practice.core import navigation
from practice.models import OFFICE

PAGES = (journal, pages)


def wire() -> None:
    """Put the reports into the administrator's menu; their pages register when they are read."""
    navigation.add(
        "Reports",
        "billing.reports",
        "chart",
        roles=OFFICE,
        order=46,
        group=navigation.Group.MONEY,
        also={"billing.report", "billing.report_entries", "billing.report_owed_by"},
    )
