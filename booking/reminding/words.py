"""How messages, their states and the reasons of failure read to staff. Pure."""

from __future__ import annotations

STATES = {
    "planned": ("Planned", "quiet", "clock"),
    "sending": ("On its way", "info", "send"),
    "sent": ("Sent", "good", "check"),
    "delivered": ("Delivered", "good", "check-check"),
    "failed": ("Failed", "bad", "alert"),
    "late": ("Too late", "wait", "hourglass"),
    "withdrawn": ("Taken back", "quiet", "undo"),
}
"""Label, tone and icon of a badge."""
_ACCEPTED = ("With the mail server", "good", "check")
BOUNCED = "bounced"

CHANNELS = {"email": "E-mail", "sms": "Text"}

KINDS = {
    "booking.reminder": "Reminder",
    "booking.confirmed": "Session booked",
    "booking.moved": "Session moved",
    "booking.cancelled": "Session cancelled",
    "booking.series_booked": "Series booked",
    "booking.series_changed": "Series changed",
    "booking.series_cancelled": "Sessions of a series cancelled",
    "booking.series_hour_moves": "Hour moves with the clocks",
    "booking.text_code": "Code for a telephone",
    "booking.requested": "Request",
    "booking.approved": "Request accepted",
    "booking.declined": "Request declined",
    "booking.lapsed": "Request ran out",
    "booking.unpaid": "Approved, but not paid in time",
    "booking.request_withdrawn": "Request taken back",
    "booking.group_invitation": "Invitation to a session",
    "booking.group_reminder": "Reminder",
    "booking.group_series_changed": "Group moved",
    "booking.group_series_cancelled": "Group cancelled",
    "waitlist.offer": "Offer from the waitlist",
    "waitlist.paused": "Place in line paused",
    "waitlist.removed": "Taken off the waitlist",
    "waitlist.off": "Session waited for is off",
    "billing.due": "Bill for a session of a series",
    "billing.receipt": "Receipt",
    "billing.refund": "Refund",
    "billing.late": "Payment came too late",
    "billing.twice": "Paid twice",
    "practice.confirm_email": "Confirm the address",
    "practice.already_member": "Already signed up",
    "practice.change_email": "Change of address",
    "practice.email_changed": "Address changed",
    "practice.email_taken": "Address is taken",
    "practice.invitation": "Invitation",
    "practice.password_changed": "Password changed",
    "practice.reset_password": "New password",
}

_TEXT_REASONS = {
    "21211": "The number is not a telephone.",
    "21408": "The provider may not text to that country.",
    "21610": "The person answered STOP. They can answer START, or choose texts on their page.",
    "21614": "The number is not a mobile telephone.",
    "30003": "The telephone was off or out of reach for too long.",
    "30004": "The carrier blocks messages to this telephone.",
    "30005": "The number is not in use.",
    "30006": "A landline, or a telephone that takes no texts.",
    "30007": "The carrier took it for advertising.",
    "30008": "The carrier gave no reason.",
    "30034": "The practice’s number is not registered with the carriers yet.",
    "not-set-up": "No provider for texts is set up.",
}
_MAIL_REASONS = {
    "550": "The mailbox does not exist, or its server does not take mail from us.",
    "551": "The mailbox is elsewhere.",
    "552": "The mailbox is full.",
    "553": "The address is not one the server can take.",
    "554": "The receiving server refused the letter.",
    BOUNCED: "It came back. Ask the person for another address.",
}
FINAL = {"21211", "21610", "21614", "30004", "30005", "30006", "not-set-up", BOUNCED}
"""Reasons that another attempt would only meet again."""


def badge(state: str, channel: str) -> tuple[str, str, str]:
    """Return label, tone and icon; of a letter we know that the mail server took it, never that it was delivered."""
    return _ACCEPTED if (state, channel) == ("sent", "email") else STATES[state]


def kind_of(kind: str) -> str:
    """Read what a message is about."""
    return KINDS.get(kind, kind.rpartition(".")[2].replace("_", " ").capitalize())


def reason(channel: str, code: str | None, error: str | None) -> str:
    """Say in words why a message did not arrive, or is being tried again."""
    known = (_TEXT_REASONS if channel == "sms" else _MAIL_REASONS).get(code or "")
    if known:
        return known
    return error or ""


def why_not_again(*, state: str, channel: str, code: str | None, uncertain: bool) -> str | None:
    """Say why a message must not be sent again, or None when that is safe.

    Safe is what was certainly not taken; and a text, because its provider is asked first whether it was.
    """
    if state != "failed":
        return "Only what failed can be sent again."
    if code in FINAL:
        return "Another attempt would meet the same answer."
    if uncertain and channel == "email":
        return "The connection broke while the mail server had the letter, so it may have arrived."
    return None
