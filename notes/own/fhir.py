"""A client's record as resources of FHIR R4 (HL7, release 4.0.1), each where one fits. Pure.

| what | resource |
|---|---|
| the client | Patient |
| who wrote or met | Practitioner |
| a session the client came to | Encounter |
| a signed note, a safety plan, what was asked of the record | DocumentReference with its words as plain text |
| an addendum, an answer, a statement, a reply | DocumentReference that `appends` to what it was added to |
| a questionnaire that was answered | QuestionnaireResponse, its questions under one item that names it |
| a score of it | Observation `derivedFrom` these answers |
| what did not open | an issue of OperationOutcome |

All stand in one Bundle of type `collection` and point at each other by their `urn:uuid:` addresses, which are made
from the practice's address and stay the same from one copy to the next. Codes are LOINC's where one is known.
"""

from base64 import b64encode
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any
from uuid import NAMESPACE_URL, uuid5

Resource = dict[str, Any]
MEDIA_TYPE = "application/fhir+json"
_LOINC = "http://loinc.org"
_SCORES = {
    "phq9": ("44261-6", "Patient Health Questionnaire 9 item (PHQ-9) total score [Reported]"),
    "gad7": ("70274-6", "Generalized anxiety disorder 7 item (GAD-7) total score [Reported.PHQ]"),
}
_PROGRESS_NOTE = ("11506-3", "Progress note")
_CLASSES = {True: ("AMB", "ambulatory"), False: ("VR", "virtual")}


@dataclass(frozen=True, slots=True)
class Text:
    """Words with who wrote them when, on what; `appends` is the address of what they were added to."""

    kind: str
    words: str = field(repr=False)
    subject: str
    author: str
    written_at: datetime
    about_at: datetime
    encounter: str = ""
    appends: str = ""
    is_progress_note: bool = False
    signer: str = ""


@dataclass(frozen=True, slots=True)
class Scored:
    """A score of one scale; `value` is None when too many answers were missing."""

    key: str
    name: str
    value: int | None
    band: str
    missing: int


def address(practice: str, kind: str, number: int) -> str:
    """Return a resource's address, the same whenever the practice is asked."""
    return uuid5(NAMESPACE_URL, f"{practice}/{kind}/{number}").urn


def patient(*, name: str, email: str, phone: str | None) -> Resource:
    """Describe the client."""
    ways = [("email", email), ("phone", phone)]
    return {
        "resourceType": "Patient",
        "name": [{"text": name}],
        "telecom": [{"system": system, "value": value} for system, value in ways if value],
    }


def practitioner(*, name: str, credentials: str = "", npi: str = "") -> Resource:
    """Describe a counselor; an NPI has a system of its own in FHIR."""
    told: Resource = {"resourceType": "Practitioner", "name": [{"text": name}]}
    if npi:
        told["identifier"] = [{"system": "http://hl7.org/fhir/sid/us-npi", "value": npi}]
    if credentials:
        told["qualification"] = [{"code": {"text": credentials}}]
    return told


def encounter(
    *, subject: str, counselor: str, begins: datetime, ends: datetime, service: str, in_person: bool
) -> Resource:
    """Describe a session."""
    code, display = _CLASSES[in_person]
    system = "http://terminology.hl7.org/CodeSystem/v3-ActCode"
    return {
        "resourceType": "Encounter",
        "status": "finished",
        "class": {"system": system, "code": code, "display": display},
        "type": [{"text": service}],
        "subject": _to(subject),
        "participant": [{"individual": _to(counselor)}],
        "period": {"start": _instant(begins), "end": _instant(ends)},
    }


def document(text: Text) -> Resource:
    """Give words as a document."""
    coding = {"coding": [_loinc(*_PROGRESS_NOTE)]} if text.is_progress_note else {}
    attachment = {
        "contentType": "text/plain; charset=utf-8",
        "language": "en",
        "data": b64encode(text.words.encode()).decode(),
        "title": text.kind,
        "creation": _instant(text.written_at),
    }
    about = {"encounter": [_to(text.encounter)]} if text.encounter else {}
    told: Resource = {
        "resourceType": "DocumentReference",
        "status": "current",
        "docStatus": "final",
        "type": coding | {"text": text.kind},
        "subject": _to(text.subject),
        "date": _instant(text.written_at),
        "author": [_to(text.author)],
        "content": [{"attachment": attachment}],
        "context": about | {"period": {"start": _instant(text.about_at)}},
    }
    if text.signer:
        told["authenticator"] = _to(text.signer)
    if text.appends:
        told["relatesTo"] = [{"code": "appends", "target": _to(text.appends)}]
    return told


def response(
    *,
    key: str,
    name: str,
    subject: str,
    source: str,
    given_at: datetime,
    answers: Sequence[tuple[str, str, int | None]],
) -> Resource:
    """Give answers: each question with the words of the answer and its points, None where it was left out."""
    items = [
        {"linkId": f"{key}/{number}", "text": question}
        | ({"answer": [{"valueCoding": {"code": str(points), "display": said}}]} if points is not None else {})
        for number, (question, said, points) in enumerate(answers, 1)
    ]
    return {
        "resourceType": "QuestionnaireResponse",
        "status": "completed",
        "subject": _to(subject),
        "source": _to(source),
        "authored": _instant(given_at),
        "item": [{"linkId": key, "text": name, "item": items}],
    }


def observation(scored: Scored, *, subject: str, answers: str, given_at: datetime) -> Resource:
    """Give a score of these answers, or say that there is none."""
    known = _SCORES.get(scored.key)
    category = {"system": "http://terminology.hl7.org/CodeSystem/observation-category", "code": "survey"}
    told: Resource = {
        "resourceType": "Observation",
        "status": "final",
        "category": [{"coding": [category]}],
        "code": ({"coding": [_loinc(*known)]} if known else {}) | {"text": f"{scored.name} score"},
        "subject": _to(subject),
        "effectiveDateTime": _instant(given_at),
        "derivedFrom": [_to(answers)],
    }
    if scored.value is None:
        return told | {"dataAbsentReason": {"text": f"{scored.missing} answers are missing"}}
    if scored.missing:
        told["note"] = [{"text": f"{scored.missing} missing answers were counted as the mean of the others."}]
    return told | {"valueInteger": scored.value, "interpretation": [{"text": scored.band}]}


def unopened(reasons: Sequence[str]) -> Resource:
    """Name what the record holds and this copy does not."""
    issues = [{"severity": "error", "code": "incomplete", "diagnostics": reason} for reason in reasons]
    return {"resourceType": "OperationOutcome", "issue": issues}


def bundle(resources: Sequence[tuple[str, Resource]], *, made_at: datetime) -> Resource:
    """Put resources, each with its address, into one."""
    return {
        "resourceType": "Bundle",
        "type": "collection",
        "timestamp": _instant(made_at),
        "entry": [{"fullUrl": where, "resource": resource} for where, resource in resources],
    }


def _to(where: str) -> Resource:
    return {"reference": where}


def _loinc(code: str, display: str) -> Resource:
    return {"system": _LOINC, "code": code, "display": display}


def _instant(at: datetime) -> str:
    return at.astimezone(UTC).isoformat(timespec="milliseconds")
