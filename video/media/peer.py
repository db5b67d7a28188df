"""One person's connection: aiortc makes the handshakes, packets go past it from wire to wire."""

import asyncio
import time
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from aiortc import (
    RTCBundlePolicy,
    RTCConfiguration,
    RTCDataChannel,
    RTCDtlsTransport,
    RTCPeerConnection,
    RTCRtpTransceiver,
    RTCSessionDescription,
)

from video.media import beats, offers, restart
from video.media.lane import Lane
from video.media.layers import Layers
from video.media.lines import LABELS, Codec, Label, Line
from video.media.ports import Ports
from video.media.router import Router
from video.media.subscription import Subscription

_BEAT = "heartbeat"
ECHOED = {_BEAT: beats.LONGEST, "probe": 1200}
"""The data channels whose messages go back as they came, and how long these may be, in bytes."""
SILENT_AFTER_S = 1.2


class Peer:
    """One RTCPeerConnection of one page. `generation` is the page's number for it."""

    def __init__(self, person: str, generation: int, ports: Ports, *, public_ip: str = "") -> None:
        self.person = person
        self.generation = generation
        self.started_at = time.monotonic()
        self.router: Router | None = None
        self.slots: dict[int, str] = {}
        self._ports = ports
        self._public_ip = public_ip
        self.connected_at: float | None = None
        self.beat_at = 0.0
        self._offer = self._answer = ""
        self._connection = RTCPeerConnection(RTCConfiguration(iceServers=[], bundlePolicy=RTCBundlePolicy.MAX_BUNDLE))
        self._connection.on("datachannel", self._echo)

    @property
    def is_connected(self) -> bool:
        """Whether packets can flow."""
        return self.router is not None and self.router.wire.is_open

    @property
    def is_dead(self) -> bool:
        """Whether this connection will never carry anything again."""
        return self._connection.connectionState in ("failed", "closed")

    def flows(self, at: float) -> bool | None:
        """Whether anything came lately from the page; None before the first beat."""
        heard_at = max(self.beat_at, self.router.heard_at if self.router is not None else 0.0)
        return at - heard_at < SILENT_AFTER_S if self.is_connected and heard_at else None

    async def answer(self, offer: str) -> str:
        """Answer the page's one offer. Raises `UnfitOfferError`, or whatever aiortc raises at SDP it cannot read."""
        offer = offers.clean(offer)
        await asyncio.sleep(0)  # between the steps packets have their turn: an offer for twelve is long
        await self._connection.setRemoteDescription(RTCSessionDescription(offer, "offer"))
        await asyncio.sleep(0)
        rids = offers.sizes(offer)
        self.router = _take_over(self._connection.getTransceivers(), self._ports, rids)
        _expect(self.router, offers.sources(offer))
        await asyncio.sleep(0)
        await self._connection.setLocalDescription()
        self._offer = offer
        answer = offers.with_sizes(self._connection.localDescription.sdp, rids)
        self._answer = offers.with_address(answer, self._public_ip)
        return self._answer

    def on_connected(self, tell: Callable[[], object]) -> None:
        """Call back, once and a turn of the loop later, when packets begin to flow."""

        @self._connection.on("connectionstatechange")
        def note() -> None:
            if self._connection.connectionState == "connected" and self.connected_at is None:
                self.connected_at = time.monotonic()
                asyncio.get_running_loop().call_soon(tell)

    def answer_again(self, offer: str) -> str | None:
        """Answer a later offer of the same connection: restart ICE if it asks for that. None when it is another's."""
        offer = offers.clean(offer)
        if self.router is None or self.is_dead or not restart.is_same_connection(self._offer, offer):
            return None
        theirs = restart.credentials_of(offer)
        if theirs != restart.credentials_of(self._offer):
            ice = self._connection.getTransceivers()[0].receiver.transport.transport._connection
            self._answer = restart.with_credentials(self._answer, restart.restart(ice, theirs))
            self._offer = offer
        return self._answer

    def follow(
        self, others: Mapping[str, "Peer"], *, with_pictures: bool = True, silent: frozenset[str] = frozenset()
    ) -> bool:
        """Watch the others and hear all but the silent, each in the slot they have. True when the slots changed."""
        if self.router is None:
            return False
        slots = _placed(self.slots, list(others), free=self.router.slots)
        for subscription in self.router.subscriptions:
            person = slots.get(subscription.line.slot, "")
            other = others.get(person)
            is_wanted = with_pictures if subscription.line.label.is_video else person not in silent
            router = other.router if other is not None and is_wanted else None
            subscription.watch(router.layers.get(subscription.line.label) if router else None)
        changed, self.slots = slots != self.slots, slots
        return changed

    def quality(self) -> dict[str, Any]:
        """Sum up the connection without content: round trip in ms, loss in percent as the person saw it."""
        return self.router.quality() if self.router is not None else {}

    async def close(self) -> None:
        """Hang up."""
        if self.router is not None:
            self.router.close()
        await self._connection.close()

    def _echo(self, channel: RTCDataChannel) -> None:
        """Send heartbeats back: the page's sign that the path is alive, and ours that the page is there."""

        @channel.on("message")
        def answer(message: str | bytes) -> None:
            if len(message) <= ECHOED.get(channel.label, -1) and channel.readyState == "open":
                self.beat_at = time.monotonic()
                is_beat = channel.label == _BEAT and isinstance(message, str)
                channel.send(self._heeded(str(message)) if is_beat else message)

    def _heeded(self, beat: str) -> str:
        """Note how large the page shows whom; answer with what it should know of its own streams."""
        if self.router is None:
            return beat
        self.router.note_heights(beats.heights(beat))
        sound, camera = self.router.layers[Label.AUDIO], self.router.layers[Label.CAMERA]
        return beats.answer(beat, lost=sound.lost_to_viewers, top=camera.top)


def _take_over(transceivers: list[RTCRtpTransceiver], ports: Ports, rids: tuple[str, ...]) -> Router:
    """Set aiortc's decoders and encoders aside and stand where its RTP would go."""
    dtls: RTCDtlsTransport = transceivers[0].receiver.transport
    wire = Lane(dtls)
    router = wire.router = Router(wire)
    ports.serve(dtls.transport._connection, wire)
    for place, transceiver in enumerate(transceivers):
        slot, which = divmod(place, len(LABELS))
        label = LABELS[which]
        if label.is_video != (transceiver.kind == "video"):
            raise offers.UnfitOfferError("The lines of the offer are in another order than the room's.")
        transceiver.direction = "sendrecv" if slot == 0 else "sendonly"
        transceiver.sender._stream_id = f"slot{slot}" + ("-screen" if label is Label.SCREEN else "")
        transceiver.sender._track_id = f"slot{slot}-{label}"
        _replace(transceiver.sender, "send", _nothing)
        _replace(transceiver.receiver, "receive", _nothing)
        line = _line(transceiver, slot, label)
        router.subscriptions.append(Subscription(line, wire))
        if slot == 0:
            router.layers[label] = Layers(line, wire, rids if label is Label.CAMERA else ())
    dtls.on("statechange", router.note_state)
    return router


def _expect(router: Router, sources: Mapping[str, list[int]]) -> None:
    """Know the SSRCs that the offer names; of several sizes it names none."""
    for layers in router.layers.values():
        for ssrc in [] if layers.is_layered else sources.get(layers.line.mid, []):
            router.expect(ssrc, layers.streams[0])


def _replace(owner: object, name: str, value: object) -> None:
    """Put ours in place of a method of one instance."""
    setattr(owner, name, value)


async def _nothing(*_: object) -> None:
    """Stand in for aiortc's own sending and receiving."""


def _line(transceiver: RTCRtpTransceiver, slot: int, label: Label) -> Line:
    codecs = {
        codec.payloadType: Codec(codec.name.lower(), codec.clockRate, _repaired_by(codec.parameters.get("apt")))
        for codec in transceiver._codecs
        if codec.payloadType is not None
    }
    return Line(
        mid=transceiver.mid or "",
        slot=slot,
        label=label,
        codecs=codecs,
        extensions={extension.uri: extension.id for extension in transceiver._headerExtensions},
        ssrc=transceiver.sender._ssrc,
        rtx_ssrc=transceiver.sender._rtx_ssrc,
    )


def _repaired_by(value: object) -> int | None:
    return value if isinstance(value, int) else None


def _placed(before: Mapping[int, str], people: Iterable[str], *, free: int) -> dict[int, str]:
    """Give each person a slot, the one they had if they had one; the first, for the stage, is never left empty."""
    people = list(people)
    slots = {slot: person for slot, person in before.items() if person in people}
    if slots and 0 not in slots:
        slots[0] = slots.pop(max(slots))
    for person in people:
        if person not in slots.values():
            slot = next((slot for slot in range(free) if slot not in slots), None)
            if slot is not None:
                slots[slot] = person
    return slots
