"""What booking puts on the pages of others: a client's next session, and the practice's day."""

from __future__ import annotations

from datetime import date
from zoneinfo import ZoneInfo

from flask import render_template

from booking import directory, queries
from booking.agenda import days_from
from booking.fees import objections
from booking.fees import queries as fee_queries
from booking.fees import services as fees
from booking.models.appointments import Appointment
from booking.models.fees import WITHDRAWN
from booking.policy import CONFIRMED, HELD
from booking.requests import queries as requests
from practice.core.panels import fills
from practice.core.ports import ports
from practice.core.settings import settings
from practice.models import Person
from practice.queries.people import the_practice
from practice.security import current_person


@fills("closing_account", order=10)
def called_off_by_closing(person: Person, **_more: object) -> str | None:
    """Say what closing an account calls off."""
    count = len(queries.open_ahead(person, ports().clock.now()))
    return render_template("booking/panel_closing.html", count=count) if count else None


@fills("appointment", order=45)
def fee_of(appointment: Appointment, viewer: Person, **_more: object) -> str | None:
    """Show what becomes of the fee for a session that did not take place."""
    fee = fees.of(appointment)
    if fee is None or fee.status == WITHDRAWN:
        return None
    objection = objections.of(fee)
    return render_template(
        "booking/panel_fee.html", fee=fee, objection=objection, side=str(appointment.side_of(viewer))
    )


@fills("client_home", order=5)
def asked_for(**_more: object) -> str | None:
    """Show a client what they wait to hear about."""
    client = current_person()
    found = requests.asked_by(client, ports().clock.now())
    return render_template("booking/panel_asked.html", requests=found, zone=client.zone) if found else None


@fills("counselor_today", order=5)
def requests_to_answer(**_more: object) -> str | None:
    """Show a counselor who asks for a time."""
    counselor = current_person()
    found = requests.to_answer(counselor, ports().clock.now())
    if not found:
        return None
    taken = requests.taken_among(found)
    return render_template("booking/panel_requests.html", requests=found, taken=taken, zone=counselor.zone)


@fills("counselor_today", order=6)
def objections_to_answer(**_more: object) -> str | None:
    """Tell a counselor that somebody objects to a fee."""
    count = len(fee_queries.objections_for(current_person()))
    return render_template("booking/panel_objections.html", count=count) if count else None


@fills("administrator_day", order=46)
def objections_to_the_office(**_more: object) -> str | None:
    """Tell an administrator the same."""
    return objections_to_answer()


@fills("client_home", order=10)
def next_session(**_more: object) -> str:
    """Show a client what comes next, or the way to a first session."""
    client, now = current_person(), ports().clock.now()
    coming = queries.upcoming(client, now)
    ahead = [each for each in coming if each.status == CONFIRMED]
    held = _first_of_each_series([each for each in coming if each.status == HELD])
    upcoming = ahead[0] if ahead else None
    return render_template(
        "booking/panel_client_home.html",
        upcoming=upcoming,
        later=ahead[1:4],
        more=max(0, len(ahead) - 4),
        held=held,
        zone=client.zone,
        photographed=directory.photographed(each.counselor_id for each in ahead),
        minutes_before=settings().room_opens_minutes_before,
    )


@fills("administrator_day", order=10)
def appointments_of_the_day(*, day: date | None = None, **_more: object) -> str:
    """Show an administrator every session of a day, by the practice's clock."""
    now, zone = ports().clock.now(), the_practice().zone
    day = day or now.astimezone(ZoneInfo(zone)).date()
    window = days_from(day, 1, ZoneInfo(zone))
    found = [
        each
        for each in queries.practice_agenda(window, now, with_cancelled=True)
        if window.starts_at <= each.starts_at < window.ends_at
    ]
    return render_template("booking/panel_administrator_day.html", appointments=found, day=day, zone=zone)


def _first_of_each_series(held: list[Appointment]) -> list[Appointment]:
    """Leave out what waits for the first of its series to be paid."""
    found: dict[int, Appointment] = {}
    for each in held:
        found.setdefault(each.series_id or -each.id, each)
    return list(found.values())
