"""The demo's surroundings: its own secrets under var/, its addresses, and a check that they are free."""

from __future__ import annotations

import os
import secrets
import socket
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from practice.core.sealing import new_key

HOST = "127.0.0.1"


class CannotStartError(Exception):
    """Something outside keeps the practice from starting; the message says what to do."""


@dataclass(frozen=True, slots=True)
class Addresses:
    """The ports of this machine that the processes listen on."""

    web: int
    media: int
    testpay: int
    media_processes: int = 1

    @classmethod
    def read(cls, environ: Mapping[str, str]) -> Addresses:
        """Read PORT, MEDIA_PORT and TESTPAY_PORT; the others follow the web's when not given."""
        web = _port(environ, "PORT", 8000)
        processes = processes_in(environ)
        media = _port(environ, "MEDIA_PORT", web + 1)
        return cls(web, media, _port(environ, "TESTPAY_PORT", web + 1 + processes), processes)

    def check(self) -> None:
        """Refuse, in words, a port that something else holds."""
        media = [("MEDIA_PORT", self.media + process) for process in range(self.media_processes)]
        for name, port in (("PORT", self.web), *media, ("TESTPAY_PORT", self.testpay)):
            with socket.socket() as probe:
                probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
                try:
                    probe.bind((HOST, port))
                except OSError as error:
                    raise CannotStartError(
                        f"Port {port} is taken, perhaps by a Stillpoint that already runs.\n"
                        f"Stop that, or choose another: {name}={port + 100} make run"
                    ) from error


def environment(addresses: Addresses, var: Path, given: Mapping[str, str]) -> dict[str, str]:
    """Say what the demo's processes are told; what the person set wins."""
    database = var / "stillpoint.db"
    told = {
        "STILLPOINT_ENVIRONMENT": "demo",
        "STILLPOINT_ENV_FILE": str(secrets_file(var)),
        "STILLPOINT_VAR_DIR": str(var),
        "STILLPOINT_DATABASE_URL": f"sqlite:///{database}",
        "STILLPOINT_BASE_URL": f"http://{HOST}:{addresses.web}",
        "STILLPOINT_MEDIA_URL": f"ws://{HOST}:{{port}}/room",
        "STILLPOINT_MEDIA_PORT": str(addresses.media),
        "STILLPOINT_TESTPAY_PORT": str(addresses.testpay),
        "PYTHONUNBUFFERED": "1",
    }
    if not given.get("STILLPOINT_STRIPE_API_KEY"):
        told["STILLPOINT_STRIPE_API_BASE"] = f"http://{HOST}:{addresses.testpay}"
    return {**told, **given}


def secrets_file(var: Path) -> Path:
    """Return the file of the demo's own secrets, made on first start and readable by its owner only."""
    path = var / "demo.env"
    if not path.exists():
        var.mkdir(parents=True, exist_ok=True)
        made = {
            "SECRET_KEY": secrets.token_urlsafe(48),
            "FIELD_KEYS": new_key(),
            "AUDIT_KEYS": new_key(),
            "MEDIA_KEY": secrets.token_urlsafe(32),
            "STRIPE_WEBHOOK_SECRET": "whsec_" + secrets.token_urlsafe(32),
            "TURN_SECRET": secrets.token_urlsafe(32),
        }
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w") as file:
            file.writelines(f"STILLPOINT_{name}='{value}'\n" for name, value in made.items())
    return path


def processes_in(environ: Mapping[str, str]) -> int:
    """Read how many media processes this machine runs."""
    text = environ.get("STILLPOINT_MEDIA_PROCESSES", "") or "1"
    if not text.isdecimal() or not 0 < int(text) <= 64:
        raise CannotStartError(f"STILLPOINT_MEDIA_PROCESSES must be a number from 1 to 64, not “{text}”.")
    return int(text)


def _port(environ: Mapping[str, str], name: str, usual: int) -> int:
    text = environ.get(name, "") or str(usual)
    if not text.isdecimal() or not 0 < int(text) < 65536:
        raise CannotStartError(f"{name} must be a port number from 1 to 65535, not “{text}”.")
    return int(text)
