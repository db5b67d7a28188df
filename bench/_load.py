"""The load of `bench.rooms`: aiortc makes the handshakes, a compiled loop sends and measures."""

from __future__ import annotations

import asyncio
import ctypes
import gc
import hashlib
import shutil
import socket
import struct
import subprocess
import tempfile
import time
from pathlib import Path
from typing import Any

import aioice.ice
import numpy as np
from aiortc import RTCBundlePolicy, RTCConfiguration, RTCPeerConnection, RTCRtpTransceiver, rtcrtpreceiver, rtcrtpsender
from pylibsrtp._binding import ffi, lib

from video.media import codecs, rtp

SOURCE = Path(__file__).with_name("_load.c")
_SLICE_S = 0.005
"""How long the loop runs before ICE's own packets are answered: a long pause would end in a burst."""
_MOST_DELAYS = 4_000_000
_LONGEST_DATAGRAM = 2048


class CannotLoadError(RuntimeError):
    """The load cannot be made here; the words say what to install."""


class _Control(ctypes.Structure):
    _fields_ = (
        ("connection", ctypes.c_int),
        ("length", ctypes.c_int),
        ("address", ctypes.c_uint32),
        ("port", ctypes.c_uint16),
        ("data", ctypes.c_ubyte * _LONGEST_DATAGRAM),
    )


class _Figures(ctypes.Structure):
    _fields_ = (
        ("sent", ctypes.c_uint64),
        ("received", ctypes.c_uint64),
        ("repaired", ctypes.c_uint64),
        ("refused", ctypes.c_uint64),
        ("keyframe_requests", ctypes.c_uint64),
        ("nacks", ctypes.c_uint64),
        ("reports", ctypes.c_uint64),
        ("feedback", ctypes.c_uint64),
        ("sent_bytes", ctypes.c_uint64),
        ("latest_ns", ctypes.c_uint64),
        ("delays", ctypes.c_uint64),
    )


async def _nothing(*_: object) -> None:
    """Stand in for aiortc's own sending and receiving."""


class Participant:
    """One person's connection: offered by aiortc, then taken over by the loop."""

    def __init__(self) -> None:
        self.pc = RTCPeerConnection(RTCConfiguration(iceServers=[], bundlePolicy=RTCBundlePolicy.MAX_BUNDLE))

    async def connected(self) -> None:
        """Wait for ICE and DTLS."""
        async with asyncio.timeout(30):
            while self.pc.connectionState != "connected":
                if self.pc.connectionState in ("failed", "closed"):
                    raise RuntimeError("A participant did not connect.")
                await asyncio.sleep(0.01)

    def publishing(self) -> list[RTCRtpTransceiver]:
        """Give the first line that may send, of each kind."""
        first: dict[str, RTCRtpTransceiver] = {}
        for each in self.pc.getTransceivers():
            if each.currentDirection in ("sendrecv", "sendonly"):
                first.setdefault(each.kind, each)
        return list(first.values())


class Load:
    """All participants together, and what they measured."""

    def __init__(self, address: str) -> None:
        self.participants: list[Participant] = []
        self._protocols: list[Any] = []
        _settle(address)
        self._lib = _compiled()
        at = [ctypes.c_void_p(_address(ffi.addressof(lib, f"srtp_{name}"))) for name in _SRTP]
        self._lib.load_begin(*at, ctypes.c_size_t(_MOST_DELAYS))

    def take(self, participant: Participant) -> None:
        """Hand a connected participant's socket and keys to the loop, and begin to send."""
        dtls = participant.pc.getTransceivers()[0].receiver.transport
        pair = dtls.transport._connection._nominated[1]
        descriptor = pair.protocol.transport.get_extra_info("socket").fileno()
        asyncio.get_running_loop()._remove_reader(descriptor)  # type: ignore[attr-defined]
        lines = participant.publishing()
        repairs = [
            codec.payloadType
            for line in participant.pc.getTransceivers()
            for codec in line._codecs
            if codec.name == "rtx"
        ]
        index = self._lib.load_connection(
            descriptor,
            pair.remote_addr[0].encode(),
            pair.remote_addr[1],
            *(ctypes.c_void_p(_address(each._srtp[0])) for each in (dtls._tx_srtp, dtls._rx_srtp)),
            ctypes.c_uint32(participant.pc.getTransceivers()[0].sender._ssrc),
            repairs[0] if repairs else 0,
        )
        for line in lines:
            self._publish(index, line)
        self.participants.append(participant)
        self._protocols.append(pair.protocol)

    async def run(self, seconds: float) -> None:
        """Send and measure for a while; ICE's own packets go on being answered."""
        end = time.monotonic() + seconds
        gc.freeze()  # or the load pauses while Python looks at every connection
        while (left := end - time.monotonic()) > 0:
            self._lib.load_run(ctypes.c_int64(int(min(left, _SLICE_S) * 1e9)))
            self._pass_on()
            await asyncio.sleep(0)

    async def measure(self, seconds: float) -> dict[str, Any]:
        """Measure for a while: packets, loss in percent, added delay in ms."""
        self._lib.load_measure(1, max(1, len(self.participants) // 8))
        begun = time.monotonic()
        await self.run(seconds)
        took = time.monotonic() - begun
        self._lib.load_measure(0, 8)
        figures = _Figures()
        self._lib.load_figures(ctypes.byref(figures))
        expected, got, heard = (ctypes.c_uint64() for _ in range(3))
        self._lib.load_loss(*(ctypes.byref(each) for each in (expected, got, heard)))
        delays = np.ctypeslib.as_array(self._lib.load_delays(), (max(1, figures.delays),))[: figures.delays] / 1000
        return {
            "sent_per_s": round(figures.sent / took),
            "received_per_s": round(figures.received / took),
            "streams": heard.value,
            "loss_percent": round(100 * (1 - got.value / expected.value), 3) if expected.value else 100.0,
            "p50_ms": round(float(np.percentile(delays, 50)), 2) if figures.delays else None,
            "p99_ms": round(float(np.percentile(delays, 99)), 2) if figures.delays else None,
            "sent_late_ms": round(figures.latest_ns / 1e6, 1),
            "keyframe_requests": figures.keyframe_requests,
            "feedback_per_s": round(figures.feedback / took),
            "refused": figures.refused,
        }

    def _publish(self, index: int, line: RTCRtpTransceiver) -> None:
        name = "opus" if line.kind == "audio" else "VP8"
        codec = next(each for each in line._codecs if each.name.lower() == name.lower())
        block, sent_at, transport_at = _extensions(line)
        self._lib.load_stream(
            index,
            int(line.kind == "video"),
            codec.payloadType,
            ctypes.c_uint32(line.sender._ssrc),
            block,
            len(block),
            sent_at,
            transport_at,
        )

    def _pass_on(self) -> None:
        number = ctypes.c_int()
        controls = self._lib.load_controls(ctypes.byref(number))
        for control in controls[: number.value]:
            sender = (socket.inet_ntoa(struct.pack("<I", control.address)), control.port)
            self._protocols[control.connection].datagram_received(bytes(control.data[: control.length]), sender)


_SRTP = ("protect", "unprotect", "protect_rtcp", "unprotect_rtcp")


def _settle(address: str) -> None:
    """Keep aiortc from coding and decoding, and on one address."""
    codecs.settle()
    aioice.ice.get_host_addresses = lambda use_ipv4, use_ipv6: [address]
    aioice.ice.CONSENT_FAILURES = 1000
    rtcrtpsender.RTCRtpSender.send = _nothing  # type: ignore[method-assign,assignment]
    rtcrtpreceiver.RTCRtpReceiver.receive = _nothing  # type: ignore[method-assign,assignment]


def _compiled() -> ctypes.CDLL:
    """Build the loop, once for each version of its source. Raises `CannotLoadError`."""
    compiler = shutil.which("cc") or shutil.which("gcc")
    if compiler is None:
        raise CannotLoadError("The load needs a C compiler: apt-get install gcc libc6-dev")
    digest = hashlib.sha256(SOURCE.read_bytes()).hexdigest()[:12]
    built = Path(tempfile.gettempdir()) / f"stillpoint-load-{digest}.so"
    if not built.exists():
        command = [compiler, "-O2", "-shared", "-fPIC", "-o", str(built), str(SOURCE)]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        if done.returncode:
            raise CannotLoadError(f"The load could not be built (apt-get install gcc libc6-dev): {done.stderr[-500:]}")
    loop = ctypes.CDLL(str(built))
    loop.load_delays.restype = ctypes.POINTER(ctypes.c_uint32)
    loop.load_controls.restype = ctypes.POINTER(_Control)
    return loop


def _address(pointer: Any) -> int:
    return int(ffi.cast("uintptr_t", ffi.cast("void *", pointer)))


def _extensions(line: RTCRtpTransceiver) -> tuple[bytes, int, int]:
    """Lay out the header extensions as a browser does; give the offsets of send time and transport number, or -1."""
    ids = {extension.uri: extension.id for extension in line._headerExtensions}
    mid = (line.mid or "").encode()
    block, sent_at, transport_at = b"", -1, -1
    if rtp.MID in ids and mid:
        block += bytes([(ids[rtp.MID] << 4) | (len(mid) - 1)]) + mid
    if rtp.ABS_SEND_TIME in ids and line.kind == "video":
        sent_at = 4 + len(block) + 1
        block += bytes([(ids[rtp.ABS_SEND_TIME] << 4) | 2, 0, 0, 0])
    if rtp.AUDIO_LEVEL in ids and line.kind == "audio":
        block += bytes([ids[rtp.AUDIO_LEVEL] << 4, 30])
    if rtp.TRANSPORT_SEQUENCE in ids:
        transport_at = 4 + len(block) + 1
        block += bytes([(ids[rtp.TRANSPORT_SEQUENCE] << 4) | 1, 0, 0])
    block += bytes(-len(block) % 4)
    return (struct.pack("!HH", 0xBEDE, len(block) // 4) + block if block else b""), sent_at, transport_at
