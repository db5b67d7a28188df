"""The compiled loop that carries packets without a stop in Python: built and described, and None where it cannot be.

It is built anew at the start of the process, so that it is always the one that belongs to this code, in a directory
that nobody else can write to.
"""

import functools
import logging
import shutil
import subprocess
import tempfile
from pathlib import Path
from typing import Any

import cffi
from pylibsrtp._binding import ffi as srtp_ffi
from pylibsrtp._binding import lib as srtp

log = logging.getLogger(__name__)

_HERE = Path(__file__).parent
_BUILD_WITHIN_S = 30


class Loop:
    """The loop's functions as `calls`, and memory that is laid out as it wants it."""

    def __init__(self, built: Path) -> None:
        self._ffi = cffi.FFI()
        self._ffi.cdef((_HERE / "nonstop.h").read_text())
        self.calls: Any = self._ffi.dlopen(str(built))

    def new(self, kind: str, count: int = 0) -> Any:
        """Give zeroed memory for one structure, or for a row of them."""
        return self._ffi.new(f"struct {kind} *") if not count else self._ffi.new(f"struct {kind}[]", count)

    def stream(self) -> Any:
        """Give a stream's structure, freed with its packets when nobody holds it any more."""
        return self._ffi.gc(self.calls.nonstop_open(), self.calls.nonstop_close)

    def pointer(self, address: int) -> Any:
        """Give an address in memory as the structures hold it; 0 is none."""
        return self._ffi.cast("void *", address)

    def row(self, array: Any, count: int) -> list[Any]:
        """Copy the first numbers of an array."""
        return self._ffi.unpack(array, count) if count else []

    def copied(self, start: Any, length: int) -> bytes:
        """Copy bytes."""
        return bytes(self._ffi.buffer(start, length))


@functools.cache
def loop() -> Loop | None:
    """Build and load the loop. None, with a word in the log, where that is not possible."""
    compiler = shutil.which("cc") or shutil.which("gcc") or shutil.which("clang")
    if compiler is None:
        log.info("There is no C compiler: packets are carried in Python")
        return None
    with tempfile.TemporaryDirectory(prefix="stillpoint-") as folder:
        built = Path(folder) / "nonstop.so"
        command = [compiler, "-O2", "-shared", "-fPIC", "-o", str(built), str(_HERE / "nonstop.c"), "-lm"]
        try:
            subprocess.run(command, check=True, capture_output=True, text=True, timeout=_BUILD_WITHIN_S)
            return Loop(built)
        except (subprocess.SubprocessError, OSError) as error:
            log.warning("Packets are carried in Python, for the loop could not be built: %s", _words(error))
            return None


def address_of(pointer: Any) -> int:
    """Tell where something of libsrtp's lies."""
    return int(srtp_ffi.cast("uintptr_t", srtp_ffi.cast("void *", pointer)))


def call_address(name: str) -> int:
    """Tell where a function of libsrtp begins."""
    return address_of(srtp_ffi.addressof(srtp, name))


def _words(error: Exception) -> str:
    return str(getattr(error, "stderr", None) or error)[-500:]
