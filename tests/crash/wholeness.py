"""One command is killed at a point and typed again: what it writes comes whole or not at all."""

from collections.abc import Callable
from datetime import datetime
from pathlib import Path

from sqlmodel import Session

from tests.crash.counting import is_sealed, rewind, snapshot
from tests.crash.deaths import dies
from tests.crash.works import command

WHOLE = "after a commit"


def check(
    place,
    finished,
    typed: tuple[str, ...],
    home: Path,
    *,
    point: str,
    nth: int,
    now: datetime,
    fill: Callable[[Session], None],
) -> None:
    """Killed there, then typed again: as if it had gone through the first time. `fill` makes what is there before."""
    here = place(fill)
    before = snapshot(here.engine)
    dies("command", here.job(now, home=home, typed=typed), point=point, nth=nth)

    half = snapshot(here.engine)
    rewind(here.engine)
    command(here.job(now, home=home, typed=typed))
    whole = finished(fill, "command", now, home=home, typed=typed)

    assert before != whole
    assert half == (whole if point == WHOLE else before)
    assert snapshot(here.engine) == whole
    assert is_sealed(here.engine)
