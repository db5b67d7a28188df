"""A biller walks wherever links lead in the demo, and meets money, codes for insurers, and nothing clinical."""

from __future__ import annotations

import ast
import html
import io
import re
import shutil
import zipfile
from collections import Counter, deque
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urljoin

import pytest
from flask import Flask
from sqlalchemy import select
from werkzeug.test import TestResponse

from notes.diagnoses.catalogue import published
from notes.measures.register import FREE
from practice.core.audit import AuditEntry
from practice.core.db import db
from practice.core.ports import ports
from practice.core.settings import Settings
from practice.demo import address
from practice.models import ADMINISTRATOR, BILLER
from practice.queries.people import person_at
from practice.security import MONEY, access_of, is_let_in
from tests.fakes import FakePrinter
from tests.support.apps import make_app
from tests.support.pages import PageClient
from tests.support.routes import routes
from tests.support.signing_in import signed_in_client
from tests.support.tree import ROOT

EACH = 3
"""How many pages of a kind are opened."""
CODED = {
    *("billing.superbill", "billing.superbill_pdf", "billing.estimate", "billing.estimate_pdf"),
    *("billing.claim", "billing.claim_file"),
    *("billing.cms1500_pdf", "billing.cms1500_text_pdf"),
}
"""What an insurer's paper needs: diagnosis codes, and on no other page."""
BEHIND_A_FORM = {"billing.claim_file", "billing.difference", "billing.till_banking"}
SELDOM = {"billing.following_claim", "billing.new_claim"}
"""Pages to which few rows lead: not every claim was answered, and most superbills have one."""
CODE = re.compile(r"\b[A-TV-Z]\d[0-9A-Z](?:\.[0-9A-Z]{1,4})\b")
LINK = re.compile(r'<a\b[^>]*?\bhref="(/[^"#]*)')
FORM = re.compile(r'<form\b[^>]*?\bmethod="post"[^>]*')


@dataclass
class Walk:
    """What was opened: the words of every page by endpoint, and links and forms that lead to a closed door."""

    texts: list[tuple[str, str, str]] = field(default_factory=list)
    shut: list[str] = field(default_factory=list)

    @property
    def opened(self) -> set[str]:
        """Every kind of page that was opened."""
        return {endpoint for endpoint, _, _ in self.texts}


@pytest.fixture(scope="module")
def demo_app(demo: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    """The app over a copy of the demo."""
    var = tmp_path_factory.mktemp("billers")
    shutil.copytree(demo, var, dirs_exist_ok=True)
    database = f"sqlite:///{var / 'stillpoint.db'}"
    settings = Settings(_env_file=var / "demo.env", environment="test", database_url=database, var_dir=var)
    app = make_app(settings)
    with app.app_context():
        yield app
        db.session.remove()
        db.engine.dispose()


@pytest.fixture(scope="module")
def walk(demo_app: Flask) -> Walk:
    """Everywhere the demo's biller gets by links."""
    return _walked(demo_app, signed_in_client(demo_app, person_at(address("rosa"))))


def test_every_page_of_the_office_is_led_to(demo_app: Flask, walk: Walk) -> None:
    meant = {each.endpoint for each in routes(demo_app) if each.method == "GET" and each.access == MONEY}
    assert meant - walk.opened <= BEHIND_A_FORM | SELDOM


def test_no_link_or_button_of_a_biller_leads_to_a_closed_door(walk: Walk) -> None:
    assert walk.shut == []


def test_nothing_of_notes_plans_measures_or_safety_is_on_any_page(walk: Walk) -> None:
    words = {
        *_written_in_the_demo(),
        *(each.name for each in FREE.values()),
        *(item.words for each in FREE.values() for item in each.items),
    }
    assert len(words) > 100
    assert [(at, said) for _, at, text in walk.texts for said in words if said in text] == []


def test_diagnosis_codes_stand_on_papers_for_insurers_alone(walk: Walk) -> None:
    found = [(endpoint, at, code) for endpoint, at, text in walk.texts for code in _codes(text)]
    assert {endpoint for endpoint, _, _ in found} >= {"billing.superbill", "billing.estimate"}
    assert [(at, code) for endpoint, at, code in found if endpoint not in CODED] == []
    named = {words for _, _, code in found for words in _spelt(code)}
    assert [
        (at, word) for endpoint, at, text in walk.texts if endpoint not in CODED for word in named if word in text
    ] == []


def test_what_a_biller_opened_is_in_the_audit_log_as_theirs(walk: Walk) -> None:
    rosa = person_at(address("rosa"))
    assert rosa is not None
    noted = db.session.execute(
        select(AuditEntry.action, AuditEntry.acting).where(AuditEntry.person_id == rosa.id)
    ).all()
    deeds = {action for action, _ in noted}
    assert deeds >= {"client_money.viewed", "invoice.viewed", "superbill.viewed", "claim.exported", "statement.viewed"}
    assert {acting for _, acting in noted} == {None, BILLER}


def test_whoever_gives_money_away_or_sets_a_rule_is_an_administrator(demo_app: Flask) -> None:
    kept = {each.endpoint for each in routes(demo_app) if each.access == ADMINISTRATOR and each.method != "GET"}
    assert kept >= {
        "billing.adjust",
        "billing.give_back",
        "billing.give_back_as_credit",
        "billing.give_credit",
        "billing.pay_out_credit",
        "billing.accept_dispute",
        "billing.undo_manual_payment",
        "billing.undo_till_banking",
        "billing.close_month",
        "billing.reopen_month",
        "billing.add_tier",
        "billing.agree_price",
        "billing.make_voucher",
        "billing.offer_package",
        "billing.sell_package",
        "billing.keep_practice_details",
        "booking.set_fee_rules",
    }


def _walked(app: Flask, client: PageClient) -> Walk:
    found, waiting, seen = Walk(), deque(["/start"]), Counter[str]()
    known = set(waiting)
    while waiting:
        at = waiting.popleft()
        endpoint = _endpoint(app, at, "GET")
        if endpoint is None or seen[endpoint] >= EACH:
            continue
        seen[endpoint] += 1
        answer = client.get(at)
        if answer.status_code >= 400:
            found.shut.append(f"{at} answers {answer.status_code}")
        text = _text(answer)
        found.texts.append((endpoint, at, text))
        onward = (
            [answer.location]
            if answer.status_code in {302, 303}
            else LINK.findall(answer.text if _is_page(answer) else "")
        )
        if _is_page(answer):
            found.shut += [f"{at} has a form for {to}" for to in _forms(app, at, answer.text)]
        for link in map(html.unescape, onward):
            if link not in known:
                known.add(link)
                waiting.append(link)
    return found


def _endpoint(app: Flask, at: str, method: str) -> str | None:
    found, _ = app.url_map.bind("").match(at.partition("?")[0], method)
    return None if found == "static" else str(found)


def _forms(app: Flask, at: str, markup: str) -> Iterator[str]:
    """Name the forms that a biller could not send."""
    for form in FORM.findall(markup):
        action = re.search(r'\baction="([^"]*)"', form)
        to = urljoin(at, html.unescape(action[1])) if action else at
        if not is_let_in(access_of(app, _endpoint(app, to, "POST") or "static"), {BILLER}):
            yield to


def _is_page(answer: TestResponse) -> bool:
    return answer.mimetype == "text/html"


def _text(answer: TestResponse) -> str:
    if answer.mimetype == "application/pdf":
        printer = ports().printer
        assert isinstance(printer, FakePrinter)
        return html.unescape(printer.printed[-1])
    if answer.mimetype.startswith("text/"):
        return html.unescape(answer.text)
    with zipfile.ZipFile(io.BytesIO(answer.data)) as workbook:
        sheets = "\n".join(workbook.read(name).decode() for name in workbook.namelist())
    return re.sub(r"<[^>]+>", " ", sheets)  # whose cells have names like codes


def _codes(text: str) -> set[str]:
    return {code for code in CODE.findall(text) if published().find(code)}


def _spelt(code: str) -> set[str]:
    """Say a code as forms print it, without its point, and in words."""
    found = published().find(code)
    assert found is not None
    return {code.replace(".", ""), found.name}


def _written_in_the_demo() -> Iterator[str]:
    """Say every sentence that the demo's notes, plans, answers and safety plans are made of."""
    for module in (ROOT / "notes").rglob("demo*.py"):
        tree = ast.parse(module.read_text("utf-8"))
        inside = {id(part) for each in ast.walk(tree) if isinstance(each, ast.JoinedStr) for part in ast.walk(each)}
        for node in ast.walk(tree):
            if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in inside:
                said = node.value.strip()
                if said.count(" ") > 1 and said != (ast.get_docstring(tree) or ""):
                    yield said
