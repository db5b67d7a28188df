"""What other pages show about money."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from flask import render_template

from billing import fees, owed, payments, queries
from billing.manual import queries as manual
from billing.states import KEPT
from booking import policies
from booking.models.appointments import Appointment
from booking.policy import LIVE, Side, is_late
from practice.core.panels import fills
from practice.core.ports import ports
from practice.core.spans import Span
from practice.models import Person
from practice.queries.people import the_practice


@fills("appointment", order=40)
def payment_state(appointment: Appointment, viewer: Person, **_more: Any) -> str | None:
    """Say whether a session is paid; the counselor learns no more than that."""
    if not appointment.price or appointment.status in {"expired", "requested", "declined"}:
        return None
    side = appointment.side_of(viewer)
    if side is Side.CLIENT and appointment.payer_id is not None:
        return render_template("billing/_paid_by.html", appointment=appointment)
    past = queries.payments_for_appointment(appointment)
    return render_template(
        "billing/_appointment.html",
        appointment=appointment,
        side=str(side),
        billed=queries.of_appointment(appointment),
        payments=past,
        kept=[payment for payment in past if payment.fate == KEPT],
        fee=owed.fee_of(appointment) if appointment.status == "cancelled" else None,
        zone=viewer.zone,
    )


@fills("week_entry", order=40)
def paid_or_not(appointment: Appointment, **_more: Any) -> str | None:
    """Mark a session of the day that is not paid, or in part; a paid one needs no word."""
    if not appointment.price or appointment.status not in LIVE:
        return None
    billed = queries.of_appointment(appointment)
    paid = billed is not None and not billed.due
    return None if paid else render_template("billing/_week_entry.html", part=billed is not None and bool(billed.held))


@fills("cancellation", order=40)
def what_goes_back(appointment: Appointment, viewer: Person, **_more: Any) -> str | None:
    """Say before cancelling what happens to the money."""
    paid = payments.paid_so_far(appointment)
    if not appointment.price:
        return None
    words = fees.cancelling_in_words(
        paid,
        policies.late_fee_of(appointment),
        by_client=appointment.side_of(viewer) is Side.CLIENT,
        late=is_late(appointment.standing, ports().clock.now()),
        notice_hours=appointment.cancellation_notice_hours,
    )
    return render_template("billing/_cancellation.html", words=words, paid=paid)


@fills("cancellation_line", order=40)
def what_goes_back_in_a_line(appointment: Appointment, viewer: Person, **_more: Any) -> str | None:
    """Say in one line what happens to the money of one session among several."""
    if not appointment.price:
        return None
    return fees.cancelling_in_words(
        payments.paid_so_far(appointment),
        policies.late_fee_of(appointment),
        by_client=appointment.side_of(viewer) is Side.CLIENT,
        late=is_late(appointment.standing, ports().clock.now()),
        notice_hours=appointment.cancellation_notice_hours,
    )


@fills("service_fixed", order=40)
def billed_already(appointment: Appointment, **_more: Any) -> str | None:
    """Say why a session cannot become another service any more."""
    billed = queries.of_appointment(appointment) is not None
    return "It is billed already, so it keeps its kind of session and its price." if billed else None


@fills("client_home", order=60)
def open_balance(viewer: Person, **_more: Any) -> str | None:
    """Remind a client of what is still due."""
    due = queries.due_of(viewer)
    return render_template("billing/_open_balance.html", due=due) if due else None


@fills("administrator_day", order=60)
def money_today(day: date, **_more: Any) -> str:
    """Show what was taken on a day and what is due in all."""
    zone = ZoneInfo(the_practice().zone)
    starts = datetime.combine(day, time.min, zone).astimezone(UTC)
    ends = datetime.combine(day + timedelta(days=1), time.min, zone).astimezone(UTC)
    return render_template(
        "billing/_day.html",
        day=day,
        taken=queries.taken_in(Span(starts, ends)),
        by_hand=manual.taken_on(day),
        due=queries.due_in_all(),
        troubled=queries.troubled_refunds(),
        nothing=queries.nothing(the_practice().currency),
    )
