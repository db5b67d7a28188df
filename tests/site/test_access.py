"""No page is open by accident: every address is asked for by a stranger, and by the wrong person."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask import Flask

from practice.models import ADMINISTRATOR, CLIENT, COUNSELOR, OFFICE, ROLES, Person
from practice.security import MACHINES, MONEY, OPEN, SIGNED_IN
from tests import builders
from tests.support.pages import PageClient
from tests.support.routes import routes
from tests.support.signing_in import signed_in_client

OPEN_TO_ALL = {
    "static",
    "booking.accept_offer",
    "booking.counselor",
    "booking.decline_offer",
    "booking.anyone",
    "booking.anyone_at",
    "booking.directory",
    "booking.feed",
    "booking.offer",
    "booking.reminder_cancel",
    "booking.reminder_confirm",
    "booking.reminder_link",
    "booking.reminder_move",
    "booking.reminder_move_to",
    "guests.arrive",
    "guests.invitation",
    "guests.probe",
    "guests.room",
    "guests.token",
    "notes.check_paper",
    "notes.verify",
    "notes.kept_safety_plan",
    "notes.safety_plan_worker",
    "practice.accept_invitation",
    "practice.confirm",
    "practice.confirm_email_change",
    "practice.confirmation_sent",
    "practice.create_account",
    "practice.crisis",
    "practice.finish_email_change",
    "practice.finish_reset",
    "practice.finish_sign_up",
    "practice.forgot",
    "practice.health",
    "practice.home",
    "practice.invitation",
    "practice.open_sign_in",
    "practice.photo",
    "practice.privacy",
    "practice.resend_confirmation",
    "practice.reset",
    "practice.send_confirmation_again",
    "practice.send_reset",
    "practice.sign_in",
    "practice.sign_out",
    "practice.sign_up",
    "practice.terms",
}
OWN_PROOF = {"billing.webhooks", "booking.text_incoming", "booking.text_report", "video.reports", "video.beats"}
ADMITTED = {CLIENT: {CLIENT}, COUNSELOR: {COUNSELOR}, ADMINISTRATOR: {ADMINISTRATOR}, MONEY: OFFICE}
"""Who may open the pages that carry a mark."""


def _access(app: Flask, *kinds: str) -> set[str]:
    return {route.endpoint for route in routes(app) if route.access in kinds}


def test_what_is_open_is_listed_here(app: Flask) -> None:
    assert _access(app, OPEN) == OPEN_TO_ALL


def test_what_machines_may_do_is_listed_here(app: Flask) -> None:
    assert _access(app, MACHINES) == OWN_PROOF


def test_every_address_says_who_may_open_it(app: Flask) -> None:
    assert {route.access for route in routes(app)} <= {OPEN, MACHINES, SIGNED_IN, *ADMITTED}


def test_a_stranger_is_refused_everywhere_else(app: Flask, client: PageClient) -> None:
    let_in = []
    for route in routes(app):
        if route.endpoint not in OPEN_TO_ALL:
            answer = client.open(route.path, method=route.method)
            asked_to_sign_in = answer.status_code == 303 and "/sign-in" in answer.headers["Location"]
            if not asked_to_sign_in and answer.status_code not in {400, 401, 403, 413}:
                let_in.append((route.method, route.path, answer.status_code))
    assert let_in == []


def test_a_form_without_its_token_is_refused_everywhere(app: Flask, omar: Person) -> None:
    client = signed_in_client(app, omar)
    taken = []
    for route in routes(app):
        if route.method != "GET" and route.access != MACHINES:
            answer = client.open(route.path, method=route.method, headers={"X-CSRFToken": ""})
            if answer.status_code != 400:
                taken.append((route.method, route.path, answer.status_code))
    assert taken == []


@pytest.mark.parametrize("access", ADMITTED)
def test_a_person_in_another_role_is_told_there_is_no_such_page(
    app: Flask, as_: Callable[[Person], PageClient], access: str
) -> None:
    browser = as_(builders.a_person("Somebody Else", *(other for other in ROLES if other not in ADMITTED[access])))
    shown = [
        (route.method, route.path)
        for route in routes(app)
        if route.access == access and browser.open(route.path, method=route.method).status_code != 404
    ]
    assert shown == []


def test_every_open_page_carries_the_security_headers(app: Flask, client: PageClient) -> None:
    for route in routes(app):
        if route.endpoint in OPEN_TO_ALL and route.method == "GET":
            headers = client.get(route.path).headers
            assert "'unsafe" not in headers["Content-Security-Policy"]
            assert headers["X-Content-Type-Options"] == "nosniff"
            assert headers["X-Frame-Options"] == "DENY"
            assert headers["Referrer-Policy"] == "same-origin"
            assert "camera=(self)" in headers["Permissions-Policy"]
