"""Who is seen where when several people share a room."""

import pytest

from video.media.peer import _placed


@pytest.mark.parametrize(
    ("before", "people", "after"),
    [
        ({}, ["ines"], {0: "ines"}),
        ({0: "ines"}, ["ines", "ben"], {0: "ines", 1: "ben"}),
        ({0: "ines", 1: "ben", 2: "chloe"}, ["ines", "chloe"], {0: "ines", 2: "chloe"}),
        ({0: "ines", 2: "chloe"}, ["ines", "chloe", "ben"], {0: "ines", 1: "ben", 2: "chloe"}),
        ({0: "ines", 1: "ben", 2: "chloe"}, ["ben", "chloe"], {0: "chloe", 1: "ben"}),
        ({0: "ines"}, [], {}),
        ({0: "ines"}, ["ines", "ben", "chloe", "daniel"], {0: "ines", 1: "ben", 2: "chloe"}),
    ],
)
def test_people_keep_their_place_and_the_stage_is_never_empty(before, people, after):
    assert _placed(before, people, free=3) == after
