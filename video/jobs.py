"""What video tidies by itself."""

from __future__ import annotations

from datetime import datetime

from practice.core.scheduler import every
from video import servers


@every(3600, "video.forget_old_servers")
def forget_old_servers(now: datetime) -> None:
    """Forget media servers that are gone for good."""
    servers.forget_old(now)
