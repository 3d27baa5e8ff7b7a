"""Two people take in the same workbook at the same moment: the second waits, and finds that all of it is here."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Barrier

import pytest
from sqlalchemy import Engine
from sqlmodel import Session, func, select

from models.errors import WrongValue
from models.issue import Issue
from models.point import Point, Task
from services.imports import ledger, tasks
from services.seal import record_lines, verify
from tests.cast import OFFICE, who
from tests.services.imports.lives import NOW
from tests.services.imports.test_ledger_import import GOOD, the_file
from tests.services.imports.test_tasks_import import NEW

Together = Callable[[Callable[[Session], int]], list[int]]


@pytest.fixture
def together(city: Session) -> Iterator[Together]:
    """Does the same in two sessions that begin at one moment; what each of them says."""
    engine = city.get_bind()
    assert isinstance(engine, Engine)
    city.commit()
    start = Barrier(2, timeout=30)

    def run(work: Callable[[Session], int]) -> int:
        with Session(engine) as session:
            start.wait()
            found = work(session)
            session.commit()
            return found

    with ThreadPoolExecutor(2) as pool:
        yield lambda work: sorted(future.result(60) for future in [pool.submit(run, work) for _ in range(2)])


def test_a_ledger_comes_in_once(city: Session, together: Together, tmp_path: Path):
    rows = [{**GOOD, "编号": f"A-{n}", "备注": "原台账"} for n in range(20)]
    path = the_file(tmp_path, *rows, {"问题描述": "井盖破损", "来源": "自查", "点位编号": "P-0001"})

    def take_in(session: Session) -> int:
        planned = ledger.plan(session, path, now=NOW)
        done = ledger.apply(session, planned, by=who(session, OFFICE, now=NOW), now=NOW)
        return done.taken_over + done.found

    assert together(take_in) == [0, 21]
    assert city.exec(select(func.count()).select_from(Issue)).one() == 21
    assert verify(record_lines(city)).alteration is None


def test_points_and_tasks_come_in_once(city: Session, together: Together, tmp_path: Path):
    path = the_file(tmp_path, NEW)

    def take_in(session: Session) -> int:
        planned = tasks.plan(session, path, now=NOW)
        tasks.apply(session, planned, by=who(session, OFFICE, now=NOW), now=NOW)
        return len(planned.new_points) + len(planned.new_tasks)

    assert together(take_in) == [0, 2]
    assert [city.exec(select(func.count()).select_from(kind)).one() for kind in (Point, Task)] == [4, 4]


def test_a_plan_that_somebody_has_overtaken_is_refused_as_a_whole(city: Session, tmp_path: Path):
    path = the_file(tmp_path, GOOD, {**GOOD, "编号": "B"})
    early = ledger.plan(city, path, now=NOW)
    city.commit()
    ledger.apply(city, ledger.plan(city, path, now=NOW), by=who(city, OFFICE), now=NOW)
    city.commit()

    with pytest.raises(WrongValue, match="import the file again"):
        ledger.apply(city, early, by=who(city, OFFICE), now=NOW)


def test_a_plan_of_points_that_somebody_has_overtaken_is_refused(city: Session, tmp_path: Path):
    path = the_file(tmp_path, NEW)
    early = tasks.plan(city, path, now=NOW)
    city.commit()
    tasks.apply(city, tasks.plan(city, path, now=NOW), by=who(city, OFFICE), now=NOW)
    city.commit()

    with pytest.raises(WrongValue, match="import the file again"):
        tasks.apply(city, early, by=who(city, OFFICE), now=NOW)
