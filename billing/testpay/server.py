"""Put the test payment page together; it refuses to exist in production and listens on loopback only."""

from __future__ import annotations

import threading
from importlib import import_module
from pathlib import Path
from urllib.parse import urlsplit

from flask import Flask, Response
from jinja2 import ChoiceLoader, FileSystemLoader
from werkzeug.serving import BaseWSGIServer, make_server

from billing.stripe.gateway import TEST_KEY
from billing.testpay import api, pages
from billing.testpay.news import Messenger
from billing.testpay.store import Store
from practice.core.settings import Settings

HOST = "127.0.0.1"
HERE = Path(__file__).parent
ROOT = HERE.parent.parent


class NotInProductionError(RuntimeError):
    """Somebody tried to start a test payment page where real people pay."""


def create(settings: Settings, store: Store) -> Flask:
    """Build the app around a store."""
    if settings.is_production:
        raise NotInProductionError("The test payment page does not run in production.")
    app = Flask("testpay", root_path=str(ROOT), static_folder="practice/static")
    app.jinja_loader = ChoiceLoader([FileSystemLoader(HERE / "templates"), FileSystemLoader(ROOT / "templates")])
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    app.jinja_env.globals["csrf_token"] = str
    app.config["API_KEY"] = settings.stripe_api_key or TEST_KEY
    app.config["MAX_CONTENT_LENGTH"] = 64 * 1024
    app.extensions["testpay.store"] = store
    app.context_processor(lambda: {"practice_url": settings.base_url})
    for name in ("vault_api", "vault_pages", "settling_api", "settling_pages"):
        import_module(f"billing.testpay.{name}")
    app.register_blueprint(api.bp)
    app.register_blueprint(pages.bp)
    _protect(app, settings)
    return app


class TestPay:
    """The running server with its messenger."""

    __test__ = False

    def __init__(self, settings: Settings, *, port: int | None = None) -> None:
        store = Store(settings.var_dir / "testpay.db")
        app = create(settings, store)
        port = settings.testpay_port if port is None else port
        self._server: BaseWSGIServer = make_server(HOST, port, app, threaded=True)
        self._store = store
        self.messenger = Messenger(store, f"{settings.base_url}/webhooks/stripe", settings.stripe_webhook_secret)

    @property
    def url(self) -> str:
        """Where it listens."""
        return f"http://{HOST}:{self._server.server_port}"

    def serve(self) -> None:
        """Answer until told to stop."""
        self.messenger.start()
        self._server.serve_forever()

    def stop(self) -> None:
        """Stop answering; what is known is on disk. Safe from a signal handler."""
        self.messenger.stop()
        threading.Thread(target=self._server.shutdown, daemon=True).start()

    def close(self) -> None:
        """Close the files, after `serve` returned."""
        self._server.server_close()
        if self.messenger.is_alive():
            self.messenger.join(timeout=10)
        self._store.close()


def _protect(app: Flask, settings: Settings) -> None:
    practice = urlsplit(settings.base_url)
    policy = (
        "default-src 'none'; style-src 'self'; img-src 'self'; font-src 'self'; script-src 'self'; base-uri 'none';"
        f" frame-ancestors 'none'; form-action 'self' {practice.scheme}://{practice.netloc}"
    )

    @app.after_request
    def _set(response: Response) -> Response:
        response.headers["Content-Security-Policy"] = policy
        response.headers["X-Content-Type-Options"] = "nosniff"
        response.headers["Referrer-Policy"] = "no-referrer"
        response.headers.setdefault("Cache-Control", "no-store")
        return response
