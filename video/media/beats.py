"""Heartbeats between a page and its server: the time, and what each should know at once. Pure.

A page says `time height height …`: at how many px it shows the others' cameras, by slot. It hears `time lost top`: the
share of its sound that whoever hears it worst lost lately, and the largest size of its camera that anybody watches.
"""

LONGEST = 128
_HIGHEST = 10_000
_MOST = 12


def heights(beat: str) -> list[int] | None:
    """Read the heights; None when the page says nothing of them, or nonsense."""
    words = beat.split(" ")[1 : _MOST + 1]
    if not words or not all(word.isascii() and word.isdigit() for word in words):
        return None
    return [min(int(word[:6]), _HIGHEST) for word in words]


def answer(beat: str, *, lost: float, top: int) -> str:
    """Write the answer."""
    return f"{beat.split(' ', maxsplit=1)[0]} {lost:.3f} {top}"
