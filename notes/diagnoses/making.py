"""Make the file of codes anew from a release of ICD-10-CM: `python -m notes.diagnoses.making`.

The codes and their words are published by the CDC's National Center for Health Statistics and are in the public
domain; they are read through the package simple-icd-10-cm (MIT), whose version is pinned beside our other tools.
"""

import gzip
from collections.abc import Iterator
from importlib.metadata import version

from notes.diagnoses.catalogue import FILE, NEAR, Code

RELEASE = "ICD-10-CM 2026, update of 1 April 2026"


def lines() -> Iterator[str]:
    """Yield the head and then every billable code, those nearest to counseling first."""
    yield f"{RELEASE}\tsimple-icd-10-cm {version('simple-icd-10-cm')}"
    for code in sorted(_codes(), key=lambda code: (code.tier, code.code)):
        yield f"{code.code}\t{code.name}\t{'|'.join(code.also)}"


def _codes() -> Iterator[Code]:
    import simple_icd_10_cm as published  # noqa: PLC0415 -- reading the whole release takes seconds

    for code in dict.fromkeys(published.get_all_codes()):
        if published.is_category_or_subcategory(code) and published.is_leaf(code):
            above = published.get_parent(code)
            terms = published.get_inclusion_term(code)
            if published.is_category_or_subcategory(above):
                terms = terms + published.get_inclusion_term(above)
            also = tuple(dict.fromkeys(" ".join(term.split()) for term in terms))
            yield Code(code, " ".join(published.get_description(code).split()), also)


if __name__ == "__main__":
    FILE.write_bytes(gzip.compress("\n".join(lines()).encode(), 9, mtime=0))
    print(f"{FILE.name}: {RELEASE}, nearest first {', '.join(NEAR)}")  # noqa: T201 - a command's answer
