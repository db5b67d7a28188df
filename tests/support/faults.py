"""A proxy between us and a provider that drops, delays, repeats and reorders what passes."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.client import HTTPConnection
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import cycle
from typing import Literal
from urllib.parse import parse_qsl, urlencode, urlsplit

Fault = Literal["pass", "drop", "lose", "delay", "repeat", "hold"]
"""`drop` loses the request, `lose` the answer; `hold` says 200 and brings the request after the next one."""

DELAY_SECONDS = 0.1
_HOP_BY_HOP = {"connection", "transfer-encoding", "keep-alive", "content-length", "date", "server"}


@dataclass(slots=True)
class Request:
    """What came, whole."""

    method: str
    path: str
    headers: dict[str, str]
    body: bytes


@dataclass(slots=True)
class FaultProxy:
    """Passes requests on to a target, each with the next fault of a cycle."""

    target: str
    faults: Sequence[Fault] = ("pass",)
    leaves_out: Sequence[str] = ()
    """Fields of a form that the target is too old to know."""
    passed: list[tuple[Fault, str]] = field(default_factory=list)
    _held: list[Request] = field(default_factory=list)
    _next: Iterator[Fault] = field(init=False)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def __post_init__(self) -> None:
        self.turn(*self.faults)

    def turn(self, *faults: Fault) -> None:
        """Go on with other faults, from their first."""
        self.faults, self._next = faults, cycle(faults)

    def answer(self, request: Request) -> tuple[int, dict[str, str], bytes] | None:
        """Bring a request to the target with a fault; nothing is answered where the line breaks."""
        with self._lock:
            fault = next(self._next)
            self.passed.append((fault, request.path))
            waiting, self._held = self._held, []
        if fault == "hold":
            with self._lock:
                self._held.append(request)
            answer: tuple[int, dict[str, str], bytes] | None = (200, {}, b"")
        elif fault == "drop":
            answer = None
        else:
            answer = self._brought(request, fault)
        for each in waiting:
            self._forward(each)
        return answer

    def let_go(self) -> None:
        """Bring what is still held, the last first."""
        with self._lock:
            waiting, self._held = self._held[::-1], []
        for each in waiting:
            self._forward(each)

    def _brought(self, request: Request, fault: Fault) -> tuple[int, dict[str, str], bytes] | None:
        if fault == "delay":
            time.sleep(DELAY_SECONDS)
        answer = self._forward(request)
        if fault == "repeat":
            answer = self._forward(request)
        return None if fault == "lose" else answer

    def _known(self, request: Request) -> tuple[bytes, dict[str, str]]:
        if not self.leaves_out:
            return request.body, request.headers
        fields = parse_qsl(request.body.decode(), keep_blank_values=True)
        body = urlencode([each for each in fields if each[0] not in self.leaves_out]).encode()
        return body, {**request.headers, "Content-Length": str(len(body))}

    def _forward(self, request: Request) -> tuple[int, dict[str, str], bytes]:
        where = urlsplit(self.target)
        line = HTTPConnection(where.hostname or "127.0.0.1", where.port, timeout=30)
        try:
            line.request(request.method, request.path, *self._known(request))
            answer = line.getresponse()
            headers = {name: value for name, value in answer.getheaders() if name.lower() not in _HOP_BY_HOP}
            return answer.status, headers, answer.read()
        finally:
            line.close()


@contextmanager
def between(proxy: FaultProxy, port: int = 0) -> Iterator[str]:
    """Run a proxy on loopback and give its address."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def _pass(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            headers = {name: value for name, value in self.headers.items() if name.lower() != "host"}
            answer = proxy.answer(Request(self.command, self.path, headers, body))
            self.close_connection = True
            if answer is None:
                return
            status, headers, content = answer
            self.send_response(status)
            for name, value in headers.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(content)))
            self.send_header("Connection", "close")
            self.end_headers()
            self.wfile.write(content)

        do_GET = do_POST = do_DELETE = _pass  # noqa: N815 -- the names the base class calls

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 -- the base's name
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", port), Handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
