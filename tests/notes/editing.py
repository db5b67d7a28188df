"""A running practice with one session, and the page its note is written on, in a real browser."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from flask import Flask
from playwright.sync_api import BrowserContext, Page, expect
from sqlalchemy import delete, select
from werkzeug.serving import make_server

from notes import opening
from notes.custody.models import OpenVault
from notes.models import Note
from notes.shelf import services as shelf
from notes.shelf.forms import Shortcut
from practice.core.clock import SystemClock
from practice.core.db import db
from practice.core.ports import Ports
from practice.models import Person
from tests import builders
from tests.builders import LONG_AGO
from tests.fakes import FakePrinter, RecordingMailer
from tests.notes.scenes import a_session
from tests.support import vaults
from tests.support.apps import make_app, settings_for
from tests.support.databases import SqliteTemplate
from tests.support.fake_payments import FakePayments
from tests.support.postgres import PostgresTemplate
from tests.support.signing_in import signed_in_client

KEPT_HERE = "Not saved yet – kept on this device"
HEAR = """() => {
  globalThis.heard = [];
  const place = document.querySelector("[data-save-words]");
  const listen = new MutationObserver(() => heard.push(place.textContent));
  listen.observe(place, { childList: true, characterData: true, subtree: true });
}"""
KEEP_NO_MORE = """async () => {
  await new Promise((done) => {
    const { put } = IDBObjectStore.prototype;
    IDBObjectStore.prototype.put = function (...row) {
      const kept = put.apply(this, row);
      kept.addEventListener("success", done);
      IDBObjectStore.prototype.put = () => { throw new Error("The disk is full."); };
      return kept;
    };
    document.querySelector("#subjective").dispatchEvent(new Event("input", { bubbles: true }));
  });
}"""
KEYRING = """() => new Promise((done) => {
  const opening = indexedDB.open("stillpoint-keyring-1");
  opening.onsuccess = () => done(opening.result.close());
})"""
RAW = """async () => {
  const [{ name }] = await indexedDB.databases();
  const db = await new Promise((done) => { const o = indexedDB.open(name); o.onsuccess = () => done(o.result); });
  const all = (store) => new Promise((done) => {
    const r = db.transaction(store).objectStore(store).getAll(); r.onsuccess = () => done(r.result); });
  const [key] = await all("keys");
  const [draft] = await all("drafts");
  db.close();
  const stored = draft ? new TextDecoder("latin1").decode(draft.sealed) : "";
  return { extractable: key.extractable, stored };
}"""


@dataclass
class Practice:
    """A running practice with one session to write about."""

    app: Flask
    url: str
    appointment_id: int
    counselor_id: int
    held: dict[int, dict[int, bytes]]

    @property
    def address(self) -> str:
        return f"{self.url}/appointments/{self.appointment_id}/note"

    def cookie(self) -> str:
        with self.app.app_context():
            vaults.lent(self.held)
            client = signed_in_client(self.app, db.session.get_one(Person, self.counselor_id))
            cookie = client.get_cookie("stillpoint")
            assert cookie
            return cookie.value

    def sign_in(self, context: BrowserContext) -> None:
        context.add_cookies([{"name": "stillpoint", "value": self.cookie(), "url": self.url}])

    def lock(self) -> None:
        """Shut every open vault, as time would."""
        with self.app.app_context():
            db.session.execute(delete(OpenVault))
            db.session.commit()

    def saved(self, section: str = "subjective") -> str:
        with self.app.app_context():
            vaults.lent(self.held)
            note = db.session.scalars(select(Note)).first()
            return opening.words_of(note).text(section) if note else ""


@contextmanager
def a_practice(templates: dict[str, SqliteTemplate | PostgresTemplate], tmp_path: Path) -> Iterator[Practice]:
    doors = Ports(SystemClock(), RecordingMailer(), FakePrinter(), FakePayments())
    with templates["sqlite"].copy() as database:
        app = make_app(settings_for(database, tmp_path), doors)
        with app.app_context():
            builders.a_practice()
            ines = builders.a_counselor()
            appointment = a_session(ines, builders.a_client())
            shelf.keep(Shortcut("sleep", "Slept through."), author=ines, now=LONG_AGO)
            db.session.commit()
            ids = appointment.id, ines.id, vaults.everybody()
        server = make_server("127.0.0.1", 0, app, threaded=True)
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield Practice(app, f"http://127.0.0.1:{server.port}", *ids)
        server.shutdown()
        thread.join()
        server.server_close()
        with app.app_context():
            db.engine.dispose()


def editor(desk: BrowserContext, practice: Practice) -> Page:
    page = desk.new_page()
    page.goto(practice.address)
    expect(page.locator("form[data-mounted]")).to_be_visible()
    page.evaluate(HEAR)
    return page


def heard(page: Page, words: str) -> None:
    """Wait until the page has said something, even if it says something else by now."""
    page.wait_for_function("words => heard.some((each) => each.includes(words))", arg=words)


def state(page: Page, words: str) -> None:
    expect(page.locator("[data-save-words]")).to_contain_text(words)
