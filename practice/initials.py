"""The picture of somebody without a picture: initials on a steady tint, as SVG. Pure."""

from __future__ import annotations

from markupsafe import escape

from practice.core.formats import initials

_TINTS = (
    ("#dfe8dd", "#2c4a3c"),
    ("#efe0cd", "#5b4020"),
    ("#dde4ea", "#2b4353"),
    ("#ecdcd6", "#5f3529"),
    ("#e6e0ec", "#443659"),
    ("#e9e5d0", "#4b4620"),
)


def svg(person_id: int, name: str) -> str:
    """Draw the initials."""
    ground, ink = _TINTS[person_id % len(_TINTS)]
    return (
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 96 96" width="480" height="480">'
        f'<rect width="96" height="96" fill="{ground}"/>'
        f'<text x="48" y="50" fill="{ink}" font-family="Georgia, serif" font-size="38" text-anchor="middle" '
        f'dominant-baseline="middle">{escape(initials(name))}</text></svg>'
    )
