"""What we offer to forward, written into aiortc's tables once at the start of the process."""

from aiortc.codecs import CODECS, HEADER_EXTENSIONS
from aiortc.rtcrtpparameters import RTCRtcpFeedback, RTCRtpCodecParameters, RTCRtpHeaderExtensionParameters

from video.media.rtp import REPAIRED_RID, RID, TRANSPORT_SEQUENCE

_TRANSPORT_CC = RTCRtcpFeedback(type="transport-cc")
_START = {"x-google-start-bitrate": 1000, "x-google-min-bitrate": 150, "x-google-max-bitrate": 2500}  # kbit/s


def settle() -> None:
    """Leave VP8, Opus and RED, with transport-wide feedback and several sizes. Safe to call twice."""
    CODECS["audio"][:] = [_red(), _opus()]
    CODECS["video"][:] = [_vp8(), _rtx()]
    for kind, uris in (("audio", (TRANSPORT_SEQUENCE,)), ("video", (TRANSPORT_SEQUENCE, RID, REPAIRED_RID))):
        for number, uri in enumerate(uris, 5):
            if all(extension.uri != uri for extension in HEADER_EXTENSIONS[kind]):
                HEADER_EXTENSIONS[kind].append(RTCRtpHeaderExtensionParameters(id=number, uri=uri))


def _opus() -> RTCRtpCodecParameters:
    return RTCRtpCodecParameters(
        mimeType="audio/opus",
        clockRate=48000,
        channels=2,
        payloadType=111,
        rtcpFeedback=[_TRANSPORT_CC],
        parameters={"minptime": 10, "useinbandfec": 1},
    )


def _red() -> RTCRtpCodecParameters:
    """Each packet carries the one before it too (RFC 2198): loss of one packet is not heard."""
    return RTCRtpCodecParameters(
        mimeType="audio/red", clockRate=48000, channels=2, payloadType=63, parameters={"111/111": None}
    )


def _vp8() -> RTCRtpCodecParameters:
    return RTCRtpCodecParameters(
        mimeType="video/VP8",
        clockRate=90000,
        payloadType=97,
        rtcpFeedback=[
            RTCRtcpFeedback(type="nack"),
            RTCRtcpFeedback(type="nack", parameter="pli"),
            RTCRtcpFeedback(type="ccm", parameter="fir"),
            RTCRtcpFeedback(type="goog-remb"),
            _TRANSPORT_CC,
        ],
        parameters=dict(_START),
    )


def _rtx() -> RTCRtpCodecParameters:
    return RTCRtpCodecParameters(mimeType="video/rtx", clockRate=90000, payloadType=98, parameters={"apt": 97})
