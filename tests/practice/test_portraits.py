"""Pictures people send, good and bad."""

import io
import struct
import zlib

import pytest
from PIL import Image

from practice.portraits import MOST_BYTES, SIDE, PictureRefusedError, portrait

GPS = 0x8825


def a_picture(kind: str, size: tuple[int, int] = (640, 800), mode: str = "RGB", **options: object) -> bytes:
    out = io.BytesIO()
    Image.new(mode, size, "teal").save(out, kind, **options)
    return out.getvalue()


def a_png_that_claims(width: int, height: int) -> bytes:
    header = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    chunks = ((b"IHDR", header), (b"IDAT", zlib.compress(b"\0" * 1000)), (b"IEND", b""))
    parts = [
        struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data)) for name, data in chunks
    ]
    return b"\x89PNG\r\n\x1a\n" + b"".join(parts)


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
@pytest.mark.parametrize("size", [(640, 800), (800, 640), (160, 160), (3000, 400)])
def test_any_picture_becomes_a_small_square(kind: str, size: tuple[int, int]) -> None:
    made = portrait(a_picture(kind, size))
    with Image.open(io.BytesIO(made.image)) as kept:
        assert (kept.format, kept.size, kept.mode) == ("WEBP", (SIDE, SIDE), "RGB")
    assert made.content_type == "image/webp"
    assert len(made.digest) == 64


@pytest.mark.parametrize(
    ("kind", "mode"), [("PNG", "RGBA"), ("PNG", "LA"), ("PNG", "P"), ("PNG", "L"), ("JPEG", "CMYK")]
)
def test_every_kind_of_colour_is_understood(kind: str, mode: str) -> None:
    out = io.BytesIO()
    Image.new(mode, (300, 300)).save(out, kind)
    assert portrait(out.getvalue()).image


def test_where_and_when_it_was_taken_is_gone() -> None:
    exif = Image.Exif()
    exif[0x010F] = "A Camera Maker"
    exif.get_ifd(GPS)[1] = "N"
    made = portrait(a_picture("JPEG", exif=exif))
    with Image.open(io.BytesIO(made.image)) as kept:
        assert dict(kept.getexif()) == {}
    assert b"Camera" not in made.image


def test_a_picture_held_sideways_is_turned_upright() -> None:
    sideways = Image.new("RGB", (400, 400), "white")
    sideways.paste("black", (0, 0, 200, 400))
    exif = Image.Exif()
    exif[0x0112] = 6
    out = io.BytesIO()
    sideways.save(out, "JPEG", exif=exif)
    with Image.open(io.BytesIO(portrait(out.getvalue()).image)) as kept:
        top, bottom = kept.getpixel((SIDE // 2, 10)), kept.getpixel((SIDE // 2, SIDE - 10))
    assert isinstance(top, tuple)
    assert isinstance(bottom, tuple)
    assert top[0] < 40
    assert bottom[0] > 215


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "Choose a picture first"),
        (b"x" * (MOST_BYTES + 1), "larger than 5 MB"),
        (b"GIF89a" + b"\0" * 100, "not a picture we can read"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "not a picture we can read"),
        (a_picture("GIF"), "not a picture we can read"),
        (a_picture("PNG")[:200], "not a picture we can read"),
        (a_picture("JPEG", (100, 400)), "too small"),
        (a_picture("PNG", (5000, 200)), "too many pixels, or is too long"),
        (a_png_that_claims(60_000, 60_000), "too many pixels"),
        (a_png_that_claims(1_000, 1_000), "not a picture we can read"),
    ],
)
def test_a_bad_picture_is_refused_in_words(data: bytes, words: str) -> None:
    with pytest.raises(PictureRefusedError, match=words):
        portrait(data)
