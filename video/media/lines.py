"""What an m-line was negotiated to carry. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum


class Label(StrEnum):
    """What a person publishes, in the order of the m-lines."""

    AUDIO = "audio"
    CAMERA = "camera"
    SCREEN = "screen"

    @property
    def is_video(self) -> bool:
        """Whether it is a picture."""
        return self is not Label.AUDIO


LABELS = tuple(Label)


@dataclass(frozen=True, slots=True)
class Codec:
    """A negotiated payload type's meaning. `repairs` is the payload type whose losses an RTX codec repairs."""

    name: str
    clock_rate: int
    repairs: int | None = None


@dataclass(frozen=True, slots=True)
class Line:
    """One m-line: its codecs by payload type, its header extensions' ids by URI, and the SSRCs we send with."""

    mid: str
    slot: int
    label: Label
    codecs: Mapping[int, Codec]
    extensions: Mapping[str, int]
    ssrc: int
    rtx_ssrc: int

    def payload_type(self, name: str) -> int | None:
        """Find the payload type of a codec."""
        return next((number for number, codec in self.codecs.items() if codec.name == name), None)

    def repair_type(self, payload_type: int) -> int | None:
        """Find the RTX payload type that repairs another."""
        return next((number for number, codec in self.codecs.items() if codec.repairs == payload_type), None)
