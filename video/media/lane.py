"""One connection's way in and out: its SRTP keys and the nominated path, past aiortc's own transports."""

from typing import TYPE_CHECKING, Any

from aiortc import RTCDtlsTransport
from pylibsrtp._binding import lib

from video.media.datagrams import LONGEST, OUTGOING, Inbox, Outbox
from video.media.nonstop import Loop, address_of
from video.media.rtp import START

if TYPE_CHECKING:
    from video.media.express import Express
    from video.media.port import Port
    from video.media.router import Router

_LONGEST_PLAIN = LONGEST - 148  # libsrtp may add SRTP_MAX_TRAILER_LEN
_read_start = START.unpack_from
_protect, _unprotect = lib.srtp_protect, lib.srtp_unprotect
_protect_rtcp, _unprotect_rtcp = lib.srtp_protect_rtcp, lib.srtp_unprotect_rtcp


class Lane:
    """Where packets of one person come from and packets for them go. Open while DTLS is connected."""

    def __init__(self, dtls: RTCDtlsTransport) -> None:
        self._is_open = False
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
        self._loop: Loop | None = None
        self._record: Any = None
        dtls.on("statechange", self._note_state)

    @property
    def is_open(self) -> bool:
        """Whether packets come and go."""
        return self._is_open

    @is_open.setter
    def is_open(self, is_open: bool) -> None:
        self._is_open = is_open
        self._write_record()

    def take(self, inbox: Inbox, place: int, view: memoryview, at: float) -> "Express | None":
        """Decrypt one packet where it lies and pass it on; give its short way if it took that."""
        router = self.router
        if not self._is_open or router is None:
            return None
        if 192 <= view[1] <= 208:
            if not _unprotect_rtcp(self.receiving, inbox.pointers[place], inbox.length_pointers[place]):
                router.take_rtcp(bytes(view[: inbox.length(place)]), at)
        elif not _unprotect(self.receiving, inbox.pointers[place], inbox.length_pointers[place]):
            length, start = inbox.length(place), _read_start(view)
            express = router.express.get(start[4])
            router.heard_at = at
            self.tell(at)
            if express is not None and express.carry(view, length, start, inbox.stamp, at):
                return express
            router.take_rtp(bytes(view[:length]), at)
        return None

    def enrol(self, loop: Loop) -> Any:
        """Give the compiled loop's record of this connection."""
        if self._record is None:
            self._loop, self._record = loop, loop.new("lane")
            self._write_record()
        return self._record

    def tell(self, at: float) -> None:
        """Let the router know what the compiled loop took in."""
        record, loop, router = self._record, self._loop, self.router
        if record is None or loop is None or router is None:
            return
        router.heard_at = max(router.heard_at, record.heard_at)
        if waiting := record.waiting:
            record.waiting = 0
            router.note_arrivals(loop.row(record.numbers, waiting), loop.row(record.arrived_at, waiting), at)

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
        self._write_record()

    def _send(self, packet: bytes, protect: Any) -> None:
        outbox, port = self.outbox, self.port
        if not self._is_open or outbox is None or port is None or len(packet) > _LONGEST_PLAIN:
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

    def _write_record(self) -> None:
        record, loop, port = self._record, self._loop, self.port
        if record is None or loop is None:
            return
        table = port.table if port is not None else None
        reached = self._is_open and table is not None
        record.receiving = loop.pointer(address_of(self.receiving) if self._is_open else 0)
        record.sending = loop.pointer(address_of(self.sending) if reached else 0)
        record.port = table.port if table is not None else loop.pointer(0)
        record.name = loop.pointer(self.target.pointer if reached else 0)
