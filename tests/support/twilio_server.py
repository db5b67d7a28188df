"""A server that speaks Twilio's REST API for messages, records what it took, and fails when told to."""

from __future__ import annotations

import base64
import json
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import format_datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

ACCOUNT, TOKEN, NUMBER = "AC" + "a" * 32, "the auth token of the tests", "+12125550100"


@dataclass
class Recorder:
    """What the provider took, and the faults it has yet to show: a status, "slow", or "hangs up" after it took one."""

    messages: list[dict[str, Any]] = field(default_factory=list)
    faults: list[int | str] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def take(self, fields: dict[str, str]) -> dict[str, Any]:
        """Take a message."""
        with self.lock:
            sid = f"SM{len(self.messages):032x}"
            at = format_datetime(datetime.now(UTC))
            message = {
                "account_sid": ACCOUNT,
                "api_version": "2010-04-01",
                "body": fields["Body"],
                "date_created": at,
                "date_sent": None,
                "date_updated": at,
                "direction": "outbound-api",
                "error_code": None,
                "error_message": None,
                "from": fields.get("From"),
                "messaging_service_sid": fields.get("MessagingServiceSid"),
                "num_media": "0",
                "num_segments": "1",
                "price": None,
                "price_unit": "USD",
                "sid": sid,
                "status": "queued",
                "subresource_uris": {},
                "to": fields["To"],
                "uri": f"/2010-04-01/Accounts/{ACCOUNT}/Messages/{sid}.json",
                "status_callback": fields.get("StatusCallback"),
            }
            self.messages.append(message)
        return message

    def bodies(self, to: str) -> list[str]:
        """Return the words one telephone was sent."""
        return [each["body"] for each in self.messages if each["to"] == to]


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: _Server

    def do_POST(self) -> None:
        recorder = self.server.recorder
        sent = parse_qs(self.rfile.read(int(self.headers["Content-Length"])).decode())
        fields = {name: values[0] for name, values in sent.items()}
        fault = recorder.faults.pop(0) if recorder.faults else None
        if not self._known():
            self._answer(401, _problem(20003, "Authenticate"))
        elif isinstance(fault, int):
            self._answer(fault, _problem(21610 if fault == 400 else fault, "Attempt to send to unsubscribed recipient"))
        else:
            message = recorder.take(fields)
            if fault == "slow":
                time.sleep(0.5)
            if fault == "hangs up":
                self.close_connection = True
                return
            self._answer(201, message)

    def do_GET(self) -> None:
        recorder, asked = self.server.recorder, urlsplit(self.path)
        recorder.asked.append(self.path)
        wanted = parse_qs(asked.query)
        found = [each for each in reversed(recorder.messages) if each["to"] == wanted.get("To", [""])[0]]
        if asked.path.endswith("/Messages.json"):
            self._answer(200, {"messages": found, "next_page_uri": None, "page": 0, "page_size": 50, "uri": self.path})
            return
        sid = asked.path.rpartition("/")[2].removesuffix(".json")
        one = next((each for each in recorder.messages if each["sid"] == sid), None)
        self._answer(200 if one else 404, one or _problem(20404, "Not found"))

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the base's name
        """Keep quiet."""

    def _known(self) -> bool:
        expected = base64.b64encode(f"{ACCOUNT}:{TOKEN}".encode()).decode()
        return self.headers.get("Authorization") == f"Basic {expected}"

    def _answer(self, status: int, body: object) -> None:
        content = json.dumps(body).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self, recorder: Recorder) -> None:
        self.recorder = recorder
        super().__init__(("127.0.0.1", 0), _Handler)


@contextmanager
def twilio_server() -> Iterator[tuple[str, Recorder]]:
    """Run the provider on loopback; give its address and what it took."""
    recorder = Recorder()
    server = _Server(recorder)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}", recorder
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def _problem(code: int, words: str) -> dict[str, object]:
    return {"code": code, "message": words, "more_info": "", "status": 400}
