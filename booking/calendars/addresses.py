"""Which addresses a calendar may be read from: public ones, and nothing of ours or our host's. Pure.

An address typed by a person is fetched by our servers, which stand where that person does not (server-side request
forgery, OWASP ASVS 5, 1.3.6 and 13.2.4): it must not lead to the machine itself, its network or its metadata service.
"""

from __future__ import annotations

import ipaddress
from dataclasses import dataclass
from urllib.parse import quote, urljoin, urlsplit

LONGEST = 2000
NOT_PUBLIC = (
    ipaddress.ip_network("168.63.129.16/32"),  # the host's own services on Azure
    ipaddress.ip_network("192.0.0.0/24"),  # IETF protocol assignments, of which Python lets some pass
    ipaddress.ip_network("fec0::/10"),  # site-local, deprecated (RFC 3879)
)


class AddressRefusedError(Exception):
    """The address may not be read; `str()` says why in plain words."""


@dataclass(frozen=True, slots=True)
class Address:
    """Where a calendar lies, taken apart."""

    scheme: str
    host: str
    port: int
    target: str

    def __str__(self) -> str:
        return f"{self.scheme}://{self.authority}{self.target}"

    @property
    def authority(self) -> str:
        """The host, with its port where that is not the usual one, as the Host header has it."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return host if self.port == _PORTS[self.scheme] else f"{host}:{self.port}"

    def redirected(self, location: str, *, loopback: bool = False) -> Address:
        """Return where a redirect leads; raise AddressRefusedError when that is nowhere to go."""
        return read(urljoin(str(self), location), loopback=loopback)


_PORTS = {"https": 443, "http": 80}
_MEANT = {"webcal": "https", "webcals": "https"}


def read(text: str, *, loopback: bool = False) -> Address:
    """Take an address apart, `webcal` meaning `https`; raise AddressRefusedError with what to change.

    Plain `http` is for tests and the demo, which read from the machine itself.
    """
    typed = text.strip()
    if len(typed) > LONGEST or any(each.isspace() or not each.isprintable() for each in typed):
        raise AddressRefusedError("This is not an address. Copy it once more from the other calendar.")
    try:
        parts = urlsplit(typed)
        host, port = parts.hostname or "", parts.port
        host = host if ":" in host else host.encode("idna").decode()
    except ValueError as error:  # a UnicodeError is one
        raise AddressRefusedError("This is not an address. Copy it once more from the other calendar.") from error
    scheme = _MEANT.get(parts.scheme.lower(), parts.scheme.lower())
    if scheme not in ({"https", "http"} if loopback else {"https"}):
        raise AddressRefusedError("Use an address that begins with https:// or webcal://.")
    if parts.username or parts.password:
        raise AddressRefusedError("Use an address without a name and password in it.")
    if not host or "%" in host:
        raise AddressRefusedError("This address names no place on the internet.")
    target = quote(parts.path or "/", safe="/%:@!$&'()*+,;=~") + (
        f"?{quote(parts.query, safe='/%:@!$&()*+,;=~?')}" if parts.query else ""
    )
    return Address(scheme, host, port or _PORTS[scheme], target)


def is_public(text: str, *, loopback: bool = False) -> bool:
    """Tell whether a numeric address is on the public internet, or is this machine when loopback will do.

    An IPv4 address written as an IPv6 one counts as what it is; tunnels (6to4, Teredo, NAT64) count for nothing.
    """
    try:
        address = ipaddress.ip_address(text.partition("%")[0])
    except ValueError:
        return False
    if isinstance(address, ipaddress.IPv6Address):
        if address.ipv4_mapped is not None:
            return is_public(str(address.ipv4_mapped), loopback=loopback)
        if address.sixtofour is not None or address.teredo is not None:
            return False
    if loopback and address.is_loopback:
        return True
    if address.is_multicast or address.is_reserved or any(address in network for network in NOT_PUBLIC):
        return False
    return address.is_global
