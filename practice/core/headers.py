"""Headers that every answer carries.

The Content Security Policy (CSP3) has no exceptions: nothing inline, nothing evaluated,
nothing from elsewhere but the media servers' sockets.
"""

from __future__ import annotations

from urllib.parse import urlsplit

from flask import Flask, Response

from practice.core.settings import Settings


def policy(settings: Settings) -> str:
    """Return the Content Security Policy."""
    directives = {
        "default-src": "'none'",
        "script-src": "'self'",
        "style-src": "'self'",
        "img-src": "'self'",
        "font-src": "'self'",
        "media-src": "'self' blob:",
        "worker-src": "'self'",
        "manifest-src": "'self'",
        "connect-src": f"'self' {' '.join(settings.media_sources)}",
        "form-action": f"'self' {checkout_origin(settings)}",
        "frame-ancestors": "'none'",
        "base-uri": "'none'",
    }
    return "; ".join(f"{name} {value}" for name, value in directives.items())


def checkout_origin(settings: Settings) -> str:
    """Return where the card form and the bank's question live: browsers hold a form's redirect to `form-action` too."""
    if not settings.stripe_api_base:
        return "https://checkout.stripe.com https://hooks.stripe.com"
    base = urlsplit(settings.stripe_api_base)
    return f"{base.scheme}://{base.netloc}"


def add_to(app: Flask, settings: Settings) -> None:
    """Set the headers on every answer of the app."""
    always = {
        "Content-Security-Policy": policy(settings),
        "X-Content-Type-Options": "nosniff",
        "X-Frame-Options": "DENY",
        "Referrer-Policy": "same-origin",
        "Cross-Origin-Opener-Policy": "same-origin",
        "Cross-Origin-Resource-Policy": "same-origin",
        "Permissions-Policy": "camera=(self), microphone=(self), display-capture=(self), geolocation=(), payment=()",
    }
    if settings.secure:
        always["Strict-Transport-Security"] = "max-age=63072000; includeSubDomains"

    @app.after_request
    def _set(response: Response) -> Response:
        for name, value in always.items():
            response.headers.setdefault(name, value)
        response.headers.setdefault("Cache-Control", "no-store")
        return response
