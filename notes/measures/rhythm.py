"""When a questionnaire is due to be asked, and when an unheard alert goes further. Pure."""

from dataclasses import dataclass
from datetime import datetime, timedelta

ONCE, WEEKS, SESSIONS = "once", "weeks", "sessions"
RHYTHMS = (ONCE, WEEKS, SESSIONS)
BEFORE_SESSION = timedelta(hours=48)
"""How long before a session its questions are asked, so that two evenings lie between."""
REMIND_AFTER = timedelta(days=2)
AGAIN_AFTER = 4
"""An alert that stays unheard goes to the practice again after this many times the practice's own minutes."""


@dataclass(frozen=True, slots=True)
class Rhythm:
    """How often a questionnaire is asked: once, every so many weeks, or before every so many sessions."""

    kind: str
    every: int = 1

    @property
    def words(self) -> str:
        """Say it to a person."""
        if self.kind == ONCE:
            return "Once"
        thing = "week" if self.kind == WEEKS else "session"
        lead = "Every" if self.kind == WEEKS else "Before every"
        return f"{lead} {thing}" if self.every == 1 else f"{lead} {self.every} {thing}s"


def due_by_weeks(rhythm: Rhythm, *, begun: datetime, last: datetime | None, now: datetime) -> bool:
    """Tell whether a questionnaire asked by the calendar is due; at once when it was never asked."""
    if last is None:
        return now >= begun
    return rhythm.kind == WEEKS and now >= last + timedelta(weeks=rhythm.every)


def due_by_session(rhythm: Rhythm, *, next_session: datetime | None, sessions_since: int | None, now: datetime) -> bool:
    """Tell whether the coming session is one to ask before.

    `sessions_since` counts the sessions since the one asked for last, the coming one included; None when none was.
    """
    if next_session is None or not next_session - BEFORE_SESSION <= now < next_session:
        return False
    return sessions_since is None or sessions_since >= rhythm.every


def escalates(*, raised: datetime, last: datetime | None, minutes: int, now: datetime) -> bool:
    """Tell whether an alert that nobody has seen goes to the practice now; `minutes` is the practice's own rule."""
    wait = timedelta(minutes=minutes)
    return now >= (raised + wait if last is None else last + AGAIN_AFTER * wait)
