"""How a call to Stripe ends, in our own words."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import ParamSpec, TypeVar

import stripe

from practice.core.payments import GatewayDownError, GatewayRefusedError

CONFLICT = 409
"""Another request under the same key is under way (docs.stripe.com/api/errors): nothing is known of its end."""
P = ParamSpec("P")
R = TypeVar("R")


def in_our_words(call: Callable[P, R]) -> Callable[P, R]:
    """Tell a provider that did not answer from one that refused; see `practice.core.payments`."""

    @wraps(call)
    def translated(*args: P.args, **kwargs: P.kwargs) -> R:
        try:
            return call(*args, **kwargs)
        except (stripe.APIConnectionError, stripe.RateLimitError) as error:
            raise GatewayDownError(str(error)) from error
        except (stripe.AuthenticationError, stripe.PermissionError) as error:
            raise GatewayDownError(f"Stripe does not accept our key: {error}") from error
        except stripe.StripeError as error:
            if error.http_status is None or error.http_status >= 500 or error.http_status == CONFLICT:
                raise GatewayDownError(str(error)) from error
            raise GatewayRefusedError(str(error.user_message or error), error.code or "") from error

    return translated
