"""Reading calendars from a real server that is huge, slow, sends us on to private places, or is no calendar at all."""

from __future__ import annotations

import ipaddress
import socket
import ssl
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from booking.calendars.fetching import Known, Road, UnreadableError, fetch
from tests.booking.calendar_server import SMALL, CalendarServer, calendar_server, sends

ROAD = Road(loopback=True, seconds=5)


@pytest.fixture(scope="module")
def server() -> Iterator[CalendarServer]:
    """A server for all tests here; each has paths of its own."""
    with calendar_server() as running:
        yield running


def refusal(address: str, road: Road = ROAD) -> str:
    with pytest.raises(UnreadableError) as caught:
        fetch(address, Known(), road)
    return str(caught.value)


def test_a_calendar_is_read_with_what_the_server_says_of_its_version(server: CalendarServer) -> None:
    server.answers["/good"] = sends(SMALL, ETag='"v1"', Last_Modified="Sun, 01 Nov 2026 00:00:00 GMT")
    found = fetch(server.url("/good"), Known(), ROAD)
    assert found.content == SMALL
    assert found.known == Known('"v1"', "Sun, 01 Nov 2026 00:00:00 GMT")
    path, headers = server.asked[-1]
    assert (path, headers["Host"], headers["Accept-Encoding"]) == ("/good", f"127.0.0.1:{server.port}", "identity")


def test_a_calendar_that_has_not_changed_is_not_sent_again(server: CalendarServer) -> None:
    server.answers["/same"] = sends(b"", 304)
    known = Known('"v1"', "Sun, 01 Nov 2026 00:00:00 GMT")
    assert fetch(server.url("/same"), known, ROAD).content is None
    headers = server.asked[-1][1]
    assert (headers["If-None-Match"], headers["If-Modified-Since"]) == (known.etag, known.last_modified)


def test_redirects_are_followed_three_times_and_no_more(server: CalendarServer) -> None:
    for number in range(5):
        server.answers[f"/hop{number}"] = sends(b"", 302, Location=f"/hop{number + 1}")
    server.answers["/hop5"] = sends(SMALL)
    assert fetch(server.url("/hop2"), Known(), ROAD).content == SMALL
    assert "more than 3 times" in refusal(server.url("/hop1"))


@pytest.mark.parametrize(
    "location",
    ["http://169.254.169.254/latest/meta-data", "http://10.0.0.1/", "http://[fd00:ec2::254]/", "http://0.0.0.0/"],
)
def test_a_redirect_to_a_private_place_is_not_followed(server: CalendarServer, location: str) -> None:
    server.answers["/sly"] = sends(b"", 301, Location=location)
    assert "not on the public internet" in refusal(server.url("/sly"))


def test_a_redirect_to_another_kind_of_address_is_not_followed(server: CalendarServer) -> None:
    server.answers["/file"] = sends(b"", 302, Location="file:///etc/passwd")
    assert "begins with https" in refusal(server.url("/file"))


def test_the_machine_itself_is_out_of_bounds_for_everybody_else(server: CalendarServer) -> None:
    for name in ("127.0.0.1", "localhost", "2130706433", "0x7f.1", "[::ffff:127.0.0.1]"):
        asked = len(server.asked)
        assert "not on the public internet" in refusal(f"https://{name}:{server.port}/good", Road(seconds=5))
        assert len(server.asked) == asked


def test_a_name_with_one_private_address_among_public_ones_is_refused(server: CalendarServer) -> None:
    road = Road(seconds=5, resolve=lambda *_: ["93.184.215.14", "10.0.0.1"])
    assert "not on the public internet" in refusal("https://mixed.example/", road)


def test_a_name_is_asked_for_once_so_that_it_cannot_change_its_mind(server: CalendarServer) -> None:
    server.answers["/pinned"] = sends(SMALL)
    answers = [["127.0.0.1"], ["10.0.0.1"]]
    road = Road(loopback=True, seconds=5, resolve=lambda *_: answers.pop(0))
    assert fetch(server.url("/pinned", "rebinding.example"), Known(), road).content == SMALL
    assert server.asked[-1][1]["Host"] == f"rebinding.example:{server.port}"
    assert answers == [["10.0.0.1"]]


def test_a_name_that_does_not_exist_is_said_so() -> None:
    def unknown(_host: str, _port: int) -> list[str]:
        raise socket.gaierror

    assert "no place called nowhere.example" in refusal("https://nowhere.example/", Road(resolve=unknown))


def test_a_resolver_that_does_not_answer_is_not_waited_for() -> None:
    road = Road(seconds=0.05, resolve=lambda *_: time.sleep(0.3) or [])
    assert "longer than 0.05 seconds" in refusal("https://slow.example/", road)


@pytest.mark.parametrize("honest", [True, False])
def test_a_huge_calendar_is_given_up_at_the_limit(server: CalendarServer, *, honest: bool) -> None:
    def answer(request: BaseHTTPRequestHandler) -> None:
        request.send_response(200)
        if honest:
            request.send_header("Content-Length", str(1 << 30))
        request.end_headers()
        for _ in range(400):
            request.wfile.write(b"X" * 65536)

    server.answers["/huge"] = answer
    assert "larger than 5 MB" in refusal(server.url("/huge"))


def test_a_server_that_drips_is_cut_off(server: CalendarServer) -> None:
    def answer(request: BaseHTTPRequestHandler) -> None:
        request.wfile.write(b"HTTP/1.0 200 OK\r\n")
        for _ in range(200):
            request.wfile.write(b"X-Wait: 1\r\n")
            if server.over.wait(0.02):
                return

    server.answers["/drip"] = answer
    began = time.monotonic()
    assert "longer than 0.2 seconds" in refusal(server.url("/drip"), Road(loopback=True, seconds=0.2))
    assert time.monotonic() - began < 1


def test_a_server_that_says_nothing_is_cut_off(server: CalendarServer) -> None:
    server.answers["/mute"] = lambda _request: server.over.wait(5) and None
    assert "longer than 0.1 seconds" in refusal(server.url("/mute"), Road(loopback=True, seconds=0.1))


@pytest.mark.parametrize(
    ("status", "words"),
    [(404, "no calendar at this address"), (410, "no calendar"), (401, "wants a sign-in"), (403, "wants a sign-in"),
     (429, "trouble"), (503, "trouble at the moment (503)"), (204, "answered with 204")],
)  # fmt: skip
def test_every_other_answer_has_words(server: CalendarServer, status: int, words: str) -> None:
    server.answers["/status"] = sends(b"", status)
    assert words in refusal(server.url("/status"))


def test_what_is_no_web_server_is_said_so(server: CalendarServer) -> None:
    server.answers["/odd"] = lambda request: request.wfile.write(b"SSH-2.0-OpenSSH_9.2\r\n") and None
    assert "did not answer as a web server" in refusal(server.url("/odd"))
    with socket.create_server(("127.0.0.1", 0)) as shut:
        port = shut.getsockname()[1]
    assert "Nothing answers" in refusal(f"http://127.0.0.1:{port}/")


def test_packed_content_is_refused(server: CalendarServer) -> None:
    server.answers["/packed"] = sends(b"\x1f\x8b", Content_Encoding="gzip")
    assert "packed" in refusal(server.url("/packed"))


@pytest.fixture(scope="module")
def certified(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[CalendarServer, ssl.SSLContext]]:
    """A server with a certificate for calendar.example, and a context that trusts it."""
    folder = tmp_path_factory.mktemp("certificate")
    both = _certificate("calendar.example", folder)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(both)
    names: list[str | None] = []
    context.sni_callback = lambda _socket, name, _context: names.append(name)
    with calendar_server(context) as running:
        running.answers["/x.ics"] = sends(SMALL)
        running.answers["/names"] = lambda request: sends(f"{names[-1]}".encode())(request)  # noqa: PLW0108
        yield running, ssl.create_default_context(cafile=str(both))


def test_the_server_must_prove_its_name_though_we_connect_by_number(
    certified: tuple[CalendarServer, ssl.SSLContext],
) -> None:
    running, trust = certified
    road = Road(loopback=True, seconds=5, resolve=lambda *_: ["127.0.0.1"], trust=trust)
    address = f"webcal://calendar.example:{running.port}"
    assert fetch(f"{address}/x.ics", Known(), road).content == SMALL
    assert running.asked[-1][1]["Host"] == f"calendar.example:{running.port}"
    assert fetch(f"{address}/names", Known(), road).content == b"calendar.example"
    assert "could not prove" in refusal(f"https://other.example:{running.port}/x.ics", road)
    assert "could not prove" in refusal(f"{address}/x.ics", Road(True, 5, resolve=lambda *_: ["127.0.0.1"]))


def _certificate(name: str, folder: Path) -> Path:
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    now = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(
            x509.SubjectAlternativeName([x509.DNSName(name), x509.IPAddress(ipaddress.ip_address("192.0.2.1"))]), False
        )
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), True)
        .sign(key, hashes.SHA256())
    )
    both = folder / "both.pem"
    both.write_bytes(
        certificate.public_bytes(serialization.Encoding.PEM)
        + key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    )
    return both
