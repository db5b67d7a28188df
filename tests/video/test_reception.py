"""Loss, repair and limits, by the moment and without a network."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.video.scenes import NOON, a_token
from video.media import offers
from video.media.ceiling import FREE, LEAST, Ceiling
from video.media.limits import Bucket, UsedTokens
from video.media.reception import ASK_AGAIN_S, GIVE_UP_S, MOST_MISSING, Reception


def received(*sequences: int) -> Reception:
    reception = Reception(90000)
    for sequence in sequences:
        reception.add(sequence, 0, 0.0)
    return reception


def test_a_gap_is_noticed_at_once() -> None:
    assert received(10, 11).add(14, 0, 0.0) == [12, 13]


def test_a_late_packet_closes_the_gap() -> None:
    reception = received(10, 12)
    assert reception.add(11, 0, 0.1) == []
    assert reception.overdue(1.0) == []


def test_a_packet_that_came_before_is_dropped() -> None:
    assert received(10, 11).add(11, 0, 0.0) is None


def test_missing_packets_are_asked_for_again_until_given_up() -> None:
    reception = received(10, 12)
    assert reception.overdue(ASK_AGAIN_S) == [11]
    assert reception.overdue(ASK_AGAIN_S + 0.01) == []
    assert not reception.forget_old(GIVE_UP_S - 0.01)
    assert reception.forget_old(GIVE_UP_S)
    assert reception.overdue(GIVE_UP_S) == []


def test_a_leap_asks_for_nothing_one_by_one() -> None:
    reception = received(10)
    assert reception.add(10 + MOST_MISSING + 1, 0, 0.0) == []
    assert reception.leapt
    assert reception.overdue(1.0) == []
    assert reception.add(10 + MOST_MISSING + 3, 0, 0.0) == [10 + MOST_MISSING + 2]
    assert not reception.leapt


def test_loss_is_counted_since_the_last_summary() -> None:
    reception = received(10, 11, 13)
    summary = reception.summary()
    assert (summary.fraction, summary.lost, summary.highest) == (64, 1, 13)
    reception.add(14, 0, 0.0)
    assert reception.summary().fraction == 0


def test_numbers_go_round_the_corner() -> None:
    assert received(65534, 65535, 0, 1).summary().highest == (1 << 16) + 1


@given(st.lists(st.integers(0, 0xFFFF), min_size=1, max_size=300))
def test_no_order_of_packets_confuses_the_counts(sequences: list[int]) -> None:
    reception = received(*sequences)
    assert 0 <= reception.summary().fraction <= 255


def test_a_quiet_picture_is_not_held_down() -> None:
    assert Ceiling().note(sent=150_000, remb=100_000, loss=0, late_s=0.0) == FREE


def test_a_slow_viewer_lowers_the_ceiling_and_it_rises_again() -> None:
    ceiling = Ceiling()
    assert ceiling.note(sent=1_000_000, remb=500_000, loss=0.05, late_s=0.0) == 500_000
    assert ceiling.note(sent=400_000, remb=500_000, loss=0, late_s=0.0) == 625_000
    for _ in range(20):
        ceiling.note(sent=400_000, remb=None, loss=0, late_s=0.0)
    assert ceiling.limit == FREE


def test_the_ceiling_never_falls_to_nothing() -> None:
    assert Ceiling().note(sent=1000, remb=10, loss=0.9, late_s=2.0) == LEAST


def test_a_bucket_allows_a_burst_and_then_its_rate() -> None:
    bucket = Bucket(rate=2, burst=3)
    assert [bucket.allows(0.0) for _ in range(4)] == [True, True, True, False]
    assert bucket.allows(0.5)
    assert not bucket.allows(0.6)


def test_a_token_is_used_once() -> None:
    used, token = UsedTokens(), a_token()
    assert used.is_first_use(token, now=NOON)
    assert not used.is_first_use(token, now=NOON)


OFFER = "\r\n".join(
    [
        "v=0",
        "a=group:BUNDLE 0 1 2 3",
        "a=ice-lite",
        "m=audio 9 UDP/TLS/RTP/SAVPF 63 111",
        "a=mid:0",
        "a=candidate:1 1 udp 1 10.0.0.1 80 typ host",
        "a=rtpmap:63 red/48000/2",
        "a=fmtp:63 111/111",
        "a=rtpmap:111 opus/48000/2",
        "m=video 9 UDP/TLS/RTP/SAVPF 96",
        "a=mid:1",
        "m=video 9 UDP/TLS/RTP/SAVPF 96",
        "a=mid:2",
        "m=application 9 UDP/DTLS/SCTP webrtc-datachannel",
        "a=mid:3",
        "a=end-of-candidates",
        "",
    ]
)


def test_nobody_makes_the_server_knock_at_an_address() -> None:
    cleaned = offers.clean(OFFER)
    assert "candidate" not in cleaned
    assert "ice-lite" not in cleaned
    assert "63 111" in cleaned


def test_the_streams_that_an_offer_names_are_known_by_their_section() -> None:
    named = "a=mid:1\r\na=ssrc-group:FID 7 8\r\na=ssrc:7 cname:x\r\na=ssrc:7 msid:x\r\na=ssrc:8 cname:x"
    assert offers.sources(OFFER.replace("a=mid:1", named)) == {"0": [], "1": [7, 8], "2": [], "3": []}


def test_redundant_audio_with_other_numbers_is_left_out() -> None:
    cleaned = offers.clean(OFFER.replace("rtpmap:111 opus", "rtpmap:109 opus"))
    assert "red/48000" not in cleaned
    assert "m=audio 9 UDP/TLS/RTP/SAVPF 111\r\n" in cleaned


@pytest.mark.parametrize(
    "offer",
    [
        "",
        "m=audio 9",
        OFFER.replace("m=video", "m=audio", 1),
        OFFER.replace("a=group:BUNDLE", "a=x"),
        OFFER.replace("BUNDLE 0 1 2 3", "BUNDLE 0 1 3"),
        OFFER.replace("a=mid:2", "a=mid:1"),
        OFFER + "m=video 9\r\n" * 40,
    ],
)
def test_an_offer_that_is_not_our_pages_is_refused(offer: str) -> None:
    with pytest.raises(offers.UnfitOfferError):
        offers.clean(offer)


def test_behind_one_to_one_nat_the_public_address_is_named() -> None:
    answer = "m=audio 9\r\na=candidate:1 1 udp 1 10.0.0.1 80 typ host\r\na=candidate:2 1 udp 1 fd00::2 81 typ host\r\n"
    answer += "a=candidate:3 1 udp 1 10.0.0.2 82 typ host\r\n"
    assert (
        offers.with_address(answer, "203.0.113.7") == "m=audio 9\r\na=candidate:1 1 udp 1 203.0.113.7 80 typ host\r\n"
    )
    assert offers.with_address(answer, "") == answer
