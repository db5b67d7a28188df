"""Which codes a session comes to: CPT by minutes, modifier and place of service by how people met. Pure.

CPT is the American Medical Association's: only the numbers stand here, with words of our own. Minutes are
face to face (CPT, time rule: a unit is reached past its midpoint). Places are those of the CMS place-of-service
code set; modifier 95 is for sound and picture, 93 for sound alone.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from booking.forms_services import CPT_CODES
from booking.policy import FAMILY, GROUP, IN_PERSON, PHONE, VIDEO

CRISIS, CRISIS_MORE = "90839", "90840"
ADD_ONS = {CRISIS_MORE: "Crisis, each further half hour", "90785": "Made harder by how one must communicate"}
WORDS = {**CPT_CODES, **ADD_ONS}
"""Every code that may be confirmed, in our own words."""

AT_HOME, ELSEWHERE, OFFICE = "10", "02", "11"
PLACES = {AT_HOME: "Telehealth, client at home", ELSEWHERE: "Telehealth, client elsewhere", OFFICE: "Office"}
MODIFIERS = {"95": "Sound and picture", "93": "Sound alone", "": "None"}

LEAST_MINUTES, LEAST_FAMILY = 16, 26
"""Below these nothing is billed: psychotherapy, and psychotherapy with family."""


@dataclass(frozen=True, slots=True)
class Met:
    """What is known of a session: minutes face to face, and whether a log counted them."""

    minutes: int
    counted: bool
    mode: str
    kind: str
    usual_code: str = ""
    """The code its service stands for, if the counselor gave one."""
    at_home: bool | None = None
    """Whether the client was where they live; None when nobody said."""


@dataclass(frozen=True, slots=True)
class Line:
    """One code and how often."""

    code: str
    units: int = 1
    unit_cents: int = 0
    """What each costs the client besides the session; of a session's first code nothing."""

    @property
    def words(self) -> str:
        """What the code is for, in our own words."""
        return WORDS[self.code]


@dataclass(frozen=True, slots=True)
class Proposal:
    """What a session comes to, and why; no lines when it is too short to be billed, no place when nobody said."""

    minutes: int
    lines: tuple[Line, ...]
    modifier: str
    place: str
    why: tuple[str, ...]


def propose(met: Met) -> Proposal:
    """Say which codes a session comes to."""
    lines = _lines(met)
    why = (_minutes_in_words(met, lines), _place_in_words(met))
    return Proposal(met.minutes, lines, _modifier(met.mode), _place(met), why)


def misfit(lines: Sequence[Line], minutes: int) -> str | None:
    """Say why codes do not fit the minutes, or None when they do."""
    least, most = {"90832": (16, 37), "90834": (38, 52), "90837": (53, 480), CRISIS: (30, 480)}.get(
        lines[0].code if lines else "", (0, 480)
    )
    if least <= minutes <= most:
        return None
    reach = f"{least} minutes or more" if most == 480 else f"{least} to {most} minutes"
    return f"{lines[0].code} is for {reach}; this session had {minutes}."


def _lines(met: Met) -> tuple[Line, ...]:
    if met.kind == GROUP:
        return (Line("90853"),)
    if met.kind == FAMILY or met.usual_code in {"90846", "90847"}:
        code = met.usual_code if met.usual_code in {"90846", "90847"} else "90847"
        return (Line(code),) if met.minutes >= LEAST_FAMILY else ()
    if met.usual_code == "90791" and met.minutes >= LEAST_MINUTES:
        return (Line("90791"),)
    if met.usual_code == CRISIS and met.minutes >= 30:
        more = max(0, (met.minutes - 75) // 30 + 1) if met.minutes >= 75 else 0
        return (Line(CRISIS), Line(CRISIS_MORE, more)) if more else (Line(CRISIS),)
    return _by_minutes(met.minutes)


def _by_minutes(minutes: int) -> tuple[Line, ...]:
    if minutes < LEAST_MINUTES:
        return ()
    return (Line("90832" if minutes <= 37 else "90834" if minutes <= 52 else "90837"),)


def _modifier(mode: str) -> str:
    return {VIDEO: "95", PHONE: "93"}.get(mode, "")


def _place(met: Met) -> str:
    if met.mode == IN_PERSON:
        return OFFICE
    return {None: "", True: AT_HOME, False: ELSEWHERE}[met.at_home]


def _minutes_in_words(met: Met, lines: Sequence[Line]) -> str:
    counted = "together, as the session log counted" if met.counted else "as booked: no log counted them"
    found = f"{met.minutes} minutes {counted}."
    return found if lines else f"{found} That is too short to be billed."


def _place_in_words(met: Met) -> str:
    if met.mode == IN_PERSON:
        return "You met in person."
    how = "You met by video" if met.mode == VIDEO else "You spoke by telephone"
    where = {True: "and your client was at home.", False: "and your client was not at home."}
    if met.at_home is None:
        return f"{how}; where your client was is for you to say."
    return f"{how}, {where[met.at_home]}"
