"""What stands on every authorisation, and on what is given out under one. Pure.

The statements are those of 45 CFR 164.508(c)(2), in plain words. Whoever signs keeps them as they were then: they
are sealed with the rest.
"""

from notes.release.words import Signed

STATEMENTS = (
    (
        "You can take this back at any time, here or by a word to your counselor. "
        "From then on nothing more is given; what was given before cannot be called back."
    ),
    "Your care does not depend on it: you need not sign this to be treated here.",
    "Whoever receives it may be free to pass it on, and the law that binds us may not bind them.",
    "You have a copy of what you signed in your account.",
)
PSYCHOTHERAPY = (
    "Psychotherapy notes are kept apart and are not in it; they would need an authorisation of their own "
    "(45 CFR 164.508(b)(3)(ii))."
)
APART_STATEMENTS = (
    (
        "You can take this back at any time by a written word to your counselor. "
        "From then on nothing more is given; what was given before cannot be called back."
    ),
    "Neither your care, nor what a health plan pays, nor whether it takes you may depend on your signing this.",
    "Whoever receives it may be free to pass it on, and the law that binds us may not bind them.",
    (
        "This paper is for psychotherapy notes alone. It is joined to no other authorisation, "
        "but to one for psychotherapy notes as well (45 CFR 164.508(b)(3)(ii))."
    ),
    "You keep a copy of what you signed.",
)
"""What stands on the paper by which psychotherapy notes may be given: 45 CFR 164.508(b)(3)(ii), (b)(4) and (c)(2)."""
SUBSTANCE_USE = "42 CFR part 2 prohibits unauthorized use or disclosure of these records."
"""The statement that goes with records of treatment for substance use, as the rule words it: 42 CFR 2.32(a)(2)."""


def standing_words(words: Signed) -> str:
    """Say until when an authorisation holds."""
    if words.ends_on:
        return f"Until {words.ends_on:%-d %B %Y}"
    return words.event or "Until it has been sent once"
