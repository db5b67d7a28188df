"""What the media server takes from the settings, and what it refuses to start without. Pure."""

import ipaddress
from pathlib import Path
from urllib.parse import urlsplit

from practice.core.settings import Settings


class MediaSettingsError(RuntimeError):
    """The media server cannot start with these settings."""


def check(settings: Settings) -> None:
    """Refuse to start without the key that tokens and reports are signed with."""
    if not settings.media_key:
        raise MediaSettingsError("Set STILLPOINT_MEDIA_KEY: web and media server sign for each other with it.")
    if settings.media_public_ip:
        try:
            ipaddress.ip_address(settings.media_public_ip)
        except ValueError as error:
            raise MediaSettingsError("STILLPOINT_MEDIA_PUBLIC_IP must be an IP address.") from error


def own_url(settings: Settings) -> str:
    """Give the address at which pages find this very process."""
    return settings.media_url_of(settings.media_process)


def own_port(settings: Settings) -> int:
    """Give the TCP port this process listens on; those of the machine's other processes lie beside it."""
    return settings.media_port + settings.media_process


def own_udp_port(settings: Settings) -> int:
    """Give this process's UDP port for media; 0 when any will do."""
    return settings.media_udp_port + settings.media_process if settings.media_udp_port else 0


def spool_path(settings: Settings) -> Path:
    """Give the file in which this process keeps what it has not reported yet."""
    number = f"-{settings.media_process}" if settings.media_process else ""
    return settings.var_dir / "media" / f"reports{number}.jsonl"


def origin_of(base_url: str) -> str:
    """Give the origin whose pages may connect (RFC 6454)."""
    parts = urlsplit(base_url)
    return f"{parts.scheme}://{parts.netloc}"


def report_url(settings: Settings) -> str:
    """Give the address that takes the reports; `media_report_url` names a nearer web than the public one."""
    base = settings.media_report_url or settings.base_url
    return base if urlsplit(base).path.strip("/") else f"{base.rstrip('/')}/internal/media/reports"


def is_on_this_machine(settings: Settings) -> bool:
    """Whether the practice is only reached from this very machine, as in the demo."""
    host = urlsplit(settings.base_url).hostname or ""
    return host == "localhost" or host.startswith("127.") or host == "::1"
