"""What the fake cameras show: each person a colour of their own, and a bar that moves."""

from __future__ import annotations

from pathlib import Path

from playwright.sync_api import Page

WIDTH, HEIGHT, FRAMES = 320, 240, 15

Colour = tuple[int, int, int]
"""Luma and the two chroma values, 0 to 255 (ITU-R BT.601)."""

MOSS: Colour = (120, 100, 90)
CLAY: Colour = (130, 95, 185)

LOOK = """video => {
  const canvas = document.createElement("canvas"), side = 16;
  canvas.width = canvas.height = side;
  const drawing = canvas.getContext("2d", { willReadFrequently: true });
  drawing.drawImage(video, 0, 0, side, side);
  const pixels = drawing.getImageData(0, 0, side, side).data, sum = [0, 0, 0];
  for (let at = 0; at < pixels.length; at += 4) for (const part of [0, 1, 2]) sum[part] += pixels[at + part];
  return sum.map(value => Math.round(value / side / side));
}"""
FRAMES_SHOWN = "video => video.getVideoPlaybackQuality().totalVideoFrames"


def film(path: Path, colour: Colour) -> Path:
    """Write a second of film in the form that Chromium's fake camera plays (YUV4MPEG2)."""
    luma, *chroma = colour
    with path.open("wb") as out:
        out.write(f"YUV4MPEG2 W{WIDTH} H{HEIGHT} F{FRAMES}:1 Ip A1:1 C420jpeg\n".encode())
        for number in range(FRAMES):
            bar = number * WIDTH // FRAMES
            row = bytearray([luma]) * WIDTH
            row[bar : bar + 16] = bytearray([235]) * len(row[bar : bar + 16])
            out.write(b"FRAME\n" + bytes(row) * HEIGHT)
            for value in chroma:
                out.write(bytes([value]) * (WIDTH * HEIGHT // 4))
    return path


def colour_seen(page: Page, video: str) -> tuple[int, int, int]:
    """Return the mean red, green and blue of what a video element shows."""
    red, green, blue = page.locator(video).evaluate(LOOK)
    return red, green, blue


def frames_seen(page: Page, video: str) -> int:
    """Return how many frames a video element has shown."""
    return int(page.locator(video).evaluate(FRAMES_SHOWN))
