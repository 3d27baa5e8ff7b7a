"""How the tests of a run are shared out among its workers (`pytest -n`): file by file, what takes long first.

A file stays together, so what it prepares for all its tests is prepared once. All that drives a browser stays together
too: two browsers on two cores keep each other waiting. And a worker that gets one test at a time spends more on asking
for the next than many a test takes.
"""

from typing import Any

from xdist.scheduler import LoadGroupScheduling
from xdist.workermanage import WorkerController

TOGETHER = ("tests/browser/",)
LONG = (
    "prefect",  # the group of what starts a real Prefect
    "tests/browser/",
    "tests/outages/",
    "tests/concurrency/",
    "tests/properties/",
    "tests/crash/",
    "tests/deployments/",
    "tests/web/api/test_openapi.py",
    "tests/web/attacks/",
    "tests/scenarios/",
    "tests/migrations/",
)
"""What would keep one worker busy after all others have ended, if it came last."""


def share_of(nodeid: str) -> str:
    """The share that a test belongs to: its group, its folder, or its file."""
    path, _, test = nodeid.partition("::")
    group = test.rpartition("@")[2] if test.rfind("@") > test.rfind("]") else ""
    return group or next((folder for folder in TOGETHER if path.startswith(folder)), path)


def turn_of(share: str) -> int:
    """Shares with a smaller number are handed out first."""
    return next((turn for turn, start in enumerate(LONG) if share.startswith(start)), len(LONG))


class ByFile(LoadGroupScheduling):
    """Shares instead of single tests; xdist hands them out in the order of its queue."""

    def _split_scope(self, nodeid: str) -> str:
        return share_of(nodeid)

    def _assign_work_unit(self, node: WorkerController) -> None:
        if not any(self.assigned_work.values()):  # the first of all
            self._sort()
        super()._assign_work_unit(node)

    def _sort(self) -> None:
        for share in sorted(self.workqueue, key=turn_of):
            self.workqueue.move_to_end(share)


def scheduler(config: Any, log: Any) -> ByFile | None:
    """For `--dist loadgroup`; whoever asks for another way gets it."""
    return ByFile(config, log) if config.getvalue("dist") == "loadgroup" else None
