"""The line to a payment provider in memory: it can be down, and it can lose an answer."""

from __future__ import annotations

from dataclasses import dataclass

from practice.core.payments import GatewayDownError


@dataclass
class FakeLine:
    """`down` makes every call fail; `lost` loses the next answer, after what was asked is done."""

    down: bool = False
    lost: bool = False

    def _reach(self) -> None:
        if self.down:
            raise GatewayDownError("The fake is down.")

    def _lose(self) -> None:
        if self.lost:
            self.lost = False
            raise GatewayDownError("The answer was lost.")
