"""Many datagrams with one system call: recvmmsg(2) and sendmmsg(2) over memory that is laid out once.

The structures are those of 64-bit little-endian Linux. Lengths lie where libsrtp can change them: a packet is decrypted
and encrypted in place, and what the system call reads or wrote is its length.
"""

import sys
from typing import Any

import cffi
from pylibsrtp._binding import ffi

LONGEST = 2048
BATCH = 64
"""Datagrams taken in with one call."""
OUTGOING = 320
"""Datagrams that may wait to be sent."""
_NAME = 32
_WORDS = 16
_LENGTH_WORD = 14
_DONT_WAIT = 0x40

_system = cffi.FFI()
_system.cdef("""
struct part { void *base; size_t length; };
struct message {
    void *name; unsigned int name_length; unsigned int pad_1;
    struct part *parts; size_t part_count;
    void *control; size_t control_length; int flags; int pad_2;
    unsigned int length; unsigned int pad_3;
};
int recvmmsg(int, struct message *, unsigned int, int, void *);
int sendmmsg(int, struct message *, unsigned int, int);
""")


def is_supported() -> bool:
    """Whether this system has both calls, and structures as they are laid out here."""
    if sys.platform != "linux" or sys.byteorder != "little" or sys.maxsize < 2**32:
        return False
    library = _system.dlopen(None)
    return hasattr(library, "recvmmsg") and hasattr(library, "sendmmsg")


class Buffers:
    """A row of packets in memory: as pointers for libsrtp, as views for Python."""

    def __init__(self, count: int) -> None:
        self.memory = ffi.new("char[]", count * LONGEST)
        self.pointers = [self.memory + place * LONGEST for place in range(count)]
        self.views = [memoryview(ffi.buffer(pointer, LONGEST)).cast("B") for pointer in self.pointers]
        self.parts = _system.new("struct part[]", count)
        self.messages = _system.new("struct message[]", count)
        base = int(ffi.cast("uintptr_t", self.memory))
        for place in range(count):
            self.parts[place].base = _system.cast("void *", base + place * LONGEST)
            self.parts[place].length = LONGEST
            self.messages[place].parts = self.parts + place
            self.messages[place].part_count = 1

    @property
    def start(self) -> int:
        """Tell where the messages begin in memory."""
        return int(_system.cast("uintptr_t", self.messages))


class Inbox(Buffers):
    """What came in with one call. `length_pointers[i]` is where the system call wrote its length."""

    def __init__(self, name_length: int) -> None:
        super().__init__(BATCH)
        self.stamp = b"\0\0\0"
        self._names = _system.new("char[]", BATCH * _NAME)
        for place in range(BATCH):
            self.messages[place].name = self._names + place * _NAME
            self.messages[place].name_length = name_length
        self.length_pointers = [
            ffi.cast("int *", self.start + 4 * (_WORDS * place + _LENGTH_WORD)) for place in range(BATCH)
        ]
        self._words = memoryview(_system.buffer(self.messages)).cast("B").cast("I")
        self.names = memoryview(_system.buffer(self._names)).cast("B")
        self.keys = self.names.cast("Q")

    def length(self, place: int) -> int:
        """Tell a packet's length, after decryption the plain one's."""
        return self._words[_WORDS * place + _LENGTH_WORD]

    def put(self, data: bytes, name: bytes) -> None:
        """Lay one packet and its sender's address at the first place."""
        self.views[0][: len(data)] = data
        self.names[: len(name)] = name
        self._words[_LENGTH_WORD] = len(data)

    def receive(self, descriptor: int) -> int:
        """Take in what has come; give how many, or less than one when there is nothing."""
        return int(_library.recvmmsg(descriptor, self.messages, BATCH, _DONT_WAIT, _system.NULL))


class Outbox(Buffers):
    """What is to go out: `views[i]` encrypted in place, `lengths[2 * i + 1]`, and its address in `names[8 * i]`."""

    def __init__(self, name_length: int) -> None:
        super().__init__(OUTGOING)
        self.count = 0
        self.lengths = memoryview(_system.buffer(self.parts)).cast("B").cast("Q")
        start = int(_system.cast("uintptr_t", self.parts))
        self.length_pointers = [ffi.cast("int *", start + 16 * place + 8) for place in range(OUTGOING)]
        self.names: Any = memoryview(_system.buffer(self.messages)).cast("B").cast("Q")
        for place in range(OUTGOING):
            self.messages[place].name_length = name_length

    def send(self, descriptor: int) -> None:
        """Send everything; what the system does not take is lost, as on any network."""
        sent = 0
        while sent < self.count:
            taken = _library.sendmmsg(descriptor, self.messages + sent, self.count - sent, _DONT_WAIT)
            if taken <= 0:
                break
            sent += taken
        self.count = 0


class Address:
    """A socket address in memory, for as long as somebody sends there."""

    def __init__(self, name: bytes) -> None:
        self._memory = _system.new("char[]", name.ljust(_NAME, b"\0"))
        self.pointer: Any = int(_system.cast("uintptr_t", self._memory))


_library: Any = _system.dlopen(None) if is_supported() else None
