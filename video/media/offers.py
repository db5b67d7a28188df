"""SDP text before aiortc reads it and after it wrote it. Pure.

All candidates of an offer are dropped: the browser's own checks show where it is (peer-reflexive, RFC 8445 section
7.3.1.3), nothing waits for mDNS names, and nobody can make the server knock at an address of their choice.
"""

import re
from collections.abc import Iterator

MOST_LINES = 3 * 12 + 1
_MOST_TEXT_LINES, _MOST_SOURCES = 4000, 24
_DROPPED = ("a=candidate:", "a=end-of-candidates", "a=ice-lite", "a=remote-candidates:")
_OPUS = re.compile(r"^a=rtpmap:(\d+) opus/48000", re.MULTILINE | re.IGNORECASE)
_RED = re.compile(r"^a=rtpmap:(\d+) red/48000", re.MULTILINE | re.IGNORECASE)
_MID = re.compile(r"^a=mid:(\S+)", re.MULTILINE)
_SOURCE = re.compile(r"^a=ssrc:(\d{1,10}) ", re.MULTILINE)
_SIZES = re.compile(r"^a=simulcast:send ([A-Za-z0-9]{1,8}(?:;[A-Za-z0-9]{1,8}){1,3})\r?$", re.MULTILINE)
_CAMERA = 1
_USUAL_OPUS, _USUAL_RED = "111", "63"


class UnfitOfferError(ValueError):
    """The offer is none that our page makes."""


def clean(offer: str) -> str:
    """Take out what the server must not heed. Raises `UnfitOfferError`."""
    lines = [line for line in offer.splitlines() if not line.startswith(_DROPPED)]
    if len(lines) > _MOST_TEXT_LINES:
        raise UnfitOfferError("The offer is longer than any that a page makes.")
    lines = list(_few_sources(lines))
    kinds = [line[2:].split(" ", 1)[0] for line in lines if line.startswith("m=")]
    if kinds[:3] != ["audio", "video", "video"] or len(kinds) > MOST_LINES or "application" not in kinds:
        raise UnfitOfferError("The offer has not the lines that the room needs.")
    if not _is_bundled(lines, len(kinds)):
        raise UnfitOfferError("The offer is not bundled.")
    text = "\r\n".join(lines) + "\r\n"
    return text if _red_is_usual(text) else _without_red(text)


def _is_bundled(lines: list[str], sections: int) -> bool:
    """Whether one transport carries every section: one left out would have sockets of its own that nobody closes."""
    mids = [line.removeprefix("a=mid:") for line in lines if line.startswith("a=mid:")]
    groups = [line.split()[1:] for line in lines if line.startswith("a=group:BUNDLE ")]
    return groups == [mids] and len(set(mids)) == sections


def _few_sources(lines: list[str]) -> Iterator[str]:
    """Leave out all but a few of each section's stream names: reading thousands would hold up everybody's packets."""
    left = _MOST_SOURCES
    for line in lines:
        if line.startswith("m="):
            left = _MOST_SOURCES
        elif line.startswith("a=ssrc:"):
            left -= 1
            if left < 0:
                continue
        yield line


def sources(offer: str) -> dict[str, list[int]]:
    """Give the SSRCs that each section names, by its mid, those of retransmissions too."""
    named: dict[str, list[int]] = {}
    for section in offer.split("\r\nm=")[1:]:
        mid = _MID.search(section)
        if mid is not None:
            named[mid[1]] = list(dict.fromkeys(int(number) for number in _SOURCE.findall(section)))
    return named


def sizes(offer: str) -> tuple[str, ...]:
    """Give the RIDs of the sizes that the camera comes in (RFC 8853 section 5.1), none when it comes in one."""
    sections = offer.split("\r\nm=")
    found = _SIZES.search(sections[1 + _CAMERA]) if len(sections) > 1 + _CAMERA else None
    return tuple(dict.fromkeys(found[1].split(";"))) if found else ()


def with_sizes(answer: str, rids: tuple[str, ...]) -> str:
    """Take the camera in all its sizes (RFC 8853 section 5.3.1)."""
    if not rids:
        return answer
    sections = answer.split("\r\nm=")
    lines = [f"a=rid:{rid} recv" for rid in rids] + [f"a=simulcast:recv {';'.join(rids)}"]
    sections[1 + _CAMERA] = "\r\n".join([sections[1 + _CAMERA].rstrip("\r\n"), *lines])
    return "\r\nm=".join(sections).rstrip("\r\n") + "\r\n"


def with_address(answer: str, public_ip: str) -> str:
    """Name the public address in place of the host's own (one-to-one NAT); unchanged when there is none."""
    if not public_ip:
        return answer
    return "".join(f"{line}\r\n" for line in _rewritten(answer.splitlines(), public_ip))


def _rewritten(lines: list[str], public_ip: str) -> Iterator[str]:
    named = False
    for line in lines:
        named = named and not line.startswith("m=")
        if not line.startswith("a=candidate:"):
            yield line
        elif not named and ":" not in (parts := line.split(" "))[4]:
            named = True
            yield " ".join([*parts[:4], public_ip, *parts[5:]])


def _red_is_usual(text: str) -> bool:
    opus, red = set(_OPUS.findall(text)), set(_RED.findall(text))
    return not red or (opus == {_USUAL_OPUS} and red == {_USUAL_RED})


def _without_red(text: str) -> str:
    for number in set(_RED.findall(text)):
        text = re.sub(rf"^a=(rtpmap|fmtp|rtcp-fb):{number} .*\r\n", "", text, flags=re.MULTILINE)
        text = re.sub(rf"^(m=audio .*?) {number}\b", r"\1", text, flags=re.MULTILINE)
    return text
