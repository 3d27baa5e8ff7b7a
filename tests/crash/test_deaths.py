"""What the other tests rest on: a victim is dead only when the server has let go of it too."""

import time

from sqlalchemy import text

from tests.cast import MONDAY
from tests.crash.deaths import PATIENCE, bury, is_there, start


def test_what_a_dead_client_still_waits_for_is_waited_out(place) -> None:
    here = place(nothing)
    job = here.job(MONDAY)
    with here.session() as holding:
        holding.connection().execute(text("LOCK TABLE issue IN ACCESS EXCLUSIVE MODE"))
        victim = start("tick", job)
        until = time.monotonic() + PATIENCE
        while not is_there(job, waiting=True):
            assert time.monotonic() < until
            time.sleep(0.02)
        victim.kill()
        victim.process.join(PATIENCE)
        assert is_there(job)

    bury(job)
    assert not is_there(job)


def nothing(_session) -> None: ...
