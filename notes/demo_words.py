"""What the demo's notes say: gentle, and invented from the first word to the last. Pure."""

from notes.layouts import CONTACT, DAP, FREE, SOAP
from notes.words import Words

_SLEEP = (
    Words(
        SOAP,
        "First meeting",
        {
            "subjective": "Lies awake before working days and goes over what could go wrong. “By four I have lost my "
            "post three times.” Good weekends. Wants to sleep and to stop rehearsing.",
            "objective": "Tired, friendly, quick to laugh. Speech a little fast at first, slower later.",
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
            "data": "Walked before the meeting and said the first sentence as planned. Nobody noticed the fear. "
            "Slept six nights of seven.",
            "assessment": "Steady gain, and trust in it. Ready for longer gaps.",
            "plan": "Every second week. Writes down what helped, for the winter.",
        },
    ),
)
_GRIEF = (
    Words(
        FREE,
        "Father’s workshop",
        {
            "text": "Spoke of clearing the workshop. Found the plane from the first lessons and could not put it "
            "down. We stayed with that for most of the hour.\n\nNo wish to be cheered up. The wish is that somebody "
            "knows how good the old man was with wood.\n\nBrings a photograph next time."
        },
    ),
    Words(
        FREE,
        "The photograph",
        {
            "text": "Brought the photograph: both of them under the apple tree, squinting. Told the story of the "
            "ladder, laughed to tears, and then they were only tears.\n\nKept one bench and gave the rest to the "
            "school. Sleeps better. Eats with the family on Sundays."
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
            "plan": "One thing a week that makes somebody learn a name. The choir, to begin with.",
        },
    ),
    Words(
        DAP,
        "The choir",
        {
            "data": "Went twice. Stood with the altos. “They saved me a chair.”",
            "assessment": "A home built by small regular steps, and seen as one.",
            "plan": "Keep the choir. Think about what to say to the brother before the visit.",
        },
    ),
)
STORIES = (_SLEEP, _GRIEF, _CHANGE)
LATER = tuple(
    Words(DAP, title, {"data": data, "assessment": assessment, "plan": plan})
    for title, data, assessment, plan in (
        (
            "A quiet week",
            "Little to report, and glad of it. Cooked for friends on Friday. One restless night.",
            "The ground holds. A quiet week is a result.",
            "Keep what works. Notice one good hour a day.",
        ),
        (
            "The telephone call",
            "Rang the sister after two years. Ten minutes, mostly about the garden. Shook afterwards, then slept well.",
            "A long-avoided step, taken at the right size.",
            "No second call yet. Write down what was said while it is fresh.",
        ),
        (
            "Rain",
            "Came in low. Work was loud and the weather did not help. Spoke slowly and asked for silence once.",
            "A dip, not a slide: sleep and appetite are steady.",
            "Daylight before ten. Message me if two nights in a row are bad.",
        ),
        (
            "Saying no",
            "Turned down the extra shift in one sentence. Nobody was angry. Surprised by how ordinary it felt.",
            "The old rule that no is rude is losing its force.",
            "One more small no, to somebody kind.",
        ),
        (
            "Looking back",
            "Read the first worry list aloud and smiled at most of it. Two lines are still true.",
            "Clear gain, seen from inside as well as from outside.",
            "Work on the two lines. Talk about longer gaps next time.",
        ),
        (
            "The visit",
            "Parents stayed four days. Asked for an hour alone each morning and got it.",
            "Holds own ground with warmth. Tired, which is fair.",
            "An evening with nothing planned. Same hour next week.",
        ),
    )
)
CALL = Words(
    CONTACT,
    "The key",
    {
        "with_whom": "My client, by telephone, five minutes.",
        "said": "The key of the practice turned up in a coat. Laughed about it. Slept well since Tuesday.",
        "follows": "Brings it along next time.",
    },
)
ADDENDUM = "Wrote the day after to say that the first night was a good one."
