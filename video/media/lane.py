"""One connection's way in and out: its SRTP keys and the nominated path, past aiortc's own transports."""

from typing import TYPE_CHECKING, Any

from aiortc import RTCDtlsTransport
from pylibsrtp._binding import lib

from video.media.datagrams import LONGEST, OUTGOING, Inbox, Outbox
from video.media.rtp import START

if TYPE_CHECKING:
    from video.media.port import Port
    from video.media.router import Router

_LONGEST_PLAIN = LONGEST - 148  # libsrtp may add SRTP_MAX_TRAILER_LEN
_read_start = START.unpack_from
_protect, _unprotect = lib.srtp_protect, lib.srtp_unprotect
_protect_rtcp, _unprotect_rtcp = lib.srtp_protect_rtcp, lib.srtp_unprotect_rtcp


class Lane:
    """Where packets of one person come from and packets for them go. Open while DTLS is connected."""

    def __init__(self, dtls: RTCDtlsTransport) -> None:
        self.is_open = False
        self.router: Router | None = None
        self.port: Port | None = None
        self.outbox: Outbox | None = None
        self.target: Any = None
        self.receiving: Any = None
        self.sending: Any = None
        self._dtls = dtls
        self._ice = dtls.transport._connection
        self._sessions: tuple[Any, ...] = ()
        self._remote: tuple[object, tuple[str, int]] | None = None
        dtls.on("statechange", self._note_state)

    def take(self, inbox: Inbox, place: int, view: memoryview, at: float) -> None:
        """Decrypt one packet where it lies and pass it on."""
        router = self.router
        if not self.is_open or router is None:
            return
        if 192 <= view[1] <= 208:
            if not _unprotect_rtcp(self.receiving, inbox.pointers[place], inbox.length_pointers[place]):
                router.take_rtcp(bytes(view[: inbox.length(place)]), at)
        elif not _unprotect(self.receiving, inbox.pointers[place], inbox.length_pointers[place]):
            length, start = inbox.length(place), _read_start(view)
            express = router.express.get(start[4])
            router.heard_at = at
            if express is None or not express.carry(view, length, start, inbox.stamp, at):
                router.take_rtp(bytes(view[:length]), at)

    def send_rtp(self, packet: bytes) -> None:
        """Encrypt and send an RTP packet."""
        self._send(packet, _protect)

    def send_rtcp(self, packet: bytes) -> None:
        """Encrypt and send an RTCP packet."""
        self._send(packet, _protect_rtcp)

    def follow(self) -> None:
        """Send where ICE says now. Call when ICE may have chosen another path."""
        pair = self._ice._nominated.get(1)
        if pair is None or (pair.protocol, pair.remote_addr) == self._remote:
            return
        self._remote = (pair.protocol, pair.remote_addr)
        port: Port = pair.protocol.transport.port  # type: ignore[attr-defined]  # the transport is ours
        self.port, self.outbox = port, port.outbox
        self.target = port.target(pair.remote_addr)

    def _send(self, packet: bytes, protect: Any) -> None:
        outbox, port = self.outbox, self.port
        if not self.is_open or outbox is None or port is None or len(packet) > _LONGEST_PLAIN:
            return
        if outbox.count >= OUTGOING:
            port.flush()
        place = outbox.count
        outbox.views[place][: len(packet)] = packet
        outbox.lengths[2 * place + 1] = len(packet)
        if protect(self.sending, outbox.pointers[place], outbox.length_pointers[place]):
            return
        outbox.names[8 * place] = self.target.pointer
        outbox.count = place + 1
        if not port.is_busy:
            port.flush()

    def _note_state(self) -> None:
        is_connected = self._dtls.state == "connected"
        if is_connected and not self._sessions:
            self._sessions = (self._dtls._rx_srtp, self._dtls._tx_srtp)
            self.receiving, self.sending = (session._srtp[0] for session in self._sessions)
        self.follow()
        self.is_open = is_connected
