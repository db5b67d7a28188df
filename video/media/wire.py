"""One connection's way out: SRTP and one sendto, at once and without a task per packet."""

from typing import Protocol

import pylibsrtp
from aiortc import RTCDtlsTransport


class Wire(Protocol):
    """Where packets for one person go."""

    @property
    def is_open(self) -> bool:
        """Whether the person's browser can be reached."""
        ...

    def send_rtp(self, packet: bytes) -> None:
        """Send one RTP packet; it is lost when the wire is not open."""
        ...

    def send_rtcp(self, packet: bytes) -> None:
        """Send one RTCP packet; it is lost when the wire is not open."""
        ...


class DtlsWire:
    """A wire over aiortc's DTLS transport: its keys, its nominated path."""

    def __init__(self, dtls: RTCDtlsTransport) -> None:
        self._dtls = dtls
        self._ice = dtls.transport._connection
        self.is_open = False
        dtls.on("statechange", self._note_state)

    def send_rtp(self, packet: bytes) -> None:
        """Encrypt and send an RTP packet."""
        if self.is_open:
            try:
                self._sendto(self._dtls._tx_srtp.protect(packet))
            except pylibsrtp.Error:
                return

    def send_rtcp(self, packet: bytes) -> None:
        """Encrypt and send an RTCP packet."""
        if self.is_open:
            try:
                self._sendto(self._dtls._tx_srtp.protect_rtcp(packet))
            except pylibsrtp.Error:
                return

    def _sendto(self, data: bytes) -> None:
        pair = self._ice._nominated.get(1)
        if pair is not None and not pair.protocol.transport.is_closing():
            pair.protocol.transport.sendto(data, pair.remote_addr)

    def _note_state(self) -> None:
        self.is_open = self._dtls.state == "connected"
