"""Parts of aiortc that a forwarder never uses, left out: most of what an offer of twelve cost in time and memory."""

import functools

from aiortc import rtcdtlstransport, rtcrtpreceiver

UNUSED = ("RemoteBitrateEstimator", "JitterBuffer")
"""Names of the module of receivers that are called for each line of an offer."""
_CERTIFICATES = 64


class Unused:
    """Stands where a video receiver would put its bandwidth estimator, of a thousand objects, or its jitter buffer."""

    __slots__ = ()

    def __init__(self, *_: object, **__: object) -> None:
        """Take what the real one would, and keep nothing."""


def settle() -> None:
    """Leave them out, and work out a certificate's fingerprints once, not once a line. Safe to call twice."""
    for name in UNUSED:
        setattr(rtcrtpreceiver, name, Unused)
    digest = rtcdtlstransport.certificate_digest
    if not hasattr(digest, "cache_info"):
        rtcdtlstransport.certificate_digest = functools.lru_cache(_CERTIFICATES)(digest)
