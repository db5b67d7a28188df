"""Every setting, its source and what production cannot do without.

Values come from the environment (`STILLPOINT_…`) or from a file named by
`STILLPOINT_ENV_FILE`; nothing secret has a default outside the demo and the tests.
"""

from __future__ import annotations

import os
import re
from functools import reduce
from pathlib import Path
from typing import Literal, Self
from urllib.parse import urlsplit

from flask import current_app
from pydantic import Field, field_validator, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict


class MissingSettingsError(SystemExit):
    """Production was started without something it cannot do without; uncaught, its words end the process."""


class Settings(BaseSettings):
    """The settings of one installation."""

    model_config = SettingsConfigDict(env_prefix="STILLPOINT_", extra="ignore", frozen=True)

    environment: Literal["demo", "test", "production"] = "production"
    secret_key: str = ""
    database_url: str = ""
    base_url: str = "http://127.0.0.1:8000"
    var_dir: Path = Path("var")
    trusted_proxies: int = Field(default=0, ge=0, le=5)

    field_keys: str = ""
    """Keys for personal data, newest first: `2:base64,1:base64`, 32 bytes each."""
    vault_key: str = ""
    """The master keys that wrapped charts before people had keys of their own; unset it when none is left."""
    audit_keys: str = ""
    """Ed25519 secrets that sign the audit log's tree heads, in the same form, newest first."""
    password_memory_kib: int = Field(default=64 * 1024, ge=8, le=1024 * 1024)
    """What one hash of a password costs in memory; production takes no less than OWASP's least, 19 MiB."""

    media_url: str = "ws://127.0.0.1:8001/room"
    """Where the pages find the media server; `{process}` and `{port}` stand for each process's own."""
    media_origins: str = ""
    """Where else pages may find media servers, as CSP sources: `wss://*.media.example`."""
    media_processes: int = Field(default=1, ge=1, le=64)
    """How many media processes this machine runs; their ports follow `media_port`."""
    media_process: int = Field(default=0, ge=0, le=63)
    """Which of them this process is, counted from 0."""
    metrics_token: str = ""
    """What Prometheus shows to read a media server's figures; without one only the demo's own machine may."""
    media_report_url: str = ""
    """Where the media server reports to; the web's own base address when empty."""
    media_key: str = ""
    media_host: str = "127.0.0.1"
    media_port: int = 8001
    media_public_ip: str = ""
    media_udp_port: int = Field(default=0, ge=0, le=65535)
    """The one UDP port that everybody's sound and pictures come to; 0 is any that is free."""
    media_plain: bool = False
    """Whether the media server does without recvmmsg and sendmmsg even where the system has them."""
    turn_urls: str = ""
    turn_secret: str = ""

    smtp_url: str = ""
    """`smtp://user:password@host:587` (STARTTLS) or `smtps://…`."""
    mail_from: str = "Stillpoint <hello@stillpoint.example>"

    twilio_account_sid: str = ""
    """Without an account the practice sends no texts; letters go on."""
    twilio_auth_token: str = ""
    twilio_from: str = ""
    """The number texts come from, as +12125550100, or a messaging service, as MG…"""
    twilio_api_base: str = ""
    texts_signed: str = Field(default="Stillpoint", pattern=r"^[ -~]{1,30}$")
    """How texts name the practice: plain letters, and nothing that says what it is for."""

    stripe_api_key: str = ""
    stripe_webhook_secret: str = ""
    stripe_api_base: str = ""
    testpay_port: int = 8002

    calendars_from_loopback: bool = False
    """Whether calendars may be read from this very machine, for tests; the demo may in any case."""

    hold_minutes: int = Field(default=10, ge=1, le=60)
    room_opens_minutes_before: int = Field(default=15, ge=0, le=120)
    room_closes_minutes_after: int = Field(default=30, ge=0, le=240)

    @model_validator(mode="after")
    def _dear_enough(self) -> Self:
        if self.is_production and self.password_memory_kib < 19 * 1024:
            raise ValueError("STILLPOINT_PASSWORD_MEMORY_KIB must be 19456 or more in production.")
        return self

    @field_validator("base_url")
    @classmethod
    def _without_slash(cls, value: str) -> str:
        return value.rstrip("/")

    def media_url_of(self, process: int) -> str:
        """Give the address at which pages find one of this machine's media processes."""
        own = {"{process}": process, "{port}": self.media_port + process}
        return reduce(lambda url, place: url.replace(place, str(own[place])), own, self.media_url)

    @property
    def media_sources(self) -> tuple[str, ...]:
        """Name everywhere that pages may find media servers, as the Content Security Policy does."""
        parts = [urlsplit(self.media_url_of(process)) for process in range(self.media_processes)]
        return tuple(
            dict.fromkeys([*(f"{each.scheme}://{each.netloc}" for each in parts), *self.media_origins.split()])
        )

    @property
    def secure(self) -> bool:
        """Tell whether people reach the practice over HTTPS."""
        return self.base_url.startswith("https://")

    @property
    def is_demo(self) -> bool:
        """Tell whether this is the demo practice."""
        return self.environment == "demo"

    @property
    def reads_loopback(self) -> bool:
        """Tell whether calendars may be read from this very machine."""
        return self.calendars_from_loopback or self.is_demo

    @property
    def is_production(self) -> bool:
        """Tell whether real people are served."""
        return self.environment == "production"

    def missing_for_production(self) -> list[str]:
        """Name the environment variables that production still lacks."""
        needed = (
            "secret_key",
            "database_url",
            "field_keys",
            "audit_keys",
            "media_key",
            "smtp_url",
            "stripe_api_key",
            "stripe_webhook_secret",
        )
        return [f"STILLPOINT_{name.upper()}" for name in needed if not getattr(self, name)]

    def check(self) -> None:
        """Refuse to start a production that lacks a secret or runs a test payment page."""
        if self.media_processes > 1 and not {"{process}", "{port}"} & set(re.findall(r"{\w+}", self.media_url)):
            raise MissingSettingsError("STILLPOINT_MEDIA_URL must name {process} or {port}: each process has its own.")
        if not self.is_production:
            return
        if missing := self.missing_for_production():
            raise MissingSettingsError("Set these before starting: " + ", ".join(missing))
        if self.stripe_api_base:
            raise MissingSettingsError("STILLPOINT_STRIPE_API_BASE is for tests and the demo; unset it.")
        if self.calendars_from_loopback:
            raise MissingSettingsError("STILLPOINT_CALENDARS_FROM_LOOPBACK is for tests and the demo; unset it.")
        if self.twilio_api_base:
            raise MissingSettingsError("STILLPOINT_TWILIO_API_BASE is for tests; unset it.")
        if self.twilio_account_sid and not (self.twilio_auth_token and self.twilio_from):
            raise MissingSettingsError("Set STILLPOINT_TWILIO_AUTH_TOKEN and STILLPOINT_TWILIO_FROM as well.")
        if not self.secure:
            raise MissingSettingsError("STILLPOINT_BASE_URL must begin with https:// in production.")


def load() -> Settings:
    """Read the settings from the environment and the file it names."""
    env_file = os.environ.get("STILLPOINT_ENV_FILE")
    return Settings(_env_file=env_file) if env_file else Settings()


def settings() -> Settings:
    """Return the settings of the running app."""
    found: Settings = current_app.extensions["stillpoint.settings"]
    return found
