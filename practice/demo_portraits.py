"""Draw the demo counselors: soft shapes that are nobody. Pure but for Pillow."""

from __future__ import annotations

import io
from dataclasses import dataclass

from PIL import Image, ImageDraw, ImageFilter

from practice.portraits import SIDE

_SCALE = 2
_EDGE = SIDE * _SCALE


@dataclass(frozen=True, slots=True)
class Palette:
    """The colours of one portrait and the cut of the hair: long, short, round or tied."""

    sky: str
    sun: str
    hair: str
    skin: str
    cloth: str
    cut: str


PALETTES = {
    "ines": Palette("#dfe8dd", "#e9c98f", "#4a3228", "#e0b08c", "#2c5f4e", "long"),
    "jonah": Palette("#e4dfd3", "#c9d4d8", "#2b2320", "#b98a68", "#35566e", "short"),
    "amara": Palette("#f0dfcd", "#d9906a", "#1f1714", "#8a5a3f", "#9a4f38", "round"),
    "mateo": Palette("#dde6ea", "#f0d9a4", "#33261f", "#cf9f78", "#7a6a3c", "short"),
    "sunniva": Palette("#e6e0ec", "#f3ead6", "#c9a365", "#efc9ab", "#5c4d78", "tied"),
}


def draw(key: str) -> bytes:
    """Return a PNG portrait."""
    palette = PALETTES[key]
    image = Image.new("RGB", (_EDGE, _EDGE), palette.sky)
    pen = ImageDraw.Draw(image)
    _circle(pen, 0.74, 0.27, 0.2, palette.sun)
    _circle(pen, 0.5, 1.16, 0.52, _mixed(palette.cloth, palette.sky, 0.75))
    image = image.filter(ImageFilter.GaussianBlur(_EDGE // 40))
    pen = ImageDraw.Draw(image)
    _hair_behind(pen, palette)
    pen.ellipse(_box(0.5, 0.66, 0.085, 0.16), fill=_mixed(palette.skin, palette.hair, 0.85))
    pen.ellipse(_box(0.5, 1.08, 0.36, 0.36), fill=palette.cloth)
    pen.ellipse(_box(0.5, 0.735, 0.1, 0.055), fill=palette.skin)
    pen.ellipse(_box(0.5, 0.46, 0.155, 0.2), fill=palette.skin)
    _hair_before(pen, palette)
    image = image.filter(ImageFilter.GaussianBlur(_SCALE)).resize((SIDE, SIDE), Image.Resampling.LANCZOS)
    out = io.BytesIO()
    image.save(out, "PNG")
    return out.getvalue()


def _hair_behind(pen: ImageDraw.ImageDraw, palette: Palette) -> None:
    if palette.cut == "long":
        pen.rounded_rectangle(_box(0.5, 0.54, 0.2, 0.27), radius=_EDGE * 0.18, fill=palette.hair)
    elif palette.cut == "round":
        pen.ellipse(_box(0.5, 0.41, 0.27, 0.25), fill=palette.hair)
    elif palette.cut == "tied":
        _circle(pen, 0.5, 0.2, 0.075, palette.hair)
        pen.ellipse(_box(0.5, 0.43, 0.18, 0.2), fill=palette.hair)
    else:
        pen.ellipse(_box(0.5, 0.41, 0.168, 0.19), fill=palette.hair)


def _hair_before(pen: ImageDraw.ImageDraw, palette: Palette) -> None:
    top = {"long": 0.31, "short": 0.28, "round": 0.29, "tied": 0.29}[palette.cut]
    pen.chord(_box(0.5, top + 0.1, 0.165, 0.145), 180, 360, fill=palette.hair)
    if palette.cut == "long":
        pen.chord(_box(0.45, top + 0.12, 0.13, 0.16), 140, 330, fill=palette.hair)


def _circle(pen: ImageDraw.ImageDraw, x: float, y: float, radius: float, fill: str) -> None:
    pen.ellipse(_box(x, y, radius, radius), fill=fill)


def _box(x: float, y: float, across: float, down: float) -> tuple[float, float, float, float]:
    return ((x - across) * _EDGE, (y - down) * _EDGE, (x + across) * _EDGE, (y + down) * _EDGE)


def _mixed(one: str, other: str, share: float) -> str:
    parts = [round(int(one[at : at + 2], 16) * share + int(other[at : at + 2], 16) * (1 - share)) for at in (1, 3, 5)]
    return "#" + "".join(f"{part:02x}" for part in parts)
