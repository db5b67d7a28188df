"""How the tests are shared out among the workers of pytest-xdist."""

from xdist.scheduler import LoadFileScheduling
from xdist.workermanage import WorkerController


class BrowsersApart(LoadFileScheduling):
    """Give each module to one worker whole; those with a browser to the first worker while the others have work.

    What a module starts for all its tests often takes longest, and two busy browsers at once on two cores measure
    the machine instead of the pages.
    """

    def _assign_work_unit(self, node: WorkerController) -> None:
        first = next(iter(self.assigned_work)) is node
        wanted = (scope for scope in self.workqueue if ("browser" in scope) is first)
        if scope := next(wanted, None):
            self.workqueue.move_to_end(scope, last=False)
        super()._assign_work_unit(node)
