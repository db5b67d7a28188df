"""Two beginnings: an invented practice, and a real one."""

from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import func, select

from practice import demo, jobs
from practice.core.db import db
from practice.core.ports import Ports
from practice.demo_people import CLIENTS, COUNSELORS, PASSWORD
from practice.models import Attempt, Person, Practice, SignIn, Token
from practice.queries.people import person_at
from practice.services import profiles
from tests.builders import LONG_AGO
from tests.fakes import FrozenClock
from tests.support.apps import make_app, settings_for
from tests.support.pages import PageClient
from tests.support.signing_in import signed_in_client

SETUP = {
    "--name": "Harbour Practice",
    "--country": "DE",
    "--zone": "Europe/Berlin",
    "--currency": "EUR",
    "--email": "hello@harbour.example",
    "--administrator": "Petra Holm",
    "--administrator-email": "petra@harbour.example",
}


def empty_app(database: str, tmp_path: Path, doors: Ports, environment: str) -> Flask:
    return make_app(settings_for(database, tmp_path, environment=environment), doors)


def arguments(**changes: str) -> list[str]:
    return ["setup", *(part for pair in (SETUP | changes).items() for part in pair)]


def test_the_demo_is_loaded_once_and_everybody_can_sign_in(database: str, tmp_path: Path, doors: Ports) -> None:
    app = empty_app(database, tmp_path, doors, "demo")
    first = app.test_cli_runner().invoke(args=["demo"])
    second = app.test_cli_runner().invoke(args=["demo"])
    assert first.exit_code == second.exit_code == 0, first.output
    assert first.output == second.output
    assert PASSWORD in first.output
    with app.app_context():
        assert db.session.scalar(select(func.count()).select_from(Person)) == len(CLIENTS) + len(COUNSELORS) + 2
        client = signed_in_client(app, None)
        assert client.post("/sign-in", data={"email": demo.address("ines"), "password": PASSWORD}).status_code == 303
        db.session.remove()
        db.engine.dispose()


def test_the_demo_counselors_are_complete(app: Flask, clock: FrozenClock) -> None:
    db.session.delete(db.session.get_one(Practice, 1))
    db.session.flush()
    _, people = demo.load(clock.now())
    for each in COUNSELORS:
        profile = people[each.key].profile
        assert profile is not None
        assert profile.photo is not None
        assert (profiles.missing(profile, today=clock.now().date()) == []) is each.published


def test_only_a_demo_is_filled_with_invented_people(app: Flask) -> None:
    done = app.test_cli_runner().invoke(args=["demo"])
    assert done.exit_code == 1
    assert "STILLPOINT_ENVIRONMENT=demo" in done.output


def test_setup_founds_a_practice_and_its_administrator_chooses_a_password(
    database: str, tmp_path: Path, doors: Ports
) -> None:
    app = empty_app(database, tmp_path, doors, "test")
    done = app.test_cli_runner().invoke(args=arguments())
    assert done.exit_code == 0, done.output
    link = next(line.strip() for line in done.output.splitlines() if "/password/new/" in line)
    with app.app_context():
        client = signed_in_client(app, None)
        path = link.removeprefix("http://127.0.0.1:8000")
        assert client.post(path, data={"password": "a long enough passphrase"}).status_code == 303
        assert client.get("/people").status_code == 200
        petra = person_at("petra@harbour.example")
        assert petra is not None
        assert petra.roles == {"administrator"}
        db.session.remove()
        db.engine.dispose()


def test_setup_refuses_a_second_practice(app: Flask) -> None:
    done = app.test_cli_runner().invoke(args=arguments())
    assert done.exit_code == 1
    assert "There is a practice already." in done.output


@pytest.mark.parametrize(
    ("option", "value"),
    [("--country", "Germany"), ("--zone", "Berlin"), ("--currency", "Euro"), ("--administrator-email", "petra")],
)
def test_setup_says_what_to_change(database: str, tmp_path: Path, doors: Ports, option: str, value: str) -> None:
    app = empty_app(database, tmp_path, doors, "test")
    done = app.test_cli_runner().invoke(args=arguments(**{option: value}))
    assert done.exit_code == 1
    assert f"{option}: " in done.output
    with app.app_context():
        assert demo.is_empty()
        db.session.remove()
        db.engine.dispose()


def test_what_is_over_is_tidied_away(app: Flask, client: PageClient, alice: Person, clock: FrozenClock) -> None:
    client.post("/sign-in", data={"email": "nobody@example.org", "password": "some words here"})
    client.post("/password/forgotten", data={"email": alice.email})
    db.session.add(Person(email="never@example.org", name="Never Came", zone="UTC", created_at=LONG_AGO))
    db.session.add(
        SignIn(
            person_id=alice.id, secret_hash="0" * 64, user_agent="", address="", created_at=LONG_AGO, seen_at=LONG_AGO
        )
    )
    jobs.purge(clock.advance(days=40))
    db.session.commit()
    for table in (Attempt, Token, SignIn):
        assert db.session.scalar(select(func.count()).select_from(table)) == 0
    assert person_at("never@example.org") is None
    assert person_at(alice.email) is not None


def test_a_newcomer_with_a_link_that_works_is_kept(app: Flask, client: PageClient, clock: FrozenClock) -> None:
    db.session.add(Person(email="dora@example.org", name="Dora Winter", zone="UTC", created_at=LONG_AGO))
    db.session.commit()
    data = {
        "name": "Dora",
        "email": "dora@example.org",
        "password": "a long enough passphrase",
        "zone": "UTC",
        "terms": "1",
    }
    client.post("/sign-up", data=data)
    jobs.purge(clock.advance(days=1))
    assert person_at("dora@example.org") is not None
