"""Tell the practice what happened, signed exactly as Stripe signs (docs.stripe.com/webhooks, scheme v1)."""

from __future__ import annotations

import hashlib
import hmac
import json
import threading
import time
from collections.abc import Callable, Sequence
from typing import Literal
from urllib.error import URLError
from urllib.request import Request, urlopen

from billing.testpay.store import Delivery, Document, Store

Manner = Literal["once", "twice", "late", "shuffled", "never"]

LATE_SECONDS = 25.0
MOST_ATTEMPTS = 15
TICK_SECONDS = 0.2


def sign(body: bytes, secret: str, at: int) -> str:
    """Return the `Stripe-Signature` header for a body sent at an instant (Unix seconds)."""
    proof = hmac.new(secret.encode(), f"{at}.".encode() + body, hashlib.sha256).hexdigest()
    return f"t={at},v1={proof}"


def publish(store: Store, happenings: Sequence[tuple[str, Document]], manner: Manner, *, now: float) -> None:
    """Keep events and plan their delivery in the manner the person chose."""
    events = [_event(store, kind, about) for kind, about in happenings]
    if manner == "never":
        return
    if manner == "shuffled":
        events.reverse()
    start = now + LATE_SECONDS if manner == "late" else now
    for place, event in enumerate(events):
        store.deliver(event, due=start + place * 0.4)
        if manner == "twice":
            store.deliver(event, due=start + place * 0.4 + 1.0)


class Messenger(threading.Thread):
    """Brings due events to the practice and tries again when it does not take one."""

    def __init__(
        self, store: Store, url: str, secret: str, post: Callable[[str, bytes, str], bool] | None = None
    ) -> None:
        super().__init__(name="messenger", daemon=True)
        self._store = store
        self._url = url
        self._secret = secret
        self._post = post or _post
        self._stopped = threading.Event()

    def run(self) -> None:
        """Deliver until stopped."""
        while not self._stopped.wait(TICK_SECONDS):
            self.deliver_due(time.time())

    def stop(self) -> None:
        """Stop after the delivery under way."""
        self._stopped.set()

    def deliver_due(self, now: float) -> int:
        """Bring what is due; return how many deliveries were taken."""
        return sum(self._deliver(delivery, now) for delivery in self._store.due(now))

    def _deliver(self, delivery: Delivery, now: float) -> bool:
        body = json.dumps(delivery.event, separators=(",", ":")).encode()
        taken = self._post(self._url, body, sign(body, self._secret, int(now)))
        if taken or delivery.attempts + 1 >= MOST_ATTEMPTS:
            self._store.settle(delivery, now=now)
        else:
            self._store.postpone(delivery, due=now + min(600.0, 2.0**delivery.attempts))
        return taken


def _event(store: Store, kind: str, about: Document) -> Document:
    shown = {name: value for name, value in about.items() if not name.startswith("_")}
    return store.add(
        "event",
        "evt",
        {"type": kind, "api_version": None, "livemode": False, "pending_webhooks": 1, "data": {"object": shown}},
    )


def _post(url: str, body: bytes, signature: str) -> bool:
    request = Request(url, body, {"Content-Type": "application/json", "Stripe-Signature": signature})  # noqa: S310 -- our own address
    try:
        with urlopen(request, timeout=10) as answer:  # noqa: S310 -- our own address
            return bool(200 <= answer.status < 300)
    except (URLError, OSError):
        return False
