"""Progress boards: each row is what a plain count over the issues gives."""

from collections import Counter
from datetime import timedelta

import pytest
from sqlalchemy import Engine
from sqlmodel import Session, select, text

from bench.crowd import multiply
from models.audit import Round, RoundKind, Sheet
from models.errors import NotFound
from models.issue import Issue
from models.lifecycle import OPEN, RUNNING, State
from services.filters import Scope
from services.tasks.progress import Asked, By, Progress, progress, total
from tests.cast import MONDAY, an_issue, at
from tests.services.tasks.desk import TAGGED, YEAR, a_task, task_of
from tests.small_city import a_city

NOW = at("2026-11-20 10:00")
ASKED = Asked(YEAR, at("2026-01-01 00:00"), at("2027-01-01 00:00"))


def board(city: Session, by: By, asked: Asked = ASKED, **more: object) -> dict[str, Progress]:
    rows = progress(city, asked, by=by, settings=TAGGED, now=NOW, lang="en", **more)  # type: ignore[arg-type]
    return {row.code: row for row in rows}


@pytest.fixture
def crowd(session: Session, engine: Engine) -> Session:
    a_city(session)
    for state in ("found", "rectifying", "closed"):
        an_issue(session, state=state)
    session.commit()
    multiply(engine, to=200, until=NOW)
    session.connection().execute(
        text("UPDATE issue SET submitted_at = due_at + (id % 3 - 1) * interval '1 h' WHERE state = 'closed'")
    )
    session.commit()
    return session


def plain(city: Session, key, *, start=ASKED.start, end=ASKED.end) -> dict[str, tuple[int, int, int, int]]:
    """open, overdue, closed, on time: counted one by one."""
    counts: dict[str, Counter[str]] = {}
    for issue in city.exec(select(Issue)):
        mine = counts.setdefault(key(issue) or "", Counter())
        closed = issue.state == State.CLOSED and start <= issue.closed_at < end
        mine["open"] += issue.state in OPEN
        mine["overdue"] += issue.state in RUNNING and issue.due_at <= NOW
        mine["closed"] += closed
        mine["on_time"] += closed and issue.submitted_at is not None and issue.submitted_at <= issue.due_at
    found = {code: (c["open"], c["overdue"], c["closed"], c["on_time"]) for code, c in counts.items()}
    return {code: values for code, values in found.items() if any(values)}


def counted(rows: dict[str, Progress]) -> dict[str, tuple[int, int, int, int]]:
    found = {code: (row.open, row.overdue, row.closed, row.on_time) for code, row in rows.items()}
    return {code: values for code, values in found.items() if any(values)}


def test_each_class_is_what_a_plain_count_gives(crowd: Session) -> None:
    assert counted(board(crowd, By.CLASS)) == plain(crowd, lambda issue: issue.category_code)
    assert sum(row.closed for row in board(crowd, By.CLASS).values()) > sum(
        row.on_time for row in board(crowd, By.CLASS).values()
    )


def test_each_unit_is_what_a_plain_count_gives(crowd: Session) -> None:
    assert counted(board(crowd, By.UNIT)) == plain(crowd, lambda issue: issue.lead_unit)


def test_only_the_days_asked_for_count(crowd: Session) -> None:
    start, end = NOW - timedelta(days=90), NOW - timedelta(days=30)
    found = board(crowd, By.CLASS, Asked(YEAR, start, end))
    assert counted(found) == plain(crowd, lambda issue: issue.category_code, start=start, end=end)


def test_a_place_holds_what_lies_in_it(crowd: Session) -> None:
    found = board(crowd, By.UNIT, Asked(YEAR, ASKED.start, ASKED.end, area="510303"))
    wanted = plain(crowd, lambda issue: issue.lead_unit if "510303" in issue.area_path.split("/") else "elsewhere")
    wanted.pop("elsewhere", None)
    assert counted(found) == wanted


def test_a_tag_holds_the_issues_of_its_points_classes_and_standards(city: Session) -> None:
    task_of(city, "P-0003").campaign = "交通秩序"
    city.commit()
    for point, standard in (("P-0001", "01-01"), ("P-0002", "12-02"), ("P-0003", "01-01")):
        an_issue(city, point=point, standard=standard)
    city.commit()
    found = {code: row.open for code, row in board(city, By.TAG).items()}
    assert found == {"sanitation": 2, "traffic": 1, "road": 3}
    assert {code: row.points for code, row in board(city, By.TAG).items()} == {
        "sanitation": 2,
        "traffic": 1,
        "road": 2,
    }


def test_a_tag_narrows_the_other_boards(city: Session) -> None:
    an_issue(city, point="P-0001")
    an_issue(city, point="P-0002", standard="12-01")
    task_of(city, "P-0002").campaign = "交通秩序"
    city.commit()
    asked = Asked(YEAR, ASKED.start, ASKED.end, tag="traffic")
    assert {code: (row.points, row.open) for code, row in board(city, By.CLASS, asked).items()} == {"12": (1, 1)}
    assert list(board(city, By.TAG, asked)) == ["traffic"]


def test_a_row_of_the_whole_class_has_its_points(city: Session) -> None:
    city.delete(task_of(city, "P-0003"))
    a_task(city, None, unit_code="T510302001")
    found = board(city, By.UNIT)
    assert (found["T510302001"].points, found["D-CGJ"].points) == (1, 1)


def test_points_are_inspected_in_the_days_or_in_the_round_asked_for(city: Session) -> None:
    given = {"kind": RoundKind.MOCK, "area_code": "5103", "version_code": "CC-2026", "seed": 1, "wanted": 1}
    round_ = Round(number="ZG-A-1", on_date=MONDAY.date(), requested_by="R00001", created_at=MONDAY, **given)
    city.add(round_)
    city.flush()
    city.add(Sheet(round_id=round_.id, point_code="P-0001", inspector="R00002", filled_at=MONDAY))
    city.add(Sheet(round_id=round_.id, point_code="P-0003", inspector="R00002"))
    city.commit()
    assert board(city, By.CLASS)["01"].inspected == 1
    assert board(city, By.CLASS, Asked(YEAR, NOW, ASKED.end))["01"].inspected == 0
    of_round = Asked(YEAR, NOW, ASKED.end, round="ZG-A-1")
    assert board(city, By.CLASS, of_round)["01"].inspected == 1


@pytest.mark.parametrize("asked", [{"area": "x"}, {"tag": "x"}, {"round": "x"}])
def test_what_is_not_there_is_not_found(city: Session, asked: dict[str, str]) -> None:
    with pytest.raises(NotFound):
        board(city, By.CLASS, Asked(YEAR, ASKED.start, ASKED.end, **asked))


def test_the_scope_of_a_reader_hides_the_rest(city: Session) -> None:
    an_issue(city, point="P-0001", state="assigned")
    an_issue(city, point="P-0003")
    city.commit()
    scope = Scope(areas=frozenset({"510303"}), counted=True)
    found = board(city, By.CLASS, scope=scope)
    assert (found["01"].points, found["01"].open) == (1, 1)


def test_the_total_is_the_sum(crowd: Session) -> None:
    rows = list(board(crowd, By.UNIT).values())
    assert total(rows).open == sum(row.open for row in rows)
