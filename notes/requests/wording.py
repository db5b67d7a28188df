"""How requests read, and the grounds the law knows for refusing one. Pure."""

from collections.abc import Collection

from notes.requests.clocks import ACCESS, CORRECTION, ERASURE, RESTRICTION
from notes.requests.models import (
    ANSWER,
    ASKED,
    DENIED,
    DISAGREEMENT,
    EXTENSION,
    GRANTED,
    OPEN,
    PARTLY,
    REBUTTAL,
    WITHDRAWN,
)

NAMES = {
    CORRECTION: "Correct something",
    RESTRICTION: "Limit who hears of it",
    ACCESS: "See my record",
    ERASURE: "Erase my record",
}
"""What a client asks, in their words."""
NOUNS = {
    CORRECTION: "Correction",
    RESTRICTION: "Restriction",
    ACCESS: "Access",
    ERASURE: "Erasure",
}
STATES = {
    OPEN: ("Waiting for an answer", "wait", "hourglass"),
    GRANTED: ("Agreed", "good", "check"),
    PARTLY: ("Agreed in part", "info", "check"),
    DENIED: ("Refused", "bad", "x"),
    WITHDRAWN: ("Taken back", "quiet", "undo"),
}
GROUNDS = {
    CORRECTION: {
        "accurate": "The record is accurate and complete as it is",
        "not_ours": "It was not written here, and whoever wrote it can be asked",
        "apart": "It is not part of the record about you",
        "closed": "It is of a kind that the law does not open",
    },
    RESTRICTION: {
        "care": "It would keep us from caring for you safely",
        "law": "The law has us pass it on",
        "other": "For a reason written below",
    },
    ACCESS: {
        "psychotherapy": "It is a psychotherapy note, which the law keeps apart",
        "proceedings": "It was gathered for a legal proceeding",
        "danger": "Reading it is reasonably likely to endanger a life or somebody’s safety",
        "another": "It speaks of somebody else, who is reasonably likely to be harmed",
    },
    ERASURE: {
        "kept": "The law has us keep the record until its day",
        "claims": "It is needed for a legal claim",
    },
}
"""45 CFR 164.526(a)(2), 164.522(a)(1)(ii), 164.524(a)(2) and (3); GDPR article 17(3)(b), (c) and (e)."""
REVIEWED = {"danger", "another"}
"""Grounds a client may have reviewed by another licensed professional (45 CFR 164.524(a)(4))."""
TITLES = {
    CORRECTION: "A correction you asked for",
    RESTRICTION: "A limit you asked for",
    ACCESS: "Your record, as you asked for it",
    ERASURE: "The erasure you asked for",
}
"""What stands over a request in the client's own copy of their record."""
SPOKEN = {
    ASKED: "What was asked",
    EXTENSION: "Why it took longer",
    ANSWER: "The answer of the practice",
    DISAGREEMENT: "Statement of disagreement by the client",
    REBUTTAL: "Reply of the practice",
}
"""What stands over each word of a request on paper and in data."""
WAYS = {
    GRANTED: "Agree",
    PARTLY: "Agree in part",
    DENIED: "Refuse",
}


def ground_of(kind: str, ground: str) -> str:
    """Say the ground of a refusal; "" for none."""
    return GROUNDS[kind].get(ground, "")


def title_for_others(state: str, spoken: Collection[str]) -> str:
    """Head a correction where it goes with the record to whoever is given it."""
    if DISAGREEMENT in spoken:
        return "Disputed by the client"
    return f"Corrected {'in part ' if state == PARTLY else ''}as the client asked"
