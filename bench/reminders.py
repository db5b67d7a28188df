"""Measure reminders: many due at once, two schedulers of which one after the other is killed, and what arrived.

Every message is a real reminder of a real appointment, checked and written when it leaves, by the real SMTP client and
Twilio's own library, to servers that only count. Half are texts, whose provider can be asked about a broken attempt,
half are letters. SMTP cannot be asked: a scheduler that is killed in the instant between the server's reply and the
note of it leaves a letter that goes out again under the same Message-ID; such copies are counted as duplicates.
"""

from __future__ import annotations

import argparse
import json
import multiprocessing
import random
import secrets
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from multiprocessing.connection import Connection
from multiprocessing.context import ForkServerProcess
from multiprocessing.synchronize import Event
from tempfile import TemporaryDirectory

from sqlalchemy import func, insert, select

from app import FEATURES
from bench import _carriers, _sending
from bench._practice import CLIENT, COUNSELOR, offer, people, practice, sqlite_database
from bench._sending import Post
from booking.models.appointments import Appointment
from booking.models.reminding import ReminderChoice, TextConsent
from booking.reminding import planning
from practice.core import claims
from practice.core.claims import Outcome
from practice.core.db import db, reading
from practice.core.outbox import EMAIL, PLANNED, SENDING, SMS, OutboxMessage
from practice.core.spans import Span
from practice.models import Person

MESSAGES, CLIENTS, SCHEDULERS = 100_000, 2_000, 2
QUICK_MESSAGES, QUICK_CLIENTS = 2_000, 400
KILLS, QUICK_KILLS = 40, 5

forks = multiprocessing.get_context("forkserver")
forks.set_forkserver_preload(["bench._sending", *(f"{feature}.wiring" for feature in FEATURES)])


def main() -> None:
    """Measure and print a table and a JSON line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="end within 100 seconds")
    quick = parser.parse_args().quick
    count, clients = (QUICK_MESSAGES, QUICK_CLIENTS) if quick else (MESSAGES, CLIENTS)
    print(
        f"{count:,} reminders are due, half by letter and half by text. {SCHEDULERS} schedulers; "
        "now and then one is killed with kill -9 and started again."
    )
    with sqlite_database() as database, TemporaryDirectory() as var, carriers() as (ports, pipe):
        with practice(database):
            outbox_per_s = claim_rate(count)
            fill(count, clients)
        seconds, kills = race(Post(database, var, *ports), count, QUICK_KILLS if quick else KILLS)
        pipe.send("tally")
        taken: dict[str, int] = pipe.recv()
        with practice(database):
            states = tally_of_states()
    different = taken["different_letters"] + taken["different_texts"]
    figures = {
        "messages": count,
        "per_s": round(count / seconds, 1),
        "duplicates": taken["letters"] + taken["texts"] - different,
        "lost": count - different,
        "kills": kills,
        "duplicate_texts": taken["texts"] - taken["different_texts"],
        "duplicate_letters_same_message_id": taken["letters"] - taken["different_letters"],
        "claim_and_settle_per_s": outbox_per_s,
        "states": states,
    }
    print(f"{'messages':>10}{'seconds':>10}{'per second':>12}{'kills':>8}{'duplicates':>12}{'lost':>6}")
    print(
        f"{count:>10,}{seconds:>10.1f}{figures['per_s']:>12,}{kills:>8}{figures['duplicates']:>12}{figures['lost']:>6}"
    )
    print(f"The outbox alone, nothing sent: {outbox_per_s:,} messages a second claimed and settled in batches of 50.")
    print(json.dumps(figures))


@contextmanager
def carriers() -> Iterator[tuple[list[int], Connection]]:
    """Run the counting servers; give their ports and the pipe that asks for their tally."""
    ours, theirs = multiprocessing.Pipe()
    process = multiprocessing.get_context("spawn").Process(target=_carriers.serve, args=(theirs,), daemon=True)
    process.start()
    theirs.close()
    try:
        yield ours.recv(), ours
    finally:
        ours.close()
        process.join(5)
        process.kill()


def race(post: Post, count: int, wanted_kills: int) -> tuple[float, int]:
    """Let the schedulers work until nothing is left, and kill one after the other; return seconds and kills.

    The time counts from when all are at work; a scheduler is killed at work, not while it starts.
    """
    dice, kills = random.Random(7), 0
    workers = [Worker.begin(post) for _ in range(SCHEDULERS)]
    for worker in workers:
        worker.at_work.wait(60)
    begun = time.perf_counter()
    with practice(post.database):
        while left := waiting():
            time.sleep(dice.uniform(0.1, 0.3))
            victim = dice.randrange(SCHEDULERS)
            is_due = kills < wanted_kills and count - left > (kills + 0.5) * count / wanted_kills
            if is_due and workers[victim].at_work.is_set():
                workers[victim].kill()
                workers[victim] = Worker.begin(post)
                kills += 1
    seconds = time.perf_counter() - begun
    for worker in workers:
        worker.kill()
    return seconds, kills


@dataclass(frozen=True, slots=True)
class Worker:
    """A scheduler process, and whether it has begun to work."""

    process: ForkServerProcess
    at_work: Event

    @classmethod
    def begin(cls, post: Post) -> Worker:
        """Start one."""
        at_work = forks.Event()
        process = forks.Process(target=_sending.run, args=(post, secrets.token_hex(8), at_work), daemon=True)
        process.start()
        return cls(process, at_work)

    def kill(self) -> None:
        """End it with kill -9, in the middle of whatever it does."""
        self.process.kill()
        self.process.join()


def waiting() -> int:
    """Count what is not settled yet."""
    with reading():
        left = db.session.scalar(
            select(func.count()).select_from(OutboxMessage).where(OutboxMessage.state.in_((PLANNED, SENDING)))
        )
        db.session.rollback()
    return left or 0


def tally_of_states() -> dict[str, int]:
    """Count the messages by the state they ended in."""
    rows = db.session.execute(select(OutboxMessage.state, func.count()).group_by(OutboxMessage.state))
    return {str(state): int(number) for state, number in rows}


def claim_rate(count: int) -> int:
    """Claim and settle as many messages in batches of fifty, with nothing between; return how many a second."""
    now = datetime.now(UTC)
    number = min(count, 20_000)
    db.session.execute(
        insert(OutboxMessage), [_row(f"empty:{each}", EMAIL, now, (None, None), {}) for each in range(number)]
    )
    db.session.commit()
    begun = time.perf_counter()
    while batch := claims.claim("bench", now=now, most=50):
        claims.settle([Outcome(each, "sent") for each in batch], now=now)
    seconds = time.perf_counter() - begun
    db.session.execute(OutboxMessage.__table__.delete())  # type: ignore[attr-defined]  # a table
    db.session.commit()
    return round(number / seconds)


def fill(count: int, clients: int) -> None:
    """Book everybody once for tomorrow, and make each one's share of the reminders due now."""
    now = datetime.now(UTC).replace(microsecond=0)
    counselors, booked = people(40, COUNSELOR), people(clients, CLIENT)
    services = [offer(each, ((540, 1020),), 5) for each in counselors]
    for number, client in enumerate(booked):
        db.session.add_all(_leave_to_text(client, number, now))
    rows = []
    for number, client in enumerate(booked):
        service = services[number % len(services)]
        starts_at = now + timedelta(hours=20, minutes=number // len(services))
        span = Span.lasting(starts_at, 1)
        rows.append(_appointment(service.id, service.counselor_id, client.id, span, now))
    db.session.execute(insert(Appointment), rows)
    ids = [
        (each.id, each.client_id)
        for each in db.session.execute(select(Appointment.id, Appointment.client_id).order_by(Appointment.id))
    ]
    for channel in (EMAIL, SMS):
        db.session.execute(
            insert(OutboxMessage), [_due(ids[each % clients], each, channel, now) for each in range(count // 2)]
        )
    db.session.commit()


def _leave_to_text(client: Person, number: int, now: datetime) -> list[object]:
    phone = f"+1212{5550000 + number:07d}"
    return [
        ReminderChoice(
            person_id=client.id, by_email=True, by_sms=True, skipped=[], quiet_from=0, quiet_until=0, changed_at=now
        ),
        TextConsent(
            person_id=client.id,
            phone=phone,
            phone_tail=phone[-3:],
            words="Bench.",
            asked_at=now,
            code_hash="",
            code_until=now,
            given_at=now,
        ),
    ]


def _due(appointment: tuple[int, int], number: int, channel: str, now: datetime) -> dict[str, object]:
    identity, client_id = appointment
    payload = {"version": 0, "minutes": 1440, "link": secrets.token_urlsafe(16)}
    return _row(f"bench:{channel}:{number}", channel, now, (identity, client_id), payload)


def _row(
    key: str, channel: str, now: datetime, about: tuple[int | None, int | None], payload: dict[str, object]
) -> dict[str, object]:
    return {
        "key": key,
        "kind": planning.KIND,
        "channel": channel,
        "recipient_id": about[1],
        "subject_kind": "appointment",
        "subject_id": about[0],
        "payload": payload,
        "due_at": now - timedelta(minutes=1),
        "planned_at": now - timedelta(minutes=1),
        "state": PLANNED,
        "attempts": 0,
        "uncertain": False,
    }


def _appointment(service_id: int, counselor_id: int, client_id: int, span: Span, now: datetime) -> dict[str, object]:
    return {
        "uid": secrets.token_hex(16),
        "counselor_id": counselor_id,
        "client_id": client_id,
        "service_id": service_id,
        "mode": "video",
        "starts_at": span.starts_at,
        "ends_at": span.ends_at,
        "blocked_from": span.starts_at,
        "blocked_until": span.ends_at,
        "status": "confirmed",
        "price_cents": 0,
        "currency": "USD",
        "sequence": 0,
        "cancellation_notice_hours": 24,
        "cancelled_late": False,
        "created_at": now,
        "changed_at": now,
        "confirmed_at": now,
    }


if __name__ == "__main__":
    main()
