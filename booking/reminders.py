"""When people are reminded, and when a reminder has come too late. Pure."""

from dataclasses import dataclass
from datetime import datetime, timedelta


@dataclass(frozen=True, slots=True)
class Offset:
    """One reminder: how long before the appointment, and how late it may still go out."""

    name: str
    before: timedelta
    grace: timedelta
    to_counselor: bool


OFFSETS = (
    # A counselor's day is on their own page; a letter the day before for every hour of it would be noise.
    Offset("24h", timedelta(hours=24), grace=timedelta(hours=12), to_counselor=False),
    Offset("1h", timedelta(hours=1), grace=timedelta(minutes=45), to_counselor=True),
)


@dataclass(frozen=True, slots=True)
class Reminder:
    """One message to plan."""

    key: str
    offset: str
    recipient_id: int
    due_at: datetime


def reminders(
    appointment_id: int, version: int, *, client_id: int, counselor_id: int, starts_at: datetime, now: datetime
) -> list[Reminder]:
    """Return the reminders still ahead: one whose time has passed at booking adds nothing to the confirmation."""
    return [
        Reminder(
            key=f"reminder:{appointment_id}:{version}:email:{offset.name}:{recipient_id}",
            offset=offset.name,
            recipient_id=recipient_id,
            due_at=starts_at - offset.before,
        )
        for offset in OFFSETS
        if starts_at - offset.before > now
        for recipient_id in ((client_id, counselor_id) if offset.to_counselor else (client_id,))
    ]


def is_stale(offset_name: str, starts_at: datetime, now: datetime) -> bool:
    """Tell whether a reminder would now come too late to be of use, as after the scheduler was down."""
    offset = next((each for each in OFFSETS if each.name == offset_name), None)
    return offset is None or now > starts_at - offset.before + offset.grace
