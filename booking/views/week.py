"""The counselor's calendar: a day, a week, a month."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from flask import render_template, request, url_for
from flask.typing import ResponseReturnValue

from booking import clientele
from booking.forms_booking import day as read_day
from booking.views import week_changes
from booking.views.blueprint import bp
from booking.views.month_page import month_page
from booking.views.week_page import day_page, week_page
from booking.views.zones import today_for
from practice.core.ports import ports
from practice.models import Person
from practice.security import counselors_only, current_person


@bp.get("/week")
@counselors_only
def week() -> ResponseReturnValue:
    """Show a week as a calendar."""
    asked = _Asked()
    whole = request.args.get("days") == "7"
    shown = week_page(asked.counselor, asked.day, asked.now, whole=whole)
    days = "7" if whole else None
    return render_template(
        "booking/week.html",
        kind="week",
        week=shown,
        whole=whole,
        earlier_href=asked.link("booking.week", shown.first - timedelta(days=7), days=days),
        later_href=asked.link("booking.week", shown.first + timedelta(days=7), days=days),
        present_href=asked.link("booking.week", None, days=days),
        weekend_href=asked.link("booking.week", asked.day, days=None if whole else "7"),
        **asked.common(),
    )


@bp.get("/week/day")
@counselors_only
def one_day() -> ResponseReturnValue:
    """Show one day as a calendar."""
    asked = _Asked()
    return render_template(
        "booking/week.html",
        kind="day",
        week=day_page(asked.counselor, asked.day, asked.now),
        whole=False,
        earlier_href=asked.link("booking.one_day", asked.day - timedelta(days=1)),
        later_href=asked.link("booking.one_day", asked.day + timedelta(days=1)),
        present_href=asked.link("booking.one_day", None),
        weekend_href="",
        **asked.common(),
    )


@bp.get("/month")
@counselors_only
def month() -> ResponseReturnValue:
    """Show a month at a glance."""
    asked = _Asked()
    shown = month_page(asked.counselor, asked.day, asked.now)
    return render_template(
        "booking/week_month.html",
        kind="month",
        month=shown,
        earlier_href=asked.link("booking.month", shown.before),
        later_href=asked.link("booking.month", shown.after),
        present_href=asked.link("booking.month", None),
        **asked.common(),
    )


class _Asked:
    """What an address of the calendar asks for: a day, one client's sessions, initials for names."""

    def __init__(self) -> None:
        self.counselor, self.now = current_person(), ports().clock.now()
        self.present = today_for(self.counselor)
        self.client = self._client()
        self.day = read_day(request.args.get("day")) or self._day_of_client() or self.present
        self.initials = request.args.get("names") == "initials"

    def link(self, endpoint: str, day: date | None, **more: str | None) -> str:
        """Return the address of another view with the same wishes."""
        kept: dict[str, Any] = {
            "client": self.client.id if self.client else None,
            "names": "initials" if self.initials else None,
        }
        return url_for(endpoint, day=day, **(kept | more))

    def common(self) -> dict[str, Any]:
        """Return what every view's page is given."""
        here: dict[str, Any] = request.args.to_dict() | {"names": None if self.initials else "initials"}
        return {
            "day": self.day,
            "present": self.present,
            "zone": self.counselor.zone,
            "minute_of_day": self._minute(),
            "found": self.client,
            "initials": self.initials,
            "views": [
                ("Day", self.link("booking.one_day", self.day), "d", "day"),
                ("Week", self.link("booking.week", self.day), "w", "week"),
                ("Month", self.link("booking.month", self.day), "m", "month"),
            ],
            "names_href": url_for(request.endpoint or "booking.week", **here),
            "undo": week_changes.still_undoable(self.counselor, self.now),
            "all_href": url_for(request.endpoint or "booking.week", day=self.day),
        }

    def _client(self) -> Person | None:
        number = request.args.get("client", "")
        return clientele.client_of(self.counselor, int(number)) if number.isdigit() and len(number) < 10 else None

    def _day_of_client(self) -> date | None:
        if self.client is None:
            return None
        found = clientele.session_to_show(self.counselor, self.client, self.now)
        return found.astimezone(ZoneInfo(self.counselor.zone)).date() if found else None

    def _minute(self) -> int:
        local = self.now.astimezone(ZoneInfo(self.counselor.zone))
        return local.hour * 60 + local.minute
