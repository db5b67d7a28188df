"""How the people's part joins the app."""

from __future__ import annotations

from typing import Any

from flask import Flask, render_template
from flask.typing import ResponseReturnValue
from sqlalchemy.exc import SQLAlchemyError

from practice import cli, jobs, letters
from practice.core import audit, navigation, outbox
from practice.core.db import db
from practice.core.settings import settings
from practice.models import ADMINISTRATOR, CLIENT, COUNSELOR, Practice
from practice.queries.people import NotFoundedError
from practice.security import current_sign_in_id
from practice.trail import jobs as trail_jobs
from practice.trail import letters as trail_letters
from practice.trail import models as trail
from practice.trail.cli import audit_commands
from practice.views import (
    account,
    audit_log,
    audit_seal,
    front,
    invitations,
    landing,
    lock,
    mailbox,
    new_password,
    people,
    photo,
    practice_settings,
    profile,
    record_access,
    sign_in,
    sign_up,
    terms,
)
from practice.views.blueprint import bp

TABLES = (audit.AuditEntry, outbox.OutboxMessage, trail.AuditLeaf, trail.AuditTree, trail.AuditHead)
JOBS = (jobs.purge, trail_jobs.grow, trail_jobs.sign)
PAGES = (
    account,
    audit_log,
    audit_seal,
    front,
    invitations,
    landing,
    lock,
    new_password,
    people,
    photo,
    practice_settings,
    profile,
    record_access,
    sign_in,
    sign_up,
    terms,
)


def wire(app: Flask) -> None:
    """Register pages, menu entries, mail and jobs."""
    app.register_blueprint(bp)
    with app.app_context():
        if settings().is_demo:
            mailbox.add_to(app)
    letters.register()
    trail_letters.register()
    app.cli.add_command(audit_commands)
    cli.add_to(app)
    app.context_processor(_house)
    app.register_error_handler(NotFoundedError, _not_yet)
    _fill_menu()


def _fill_menu() -> None:
    client, counselor, administrator = {CLIENT}, {COUNSELOR}, {ADMINISTRATOR}
    navigation.add("Home", "practice.client_home", "home", roles=client, order=5)
    navigation.add(
        "Your profile", "practice.profile", "user", roles=counselor, order=44, group=navigation.Group.PRACTICE
    )
    navigation.add("The day", "practice.day", "calendar-check", roles=administrator, order=10)
    navigation.add("People", "practice.people", "users", roles=administrator, order=60, group=navigation.Group.PRACTICE)
    navigation.add(
        "Settings",
        "practice.practice_settings",
        "sliders",
        roles=administrator,
        order=90,
        group=navigation.Group.PRACTICE,
    )
    navigation.add(
        "Audit log", "practice.audit_log", "shield", roles=administrator, order=92, group=navigation.Group.PRACTICE
    )


def _not_yet(_error: Exception) -> ResponseReturnValue:
    return render_template("errors/503.html", error=_error), 503


def _house() -> dict[str, Any]:
    """Name the practice on every page; an error page must not need the database for it."""
    try:
        practice = db.session.get(Practice, 1)
    except SQLAlchemyError:
        return {}
    if practice is None:
        return {}
    return {
        "practice_name": practice.name,
        "lock_minutes": practice.lock_minutes,
        "sign_in_id": current_sign_in_id(),
    }
