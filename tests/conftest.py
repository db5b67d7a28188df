"""What every test may ask for: an app on each database, the cast, a client that reads pages, a browser."""

from __future__ import annotations

import gc
import os
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing
from functools import partial
from pathlib import Path

import hypothesis
import pytest
from flask import Flask
from playwright.sync_api import Browser, Page
from sqlalchemy.orm import Session, scoped_session
from xdist.remote import Producer

from practice.core.db import db
from practice.core.ports import Ports
from practice.core.settings import Settings
from practice.models import Person
from tests import builders
from tests.fakes import FakePrinter, FrozenClock, RecordingMailer, RecordingTexter
from tests.support.apps import migrate, settings_for
from tests.support.browsers import chromium, complaints, window
from tests.support.databases import SqliteTemplate, one_at_a_time, postgresql_server
from tests.support.fake_payments import FakePayments
from tests.support.pages import PageClient
from tests.support.postgres import PostgresTemplate
from tests.support.servers import Mailbox, RunningPractice, a_demo, running_practice, smtp_server
from tests.support.sharing import BrowsersApart
from tests.support.signing_in import signed_in_client
from tests.support.standing import lent, part_from_all

DATABASES = ("sqlite", "postgresql")

# Tests that state a law are judged by their laws, not by how busy the machine is.
hypothesis.settings.register_profile(
    "unhurried", deadline=None, suppress_health_check=[hypothesis.HealthCheck.too_slow]
)
hypothesis.settings.load_profile("unhurried")

# Apps and tables are many objects that stay: looking through them all for garbage every few tests costs a tenth.
gc.set_threshold(100_000, 50, 100)

for name in [name for name in os.environ if name.startswith("STILLPOINT_") and name != "STILLPOINT_TEST_POSTGRESQL"]:
    del os.environ[name]


def pytest_addoption(parser: pytest.Parser) -> None:
    """Let one database be chosen."""
    parser.addoption("--database", choices=[*DATABASES, "both"], default="both", help="which database the tests use")


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Run whatever touches a database on each of them."""
    if "database" in metafunc.fixturenames:
        chosen = metafunc.config.getoption("database")
        names = [name for name in DATABASES if chosen in {name, "both"}]
        metafunc.parametrize("database", names, indirect=True, scope="function")


def shared_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the folder in which workers leave each other what takes long to make."""
    own = tmp_path_factory.getbasetemp()
    return own.parent if "PYTEST_XDIST_WORKER" in os.environ else own


@pytest.fixture(scope="session")
def templates(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, SqliteTemplate | PostgresTemplate]]:
    """Keep one migrated template of each database that was needed so far."""
    with ExitStack() as stack:
        folder = shared_folder(tmp_path_factory)

        class Lazily(dict[str, SqliteTemplate | PostgresTemplate]):
            def __missing__(self, name: str) -> SqliteTemplate | PostgresTemplate:
                self[name] = SqliteTemplate(folder, migrate) if name == "sqlite" else on_a_server()
                return self[name]

        def on_a_server() -> PostgresTemplate:
            server = stack.enter_context(postgresql_server())
            return stack.enter_context(closing(PostgresTemplate(server, migrate)))

        yield Lazily()
        part_from_all()


@pytest.fixture
def database(request: pytest.FixtureRequest, templates: dict[str, SqliteTemplate | PostgresTemplate]) -> Iterator[str]:
    """Give the address of a migrated, empty database of this test's own."""
    with templates[request.param].copy() as url:
        yield url


@pytest.fixture
def settings(database: str, tmp_path: Path) -> Settings:
    """Settings for a test, with keys that protect nothing."""
    return settings_for(database, tmp_path)


@pytest.fixture
def clock() -> FrozenClock:
    """A clock that stands on a Monday morning until moved."""
    return FrozenClock()


@pytest.fixture
def mailer() -> RecordingMailer:
    """A mailer that keeps what it was given."""
    return RecordingMailer()


@pytest.fixture
def texter() -> RecordingTexter:
    """A provider of texts that keeps what it was given."""
    return RecordingTexter()


@pytest.fixture
def printer() -> FakePrinter:
    """A printer that keeps the pages it was given."""
    return FakePrinter()


@pytest.fixture
def payments() -> FakePayments:
    """A payment provider in memory."""
    return FakePayments()


@pytest.fixture
def doors(
    clock: FrozenClock,
    mailer: RecordingMailer,
    printer: FakePrinter,
    payments: FakePayments,
    texter: RecordingTexter,
) -> Ports:
    """The fakes, as the app is given them."""
    return Ports(clock=clock, mailer=mailer, printer=printer, payments=payments, texter=texter)


@pytest.fixture
def app(settings: Settings, doors: Ports) -> Iterator[Flask]:
    """The whole web app on a fresh database, with its context pushed and the practice founded."""
    with lent(settings, doors) as app, app.app_context():
        builders.a_practice()
        yield app
        db.session.remove()


@pytest.fixture
def session(app: Flask) -> scoped_session[Session]:
    """The database session of the test itself."""
    return db.session


@pytest.fixture
def client(app: Flask) -> PageClient:
    """A stranger's browser."""
    return signed_in_client(app, None)


@pytest.fixture
def ines(app: Flask) -> Person:
    """The counselor."""
    return builders.a_counselor("Ines Calder")


@pytest.fixture
def alice(app: Flask) -> Person:
    """A client of Ines."""
    return builders.a_client("Alice Moreau")


@pytest.fixture
def ben(app: Flask) -> Person:
    """Another client of Ines."""
    return builders.a_client("Ben Okafor", zone="America/Chicago")


@pytest.fixture
def clara(app: Flask) -> Person:
    """A counselor elsewhere, who must never see anything of Ines's."""
    return builders.a_counselor("Clara Voss")


@pytest.fixture
def omar(app: Flask) -> Person:
    """The administrator."""
    return builders.an_administrator("Omar Haddad")


@pytest.fixture
def as_(app: Flask) -> Callable[[Person], PageClient]:
    """Open a browser in which somebody is signed in: `as_(ines).get("/today")`."""
    return partial(signed_in_client, app)


@pytest.fixture
def mail_server() -> Iterator[tuple[str, Mailbox]]:
    """A real SMTP server on loopback: its address and what it received."""
    with smtp_server() as server:
        yield server


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """A real Chromium.

    One for each module: while Playwright runs, its event loop stands in the way of asyncio in other tests.
    """
    with chromium() as running:
        yield running


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """A page in a window of its own; the test fails if the page's console complains."""
    with window(browser) as context:
        page = context.new_page()
        heard = complaints(page)
        yield page
        assert heard == []


@pytest.fixture(scope="session")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The demo practice as it was founded, to be copied; the workers share one."""
    folder = shared_folder(tmp_path_factory) / "demo"
    with one_at_a_time(folder.with_suffix(".lock")):
        return folder if folder.exists() else a_demo(folder)


@pytest.fixture(scope="module")
def live_app(demo: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningPractice]:
    """The whole demo practice in real processes, as `make run` starts it."""
    with running_practice(tmp_path_factory.mktemp("practice"), like=demo) as practice:
        practice.wait_until_open()
        yield practice


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Producer) -> BrowsersApart:
    """Share the tests out in our own way, whatever `--dist` says."""
    return BrowsersApart(config, log)
