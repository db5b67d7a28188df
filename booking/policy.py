"""What may be done with an appointment, by whom and until when. Pure."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from practice.core.spans import Span

HELD, CONFIRMED, COMPLETED = "held", "confirmed", "completed"
NO_SHOW, CANCELLED, EXPIRED = "no_show", "cancelled", "expired"
REQUESTED, DECLINED = "requested", "declined"
STATUSES = (HELD, CONFIRMED, COMPLETED, NO_SHOW, CANCELLED, EXPIRED, REQUESTED, DECLINED)
LIVE = (HELD, CONFIRMED, COMPLETED, NO_SHOW)
"""The statuses that take time away from both people; the database lets none of these overlap."""


VIDEO, PHONE, IN_PERSON = "video", "phone", "in_person"
MODES = (VIDEO, PHONE, IN_PERSON)
"""How two people meet."""

SHORTEST, LONGEST = 10, 240
"""The minutes an appointment lasts."""


INDIVIDUAL, FAMILY, GROUP = "individual", "family", "group"
KINDS = (INDIVIDUAL, FAMILY, GROUP)
"""Who meets the counselor: one person, people who come together, or people who do not know each other."""


class Side(StrEnum):
    """Which side of the appointment somebody acts for."""

    CLIENT = "client"
    COUNSELOR = "counselor"
    PRACTICE = "practice"


@dataclass(frozen=True, slots=True)
class Standing:
    """What the policy needs to know of an appointment."""

    status: str
    span: Span
    notice_hours: int
    shared: bool = False
    """Whether others sit in the same session, so that it moves with all of them or not at all."""

    @property
    def notice_ends_at(self) -> datetime:
        """The last instant at which the client cancels or moves without being late."""
        return self.span.starts_at - timedelta(hours=self.notice_hours)


def is_late(standing: Standing, now: datetime) -> bool:
    """Tell whether cancelling now comes after the notice agreed on."""
    return now > standing.notice_ends_at


def refusal_to_cancel(standing: Standing, side: Side, now: datetime) -> str | None:
    """Say why this side cannot cancel now, or None when it can; late is allowed and merely late."""
    if standing.status == HELD:
        return None
    if standing.status != CONFIRMED:
        return _settled(standing.status)
    if side is Side.CLIENT and now >= standing.span.starts_at:
        return "This session has already started, so it can no longer be cancelled."
    if now >= standing.span.ends_at:
        return "This session is over, so it can no longer be cancelled."
    return None


def refusal_to_move(standing: Standing, side: Side, now: datetime) -> str | None:
    """Say why this side cannot move the appointment now, or None when it can."""
    if standing.status != CONFIRMED:
        return _settled(standing.status)
    if standing.shared:
        return "Others share this session, so it moves for everybody: by its counselor, or by whoever booked it."
    if now >= standing.span.starts_at:
        return "This session has already started, so it can no longer be moved."
    if side is Side.CLIENT and is_late(standing, now):
        return (
            f"Sessions can be moved until {_hours(standing.notice_hours)} before they start. "
            "Write to your counselor, who can still move it."
        )
    return None


def refusal_to_close(standing: Standing, now: datetime) -> str | None:
    """Say why the counselor cannot yet mark who came, or None when that is possible."""
    if standing.status not in {CONFIRMED, COMPLETED, NO_SHOW}:
        return _settled(standing.status)
    if now < standing.span.starts_at:
        return "This session has not started yet."
    return None


def _settled(status: str) -> str:
    return {
        HELD: "This session is not booked yet.",
        CANCELLED: "This session has been cancelled.",
        EXPIRED: "This time is no longer held.",
        REQUESTED: "This session has been asked for, and is not booked yet.",
        DECLINED: "This request was declined.",
    }.get(status, "This session has already taken place.")


def _hours(count: int) -> str:
    return "1 hour" if count == 1 else f"{count} hours"
