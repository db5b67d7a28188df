"""Real processes for the tests: the whole practice on free ports, and a mail server."""

from __future__ import annotations

import asyncio
import os
import shutil
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from email import message_from_bytes
from email.message import Message
from email.policy import default
from pathlib import Path

import psutil
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session
from flask import Flask
from werkzeug.serving import make_server

from practice.first_start import Addresses, environment
from practice.supervisor import prepare
from tests.support.ports import free_ports
from tests.support.tree import ROOT


def until(true: Callable[[], object], *, seconds: float = 60, what: str = "it") -> None:
    """Wait until something is true; fail in words when it does not become so."""
    deadline = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < deadline, f"{what} did not happen within {seconds:g} s"
        time.sleep(0.05)


@contextmanager
def serving(app: Flask, port: int) -> Iterator[None]:
    """Let an app of this process really listen on loopback."""
    server = make_server("127.0.0.1", port, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


class RunningPractice:
    """`python app.py` in a process of its own, as `make run` starts it."""

    def __init__(self, var: Path, environ: Mapping[str, str]) -> None:
        web, media, testpay = free_ports(3)
        self.var = var
        self.url = f"http://127.0.0.1:{web}"
        self.port = web
        self.media_port = media
        told = {"PORT": web, "MEDIA_PORT": media, "TESTPAY_PORT": testpay, "STILLPOINT_VAR_DIR": var}
        self.environ = os.environ | {name: str(value) for name, value in told.items()} | dict(environ)
        self.environ.pop("PYTHONDONTWRITEBYTECODE", None)  # compiled once, every start after is quicker
        self.lines: list[str] = []
        self.process = subprocess.Popen(
            [sys.executable, "app.py"],
            cwd=ROOT,
            env=self.environ,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()
        self.everyone: set[psutil.Process] = set()

    @property
    def output(self) -> str:
        """Everything it has said so far."""
        return "\n".join(self.lines)

    def wait_until_open(self, seconds: float = 180) -> None:
        """Wait for the address to be printed."""
        until(
            lambda: "is open at" in self.output or self.process.poll() is not None,
            seconds=seconds,
            what=f"the greeting; it said:\n{self.output}\nand",
        )
        assert self.process.poll() is None, self.output
        self.processes()

    def processes(self) -> list[psutil.Process]:
        """List its processes, and remember them for the roll call at the end."""
        found: list[psutil.Process] = psutil.Process(self.process.pid).children(recursive=True)
        self.everyone.update(found)
        return found

    def child(self, *words: str) -> psutil.Process:
        """Return the direct child whose command line has the words."""
        for process in psutil.Process(self.process.pid).children():
            if set(words) <= set(process.cmdline()):
                return process
        raise AssertionError(f"no child runs {words}; it said:\n{self.output}")

    def survivors(self) -> list[psutil.Process]:
        """List what still runs of everything it ever started."""
        return [each for each in self.everyone if each.is_running() and each.status() != psutil.STATUS_ZOMBIE]

    def stop(self, number: int = signal.SIGINT, *, seconds: float = 60) -> int:
        """Send the signal and wait for the end; return the exit code."""
        if self.process.poll() is None:
            self.processes()
            self.process.send_signal(number)
        code = self.process.wait(seconds)
        self._reader.join(5)
        if self.process.stdout is not None:
            self.process.stdout.close()
        return code

    def _read(self) -> None:
        if self.process.stdout is not None:
            for line in self.process.stdout:
                self.lines.append(line.rstrip("\n"))


def a_demo(var: Path) -> Path:
    """Found the demo practice under a folder, without starting it: what a first start does before it opens."""
    cheap = {"STILLPOINT_PASSWORD_MEMORY_KIB": "8"}
    prepare(environment(Addresses(8000, 8001, 8002), var, os.environ | cheap))
    return var


@contextmanager
def running_practice(var: Path, *, like: Path | None = None, **environ: str) -> Iterator[RunningPractice]:
    """Run the whole practice for as long as needed: a new one, or a copy of one that was founded before."""
    if like:
        shutil.copytree(like, var, dirs_exist_ok=True)
    practice = RunningPractice(var, environ)
    try:
        yield practice
    finally:
        practice.stop()


class Mailbox:
    """What a real mail server received."""

    def __init__(self) -> None:
        self.messages: list[Message] = []
        self.refusals: list[str] = []
        self.hangs_up = False
        self.breaks = 0
        self.connections = 0
        self.pipelines = False
        self.unknown: set[str] = set()
        self.gate: threading.Event | None = None

    async def handle_EHLO(  # noqa: N802 - aiosmtpd's name
        self, _server: SMTP, session: Session, _envelope: Envelope, hostname: str, responses: list[str]
    ) -> list[str]:
        """Count the connections."""
        session.host_name = hostname
        self.connections += 1
        return ["250-PIPELINING", *responses] if self.pipelines else responses

    async def handle_RCPT(  # noqa: N802 - aiosmtpd's name
        self, _server: SMTP, _session: Session, envelope: Envelope, address: str, _options: list[str]
    ) -> str:
        """Take whoever is not unknown."""
        if address in self.unknown:
            return "550 No such mailbox"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, _session: Session, envelope: Envelope) -> str:  # noqa: N802 - aiosmtpd's name
        """Take a message, or answer with the next refusal."""
        if self.refusals:
            return self.refusals.pop(0)
        content = envelope.content if isinstance(envelope.content, bytes) else b""
        self.messages.append(message_from_bytes(content, policy=default))
        while self.gate is not None and not self.gate.is_set():
            await asyncio.sleep(0.01)
        if self.breaks and server.transport is not None:
            self.breaks -= 1
            server.transport.close()
        return "250 Message accepted for delivery"

    async def handle_QUIT(self, _server: SMTP, _session: Session, _envelope: Envelope) -> str:  # noqa: N802 - aiosmtpd's name
        """Say goodbye, or hang up rudely."""
        return "421 Away with you" if self.hangs_up else "221 Bye"

    def to(self, address: str) -> list[Message]:
        """Return what one person received."""
        return [message for message in self.messages if address in str(message["To"])]


@contextmanager
def smtp_server() -> Iterator[tuple[str, Mailbox]]:
    """Run a mail server on loopback; give its address and its mailbox."""
    mailbox = Mailbox()
    (port,) = free_ports(1)
    controller = Controller(mailbox, hostname="127.0.0.1", port=port)
    controller.start()
    try:
        yield f"smtp://127.0.0.1:{port}", mailbox
    finally:
        controller.stop()
