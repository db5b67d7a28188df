"""How the tests are shared out among the workers of pytest-xdist."""

from xdist.scheduler import LoadFileScheduling
from xdist.workermanage import WorkerController

BROWSERS, OTHERS, WAITERS = range(3)
"""What the first, second and third worker begin with, and every later one like the second."""

WANTED = {
    BROWSERS: (BROWSERS, OTHERS, WAITERS),
    OTHERS: (OTHERS, WAITERS, BROWSERS),
    WAITERS: (WAITERS, OTHERS, BROWSERS),
}
"""What each of them goes on with when nothing of its own kind is left."""

TOGETHER = ("tests/browser/pages",)
"""Folders that go to one worker whole, for their modules share a practice."""

MOSTLY_WAITING = (
    "tests/browser/test_the_whole_visit.py",
    "tests/practice/test_supervisor.py",
    "tests/notes/test_never_lost.py",
    "tests/billing/test_servers.py",
    "tests/core/test_schedulers_race.py",
    "tests/booking/test_reminders_survive.py",
    "tests/browser/test_holding.py",
)
"""Modules that wait for an hour, a restart or a lease to pass, in the order in which they are begun."""

LONGEST = (
    *TOGETHER,
    "tests/browser/test_room_faults.py",
    "tests/browser/test_shared_room.py",
    "tests/browser/test_room_secrecy.py",
    "tests/browser/test_room_talking.py",
    "tests/browser/test_room.py",
    "tests/browser/test_room_pages.py",
    "tests/browser/test_arriving.py",
    "tests/notes/test_in_the_browser.py",
    "tests/billing/test_webhooks.py",
    "tests/billing/test_pages.py",
    "tests/booking/test_races.py",
    "tests/booking/test_agenda_pages.py",
    "tests/notes/release/test_releasing.py",
    "tests/booking/test_queries.py",
    "tests/notes/test_papers.py",
    "tests/practice/test_demo_and_setup.py",
    "tests/notes/plans/test_plan_pages.py",
    "tests/practice/test_printing.py",
    "tests/site/test_access.py",
    "tests/billing/test_late_fees.py",
    "tests/booking/test_demo.py",
    "tests/practice/test_locked_browser.py",
    "tests/billing/test_any_order.py",
)
"""What takes longest, begun first, lest one worker be left with it while the others have nothing to do."""


class BrowsersApart(LoadFileScheduling):
    """Give each module to one worker whole; those with a browser to the first worker while the others have work.

    What a module starts for all its tests often takes longest, and two busy browsers at once on two cores measure the
    machine instead of the pages. Whoever waits leaves the processor to others: the third worker begins with that.
    When nothing of its own kind is left, a worker helps with what there is.
    """

    def _split_scope(self, nodeid: str) -> str:
        module: str = super()._split_scope(nodeid)
        return next((folder for folder in TOGETHER if module.startswith(f"{folder}/")), module)

    def _assign_work_unit(self, node: WorkerController) -> None:
        self.workqueue.move_to_end(self._chosen(list(self.assigned_work).index(node)), last=False)
        super()._assign_work_unit(node)

    def _chosen(self, place: int) -> str:
        wanted = WANTED.get(place, WANTED[OTHERS])
        scopes: list[str] = list(self.workqueue)
        return min(scopes, key=lambda scope: (wanted.index(self._kind(scope)), _rank(scope)))

    def _kind(self, scope: str) -> int:
        if scope in MOSTLY_WAITING:
            return WAITERS if self.numnodes > WAITERS else OTHERS
        return BROWSERS if "browser" in scope else OTHERS


def _rank(scope: str) -> int:
    order = (*MOSTLY_WAITING, *LONGEST)
    return order.index(scope) if scope in order else len(order)
