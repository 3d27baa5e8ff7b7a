"""Looks after the embedded PostgreSQL: one that was killed, or ran out of memory, is started again.

Without it nothing else would: Prefect lies in the same PostgreSQL, and everybody would wait for a server that nobody
starts. A given PostgreSQL is its operator's.
"""

import time
from collections.abc import Callable

from runtime.cluster import Cluster
from runtime.errors import DatabaseTrouble
from runtime.i18n import gettext as _
from runtime.i18n import say as words_of

EVERY = 2.0
AGAIN_AFTER = 15.0
"""Seconds between two looks, and after a start that failed."""


class Keeper:
    """Says once that the server is gone and cannot be started, and once that it was started again."""

    def __init__(self, cluster: Cluster | None, *, say: Callable[[str], None]) -> None:
        self._cluster, self._say = cluster, say
        self._not_before, self._failing = 0.0, False

    def look(self) -> None:
        """Cheap to call at any time."""
        if self._cluster is None or time.monotonic() < self._not_before:
            return
        self._not_before = time.monotonic() + EVERY
        try:
            revived = self._cluster.look_after()
        except DatabaseTrouble as trouble:
            self._not_before = time.monotonic() + AGAIN_AFTER
            self._fails(trouble)
        else:
            self._runs(self._cluster, revived=revived)

    def _fails(self, trouble: DatabaseTrouble) -> None:
        if not self._failing:
            self._failing = True
            self._say(_("PostgreSQL has ended and cannot be started: {why}").format(why=words_of(trouble)))

    def _runs(self, cluster: Cluster, *, revived: bool) -> None:
        if revived or self._failing:
            self._failing = False
            words = _("PostgreSQL had ended and has been started again. Its log: {log}")
            self._say(words.format(log=cluster.folder / "data" / "server.log"))
