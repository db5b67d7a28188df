"""A stream on its way from one person to another: repaired, renumbered, and unbroken when its source changes."""

from __future__ import annotations

from dataclasses import dataclass, field

from aiortc.codecs.vpx import VpxPayloadDescriptor
from aiortc.rtp import RTCP_PSFB_PLI, RtcpPacket, RtcpPsfbPacket, RtcpRtpfbPacket, RtcpSenderInfo, RtcpSrPacket

from video.media import rtp
from video.media.lines import Codec, Label, Line
from video.media.publication import Publication
from video.media.subscription import Subscription

CODECS = {96: Codec("vp8", 90000), 97: Codec("rtx", 90000, repairs=96)}


@dataclass(slots=True)
class FakeWire:
    """Keeps what was sent."""

    is_open: bool = True
    rtp: list[rtp.Packet] = field(default_factory=list)
    rtcp: list[bytes] = field(default_factory=list)

    def follow(self) -> None:
        """Go nowhere: there is one path."""

    def send_rtp(self, packet: bytes) -> None:
        self.rtp.append(rtp.parse(packet))

    def send_rtcp(self, packet: bytes) -> None:
        self.rtcp.append(packet)

    @property
    def keyframe_requests(self) -> int:
        packets = [packet for data in self.rtcp for packet in RtcpPacket.parse(data)]
        return sum(isinstance(packet, RtcpPsfbPacket) and packet.fmt == RTCP_PSFB_PLI for packet in packets)


def a_line(ssrc: int, label: Label = Label.CAMERA, **changes: object) -> Line:
    usual = {
        "mid": "1",
        "slot": 0,
        "label": label,
        "codecs": CODECS,
        "extensions": {},
        "ssrc": ssrc,
        "rtx_ssrc": ssrc + 1,
    }
    return Line(**(usual | changes))  # type: ignore[arg-type]  # a builder's defaults


class Scene:
    """Alice publishes, Ines watches."""

    def __init__(self) -> None:
        self.up, self.down = FakeWire(), FakeWire()
        self.alice = Publication(a_line(50), self.up)
        self.watching = Subscription(a_line(70), self.down)
        self.watching.attach(self.alice)

    def publish(
        self, sequence: int, *, key: bool = False, of: Publication | None = None, ssrc: int = 1000, picture: int = 9
    ) -> None:
        descriptor = bytes(VpxPayloadDescriptor(1, 0, picture_id=picture, tl0picidx=3))
        payload = descriptor + (b"\x00key" if key else b"\x01delta")
        (of or self.alice).take(
            rtp.Packet(96, sequence & 0xFFFF, 3000 * sequence & 0xFFFFFFFF, ssrc, payload), sequence / 30
        )

    @property
    def sequences(self) -> list[int]:
        first = self.down.rtp[0].sequence
        return [(packet.sequence - first) & 0xFFFF for packet in self.down.rtp if packet.ssrc == 70]


def test_watching_begins_with_a_whole_picture() -> None:
    scene = Scene()
    scene.publish(1)
    assert scene.down.rtp == []
    assert scene.up.keyframe_requests == 1
    scene.publish(2, key=True)
    scene.publish(3)
    assert scene.sequences == [0, 1]


def test_a_stream_goes_on_past_the_end_of_the_numbers() -> None:
    scene = Scene()
    scene.publish(60000, key=True)
    for sequence in range(60001, 60001 + 70000):
        scene.publish(sequence)
    assert len(scene.down.rtp) == 70001


def test_a_lost_packet_is_asked_for_and_passed_on_when_it_comes() -> None:
    scene = Scene()
    scene.publish(1, key=True)
    scene.publish(3)
    nacks = [
        packet for data in scene.up.rtcp for packet in RtcpPacket.parse(data) if isinstance(packet, RtcpRtpfbPacket)
    ]
    assert [packet.lost for packet in nacks] == [[2]]
    original = bytes(VpxPayloadDescriptor(1, 0, picture_id=9, tl0picidx=3)) + b"\x01delta"
    scene.alice.take(rtp.Packet(97, 900, 6000, 1001, b"\x00\x02" + original), 0.2)
    assert scene.sequences == [0, 2, 1]


def test_a_leap_asks_for_a_whole_picture() -> None:
    scene = Scene()
    scene.publish(1, key=True)
    scene.alice._asked_keyframe_at = 0.0
    scene.publish(5000)
    assert scene.up.keyframe_requests == 1


def test_what_stays_missing_is_asked_for_again_and_then_given_up() -> None:
    scene = Scene()
    scene.publish(30, key=True)
    scene.publish(32)
    scene.alice.tend(32 / 30 + 0.2)
    nacks = [
        packet for data in scene.up.rtcp for packet in RtcpPacket.parse(data) if isinstance(packet, RtcpRtpfbPacket)
    ]
    assert [packet.lost for packet in nacks] == [[31], [31]]
    scene.alice._asked_keyframe_at = 0.0
    scene.alice.tend(32 / 30 + 1.5)
    assert scene.up.keyframe_requests == 1


def test_the_viewers_loss_is_repaired_from_the_cache() -> None:
    scene = Scene()
    scene.publish(1, key=True)
    scene.publish(2)
    lost = scene.down.rtp[1]
    nack = RtcpRtpfbPacket(fmt=1, ssrc=1, media_ssrc=70)
    nack.lost = [lost.sequence]
    scene.watching.heed(nack)
    repair = scene.down.rtp[-1]
    assert (repair.ssrc, repair.payload_type) == (71, 97)
    assert repair.payload == lost.sequence.to_bytes(2, "big") + lost.payload


def test_what_was_never_sent_is_not_repaired() -> None:
    scene = Scene()
    scene.publish(1)
    scene.publish(2, key=True)
    before = (scene.down.rtp[0].sequence - 1) & 0xFFFF
    scene.watching.retransmit([before])
    assert len(scene.down.rtp) == 1


def test_a_changed_source_looks_like_one_stream() -> None:
    scene = Scene()
    scene.publish(1, key=True, picture=40)
    scene.publish(2, picture=41)
    again = Publication(a_line(52), FakeWire())
    scene.watching.attach(again)
    scene.publish(500, of=again, ssrc=2000)
    scene.publish(501, key=True, of=again, ssrc=2000, picture=7)
    assert scene.sequences == [0, 1, 2]
    pictures = [VpxPayloadDescriptor.parse(packet.payload)[0].picture_id for packet in scene.down.rtp]
    assert [(picture - pictures[0]) & 0x7FFF for picture in pictures] == [0, 1, 2]
    assert {packet.ssrc for packet in scene.down.rtp} == {70}
    steps = [(b.timestamp - a.timestamp) & 0xFFFFFFFF for a, b in zip(scene.down.rtp, scene.down.rtp[1:], strict=False)]
    assert all(0 < step < 90000 for step in steps)


def test_a_publisher_whose_ssrc_changes_is_the_same_stream() -> None:
    scene = Scene()
    scene.publish(1, key=True)
    scene.publish(30000, key=True, ssrc=3000)
    assert scene.sequences == [0, 1]


def test_a_viewer_asks_for_a_whole_picture_not_too_often() -> None:
    scene = Scene()
    scene.publish(1, key=True)
    pli = RtcpPsfbPacket(fmt=RTCP_PSFB_PLI, ssrc=1, media_ssrc=70)
    for _ in range(5):
        scene.watching.heed(pli)
    assert scene.up.keyframe_requests == 1


def test_the_senders_clock_is_passed_on_in_the_viewers_numbers() -> None:
    scene = Scene()
    scene.publish(1, key=True)
    shift = scene.down.rtp[0].timestamp - 3000
    scene.alice.relay(RtcpSrPacket(1000, RtcpSenderInfo(123 << 32, 90000, 1, 1)), 5.0)
    (report, *_) = RtcpPacket.parse(scene.down.rtcp[-1])
    assert isinstance(report, RtcpSrPacket)
    assert (report.ssrc, report.sender_info.ntp_timestamp) == (70, 123 << 32)
    assert report.sender_info.rtp_timestamp == (90000 + shift) & 0xFFFFFFFF


def test_nothing_is_sent_over_a_closed_wire() -> None:
    scene = Scene()
    scene.down.is_open = False
    scene.publish(1, key=True)
    assert scene.down.rtp == []
    scene.down.is_open = True
    scene.publish(2)
    scene.publish(3, key=True)
    assert scene.sequences == [0]


def test_redundant_sound_is_taken_apart_for_who_cannot_read_it() -> None:
    wire = FakeWire()
    speaking = Publication(
        a_line(50, Label.AUDIO, codecs={63: Codec("red", 48000), 111: Codec("opus", 48000)}), FakeWire()
    )
    hearing = Subscription(a_line(70, Label.AUDIO, codecs={109: Codec("opus", 48000)}), wire)
    hearing.attach(speaking)
    speaking.take(rtp.Packet(63, 1, 960, 9, bytes([111]) + b"voice"), 0.0)
    assert [(packet.payload_type, packet.payload) for packet in wire.rtp] == [(109, b"voice")]
