"""What the demo's notes say: gentle, and invented from the first word to the last. Pure."""

from notes.layouts import DAP, FREE, SOAP
from notes.words import Words

_SLEEP = (
    Words(
        SOAP,
        "First meeting",
        {
            "subjective": "Lies awake before working days and goes over what could go wrong. “By four I have lost my "
            "post three times.” Good weekends. Wants to sleep and to stop rehearsing.",
            "objective": "Tired, friendly, quick to laugh at herself. Speech a little fast at first, slower later.",
            "assessment": "Worry that grows at night and shrinks when it is written down. Strong support at home.",
            "plan": "Worry list at six in the evening, ten minutes, then close the book. Same hour next week.",
        },
    ),
    Words(
        SOAP,
        "The list at six",
        {
            "subjective": "Kept the list on five evenings. Two nights slept through. Surprised how short it was.",
            "objective": "More colour, sat back in the chair. Showed me the book.",
            "assessment": "The list does what we hoped. Mornings before meetings are still hard.",
            "plan": "Go on with the list. Try the walk round the block before the Tuesday meeting.",
        },
    ),
    Words(
        DAP,
        "Tuesday",
        {
            "data": "Walked before the meeting and said her first sentence as planned. Nobody noticed she was afraid. "
            "Slept six nights of seven.",
            "assessment": "Steady gain, and she trusts it. Ready for longer gaps.",
            "plan": "Every second week. She writes down what helped, for the winter.",
        },
    ),
)
_GRIEF = (
    Words(
        FREE,
        "His father’s workshop",
        {
            "text": "Spoke of clearing the workshop. Found the plane his father taught him with and could not put it "
            "down. We stayed with that for most of the hour.\n\nHe does not want to be cheered up. He wants somebody "
            "to know how good the old man was with wood.\n\nNext time he brings a photograph."
        },
    ),
    Words(
        FREE,
        "The photograph",
        {
            "text": "Brought the photograph: both of them under the apple tree, squinting. Told the story of the "
            "ladder and laughed until he cried, then only cried.\n\nHe has kept one bench and given the rest to the "
            "school. Sleeps better. Eats with his sister on Sundays."
        },
    ),
)
_CHANGE = (
    Words(
        DAP,
        "Two cities",
        {
            "data": "Three weeks in the new city. Likes the flat, misses the market and being known by name.",
            "assessment": "An honest mix of grief and curiosity. Nothing here that needs hurrying.",
            "plan": "One thing a week that makes somebody learn her name. She chose the choir.",
        },
    ),
    Words(
        DAP,
        "The choir",
        {
            "data": "Went twice. Stood with the altos. “They saved me a chair.”",
            "assessment": "She builds a home by small regular steps and sees it herself.",
            "plan": "Keep the choir. Think about what she wants to say to her brother before he visits.",
        },
    ),
)
STORIES = (_SLEEP, _GRIEF, _CHANGE)
ADDENDUM = "Wrote the day after to say that the first night was a good one."
