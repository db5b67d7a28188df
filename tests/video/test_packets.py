"""RTP, VP8, RED and feedback on the wire: read, renumbered and written as the RFCs say."""

from __future__ import annotations

import struct

import pytest
from aiortc.codecs.vpx import VpxPayloadDescriptor
from aiortc.rtcrtpparameters import RTCRtpHeaderExtensionParameters, RTCRtpParameters
from aiortc.rtp import HeaderExtensionsMap, RtpPacket
from hypothesis import example, given
from hypothesis import strategies as st

from video.media import red, rtp, vp8
from video.media.feedback import Arrivals

numbers16, numbers32 = st.integers(0, 0xFFFF), st.integers(0, 0xFFFFFFFF)


def aiortc_map() -> HeaderExtensionsMap:
    found = HeaderExtensionsMap()
    uris = {1: rtp.MID, 2: rtp.AUDIO_LEVEL, 3: rtp.ABS_SEND_TIME, 5: rtp.TRANSPORT_SEQUENCE}
    found.configure(
        RTCRtpParameters(
            headerExtensions=[RTCRtpHeaderExtensionParameters(id=id_, uri=uri) for id_, uri in uris.items()]
        )
    )
    return found


@given(numbers16, numbers32, st.binary(max_size=40), st.integers(0, 9))
def test_a_packet_is_read_as_its_writer_meant_it(sequence: int, timestamp: int, payload: bytes, padding: int) -> None:
    written = RtpPacket(96, sequence & 1, sequence, timestamp, 0xFFFFFFFE, payload)
    written.extensions.mid, written.extensions.transport_sequence_number = "1", 77
    written.padding_size = padding
    packet = rtp.parse(written.serialize(aiortc_map()))
    assert (packet.sequence, packet.timestamp, packet.payload) == (sequence, timestamp, payload)
    assert (packet.ssrc, packet.payload_type, packet.marker) == (0xFFFFFFFE, 96, sequence & 1)
    assert packet.extensions == {1: b"1", 5: b"\x00M"}


@given(st.binary(max_size=80))
def test_no_bytes_break_the_reader(data: bytes) -> None:
    try:
        packet = rtp.parse(data)
    except rtp.MalformedPacketError:
        return
    assert len(packet.payload) <= len(data)


@given(numbers16, numbers32, st.binary(max_size=30))
def test_what_we_write_others_read(sequence: int, timestamp: int, payload: bytes) -> None:
    header = rtp.Header({rtp.MID: 1, rtp.AUDIO_LEVEL: 2, rtp.ABS_SEND_TIME: 3}, "12", with_level=True)
    data = header.write(111, sequence, timestamp, 99, marker=1, level=0x80 | 30, at=1.5) + payload
    packet = RtpPacket.parse(data, aiortc_map())
    assert (packet.sequence_number, packet.timestamp, packet.ssrc, packet.payload) == (sequence, timestamp, 99, payload)
    assert (packet.extensions.mid, packet.extensions.audio_level) == ("12", (True, 30))
    assert packet.extensions.abs_send_time == int(1.5 * 262144)


def test_a_header_without_extensions_is_twelve_bytes() -> None:
    assert len(rtp.Header({}, "0", with_level=True).write(96, 1, 2, 3, marker=0, level=0, at=0)) == 12


@pytest.mark.parametrize(
    ("sequence", "other", "later"), [(1, 0, True), (0, 0xFFFF, True), (0, 0, False), (0xFFFF, 0, False)]
)
def test_sequence_numbers_go_round(sequence: int, other: int, later: bool) -> None:
    assert rtp.after(sequence, other) is later


def test_a_retransmission_is_unwrapped() -> None:
    packet = rtp.unwrap_rtx(rtp.Packet(97, 5, 9, 8, b"\x01\x02abc", marker=1), 96, 7)
    assert packet is not None
    assert (packet.sequence, packet.payload, packet.payload_type, packet.ssrc) == (0x0102, b"abc", 96, 7)
    assert rtp.unwrap_rtx(rtp.Packet(97, 5, 9, 8, b""), 96, 7) is None


@given(
    st.one_of(st.none(), st.integers(0, 0x7FFF)),
    st.one_of(st.none(), st.integers(0, 255)),
    st.integers(0, 7),
    st.binary(min_size=1, max_size=9),
)
@example(0x7FFF, 255, 0, b"\1")
def test_a_vp8_descriptor_is_found_and_shifted(
    picture: int | None, layer: int | None, partition: int, rest: bytes
) -> None:
    payload = bytes(VpxPayloadDescriptor(1, partition, picture_id=picture, tl0picidx=layer)) + rest
    descriptor = vp8.describe(payload)
    assert descriptor is not None
    assert descriptor.begins_keyframe == (partition == 0 and not rest[0] & 1)
    shifted, after = VpxPayloadDescriptor.parse(vp8.renumber(payload, descriptor, 5, -3))
    assert shifted.picture_id == (None if picture is None else (picture + 5) & 0x7FFF)
    assert shifted.tl0picidx == (None if layer is None else (layer - 3) & 0xFF)
    assert after == rest


@given(st.binary(max_size=8))
def test_no_payload_breaks_the_descriptor(payload: bytes) -> None:
    descriptor = vp8.describe(payload)
    if descriptor is not None:
        assert len(vp8.renumber(payload, descriptor, 1, 1)) == len(payload)


def test_the_newest_block_of_red_is_taken_out() -> None:
    older, newest = b"older", b"newest"
    header = bytes([0x80 | 111]) + (960 << 10 | len(older)).to_bytes(3, "big") + bytes([111])
    assert red.primary(header + older + newest) == newest
    assert red.primary(bytes([111]) + newest) == newest
    assert red.primary(b"\xef") == b""


def feedback_of(arrivals: list[tuple[int, float]]) -> list[bytes]:
    collected = Arrivals()
    for sequence, at in arrivals:
        collected.add(sequence, at)
    return collected.packets(1, 2)


def test_feedback_names_what_came_and_what_did_not() -> None:
    (packet,) = feedback_of([(65534, 1.0), (65535, 1.01), (1, 1.02)])
    assert struct.unpack_from("!BB", packet) == (0xAF, 205)
    assert struct.unpack_from("!HH", packet, 12) == (65534, 4)
    assert int.from_bytes(packet[16:19], "big") == 15  # 1.0 s in steps of 64 ms
    assert struct.unpack_from("!H", packet, 20)[0] == 0xC000 | 1 << 12 | 1 << 10 | 0 << 8 | 1 << 6
    assert list(packet[22:25]) == [160, 40, 40]  # quarter milliseconds


def test_feedback_on_packets_that_all_came_soon_is_one_run() -> None:
    (packet,) = feedback_of([(sequence, 1 + sequence / 1000) for sequence in range(40)])
    assert struct.unpack_from("!H", packet, 20)[0] == 1 << 13 | 40
    assert list(packet[22:62]) == [160] + 39 * [4]


def test_feedback_begins_anew_after_a_leap() -> None:
    (packet,) = feedback_of([(5, 1.0), (20000, 1.1)])
    assert struct.unpack_from("!HH", packet, 12) == (20000, 1)


@given(st.lists(st.tuples(numbers16, st.floats(0, 100)), min_size=1, max_size=60))
def test_feedback_is_always_whole_words(arrivals: list[tuple[int, float]]) -> None:
    for packet in feedback_of(arrivals):
        assert len(packet) == 4 * (struct.unpack_from("!H", packet, 2)[0] + 1)


@pytest.mark.parametrize(
    ("payload", "size"),
    [
        ("10 50 01 00 9d 01 2a 00 05 d0 02", (1280, 720)),
        ("90 80 81 23 50 01 00 9d 01 2a 00 45 d0 82", (1280, 720)),
        ("10 50 01 00 9d 01 2a 00 05 d0", (0, 0)),
    ],
)
def test_a_keyframe_tells_its_size(payload: str, size: tuple[int, int]) -> None:
    data = bytes.fromhex(payload)
    descriptor = vp8.describe(data)
    assert descriptor is not None
    assert descriptor.begins_keyframe
    assert vp8.size(data, descriptor) == size
