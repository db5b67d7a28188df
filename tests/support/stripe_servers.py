"""Servers that speak Stripe: two that nobody here wrote, and our own test payment page."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from urllib.error import HTTPError, URLError
from urllib.request import Request, urlopen

from werkzeug.serving import make_server

from billing.testpay.server import create
from billing.testpay.store import Store
from tests.support import node
from tests.support.apps import settings_for
from tests.support.ports import free_ports
from tests.support.tree import ROOT

EMULATE = ROOT / "tests" / "servers" / "node_modules" / "emulate" / "dist" / "index.js"
PATIENCE_SECONDS = 30.0

# localstripe's own command listens on every interface; this listens on loopback only.
LOCALSTRIPE = """
import sys
from aiohttp import web
from localstripe.server import app
web.run_app(app, host="127.0.0.1", port=int(sys.argv[1]), access_log=None, print=None)
"""


@contextmanager
def localstripe(folder: Path) -> Iterator[str]:
    """Run localstripe (GPL, so a process of its own) and give its address."""
    port = free_ports(1)[0]
    with _running((sys.executable, "-c", LOCALSTRIPE, str(port)), port, folder):
        yield f"http://127.0.0.1:{port}"


def register(url: str, webhook: str, secret: str) -> None:
    """Let localstripe bring its news to a webhook, signed."""
    body = json.dumps({"url": webhook, "secret": secret}).encode()
    with urlopen(Request(f"{url}/_config/webhooks/ours", body, {"Content-Type": "application/json"})) as answer:
        assert answer.status == 200


@contextmanager
def emulate(folder: Path, webhook_url: str, secret: str) -> Iterator[str]:
    """Run npm's `emulate` with a webhook and give its address."""
    port = free_ports(1)[0]
    seed = folder / "emulate.json"
    hook = {"url": webhook_url, "secret": secret, "events": ["*"]}
    seed.write_text(json.dumps({"stripe": {"webhooks": [hook]}}))
    command = (node.installed(), str(EMULATE), "start", "-s", "stripe", "-p", str(port), "--seed", str(seed))
    with _running(command, port, folder):
        yield f"http://127.0.0.1:{port}"


@contextmanager
def a_test_page(folder: Path, base_url: str, secret: str) -> Iterator[str]:
    """Run the demo's test payment page and give its address."""
    port = free_ports(1)[0]
    told = {
        "STILLPOINT_ENVIRONMENT": "test",
        "STILLPOINT_VAR_DIR": str(folder),
        "STILLPOINT_BASE_URL": base_url,
        "STILLPOINT_STRIPE_WEBHOOK_SECRET": secret,
        "STILLPOINT_TESTPAY_PORT": str(port),
    }
    with _running((sys.executable, "-m", "billing.testpay"), port, ROOT, told):
        yield f"http://127.0.0.1:{port}"


@contextmanager
def a_test_page_here(folder: Path) -> Iterator[tuple[str, Store]]:
    """Run that page in a thread of ours; give its address and what it knows. Its news waits to be brought."""
    store = Store(folder / "provider.db")
    server = make_server("127.0.0.1", 0, create(settings_for("sqlite://", folder), store), threaded=True)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}", store
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
        store.close()


def why_no_emulate() -> str:
    """Say what is missing for `emulate`, or nothing."""
    if not EMULATE.exists():
        return "tests/servers is not installed: npm ci --prefix tests/servers"
    return "" if node.installed() else f"Node {node.OLDEST} or newer is missing"


def post(url: str, fields: Mapping[str, str]) -> int:
    """Send a form as a browser would, without following where it leads; return the status."""
    body = "&".join(f"{name}={value}" for name, value in fields.items()).encode()
    try:
        with _no_redirects(Request(url, body)) as answer:
            return int(answer.status)
    except HTTPError as error:
        return error.code


def _no_redirects(request: Request):  # type: ignore[no-untyped-def]  # what urlopen returns has no public name
    from urllib.request import HTTPRedirectHandler, build_opener

    class Stay(HTTPRedirectHandler):
        def redirect_request(self, *_args: object, **_kwargs: object) -> None:
            return None

    return build_opener(Stay).open(request, timeout=30)


@contextmanager
def _running(
    command: Sequence[str], port: int, folder: Path, told: Mapping[str, str] | None = None
) -> Iterator[subprocess.Popen[bytes]]:
    environ = {**os.environ, **(told or {})}
    with subprocess.Popen(
        [*_ends_with_us(), *command], cwd=folder, env=environ, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    ) as process:
        try:
            _wait_for(port, process)
            yield process
        finally:
            process.terminate()
            try:
                process.wait(timeout=5)
            except subprocess.TimeoutExpired:
                process.kill()


def _ends_with_us() -> list[str]:
    """Let the kernel end the server when the tests are killed, where it can."""
    setpriv = shutil.which("setpriv")
    return [setpriv, "--pdeathsig", "KILL", "--"] if setpriv else []


def _wait_for(port: int, process: subprocess.Popen[bytes]) -> None:
    until = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < until:
        if process.poll() is not None:
            raise RuntimeError(f"{process.args!r} ended at once with {process.returncode}")
        try:
            with urlopen(f"http://127.0.0.1:{port}/", timeout=2):
                return
        except HTTPError:
            return
        except (URLError, OSError):
            time.sleep(0.05)
    raise TimeoutError(f"nothing listens on {port}")
