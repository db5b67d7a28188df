"""A client's opened record as one FHIR Bundle."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime

from booking.policy import IN_PERSON
from notes.models import PROGRESS
from notes.own import fhir
from notes.own.fhir import Resource, Scored, Text
from notes.papers.contents import Entry
from notes.papers.pieces import Asked, OpenedRecord, said
from notes.safety.steps import STEPS, SafetyWords
from notes.words import Words
from practice.models import Person

Addressed = tuple[str, Resource]


@dataclass(slots=True)
class _Making:
    """What has its address already, while a bundle is made."""

    practice: str
    record: OpenedRecord
    came: frozenset[int]
    """The sessions that have an address, by the ids of their appointments."""
    people: dict[int, Addressed] = field(default_factory=dict)

    def at(self, kind: str, number: int) -> str:
        """Return the address of one thing."""
        return fhir.address(self.practice, kind, number)

    @property
    def client(self) -> str:
        """The address of whose record it is."""
        return self.at("person", self.record.client.id)

    def person(self, person: Person) -> str:
        """Return the address of the client or a counselor, who is then in the bundle."""
        if person.id == self.record.client.id:
            return self.client
        if person.id not in self.people:
            profile = person.profile
            credentials, npi = (profile.credentials, profile.npi) if profile else ("", "")
            told = fhir.practitioner(name=person.name, credentials=credentials, npi=npi)
            self.people[person.id] = (self.at("person", person.id), told)
        return self.people[person.id][0]


def bundle(record: OpenedRecord, *, practice: str, now: datetime) -> Resource:
    """Put a record into a Bundle; `practice` is the address of the practice's site."""
    making = _Making(practice, record, frozenset(each.id for each in record.sessions))
    client = record.client
    told = [*_sessions(making), *_answers(making), *_plans(making)]
    for entry in record.entries:
        told.extend(_note(making, entry))
    for asked in record.asked:
        told.extend(_request(making, asked))
    if record.unopened:
        reasons = [f"{each.what} of {each.at:%Y-%m-%d}: {each.why}" for each in record.unopened]
        told.append((making.at("unopened", client.id), fhir.unopened(reasons)))
    patient = fhir.patient(name=client.name, email=client.email, phone=client.phone)
    return fhir.bundle([(making.client, patient), *making.people.values(), *told], made_at=now)


def _sessions(making: _Making) -> Iterator[Addressed]:
    for each in making.record.sessions:
        yield (
            making.at("session", each.id),
            fhir.encounter(
                subject=making.client,
                counselor=making.person(each.counselor),
                begins=each.starts_at,
                ends=each.ends_at,
                service=each.service.name,
                in_person=each.mode == IN_PERSON,
            ),
        )


def _answers(making: _Making) -> Iterator[Addressed]:
    for each in making.record.answered:
        where, at = making.at("answers", each.asking.id), each.asking.given_at or each.asking.asked_at
        instrument = each.instrument
        yield (
            where,
            fhir.response(
                key=instrument.key,
                name=instrument.name,
                subject=making.client,
                source=making.person(each.asking.given_by or making.record.client),
                given_at=at,
                answers=said(each),
            ),
        )
        for number, score in enumerate(each.scores):
            band = score.band.name if score.band else ""
            scored = Scored(score.scale.key, score.scale.name, score.value, band, score.missing)
            told = fhir.observation(scored, subject=making.client, answers=where, given_at=at)
            yield making.at(f"score/{number}", each.asking.id), told


def _plans(making: _Making) -> Iterator[Addressed]:
    for plan, words in making.record.safety_plans:
        latest = plan.versions[0]
        text = Text(
            kind="Safety plan",
            words=_safety_text(words),
            subject=making.client,
            author=making.person(latest.author),
            written_at=latest.saved_at,
            about_at=latest.saved_at,
        )
        yield making.at("safety-plan", plan.id), fhir.document(text)


def _note(making: _Making, entry: Entry) -> Iterator[Addressed]:
    note = entry.note
    where = making.at("note", note.id)
    text = Text(
        kind=note.kind_words,
        words=_note_text(entry.words),
        subject=making.client,
        author=making.person(note.author),
        written_at=note.signed_at or note.updated_at,
        about_at=note.at,
        encounter=making.at("session", note.appointment_id) if note.appointment_id in making.came else "",
        is_progress_note=note.kind == PROGRESS,
        signer=making.person(note.signed_by) if note.signed_by else "",
    )
    yield where, fhir.document(text)
    for addendum, words in entry.addenda:
        added = Text(
            kind=f"Addendum {addendum.number}",
            words=words,
            subject=making.client,
            author=making.person(addendum.author),
            written_at=addendum.added_at,
            about_at=note.at,
            appends=where,
        )
        yield making.at("addendum", addendum.id), fhir.document(added)


def _request(making: _Making, asked: Asked) -> Iterator[Addressed]:
    first = making.at("request", asked.said[0].row.id)
    for heading, each, ground in asked.lines:
        text = Text(
            kind=f"{asked.title}: {heading[0].lower()}{heading[1:]}",
            words="\n\n".join([*([f"{ground}."] if ground else []), each.text]),
            subject=making.client,
            author=making.person(each.row.author),
            written_at=each.row.said_at,
            about_at=asked.request.asked_at,
            appends="" if each is asked.said[0] else first,
        )
        yield making.at("request", each.row.id), fhir.document(text)


def _note_text(words: Words) -> str:
    parts = [f"{part.label}\n{words.text(part.key)}" for part in words.layout.sections if words.text(part.key).strip()]
    return "\n\n".join([words.title, *parts] if words.title else parts) or "(without words)"


def _safety_text(words: SafetyWords) -> str:
    steps = [f"{step.name}\n{words.text(step.key)}" for step in STEPS if words.text(step.key).strip()]
    return "\n\n".join(steps) or "(without words)"
