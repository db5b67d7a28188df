"""The practice's own commands: `flask setup`, `flask demo`, `flask scheduler`."""

from __future__ import annotations

from datetime import timedelta

import click
from flask import Flask, current_app
from flask.cli import with_appcontext
from flask_migrate import upgrade
from werkzeug.datastructures import MultiDict

from practice import demo, tokens
from practice.core import audit, forms, scheduler, seeds
from practice.core.db import db
from practice.core.ports import ports
from practice.core.settings import settings
from practice.forms.people import Founding
from practice.links import absolute
from practice.models import ADMINISTRATOR, Person, PersonRole, Practice

FIRST_LINK = timedelta(days=7)


def add_to(app: Flask) -> None:
    """Register the commands."""
    for command in (setup, load_demo, run_scheduler):
        app.cli.add_command(command)


@click.command("setup")
@click.option("--name", prompt="Name of the practice")
@click.option("--country", prompt="Country (two letters, such as US)")
@click.option("--zone", prompt="Time zone (such as America/New_York)")
@click.option("--currency", prompt="Currency (such as USD)")
@click.option("--email", prompt="E-mail address of the practice")
@click.option("--administrator", prompt="Name of the first administrator")
@click.option("--administrator-email", prompt="E-mail address of the first administrator")
@with_appcontext
def setup(**answers: str) -> None:
    """Found the practice and its first administrator; prints a link to choose the password."""
    if not demo.is_empty():
        raise click.ClickException("There is a practice already. People are invited from its People page.")
    wanted = Founding.parse(MultiDict(answers))
    if isinstance(wanted, forms.Errors):
        said = "\n".join(f"  --{name.replace('_', '-')}: {words}" for name, words in wanted.messages.items())
        raise click.ClickException(f"Please change these:\n{said}")
    secret = _found(wanted)
    db.session.commit()
    click.echo(f"{wanted.name} is founded. Within seven days, {wanted.administrator} opens this link,")
    click.echo(f"chooses a password and is signed in:\n\n  {absolute('practice.reset', secret=secret)}\n")


@click.command("demo")
@with_appcontext
def load_demo() -> None:
    """Bring a demo's database up to date, fill it where it is empty, and say how to sign in."""
    if not settings().is_demo:
        raise click.ClickException("Only a demo is filled with invented people: STILLPOINT_ENVIRONMENT=demo.")
    upgrade()
    if demo.is_empty():
        now = ports().clock.now()
        practice, people = demo.load(now)
        seeds.run(practice, people, now)
        db.session.commit()
    click.echo(demo.greeting())


@click.command("scheduler")
def run_scheduler() -> None:
    """Deliver the outbox and run the recurring jobs until stopped."""
    scheduler.run(current_app._get_current_object())  # type: ignore[attr-defined]  # the app itself, not the proxy


def _found(wanted: Founding) -> str:
    now = ports().clock.now()
    db.session.add(
        Practice(
            id=1,
            name=wanted.name,
            zone=wanted.zone,
            currency=wanted.currency,
            country=wanted.country,
            email=wanted.email,
            created_at=now,
        )
    )
    person = Person(
        email=wanted.administrator_email, name=wanted.administrator, zone=wanted.zone, created_at=now, confirmed_at=now
    )
    person.role_rows = [PersonRole(role=ADMINISTRATOR, granted_at=now)]
    db.session.add(person)
    db.session.flush()
    audit.record("practice.founded", subject=("practice", 1))
    _, secret = tokens.issue("reset_password", person_id=person.id, now=now, lifetime=FIRST_LINK)
    return secret
