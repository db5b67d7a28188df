"""What notes do when people sign in, choose a password, or leave."""

from flask import flash
from sqlalchemy import delete, select

from notes.custody import access, people
from notes.custody.holders import hold, holder_or_none
from notes.custody.models import OpenVault
from notes.custody.tending import tend
from practice import events
from practice.core.db import db
from practice.models import SignIn


def subscribe() -> None:
    """Listen to the practice."""
    events.password_proved.subscribe(_open)
    events.password_chosen.subscribe(_prepare)
    events.password_set.subscribe(_seal)
    events.sign_in_begun.subscribe(_keep_open)
    events.sign_in_locked.subscribe(_lock)
    events.sign_ins_ended.subscribe(_shut)
    events.account_closed.subscribe(_end_accesses)


def _open(proved: events.PasswordProved) -> None:
    people.prove(proved.person_id, proved.password)


def _prepare(chosen: events.PasswordChosen) -> None:
    people.choose(chosen.password)


def _seal(was_set: events.PasswordSet) -> None:
    people.settle(was_set.person, now=was_set.now)


def _keep_open(begun: events.SignInBegun) -> None:
    if not people.settle(begun.visitor.person, now=begun.now):
        flash(people.EXCHANGED, "bad")
    people.keep_open(begun.visitor, now=begun.now)
    held = holder_or_none()
    if held and held.person_id == begun.visitor.person.id:
        tend(held, now=begun.now)


def _lock(locked: events.SignInLocked) -> None:
    db.session.execute(delete(OpenVault).where(OpenVault.sign_in_id == locked.visitor.sign_in_id))
    hold(None)


def _shut(ended: events.SignInsEnded) -> None:
    over = select(SignIn.id).where(SignIn.person_id == ended.person.id, SignIn.ended_at.is_not(None))
    db.session.execute(delete(OpenVault).where(OpenVault.sign_in_id.in_(over)))


def _end_accesses(closed: events.AccountClosed) -> None:
    for each in access.to_person(closed.person, now=closed.now):
        access.take_back(each.chart, closed.person, by=closed.by, now=closed.now)
