"""Start everything on one machine, keep it running, and stop it cleanly.

One thread, one loop: it waits for the children's output and for signals, starts again
what died, and on Ctrl-C asks each to finish. Should it be killed itself, the kernel
tells the children.
"""

from __future__ import annotations

import argparse
import contextlib
import os
import selectors
import signal
import subprocess
import sys
import time
from collections.abc import Mapping
from pathlib import Path
from types import FrameType
from urllib.request import urlopen

from practice.first_start import HOST, Addresses, CannotStartError, environment
from practice.processes import Child, flask, gunicorn

HELP = """Start the whole practice on this machine: web pages, media server, scheduler, and in the demo test payments.
It keeps them running until Ctrl-C. The first start makes a demo of invented people in var/ and prints who signs in."""
ENVIRONMENT = """What it heeds of the environment:
  PORT, MEDIA_PORT, TESTPAY_PORT    where to listen: 8000, and the ports after it
  STILLPOINT_VAR_DIR                where data and the demo's secrets lie: var
  STILLPOINT_MEDIA_PROCESSES        how many media servers to run: 1
  STILLPOINT_...                    every other setting: practice/core/settings.py names them"""
TICK_SECONDS = 0.2
PATIENCE_SECONDS = 10.0


def main() -> int:
    """Run the practice until told to stop; the exit code is 0 when it was."""
    shape = argparse.RawDescriptionHelpFormatter
    argparse.ArgumentParser("app.py", description=HELP, epilog=ENVIRONMENT, formatter_class=shape).parse_args()
    try:
        addresses = Addresses.read(os.environ)
        var = Path(os.environ.get("STILLPOINT_VAR_DIR", "var")).resolve()
        environ = environment(addresses, var, os.environ)
        addresses.check()
        greeting = prepare(environ)
    except CannotStartError as error:
        print(f"Stillpoint did not start. {error}", file=sys.stderr)  # noqa: T201 - the person's terminal
        return 1
    except KeyboardInterrupt:
        return 0
    return Supervisor(children(addresses, environ), environ, greeting, addresses.web).run()


def prepare(environ: Mapping[str, str]) -> str:
    """Bring the database up to date, fill an empty demo, and return the sign-ins to show."""
    if environ["STILLPOINT_ENVIRONMENT"] == "demo":
        return _run(environ, "demo")
    _run(environ, "db", "upgrade")
    return ""


def children(addresses: Addresses, environ: Mapping[str, str]) -> list[Child]:
    """List the processes that make up the practice."""
    found = [
        Child("web", gunicorn(addresses.web)),
        *(_media(process, addresses.media_processes) for process in range(addresses.media_processes)),
        Child("scheduler", flask("scheduler")),
    ]
    if environ["STILLPOINT_ENVIRONMENT"] == "demo" and not environ.get("STILLPOINT_STRIPE_API_KEY"):
        found.append(Child("testpay", (sys.executable, "-m", "billing.testpay")))
    return found


def _media(process: int, of: int) -> Child:
    name = f"media {process + 1}" if of > 1 else "media"
    return Child(name, (sys.executable, "-m", "video.media"), {"STILLPOINT_MEDIA_PROCESS": str(process)})


class Supervisor:
    """The loop that watches the children."""

    def __init__(self, watched: list[Child], environ: Mapping[str, str], greeting: str, port: int) -> None:
        self._children = watched
        self._environ = environ
        self._greeting = greeting
        self._port = port
        self._selector = selectors.DefaultSelector()
        self._stops = 0
        self._greeted = False

    def run(self) -> int:
        """Watch until the first signal, then stop every child; a second signal hurries."""
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, self._on_signal)
        while not self._stops:
            now = time.monotonic()
            self._start_due(now)
            self._relay(TICK_SECONDS)
            self._notice_ends(time.monotonic())
            self._greet_once()
        self._stop()
        return 0

    def _start_due(self, now: float) -> None:
        for child in self._children:
            if child.process is None and now >= child.start_at:
                child.start(self._environ, now)
                os.set_blocking(child.output.fileno(), False)
                self._selector.register(child.output, selectors.EVENT_READ, child)

    def _relay(self, timeout: float) -> None:
        for key, _ in self._selector.select(timeout):
            child: Child = key.data
            if data := os.read(key.fd, 65536):
                for line in filter(str.strip, data.decode(errors="replace").splitlines()):
                    self._say(f"{child.name:>9} | {line}")
            else:
                self._selector.unregister(key.fileobj)

    def _notice_ends(self, now: float) -> None:
        for child in self._children:
            stream = child.output if child.process else None
            if (words := child.ended(now)) and stream is not None:
                self._relay(0)
                self._say(words)
                with contextlib.suppress(KeyError):
                    self._selector.unregister(stream)
                stream.close()

    def _greet_once(self) -> None:
        if not self._greeted and answers(self._port):
            self._greeted = True
            self._say(f"\nStillpoint is open at {self._environ['STILLPOINT_BASE_URL']}\n{self._greeting}")
            self._say("Press Ctrl-C to stop.")

    def _on_signal(self, _number: int, _frame: FrameType | None) -> None:
        self._stops += 1

    def _stop(self) -> None:
        self._say("\nClosing …")
        for child in self._children:
            child.ask_to_stop()
        deadline = time.monotonic() + PATIENCE_SECONDS
        while self._running() and time.monotonic() < deadline and self._stops < 2:
            self._relay(TICK_SECONDS / 4)
        for child in self._children:
            child.kill()
            if child.process is not None:
                child.process.wait()
                child.output.close()
        self._say("Stillpoint is closed.")

    def _running(self) -> bool:
        return any(child.process is not None and child.process.poll() is None for child in self._children)

    def _say(self, words: str) -> None:
        with contextlib.suppress(BrokenPipeError):
            print(words, flush=True)  # noqa: T201 - the person's terminal


def answers(port: int) -> bool:
    """Tell whether the web tier and its database answer."""
    with contextlib.suppress(OSError), urlopen(f"http://{HOST}:{port}/healthz", timeout=2) as answer:
        return bool(answer.status == 200)
    return False


def _run(environ: Mapping[str, str], *arguments: str) -> str:
    try:
        done = subprocess.run(flask(*arguments), env=dict(environ), capture_output=True, text=True, check=True)
    except subprocess.CalledProcessError as error:
        raise CannotStartError(f"“flask {' '.join(arguments)}” failed:\n{error.stderr}{error.stdout}") from error
    return done.stdout


if __name__ == "__main__":
    sys.exit(main())
