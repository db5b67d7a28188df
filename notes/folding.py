"""Letters without case and accents, which databases and people fold each in their own way. Pure."""

from unicodedata import combining, normalize


def plain(text: str) -> str:
    """Fold case and accents."""
    return "".join(letter for letter in normalize("NFKD", text.casefold()) if not combining(letter))


def folded(text: str) -> tuple[str, list[int]]:
    """Fold a text and tell for each folded letter where it stood before."""
    letters, places = [], []
    for place, letter in enumerate(text):
        plainly = plain(letter)
        letters.append(plainly)
        places += [place] * len(plainly)
    return "".join(letters), places
