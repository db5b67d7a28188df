"""A real coturn on loopback, by the configuration that is shipped, with a certificate of its own."""

from __future__ import annotations

import base64
import hashlib
import ipaddress
import shutil
import socket
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, PublicFormat
from cryptography.x509.oid import NameOID

from tests.support.ports import free_ports
from tests.support.servers import until
from tests.support.tree import ROOT

SECRET = "relay-secret"
HERE = "127.0.0.1"


@dataclass(frozen=True, slots=True)
class Relay:
    """A running coturn: where it listens without and with TLS, and the SHA-256 of its public key, in base64."""

    port: int
    tls_port: int
    fingerprint: str


@contextmanager
def coturn(folder: Path) -> Iterator[Relay]:
    """Run it, if this machine has it."""
    program = shutil.which("turnserver") or pytest.skip("coturn is missing: apt-get install coturn")
    relay = Relay(*free_ports(2), _certificate(folder))
    shipped = (ROOT / "video" / "turnserver.conf").read_text()
    told = shipped.replace("<secret>", SECRET).replace("<host>", HERE).replace("<media>", HERE)
    kept = [
        line for line in told.splitlines() if not line.startswith(("cert=", "pkey=", "listening-", "tls-listening-"))
    ]
    here = [f"listening-port={relay.port}", f"tls-listening-port={relay.tls_port}"]
    here += [f"listening-ip={HERE}", f"relay-ip={HERE}", "allow-loopback-peers", "no-dtls"]
    here += [f"cert={folder / 'turn.pem'}", f"pkey={folder / 'turn.key'}"]
    here += [f"pidfile={folder / 'turn.pid'}", f"userdb={folder / 'turn.db'}"]
    written = folder / "turnserver.conf"
    written.write_text("\n".join([*kept, *here]))
    run = subprocess.Popen([program, "-c", str(written)], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        until(lambda: _answers(relay.port) and _answers(relay.tls_port), what="coturn's start")
        yield relay
    finally:
        run.terminate()
        run.wait(10)


def _certificate(folder: Path) -> str:
    """Write a certificate for loopback, good for an hour; give its public key's hash."""
    key, now = ec.generate_private_key(ec.SECP256R1()), datetime.now(UTC)
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, HERE)])
    here = x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address(HERE))])
    made = x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key())
    made = made.serial_number(x509.random_serial_number()).add_extension(here, critical=False)
    hour = timedelta(hours=1)
    signed = made.not_valid_before(now - hour).not_valid_after(now + hour).sign(key, hashes.SHA256())
    (folder / "turn.pem").write_bytes(signed.public_bytes(Encoding.PEM))
    (folder / "turn.key").write_bytes(key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
    public = key.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    return base64.b64encode(hashlib.sha256(public).digest()).decode()


def _answers(port: int) -> bool:
    with socket.socket() as tried:
        return tried.connect_ex((HERE, port)) == 0
