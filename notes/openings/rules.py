"""Who belongs to the care team of a chart, and what comes of an opening from outside it. Pure."""

from dataclasses import dataclass
from datetime import datetime, timedelta

SITTING = timedelta(hours=12)
"""A reason holds for one sign-in, and for no longer than a working day."""
NEAR_A_SESSION = timedelta(days=14)
"""Who meets the client this close to now prepares for it, or writes about it."""
OVERDUE = timedelta(days=7)
"""An opening nobody has looked at for so long is shown to the administrators first."""

COVER, SUCCESSOR = "cover", "successor"
EXPECTED, AMISS = VERDICTS = ("expected", "amiss")
WAITS, ASKED, ANSWERED = "waits", "asked", "answered"
REASONS = (
    ("cover", "The counselor is away", "and something came up that could not wait."),
    ("emergency", "An emergency", "Somebody may come to harm."),
    ("request", "The client asked for it", ""),
    ("handover", "I am taking over", "Reading into a care that passes to me."),
    ("law", "The law requires it", "A court, an authority, a report that must be made."),
)
"""What may be chosen, as the opener reads it; the client reads it in the words of `practice.deeds.REASONS`."""


@dataclass(frozen=True, slots=True)
class Ties:
    """What joins somebody with access to a chart to the care in it, at one moment."""

    kind: str
    counselor_is_away: bool = False
    meets_the_client: bool = False
    is_called: bool = False


def reason_in_team(ties: Ties) -> str | None:
    """Say why somebody of the care team reads a chart; None for somebody outside it, who is asked.

    One is of the team when an alert calls, when one meets the client, and when one covers for a counselor who is away.
    """
    if ties.is_called:
        return "alert"
    if ties.meets_the_client:
        return "session"
    return "cover" if ties.kind == COVER and ties.counselor_is_away else None


def same_sitting(*, opened_at: datetime, now: datetime) -> bool:
    """Tell whether a reason given in this sign-in still holds."""
    return now - opened_at < SITTING


def stage(*, asked: bool, answered: bool, verdict: str | None) -> str:
    """Tell where the review of an opening stands."""
    if verdict:
        return verdict
    return ANSWERED if answered else ASKED if asked else WAITS
