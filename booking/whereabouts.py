"""How and where people meet, as letters, calendars and pages tell each of the two. Numbers are masked to their end."""

from __future__ import annotations

from booking.models.appointments import Appointment
from booking.models.groups import GroupSession
from booking.policy import PHONE, VIDEO
from practice.links import absolute
from practice.models import Person

SHOWN_DIGITS = 2


def whereabouts(session: Appointment | GroupSession, person: Person) -> str:
    """Say to one person how and where they meet."""
    if session.mode == VIDEO:
        return "By video, in your browser"
    if session.mode == PHONE:
        return f"By phone: {_call(session, person)}"
    place = place_of(session)
    return f"In person: {place}" if place else "In person"


def join_words(session: Appointment | GroupSession) -> str:
    """Say what is good to know just before."""
    if session.mode == VIDEO:
        return "You join from that page. Come a few minutes early to check camera and microphone."
    if session.mode == PHONE:
        return "Be where you can talk undisturbed, with the telephone at hand."
    return "Come a few minutes early."


def calendar_place(session: Appointment | GroupSession) -> str:
    """Return what calendars file as the place (RFC 5545, section 3.8.1.7): an address, or the way in."""
    if session.mode == VIDEO:
        return absolute("video.room", appointment_id=session.id) if isinstance(session, Appointment) else "By video"
    return "By phone" if session.mode == PHONE else place_of(session) or "In person"


def place_of(session: Appointment | GroupSession) -> str:
    """Return the name and address of where people meet in person; nothing by video and by phone."""
    place = session.location
    return ", ".join(part for part in (place.name, place.address) if part) if place else ""


def _call(session: Appointment | GroupSession, person: Person) -> str:
    if isinstance(session, GroupSession):
        return f"{session.counselor.first_name} calls" if person.id != session.counselor_id else "you call"
    ending = _ending(session.client.phone)
    if person.id == session.client_id:
        caller = session.counselor.first_name
        return f"{caller} calls you on {ending}" if ending else f"{caller} calls you; put your number in your account"
    called = session.client.first_name
    return f"you call {called} on {ending}" if ending else f"you call {called}, who has given no number yet"


def _ending(phone: str | None) -> str:
    digits = "".join(filter(str.isdigit, phone or ""))
    return f"the number ending in {digits[-SHOWN_DIGITS:]}" if len(digits) > SHOWN_DIGITS else ""
