"""How the tests are shared out among the workers of pytest-xdist."""

from xdist.scheduler import LoadFileScheduling
from xdist.workermanage import WorkerController

BROWSERS, OTHERS, WAITERS = range(3)
"""What the first, second and third worker do while there is work of each kind."""

MOSTLY_WAITING = (
    "tests/browser/test_the_whole_visit.py",
    "tests/practice/test_supervisor.py",
    "tests/core/test_schedulers_race.py",
    "tests/booking/test_reminders_survive.py",
    "tests/browser/test_holding.py",
)
"""Modules that wait for an hour, a restart or a lease to pass, in the order in which they are begun."""

LONGEST = ("tests/browser/pages", "tests/browser/test_room.py", "tests/browser/test_shared_room.py")
"""Browsers that are begun first, lest one worker be left with them while the other has nothing to do."""


class BrowsersApart(LoadFileScheduling):
    """Give each module to one worker whole; those with a browser to the first worker while the others have work.

    Modules that share a practice go together. What a module starts for all its tests often takes longest, and two
    busy browsers at once on two cores measure the machine instead of the pages. Whoever waits leaves the processor to
    others: a third worker does that, and ends when nothing of the kind is left.
    """

    def _split_scope(self, nodeid: str) -> str:
        module: str = super()._split_scope(nodeid)
        folder = module.rpartition("/")[0]
        return folder if folder in LONGEST else module

    def _assign_work_unit(self, node: WorkerController) -> None:
        if (scope := self._chosen(self._place(node))) is not None:
            self.workqueue.move_to_end(scope, last=False)
        super()._assign_work_unit(node)

    def _reschedule(self, node: WorkerController) -> None:
        if self._place(node) == WAITERS and self._chosen(WAITERS) is None and not node.shutting_down:
            node.shutdown()
        super()._reschedule(node)

    def _place(self, node: WorkerController) -> int:
        return list(self.assigned_work).index(node)

    def _chosen(self, place: int) -> str | None:
        if place == WAITERS:
            return next((scope for scope in MOSTLY_WAITING if scope in self.workqueue), None)
        apart = MOSTLY_WAITING if len(self.assigned_work) > WAITERS else ()
        left = [scope for scope in (*LONGEST, *self.workqueue) if scope in self.workqueue and scope not in apart]
        return next((scope for scope in left if ("browser" in scope) is (place == BROWSERS)), None)
