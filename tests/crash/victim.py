"""A process that does one piece of work and, at the point that it is told, dies of SIGKILL.

It ends with 0 when the point was never reached.
"""

from typing import Any

from sqlalchemy import event
from sqlalchemy.pool import Pool

from tests.bed import allow_only_loopback
from tests.crash.points import arm
from tests.crash.works import WORKS, Job

NAME = "duban-victim"


def live(work: str, job: Job, point: str | None, nth: int) -> None:
    """Work until the n-th time that the point is come to."""
    allow_only_loopback()
    event.listen(Pool, "connect", _say_who)
    if point:
        arm(point, nth=nth)
    WORKS[work](job)


def _say_who(connection: Any, _record: object) -> None:
    """So that the server can be asked whether something of the victim is still there."""
    with connection.cursor() as cursor:
        cursor.execute(f"SET application_name = '{NAME}'")
    connection.commit()
