"""Python's garbage collector rests during a batch. It stands here because rounds and delivery both may import this."""

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def collector_rests() -> Iterator[None]:
    """What a batch makes goes with it and holds no cycles: to look for some among all that is loaded took a fifth of
    a round's time, and a tenth of a second each time from delivery, and found nothing.
    """
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()
