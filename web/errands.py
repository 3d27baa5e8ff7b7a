"""What a page sets going and does not wait for: sending a letter takes time, and the time would tell who is known."""

import logging
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor, wait
from functools import cached_property
from threading import Lock

from notifications.channels import Channels, Gateways, open_channels
from runtime.settings import Settings

log = logging.getLogger("duban.web")
AT_ONCE = 4
MOST_WAITING = 1000
"""More than that are not taken on: whoever waits asks again."""


class Errands:
    """A few threads, and the channels that letters leave by; opened when first needed."""

    def __init__(self, settings: Settings) -> None:
        self._settings, self._lock = settings, Lock()
        self._threads = ThreadPoolExecutor(AT_ONCE, thread_name_prefix="errand")
        self._under_way: set[Future[None]] = set()

    @cached_property
    def channels(self) -> Channels:
        """The ways out that this installation has."""
        return open_channels(Gateways(**self._settings.gateways))

    def run(self, work: Callable[[], None]) -> None:
        """Have it done. A failure is logged by its kind alone: it may name an address."""
        with self._lock:
            if len(self._under_way) >= MOST_WAITING:
                log.error("an errand was not taken on: too many wait")
                return
            future = self._threads.submit(_careful, work)
            self._under_way.add(future)
        future.add_done_callback(self._done)

    def _done(self, future: Future[None]) -> None:
        with self._lock:
            self._under_way.discard(future)

    def finish(self, *, seconds: float = 30.0) -> None:
        """Until nothing is under way."""
        with self._lock:
            waiting = list(self._under_way)
        wait(waiting, timeout=seconds)

    def close(self) -> None:
        """Finish what is under way and let go of the channels."""
        self.finish(seconds=5.0)
        self._threads.shutdown(wait=False, cancel_futures=True)
        if "channels" in vars(self):
            self.channels.close()


def _careful(work: Callable[[], None]) -> None:
    try:
        work()
    except Exception as error:  # noqa: BLE001 - the rim of a thread
        log.error("an errand failed: %s", type(error).__name__)
