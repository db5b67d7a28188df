"""Who may write on top of what, and which drafts need not be kept. Pure."""

from dataclasses import dataclass
from datetime import datetime, timedelta

HISTORY_STEP = timedelta(minutes=5)


@dataclass(frozen=True, slots=True)
class Saved:
    """One saved version: from which tab, on top of which version, when, and after how many changes in that tab."""

    version: int
    base_version: int
    tab: str
    at: datetime
    changes: int = 0


def follows(latest: Saved | None, *, base_version: int, tab: str) -> bool:
    """Tell whether a save may go on top of the latest version.

    It may when the writer had that version before them, or when that version is the
    writer's own and only the answer to it was lost on the way.
    """
    if latest is None:
        return base_version == 0
    if base_version == latest.version:
        return True
    return latest.tab == tab and latest.base_version == base_version


def overtaken(latest: Saved | None, *, tab: str, changes: int) -> bool:
    """Tell whether a save only now arrives although the same tab's later words are saved already.

    Requests may overtake each other: one sent on leaving a page travels beside the one before it.
    """
    return latest is not None and latest.tab == tab and 0 < changes < latest.changes


def superseded(before: Saved, last: Saved, coming: Saved) -> bool:
    """Tell whether `last` may go now that `coming` stands on it.

    Typing saves every few seconds; the history keeps a version every five minutes,
    and always the last words of a tab before another one wrote.
    """
    one_hand = before.tab == last.tab == coming.tab
    return one_hand and coming.base_version == last.version and last.at - before.at < HISTORY_STEP
