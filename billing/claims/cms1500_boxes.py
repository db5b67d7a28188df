"""The items of CMS-1500 (02/12) and where each stands, on a grid of ten columns and six lines to the inch. Pure.

The words are short ones of our own; the numbers are the form's.
"""

from __future__ import annotations

from collections.abc import Iterator

_THREE = ((1, 29), (30, 20), (50, 30))


def _row(line: int, height: int, *items: tuple[str, str]) -> list[tuple[str, str, int, int, int, int]]:
    return [(*item, line - height + 1, *where, height) for item, where in zip(items, _THREE, strict=True)]


def _place(line: int) -> Iterator[tuple[str, str, int, int, int, int]]:
    row = (line - 2) // 2 - 20
    yield (f"24 {line}", f"24 line {row}", line - 1, 1, 79, 2)


BOXES: tuple[tuple[str, str, int, int, int, int], ...] = (
    ("carrier", "", 2, 41, 39, 4),
    ("1", "1. Kind of insurance", 7, 1, 49, 2),
    ("1a", "1a. Insured’s I.D. number", 7, 50, 30, 2),
    *_row(10, 2, ("2", "2. Patient’s name"), ("3", "3. Patient’s birth date, sex"), ("4", "4. Insured’s name")),
    *_row(
        12,
        2,
        ("5", "5. Patient’s address"),
        ("6", "6. Relation to the insured"),
        ("7", "7. Insured’s address"),
    ),
    ("5 city", "City", 13, 1, 24, 2),
    ("5 state", "State", 13, 25, 5, 2),
    ("8", "8. Reserved", 13, 30, 20, 4),
    ("7 city", "City", 13, 50, 23, 2),
    ("7 state", "State", 13, 73, 7, 2),
    ("5 zip", "ZIP code", 15, 1, 13, 2),
    ("5 phone", "Telephone", 15, 14, 16, 2),
    ("7 zip", "ZIP code", 15, 50, 14, 2),
    ("7 phone", "Telephone", 15, 64, 16, 2),
    *_row(18, 2, ("9", "9. Other insured"), ("10", "10. Condition comes of"), ("11", "11. Policy group")),
    *_row(20, 2, ("9a", "9a. Other policy"), ("10a", "a. Of work?"), ("11a", "a. Insured’s birth date, sex")),
    *_row(22, 2, ("9b", "9b. Reserved"), ("10b", "b. Of a car accident?"), ("11b", "b. Other claim I.D.")),
    *_row(24, 2, ("9c", "9c. Reserved"), ("10c", "c. Of another accident?"), ("11c", "c. Insurance plan")),
    *_row(26, 2, ("9d", "9d. Other plan"), ("10d", "10d. Claim codes"), ("11d", "d. Is there another plan?")),
    ("12", "12. Patient’s signature: records may go to the insurer", 27, 1, 49, 3),
    ("13", "13. Insured’s signature: benefits go to the provider", 27, 50, 30, 3),
    *_row(32, 3, ("14", "14. Date of current illness"), ("15", "15. Other date"), ("16", "16. Unable to work")),
    *_row(34, 2, ("17", "17. Referring provider"), ("17b", "17b. NPI"), ("18", "18. In hospital")),
    ("19", "19. Additional claim information", 35, 1, 49, 2),
    ("20", "20. Outside lab?", 35, 50, 30, 2),
    ("21", "21. Diagnoses A to L, across; ICD indicator 0", 37, 1, 49, 4),
    ("22", "22. Resubmission", 37, 50, 30, 2),
    ("23", "23. Prior authorization", 39, 50, 30, 2),
    (
        "24",
        "24. Services",
        41,
        1,
        79,
        2,
    ),
    *(box for line in range(44, 56, 2) for box in _place(line)),
    ("25", "25. Federal tax I.D.: SSN, EIN", 55, 1, 22, 2),
    ("26", "26. Account", 55, 23, 14, 2),
    ("27", "27. Assignment?", 55, 37, 13, 2),
    ("28", "28. Total charge", 55, 50, 11, 2),
    ("29", "29. Amount paid", 55, 61, 10, 2),
    ("30", "30. Reserved", 55, 71, 9, 2),
    ("31", "31. Provider’s signature, date", 57, 1, 22, 5),
    ("32", "32. Where, and NPI", 57, 23, 27, 5),
    ("33", "33. Billing provider, telephone, NPI", 57, 50, 30, 5),
)
"""The items of the form: name, words, first line, first column, width in columns, height in lines."""

_YES_NO = tuple((line, column, words) for line in (20, 22, 24) for column, words in ((35, "Yes"), (41, "No")))
MARKS: tuple[tuple[int, int, str], ...] = (
    *((8, column, words) for column, words in ((1, "Medicare"), (8, "Medicaid"), (15, "Tricare"), (24, "ChampVA"))),
    *((8, column, words) for column, words in ((31, "Group"), (39, "FECA"), (45, "Other"))),
    *((10, 42, "M"), (10, 47, "F"), (20, 68, "M"), (20, 75, "F")),
    *((12, column, words) for column, words in ((33, "Self"), (38, "Sp."), (42, "Child"), (47, "Oth."))),
    *_YES_NO,
    *((26, 52, "Yes"), (26, 57, "No"), (36, 52, "Yes"), (36, 57, "No")),
    *((56, 38, "Yes"), (56, 43, "No")),
)
"""Where a mark may be made, and what it then means: line, column, words beside it."""

HEADS: tuple[tuple[int, int, str], ...] = (
    *((42, 1, "A. From, month day year"), (42, 10, "To"), (42, 19, "B. Place"), (42, 25, "D. Code")),
    *((42, 33, "Modifiers"), (42, 45, "E. Pointer"), (42, 50, "F. Charges"), (42, 59, "G. Units")),
    (42, 68, "J. NPI"),
)
"""The heads of the columns of services."""
