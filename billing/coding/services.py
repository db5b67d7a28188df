"""What is known of a session, which codes that comes to, and keeping what its counselor confirms."""

from __future__ import annotations

import re
from datetime import datetime

from sqlalchemy import select

from billing.additions import services as additions
from billing.coding.confirmed import Codes
from billing.coding.models import SessionCodes
from billing.coding.rules import Met
from billing.parties import services as parties
from booking.models.appointments import Appointment
from booking.policy import VIDEO
from notes.plans import services as plans
from notes.plans.document import CONFIRMED, Diagnosis
from notes.plans.queries import chart_on
from practice.core import audit
from practice.core.db import db
from practice.models import Person
from video.arrivals.queries import told
from video.queries import room_of
from video.visits import seconds_together


def met(appointment: Appointment) -> Met:
    """Gather what is known of a session: minutes by the session log, or as booked where there is none."""
    room = room_of(appointment) if appointment.mode == VIDEO else None
    people = (appointment.client_id, appointment.counselor_id)
    seconds = seconds_together(room.events, people) if room else 0
    return Met(
        minutes=seconds // 60 if seconds else appointment.span.minutes,
        counted=bool(seconds),
        mode=appointment.mode,
        kind=appointment.service.kind,
        usual_code=appointment.service.cpt_code,
        at_home=_at_home(appointment),
    )


def diagnoses_of(appointment: Appointment) -> tuple[Diagnosis, ...]:
    """Open the confirmed diagnoses of the counselor's plan; raises VaultLockedError while their keys are shut.

    What is provisional or over is not put on claims (ICD-10-CM Official Guidelines, section IV.H and IV.J).
    """
    plan, version = plans.plan_of(chart_on(appointment.counselor, appointment.client))
    if version:
        audit.record_aside(
            "plan.viewed",
            person_id=appointment.counselor_id,
            subject=("person", appointment.client_id),
            about=appointment.client_id,
            acting="counselor",
        )
    return tuple(each for each in plan.diagnoses if each.standing == CONFIRMED)


def codes_of(appointment: Appointment) -> SessionCodes | None:
    """Return what was confirmed for a session."""
    return db.session.scalars(select(SessionCodes).where(SessionCodes.appointment_id == appointment.id)).first()


def confirm(
    appointment: Appointment, codes: Codes, *, by: Person, now: datetime, bill_additions: bool = True
) -> SessionCodes:
    """Keep what a counselor confirms, and bill its additions; the log says that and when, never which codes.

    Raises additions.AdditionPaidError.
    """
    db.session.execute(select(Appointment.id).where(Appointment.id == appointment.id).with_for_update())
    codes = additions.priced(appointment, codes, billed=bill_additions)
    additions.bill(appointment, codes, by=by, now=now)
    row = codes_of(appointment)
    if row:
        row.said, row.confirmed_at, row.confirmed_by_id = codes.as_kept(), now, by.id
    else:
        kept = {"said": codes.as_kept(), "confirmed_at": now, "confirmed_by_id": by.id}
        row = SessionCodes(appointment_id=appointment.id, **kept)
        db.session.add(row)
    db.session.flush()
    audit.record(
        "codes.confirmed",
        person_id=by.id,
        subject=("appointment", appointment.id),
        about=appointment.client_id,
        acting="counselor",
    )
    return row


def _at_home(appointment: Appointment) -> bool | None:
    """Compare where the client said they were with where they live; None when either is not known."""
    home = parties.of_client(appointment.client).address
    arrival = told(appointment, appointment.client)
    said = arrival.said["address"] if arrival else ""
    if not said or not home.street:
        return None
    return _plain(home.street) in _plain(said)


def _plain(text: str) -> str:
    return " ".join(re.sub(r"[^\w\s]", " ", text.casefold()).split())
