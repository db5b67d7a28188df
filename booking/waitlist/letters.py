"""The letters of the waitlist: an offer, a place that is paused, somebody taken off the list."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from booking.models.waitlist import ENDED, OPEN, PAUSED, REMOVED, Offer, Wish
from booking.reminding import letters as texting
from booking.reminding import planning
from booking.waitlist import answering, queries
from booking.waitlist.making import OFFER
from practice.core import formats, mail, outbox
from practice.core.db import db
from practice.core.mail import Mail
from practice.core.outbox import SMS, OutboxMessage, Rendered
from practice.core.settings import settings
from practice.core.texts import Text
from practice.links import absolute
from practice.models import Person, Practice


def register() -> None:
    """Tell the outbox who writes these letters."""
    outbox.renders(OFFER)(_offer)
    outbox.renders("waitlist.paused")(_paused)
    outbox.renders("waitlist.removed")(_removed)
    outbox.renders("waitlist.off")(_off)


def _offer(message: OutboxMessage, now: datetime) -> Rendered:
    offer = db.session.get(Offer, message.subject_id)
    if offer is None or offer.status != OPEN or not answering.is_standing(offer, now):
        return None
    if message.channel == SMS:
        return _text(offer, message, now)
    zone = offer.client.zone
    return _letter(
        "offer",
        offer.client,
        f"A {'place' if offer.group_session_id else 'time'} has come free: {formats.when(offer.starts_at, zone)}",
        offer=offer,
        appointment=offer.appointment,
        link=absolute("booking.offer", secret=message.payload["secret"]),
    )


def _text(offer: Offer, message: OutboxMessage, now: datetime) -> Text | None:
    """Say it in a text too, while there is leave to and the hour is not one the client wants quiet."""
    client, consent = offer.client, planning.consent_of(offer.client_id)
    if consent is None or client.closed_at is not None or planning.wishes_of(client).quiet.around(now):
        return None
    when, until = texting.brief(offer.starts_at, client.zone), formats.clock(offer.expires_at, client.zone)
    link = absolute("booking.offer", secret=message.payload["secret"])
    words = f"{settings().texts_signed}: {when} is free, kept for you until {until}. {link} STOP ends texts."
    return Text(consent.phone, words, report_to=texting.report_to(message))


def _paused(message: OutboxMessage, now: datetime) -> Mail | None:
    return _about_wish(message, PAUSED, "paused", "Are you still waiting for a time?")


def _removed(message: OutboxMessage, now: datetime) -> Mail | None:
    return _about_wish(message, REMOVED, "removed", "You are no longer on the waitlist")


def _off(message: OutboxMessage, now: datetime) -> Mail | None:
    return _about_wish(message, ENDED, "off", "The session you wait for is off")


def _about_wish(message: OutboxMessage, status: str, template: str, subject: str) -> Mail | None:
    wish = db.session.get(Wish, message.subject_id)
    if wish is None or wish.status != status:
        return None
    return _letter(
        template, wish.client, subject, wish=wish, wanted=queries.words_of(wish), link=absolute("booking.waiting")
    )


def _letter(template: str, person: Person, subject: str, **context: Any) -> Mail | None:
    if person.closed_at is not None:
        return None
    return mail.compose(
        f"emails/waitlist/{template}",
        to=person.email,
        subject=subject,
        person=person,
        practice_name=db.session.get_one(Practice, 1).name,
        **context,
    )
