"""The code a document carries, by which anybody holding it can ask whether it is ours. Pure.

Twelve signs of Crockford's base 32: 60 random bits, without I, L, O and U, which are read wrong.
"""

import hashlib
import secrets

_SIGNS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_MISREAD = str.maketrans("ILO", "110")
LENGTH = 12


def fresh() -> str:
    """Make a code, as it is printed: `7K3M-Q9TD-V2XC`."""
    signs = "".join(secrets.choice(_SIGNS) for _ in range(LENGTH))
    return "-".join(signs[place : place + 4] for place in range(0, LENGTH, 4))


def plain(typed: str) -> str | None:
    """Read a code as somebody typed it, however spaced; None when it cannot be one."""
    signs = "".join(sign for sign in typed.upper() if sign.isalnum()).translate(_MISREAD)
    return signs if len(signs) == LENGTH and set(signs) <= set(_SIGNS) else None


def digest(code: str) -> str:
    """Return the SHA-256 of a code, in hexadecimal; the code itself is only on the paper."""
    return hashlib.sha256((plain(code) or "").encode()).hexdigest()
