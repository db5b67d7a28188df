"""What the media server leans on inside aiortc and aioice is still there: an upgrade that moves it fails here."""

from __future__ import annotations

import inspect
from importlib.metadata import version

import aioice.ice
from aiortc import RTCBundlePolicy, RTCConfiguration, RTCPeerConnection
from aiortc.codecs import CODECS, HEADER_EXTENSIONS

from tests.video.media_server import awaited
from video.media import addresses, codecs


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
                (dtls, ("_handle_rtp_data", "_handle_rtcp_data", "_tx_srtp", "state")),
                (dtls.transport, ("_connection",)),
                (dtls.transport._connection, ("_nominated",)),
            )
            for name in names
            if not hasattr(owner, name)
        ]
        assert missing == []
        assert list(inspect.signature(dtls._handle_rtp_data).parameters) == ["data", "arrival_time_ms"]
        assert list(inspect.signature(dtls._handle_rtcp_data).parameters) == ["data"]
    finally:
        await connection.close()


def test_packets_go_where_we_stand() -> None:
    source = inspect.getsource(type(_dtls())._recv_next)
    assert "self._handle_rtp_data(data, arrival_time_ms=arrival_time_ms)" in source
    assert "self._handle_rtcp_data(data)" in source


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
