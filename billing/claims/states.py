"""What a claim goes through, and what may come next. Pure."""

from __future__ import annotations

from typing import Final

MADE, SENT, PAID, DENIED = "made", "sent", "paid", "denied"
WITHDRAWN, REPLACED, VOIDED = "withdrawn", "replaced", "voided"
STATES: Final = (MADE, SENT, PAID, DENIED, WITHDRAWN, REPLACED, VOIDED)
WITH_INSURER: Final = (SENT, PAID, DENIED)
"""Those the insurer has, and that one may correct, void and hear about."""
ANSWERS: Final = (PAID, DENIED)
STANDING: Final = (MADE, *WITH_INSURER)
"""Those that ask, or asked, for money."""

NEXT: Final[dict[str, frozenset[str]]] = {
    MADE: frozenset({SENT, WITHDRAWN}),
    **dict.fromkeys(WITH_INSURER, frozenset({PAID, DENIED, REPLACED, VOIDED})),
    **dict.fromkeys((WITHDRAWN, REPLACED, VOIDED), frozenset()),
}

WORDS: Final = {
    MADE: ("To be sent", "wait", "circle"),
    SENT: ("Sent", "info", "send"),
    PAID: ("Paid", "good", "check"),
    DENIED: ("Denied", "bad", "x"),
    WITHDRAWN: ("Withdrawn", "quiet", "ban"),
    REPLACED: ("Corrected", "quiet", "history"),
    VOIDED: ("Voided", "quiet", "ban"),
}
"""How a state reads, with its tone and icon."""


def may_become(state: str, following: str) -> bool:
    """Tell whether one state may follow another."""
    return following in NEXT[state]
