"""The practice's master keys of before people had keys of their own: they open, and wrap nothing any more. Pure.

Wrapped key    format 1 | suite 1 | master number u8 | nonce 12 | AES-256-GCM-SIV ciphertext and tag
  bound to     "stillpoint/chart-key" 0 | format u8 | suite u8 | chart u64 | epoch u32 | "practice:" number
"""

import struct
from dataclasses import dataclass, field

from notes.vault import DataKey, VaultKeyMissingError, VaultSealBrokenError, open_sealed
from practice.core.sealing import Keyring

FORMAT, SUITE = 1, 1
_HEADER = struct.Struct(">BBB12s")
_PLACE = struct.Struct(">BBQI")


@dataclass(frozen=True, slots=True)
class Masters:
    """Opens chart keys that one of the practice's numbered master keys wrapped."""

    keyring: Keyring = field(repr=False)

    @classmethod
    def read(cls, vault_key: str) -> "Masters":
        """Read the keys from the setting; raises VaultKeyMissingError when there is none or it is malformed."""
        if not vault_key:
            raise VaultKeyMissingError("Charts of before are still under STILLPOINT_VAULT_KEY, which is not set.")
        try:
            return cls(Keyring.read(vault_key))
        except ValueError as error:
            message = "STILLPOINT_VAULT_KEY must read like `2:base64,1:base64`, newest first, 32 bytes each."
            raise VaultKeyMissingError(message) from error

    def unwrap(self, wrapped: bytes, *, chart_id: int, epoch: int) -> DataKey:
        """Unwrap a chart's key; raises VaultSealBrokenError for another chart's, another epoch's or an altered one."""
        if len(wrapped) < _HEADER.size:
            raise VaultSealBrokenError("The chart's key is cut short.")
        written, suite, number, nonce = _HEADER.unpack_from(wrapped)
        if (written, suite) != (FORMAT, SUITE):
            raise VaultSealBrokenError("The chart's key is in a form this vault does not know.")
        master = self.keyring.keys.get(number)
        if master is None:
            raise VaultKeyMissingError(f"Master key {number} wraps this chart and is not in STILLPOINT_VAULT_KEY.")
        secret = open_sealed(master, nonce, wrapped[_HEADER.size :], bound(chart_id, epoch, number))
        return DataKey(chart_id, epoch, secret)


def bound(chart_id: int, epoch: int, number: int) -> bytes:
    """Say what a wrapped key is bound to."""
    recipient = f"practice:{number}".encode()
    return b"stillpoint/chart-key\x00" + _PLACE.pack(FORMAT, SUITE, chart_id, epoch) + recipient
