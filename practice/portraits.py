"""Pictures of counselors: made small, square and free of everything but the picture. Pure.

A picture is refused by its stated size before it is decoded, so that a few kilobytes
cannot unfold into gigabytes; what is kept is drawn anew and carries no EXIF.
"""

from __future__ import annotations

import hashlib
import io
import threading
import warnings
from dataclasses import dataclass

from PIL import Image, ImageOps

MOST_BYTES = 5 * 1024 * 1024
SIDE = 480
LEAST_SIDE = 160
MOST_PIXELS = 26_000_000
MOST_JPEG_PIXELS = 110_000_000
TOO_MANY = "This picture has too many pixels, or is too long and thin. Crop or shrink it first."
FORMATS = ("JPEG", "PNG", "WEBP")

_two_at_once = threading.BoundedSemaphore(2)


class PictureRefusedError(ValueError):
    """The file cannot be used; the message says why and what to do."""


@dataclass(frozen=True, slots=True)
class Portrait:
    """A picture ready to keep."""

    image: bytes
    content_type: str
    digest: str


def portrait(data: bytes) -> Portrait:
    """Make a square WebP portrait; raises PictureRefusedError."""
    if not data:
        raise PictureRefusedError("Choose a picture first.")
    if len(data) > MOST_BYTES:
        raise PictureRefusedError("This picture is larger than 5 MB. Choose a smaller one.")
    with _two_at_once:
        image = _drawn(data)
    return Portrait(image, "image/webp", hashlib.sha256(image).hexdigest())


def _drawn(data: bytes) -> bytes:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", Image.DecompressionBombWarning)
            with Image.open(io.BytesIO(data), formats=FORMATS) as picture:
                _check_size(picture)
                picture.draft("RGB", (SIDE * 2, SIDE * 2))
                upright = ImageOps.exif_transpose(picture)
                square = ImageOps.fit(_on_paper(upright), (SIDE, SIDE), Image.Resampling.LANCZOS, centering=(0.5, 0.4))
    except PictureRefusedError:
        raise
    except Image.DecompressionBombError as error:
        raise PictureRefusedError(TOO_MANY) from error
    except Exception as error:  # a broken file makes Pillow raise nearly anything
        raise PictureRefusedError("This file is not a picture we can read. Use a JPEG, PNG or WebP file.") from error
    out = io.BytesIO()
    square.save(out, "WEBP", quality=84, method=4)
    return out.getvalue()


def _check_size(picture: Image.Image) -> None:
    width, height = picture.size
    most = MOST_JPEG_PIXELS if picture.format == "JPEG" else MOST_PIXELS
    if width * height > most or max(width, height) > 8 * max(1, min(width, height)):
        raise PictureRefusedError(TOO_MANY)
    if min(width, height) < LEAST_SIDE:
        raise PictureRefusedError(
            f"This picture is too small. Use one of at least {LEAST_SIDE} by {LEAST_SIDE} pixels."
        )


def _on_paper(picture: Image.Image) -> Image.Image:
    """Lay transparent parts on warm paper."""
    if picture.mode not in {"RGBA", "LA", "PA"} and "transparency" not in picture.info:
        return picture.convert("RGB")
    seen = picture.convert("RGBA")
    paper = Image.new("RGBA", seen.size, (246, 240, 229, 255))
    return Image.alpha_composite(paper, seen).convert("RGB")
