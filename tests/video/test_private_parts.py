"""What the media server leans on inside aiortc and aioice is still there: an upgrade that moves it fails here."""

from __future__ import annotations

import inspect
from importlib.metadata import version

import aioice.ice
from aiortc import RTCBundlePolicy, RTCCertificate, RTCConfiguration, RTCPeerConnection, RTCRtpReceiver, rtcrtpreceiver
from aiortc.codecs import CODECS, HEADER_EXTENSIONS
from aiortc.rtcdtlstransport import SRTP_PROFILES
from pylibsrtp import Policy, Session
from pylibsrtp._binding import ffi, lib

from tests.video.media_server import awaited
from video.media import addresses, codecs, lean


def test_the_versions_are_the_ones_we_know() -> None:
    assert (version("aiortc"), version("aioice")) == ("1.16.0", "0.13.0")


@awaited
async def test_a_transceiver_has_what_we_read_and_replace() -> None:
    connection = RTCPeerConnection(RTCConfiguration(iceServers=[], bundlePolicy=RTCBundlePolicy.MAX_BUNDLE))
    try:
        transceiver = connection.addTransceiver("video")
        dtls = transceiver.receiver.transport
        missing = [
            f"{type(owner).__name__}.{name}"
            for owner, names in (
                (transceiver, ("_codecs", "_headerExtensions")),
                (transceiver.sender, ("_ssrc", "_rtx_ssrc", "_stream_id", "_track_id", "send")),
                (transceiver.receiver, ("receive",)),
                (dtls, ("_rx_srtp", "_tx_srtp", "state")),
                (dtls.transport, ("_connection",)),
                (
                    dtls.transport._connection,
                    ("_nominated", "_protocols", "get_component_candidates", "data_received", "local_username"),
                ),
            )
            for name in names
            if not hasattr(owner, name)
        ]
        assert missing == []
        gather = inspect.signature(dtls.transport._connection.get_component_candidates)
        assert list(gather.parameters) == ["component", "addresses", "timeout"]
    finally:
        await connection.close()


def test_keys_can_be_used_where_packets_lie() -> None:
    session = Session(
        Policy(key=bytes(44), ssrc_type=Policy.SSRC_ANY_OUTBOUND, srtp_profile=SRTP_PROFILES[0].libsrtp_profile)
    )
    packet = ffi.new("char[]", b"\x80" + bytes(63) + bytes(148))
    length = ffi.new("int *", 64)
    assert lib.srtp_protect(session._srtp[0], packet, length) == 0
    assert length[0] == 64 + 16


def test_the_quickest_keys_are_asked_for_first() -> None:
    assert SRTP_PROFILES[0].openssl_profile.startswith(b"SRTP_AEAD_AES")


def test_a_shared_port_stands_where_a_socket_of_ones_own_would() -> None:
    source = inspect.getsource(aioice.ice.Connection.gather_candidates)
    assert "self.get_component_candidates(component=component, addresses=addresses)" in source
    assert "self.transport.sendto(" in inspect.getsource(aioice.ice.StunProtocol.send_stun)
    assert "self.transport.close()" in inspect.getsource(aioice.ice.StunProtocol.close)


def test_a_candidate_pair_leads_to_a_socket() -> None:
    assert hasattr(aioice.ice.CandidatePair, "remote_addr")
    assert "self.transport" in inspect.getsource(aioice.ice.StunProtocol.connection_made)
    assert "self.protocol = protocol" in inspect.getsource(aioice.ice.CandidatePair.__init__)


def test_addresses_are_gathered_where_we_add_ours() -> None:
    assert "get_host_addresses(" in inspect.getsource(aioice.ice.Connection.gather_candidates)
    stock = aioice.ice.get_host_addresses
    try:
        addresses.settle(loopback=True)
        addresses.settle(loopback=True)
        assert aioice.ice.get_host_addresses(use_ipv4=True, use_ipv6=False).count("127.0.0.1") == 1
    finally:
        aioice.ice.get_host_addresses = stock


def test_only_what_is_forwarded_is_offered() -> None:
    codecs.settle()
    assert [codec.name for codec in CODECS["audio"]] == ["red", "opus"]
    assert [codec.name for codec in CODECS["video"]] == ["VP8", "rtx"]
    assert len({extension.id for extension in HEADER_EXTENSIONS["video"]}) == len(HEADER_EXTENSIONS["video"])


def _dtls() -> object:
    from aiortc import RTCCertificate, RTCDtlsTransport, RTCIceGatherer, RTCIceTransport

    return RTCDtlsTransport(RTCIceTransport(RTCIceGatherer(iceServers=[])), [RTCCertificate.generateCertificate()])


def test_what_is_never_used_can_be_left_out() -> None:
    called = RTCRtpReceiver.__init__.__code__.co_names
    assert [name for name in lean.UNUSED if name not in called or not hasattr(rtcrtpreceiver, name)] == []
    assert "certificate_digest" in RTCCertificate.getFingerprints.__code__.co_consts[1].co_names
