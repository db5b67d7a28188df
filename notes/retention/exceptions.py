"""Why a record may end before its day. Pure.

The time a law sets is for the records of treatment. It does not keep what was never such a record, or what there was
no right to keep (GDPR article 17(1)(d)), and it gives way to an order (article 17(1)(e)). A wish alone is no ground
(article 17(3)(b)).
"""

from collections.abc import Mapping

ORDER = "order"
WORDS: Mapping[str, str] = {
    "stranger": "It was begun for the wrong person",
    "untreated": "Nobody was treated, so no law keeps it",
    "unlawful": "There was no right to keep it",
    ORDER: "A court or an authority orders it",
}
EXCEPTIONS = tuple(WORDS)
