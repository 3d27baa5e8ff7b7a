"""`python -m tests.outages.engine rounds | watchdog`: a part of the engine as a process that can be killed.

It does its work over and over, with a dot on its standard output after each time.
"""

import asyncio
import sys
import time

import pytest

from flows import watchdog
from flows.common import Duban, duban
from runtime import clock
from services import rounds, sweeps


def a_round(here: Duban) -> None:
    sweeps.tick(here.sessions, now=here.now())
    with here.sessions() as session:
        rounds.ended(session, at=clock.true_now(session))
        session.commit()


def watch() -> watchdog.Watched:
    """The watchdog's flow without Prefect: its tasks as the plain functions that they are."""
    with pytest.MonkeyPatch.context() as patch:
        for name in ("look", "ping"):
            patch.setattr(watchdog, name, getattr(watchdog, name).fn)
        patch.setattr(watchdog, "show_page", _no_page)
        state = asyncio.run(watchdog.watchdog.fn())
    assert isinstance(state.data, watchdog.Watched)
    return state.data


async def _no_page(*_: object, **__: object) -> None:
    """Prefect is not there to show it."""


def main(what: str) -> None:
    with duban() as here:
        while True:
            a_round(here) if what == "rounds" else watch()
            sys.stdout.write(".")
            sys.stdout.flush()
            time.sleep(0.1)


if __name__ == "__main__":
    main(sys.argv[1])
