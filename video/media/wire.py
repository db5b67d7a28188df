"""What a stream needs to know of a connection's way out."""

from typing import Protocol


class Wire(Protocol):
    """Where packets for one person go."""

    is_open: bool
    """Whether the person's browser can be reached."""

    def follow(self) -> None:
        """Send where ICE says now."""
        ...

    def send_rtp(self, packet: bytes) -> None:
        """Send one RTP packet; it is lost when the wire is not open."""
        ...

    def send_rtcp(self, packet: bytes) -> None:
        """Send one RTCP packet; it is lost when the wire is not open."""
        ...
