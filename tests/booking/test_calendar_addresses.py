"""Which addresses a calendar may be read from."""

import pytest

from booking.calendars.addresses import AddressRefusedError, is_public, read

INSIDE = [
    "127.0.0.1", "127.9.9.9", "0.0.0.0", "10.1.2.3", "172.16.0.1", "192.168.1.1", "169.254.169.254", "100.64.0.1",
    "100.100.100.200", "192.0.0.192", "198.18.0.1", "192.0.2.1", "224.0.0.1", "240.0.0.1", "255.255.255.255",
    "168.63.129.16", "::", "::1", "fe80::1", "fe80::1%eth0", "fc00::1", "fd00:ec2::254", "fec0::1", "ff02::1",
    "::ffff:127.0.0.1", "::ffff:10.0.0.1", "::ffff:169.254.169.254", "::127.0.0.1", "64:ff9b::7f00:1",
    "2002:7f00:1::", "2001:0:4136:e378:8000:63bf:3fff:fdd2", "2001:db8::1", "localhost", "",
]  # fmt: skip


@pytest.mark.parametrize("address", INSIDE)
def test_what_is_inside_is_not_public(address: str) -> None:
    assert not is_public(address)


@pytest.mark.parametrize("address", ["93.184.215.14", "2606:2800:21f:cb07:6820:80da:af6b:8b2c", "::ffff:93.184.215.14"])
def test_what_is_outside_is_public(address: str) -> None:
    assert is_public(address)


def test_loopback_alone_can_be_let_in() -> None:
    assert all(is_public(each, loopback=True) for each in ("127.0.0.1", "::1", "::ffff:127.0.0.1"))
    assert not any(is_public(each, loopback=True) for each in ("10.0.0.1", "169.254.169.254", "fe80::1", "fd00::1"))


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("webcal://calendar.example/a/b.ics", "https://calendar.example/a/b.ics"),
        ("  HTTPS://Calendar.Example:443/x?key=1#part ", "https://calendar.example/x?key=1"),
        ("https://calendar.example:8443", "https://calendar.example:8443/"),
        ("https://kalender.beispiel.example/Träume/a b.ics".replace(" ", "%20"),
         "https://kalender.beispiel.example/Tr%C3%A4ume/a%20b.ics"),
        ("https://bücher.example/x.ics", "https://xn--bcher-kva.example/x.ics"),
        ("https://[2606:2800:21f::1]/x.ics", "https://[2606:2800:21f::1]/x.ics"),
    ],
)  # fmt: skip
def test_an_address_is_read_as_it_was_meant(typed: str, meant: str) -> None:
    assert str(read(typed)) == meant


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("", "begins with https"),
        ("calendar.example/x.ics", "begins with https"),
        ("http://calendar.example/x.ics", "begins with https"),
        ("file:///etc/passwd", "begins with https"),
        ("gopher://calendar.example/", "begins with https"),
        ("https://", "names no place"),
        ("https://ines:secret@calendar.example/", "without a name and password"),
        ("https://calendar.example:99999/", "not an address"),
        ("https://calendar.example/a b", "not an address"),
        ("https://calendar.example/\r\nHost: other", "not an address"),
        ("https://[fe80::1%25eth0]/", "no place"),
        ("https://" + "a" * 64 + ".example/", "not an address"),
        ("https://calendar.example/" + "a" * 2000, "not an address"),
    ],
)
def test_anything_else_is_refused_in_words(typed: str, words: str) -> None:
    with pytest.raises(AddressRefusedError, match=words):
        read(typed)


def test_plain_http_is_for_the_machine_itself() -> None:
    assert str(read("http://127.0.0.1:8000/x.ics", loopback=True)) == "http://127.0.0.1:8000/x.ics"


def test_a_redirect_is_read_like_an_address() -> None:
    here = read("https://calendar.example/a/b.ics")
    assert str(here.redirected("../c.ics")) == "https://calendar.example/c.ics"
    with pytest.raises(AddressRefusedError):
        here.redirected("http://169.254.169.254/latest/meta-data")
