"""How the actions of the audit log read. Pure; an action nobody named reads as it is written."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

_WORDS = {
    "access.ended": "Ended access to a chart",
    "access.given": "Gave access to a chart",
    "account.closed": "Closed the account",
    "account.reopened": "Opened the account again",
    "appointment.attendance_confirmed": "Said they will be there",
    "appointment.booked": "Booked a session",
    "appointment.cancelled": "Cancelled a session",
    "appointment.completed": "Completed a session",
    "appointment.confirmed": "Confirmed a session",
    "appointment.held": "Held a time",
    "appointment.moved": "Moved a session",
    "appointment.requested": "Asked for a session",
    "appointment.approved": "Approved a request",
    "appointment.declined": "Declined a request",
    "appointment.withdrawn": "Took a request back",
    "appointment.lapsed": "Let a request lapse",
    "fee.proposed": "Proposed a fee",
    "fee.barred": "Noted that a fee may not be charged",
    "fee.charged": "Charged a fee",
    "fee.waived": "Waived a fee",
    "fee.withdrawn": "Withdrew a proposed fee",
    "fee_rules.changed": "Changed the rules for fees",
    "appointment.move_undone": "Undid the move of a session",
    "appointment.released": "Let a held time go",
    "arrival.overridden": "Met somebody outside their licences",
    "arrival.read": "Read where a client is",
    "arrival.told": "Said where they are before a session",
    "audit.checked": "Checked the audit log against its seal",
    "audit.exported": "Exported the audit log",
    "audit.viewed": "Read the audit log",
    "chart.viewed": "Opened a client’s chart",
    "email.changed": "Changed the e-mail address",
    "group_invitation.accepted": "Came along to a shared session",
    "group_invitation.declined": "Declined to come along",
    "group_invitation.sent": "Asked somebody along",
    "group_session.cancelled": "Cancelled a shared session",
    "group_session.held": "Held a time for several people",
    "group_session.moved": "Moved a shared session",
    "group_session.scheduled": "Planned a shared session",
    "guest.arrived": "Opened an invitation into a session",
    "guest.invited": "Asked a guest into a session",
    "guest.withdrawn": "Took a guest’s invitation back",
    "hours.changed": "Changed weekly hours",
    "hours.day_changed": "Changed the hours of a day",
    "invitation.accepted": "Accepted an invitation",
    "invitation.sent": "Sent an invitation",
    "invitation.sent_again": "Sent an invitation again",
    "invitation.withdrawn": "Took an invitation back",
    "invoice.viewed": "Opened an invoice",
    "invoices.exported": "Exported the invoices",
    "licence.added": "Added a licence",
    "licence.removed": "Removed a licence",
    "message.sent_again": "Sent a message again",
    "note.amended": "Added to a signed note",
    "note.discarded": "Took an empty draft away",
    "note.exported": "Exported a note",
    "note.seal_broken": "Found a note’s seal broken",
    "note.signed": "Signed a note",
    "note.started": "Began a note",
    "note.viewed": "Opened a note",
    "notes.searched": "Looked for words in their own notes",
    "password.changed": "Changed the password",
    "password.reset": "Chose a new password by link",
    "password.reset_asked": "Asked for a link for a new password",
    "payment.started": "Went to pay",
    "payment.received": "Paid",
    "payment.viewed": "Opened a payment",
    "payments.exported": "Exported the payments",
    "person.changed": "Changed their details",
    "person.confirmed": "Confirmed the e-mail address",
    "person.signed_up": "Signed up",
    "person.viewed": "Read a person’s record",
    "plan.changed": "Changed a treatment plan",
    "plan.printed": "Printed a treatment plan",
    "plan.reviewed": "Reviewed a treatment plan",
    "plan.viewed": "Opened a treatment plan",
    "photo.changed": "Changed the picture",
    "photo.removed": "Removed the picture",
    "practice.changed": "Changed the practice’s settings",
    "practice.founded": "Founded the practice",
    "profile.changed": "Changed the profile",
    "profile.published": "Published the profile",
    "profile.taken_offline": "Took the profile offline",
    "receipt.viewed": "Opened a receipt",
    "refund.failed": "Could not send a refund",
    "refund.requested": "Asked for a refund",
    "refund.succeeded": "Sent a refund",
    "reminders.chosen": "Chose how to be reminded",
    "reminders.planned": "Planned a service’s reminders",
    "refund.withdrawn": "Took a refund back",
    "role.granted": "Gave a role",
    "role.revoked": "Took a role back",
    "room.entered": "Entered the room",
    "room.log_viewed": "Read what a room saw",
    "rules.changed": "Changed the booking rules",
    "series.booked": "Booked a series",
    "series.cancelled": "Cancelled sessions of a series",
    "series.changed": "Changed a series",
    "group_series.changed": "Moved several sessions of a group",
    "group_series.cancelled": "Cancelled several sessions of a group",
    "service.added": "Added a service",
    "service.archived": "Put a service away",
    "service.changed": "Changed a service",
    "service.restored": "Brought a service back",
    "text_consent.ended": "Ended leave to text",
    "text_consent.given": "Gave leave to text",
    "sign_in.begun": "Signed in",
    "sign_in.ended": "Signed out",
    "sign_in.ended_by_administrator": "Ended a sign-in",
    "sign_in.others_ended": "Signed out other devices",
    "sign_in.refused": "Was refused at sign-in",
    "terms.agreed": "Agreed to the terms",
    "time_off.added": "Added time off",
    "time_off.removed": "Removed time off",
    "vault.key_made": "Got keys of their own",
    "vault.moved": "Moved a chart to the keys of people",
    "vault.opened": "Unlocked their notes",
    "vault.refused": "Was refused at unlocking",
    "vault.rotated": "Gave every chart new keys",
}


ACTING = {
    "counselor": "as your counselor",
    "supervisor": "as your counselor’s supervisor",
    "cover": "covering for your counselor",
    "administrator": "as an administrator",
}
"""In what role somebody opened a record, to the client."""
REASONS = {
    "emergency": "an emergency",
    "cover": "your counselor was away",
    "supervision": "supervision of your counselor",
    "request": "you asked for it",
    "law": "the law required it",
}
"""Why somebody opened a record; one of these is chosen, so that no clinical word stands in the log."""


def words(action: str) -> str:
    """Read an action as a person would say it."""
    return _WORDS.get(action) or action.replace(".", " ").replace("_", " ").capitalize()


def detail(kept: Mapping[str, Any]) -> str:
    """Read what was noted beside an action: `name: Old → New; hours: 24 → 48`."""
    return "; ".join(f"{name.replace('_', ' ')}: {_value(value)}" for name, value in kept.items())


def _value(value: Any) -> str:
    if isinstance(value, list | tuple):
        return " → ".join(_value(each) for each in value)
    return "none" if value in (None, "") else str(value)
