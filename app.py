"""The composition root: what stands where. `python app.py` runs the whole practice on one machine."""

from __future__ import annotations

from contextvars import Token
from importlib import import_module, util
from pathlib import Path
from typing import Any

from flask import Flask, g, request
from flask_migrate import Migrate
from werkzeug.middleware.proxy_fix import ProxyFix

from practice import running, security
from practice.core import collecting, errors, formats, headers, navigation, rotation, statics
from practice.core import settings as settings_module
from practice.core.addresses import RowNumber
from practice.core.clock import SystemClock
from practice.core.db import db, only_reads
from practice.core.mail import Mailer
from practice.core.mailbox_texter import MailboxTexter
from practice.core.mailers import MailboxMailer
from practice.core.panels import panels
from practice.core.payments import Payments
from practice.core.ports import Ports, ports
from practice.core.postman import Postman
from practice.core.printing import WarmPrinter
from practice.core.sealing import Keyring
from practice.core.settings import Settings
from practice.core.texts import NoTexter, Texter

ROOT = Path(__file__).parent
FEATURES = ("practice", "booking", "video", "notes", "billing")


@collecting.put_off()
def create_app(settings: Settings | None = None, doors: Ports | None = None) -> Flask:
    """Build the web app from its settings and its doors to the outside world."""
    settings = settings or settings_module.load()
    settings.check()
    app = Flask("stillpoint", root_path=str(ROOT), static_folder=None, template_folder="templates")
    app.config.update(
        SQLALCHEMY_DATABASE_URI=settings.database_url,
        MAX_CONTENT_LENGTH=8 * 1024 * 1024,
        MAX_FORM_MEMORY_SIZE=2 * 1024 * 1024,
        SERVER_NAME=None,
    )
    app.url_map.converters["int"] = RowNumber
    app.extensions["stillpoint.settings"] = settings
    app.extensions["stillpoint.field_keys"] = Keyring.read(settings.field_keys)
    app.extensions["stillpoint.ports"] = doors or real_doors(settings)
    if settings.trusted_proxies:
        hops = settings.trusted_proxies
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=hops, x_proto=hops, x_host=hops)  # type: ignore[method-assign]
    db.init_app(app)
    Migrate(app, db, directory=str(ROOT / "practice" / "migrations"), render_as_batch=True)
    security.prepare(app, settings)
    headers.add_to(app, settings)
    statics.add_to(app, ROOT / "practice" / "static")
    errors.add_to(app)
    _read_without_locking(app)
    _dress_templates(app, settings)
    for feature in FEATURES:
        if util.find_spec(f"{feature}.wiring"):
            import_module(f"{feature}.wiring").wire(app)
    running.add_to(app)
    rotation.add_to(app)
    security.guard(app)
    return app


def real_doors(settings: Settings) -> Ports:
    """Build the real clock, mailer, printer and payments."""
    mailer: Mailer = (
        Postman(settings.smtp_url, settings.mail_from, settings.var_dir / "receipts")
        if settings.smtp_url
        else MailboxMailer(settings.var_dir / "mailbox", settings.mail_from)
    )
    return Ports(
        clock=SystemClock(),
        mailer=mailer,
        printer=WarmPrinter(),
        payments=_payments(settings),
        texter=_texter(settings),
    )


def _texter(settings: Settings) -> Texter:
    if settings.twilio_account_sid:
        from practice.core.twilio_texter import TwilioTexter  # noqa: PLC0415 -- the library takes long to load

        return TwilioTexter.from_settings(settings)
    return MailboxTexter(settings.var_dir / "mailbox") if settings.is_demo else NoTexter()


def _payments(settings: Settings) -> Payments:
    from billing.stripe import gateway  # noqa: PLC0415 -- the Stripe library takes a second to load; fakes do without

    return gateway.build(settings)


def _read_without_locking(app: Flask) -> None:
    """Begin the transactions of requests that only read without SQLite's write lock."""

    @app.before_request
    def _open() -> None:
        g.only_reads = only_reads.set(request.method in {"GET", "HEAD", "OPTIONS"})

    @app.teardown_request
    def _close(_error: BaseException | None) -> None:
        token: Token[bool] | None = g.pop("only_reads", None)
        if token is not None:
            only_reads.reset(token)


def _dress_templates(app: Flask, settings: Settings) -> None:
    """Give every template its filters and who is looking."""
    app.jinja_env.filters.update(formats.FILTERS)
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True

    @app.context_processor
    def _context() -> dict[str, Any]:
        viewer = security.person_or_none()
        return {
            "viewer": viewer,
            "main_menu": navigation.menu(viewer.roles) if viewer else [],
            "panels": panels,
            "demo": settings.is_demo,
            "base_url": settings.base_url,
            "now": ports().clock.now(),
        }


if __name__ == "__main__":
    raise SystemExit(import_module("practice.supervisor").main())
