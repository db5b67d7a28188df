"""Whatever a browser sends, it ends in its own stream or nowhere."""

from __future__ import annotations

from aiortc.rtp import RTCP_PSFB_APP, RtcpPacket, RtcpPsfbPacket, RtcpReceiverInfo, RtcpRrPacket, pack_remb_fci
from hypothesis import given
from hypothesis import strategies as st

from tests.video.test_forwarding import FakeWire, a_line
from video.media import rtp
from video.media.layers import Layers
from video.media.lines import Codec, Label
from video.media.router import Router
from video.media.subscription import Subscription

EXTENSIONS = {rtp.MID: 4, rtp.TRANSPORT_SEQUENCE: 5}


def a_router() -> tuple[Router, FakeWire]:
    wire = FakeWire()
    router = Router(wire)  # type: ignore[arg-type]  # a wire that keeps what it is given
    sound = {"codecs": {111: Codec("opus", 48000)}, "mid": "0"}
    for label, changes in ((Label.AUDIO, sound), (Label.CAMERA, {"mid": "1"}), (Label.SCREEN, {"mid": "2"})):
        line = a_line(100 * (1 + len(router.layers)), label, extensions=EXTENSIONS, **changes)
        router.layers[label] = Layers(line, wire)
        router.subscriptions.append(Subscription(line, wire))
    return router, wire


def a_packet(payload_type: int, ssrc: int, mid: str = "", number: int = 1) -> bytes:
    header = rtp.Header({rtp.MID: 4} if mid else {}, mid or "0", with_level=False)
    return header.write(payload_type, number, 0, ssrc, marker=0, level=0, at=0) + b"\x10\x00picture"


def test_a_stream_is_known_by_its_line_even_when_its_number_is_new() -> None:
    router, _ = a_router()
    router.take_rtp(a_packet(96, 9, mid="2"), 0.0)
    router.take_rtp(a_packet(96, 9, number=2), 0.1)
    assert router.layers[Label.SCREEN].streams[0].ssrc == 9
    assert router.layers[Label.CAMERA].streams[0].ssrc is None


def test_sound_is_known_by_its_type() -> None:
    router, _ = a_router()
    router.take_rtp(a_packet(111, 7), 0.0)
    assert router.layers[Label.AUDIO].streams[0].ssrc == 7


def test_a_picture_of_no_known_line_is_dropped() -> None:
    router, _ = a_router()
    router.take_rtp(a_packet(96, 9), 0.0)
    assert router.layers[Label.CAMERA].streams[0].ssrc is None


def test_receiver_reports_go_back_every_second() -> None:
    router, wire = a_router()
    router.take_rtp(a_packet(111, 7), 0.0)
    router.review(1.0)
    reports = [packet for data in wire.rtcp for packet in RtcpPacket.parse(data) if isinstance(packet, RtcpRrPacket)]
    assert [[block.ssrc for block in report.reports] for report in reports] == [[7]]


def test_what_a_listener_loses_is_not_held_against_the_speakers_way() -> None:
    speaker, up = a_router()
    listener, _ = a_router()
    hearing = listener.subscriptions[0]
    hearing.watch(speaker.layers[Label.AUDIO])
    speaker.take_rtp(a_packet(111, 7, mid="0"), 0.0)
    listener.take_rtcp(bytes(RtcpRrPacket(1, [RtcpReceiverInfo(hearing.line.ssrc, 64, 9, 0, 0, 0, 0)])), 0.5)
    speaker.review(1.0)
    (report,) = [packet for data in up.rtcp for packet in RtcpPacket.parse(data)]
    assert isinstance(report, RtcpRrPacket)
    assert report.reports[0].fraction_lost == 0
    assert speaker.layers[Label.AUDIO].lost_to_viewers == 0.25


def test_a_slow_viewer_caps_the_publisher_and_only_then() -> None:
    publisher, up = a_router()
    viewer, _ = a_router()
    watching = viewer.subscriptions[1]
    watching.watch(publisher.layers[Label.CAMERA])
    publisher.take_rtp(a_packet(96, 9, mid="1"), 0.0)

    def second(at: float, loss: int) -> list[RtcpPsfbPacket]:
        up.rtcp.clear()
        watching.octets += 100_000
        blocks = [RtcpReceiverInfo(watching.line.ssrc, loss, 0, 0, 0, 0, 0)]
        remb = RtcpPsfbPacket(RTCP_PSFB_APP, 1, 0, pack_remb_fci(300_000, [watching.line.ssrc]))
        viewer.take_rtcp(bytes(RtcpRrPacket(1, blocks)) + bytes(remb), at)
        viewer.review(at)
        publisher.review(at)
        packets = [packet for data in up.rtcp for packet in RtcpPacket.parse(data)]
        return [packet for packet in packets if isinstance(packet, RtcpPsfbPacket) and packet.fmt == RTCP_PSFB_APP]

    assert second(1.0, loss=0) == []
    assert len(second(2.0, loss=20)) == 1
    assert publisher.quality()["lost_from"] == 0
    assert viewer.quality()["lost_percent"] == 7.8


@given(st.binary(max_size=60), st.booleans())
def test_no_bytes_of_a_browser_break_the_router(data: bytes, as_rtp: bool) -> None:
    router, _ = a_router()
    router.take_rtp(a_packet(96, 9, mid="1"), 0.0)
    (router.take_rtp if as_rtp else router.take_rtcp)(data, 0.1)
    router.take_rtp(b"\x80" + data, 0.2)
    router.take_rtcp(b"\x81\xc9\x00\x07" + data, 0.2)
    router.tend(1.5)
    router.review(2.0)


def test_a_closed_router_sends_nothing_more() -> None:
    router, wire = a_router()
    router.take_rtp(a_packet(96, 9, mid="1"), 0.0)
    router.close()
    assert not wire.is_open
