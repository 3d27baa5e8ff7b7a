"""Results of an audit: by hand and from a file; failed standards become issues exactly once."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import pytest
from sqlmodel import Session, col, select

from models.audit import Observation, Result, Round, RoundKind, Sheet
from models.errors import ActionNotAllowed, BadRows, MissingInput, NotFound, UnreadableFile, WrongValue
from models.issue import Issue, Source
from services import audits
from services.audit_files import read_results, take_in
from services.audit_progress import progress
from services.audit_results import Seen, record
from tests.cast import DUTY, INSPECTOR, MONDAY, OFFICE, OUTSIDER, who
from tests.services.test_audits import ORDER
from tests.small_city import a_city

GOOD, BAD = Seen("01-01", Result.MET), Seen("01-02", Result.NOT_MET, "三辆车占道")


@pytest.fixture
def city(session: Session) -> Session:
    a_city(session)
    audits.start(session, replace(ORDER, points=3, kind=RoundKind.ANNOUNCED), now=MONDAY)
    return session


def sheet_of(session: Session, point: str) -> int:
    return session.exec(select(Sheet.id).where(Sheet.point_code == point)).one()


def recorded(session: Session, *seen: Seen, by: str = INSPECTOR, point: str = "P-0001"):
    return record(session, sheet_id=sheet_of(session, point), by=who(session, by), now=MONDAY, observations=seen)


def test_a_standard_not_met_becomes_an_issue_of_its_round(city: Session) -> None:
    done = recorded(city, GOOD, BAD)
    issue = city.exec(select(Issue)).one()
    assert done.issues == (issue.number,)
    assert (issue.source, issue.point_code, issue.standard_code) == (Source.ANNOUNCED, "P-0001", "01-02")
    assert (issue.description, issue.severity, issue.found_by) == ("三辆车占道", "S2", INSPECTOR)
    assert issue.round_id == city.exec(select(Round.id)).one()


def test_the_same_results_sent_twice_make_no_second_issue(city: Session) -> None:
    recorded(city, GOOD, BAD)
    again = recorded(city, GOOD, BAD)
    assert (again.written, again.repeated, again.issues) == (0, 2, ())
    assert len(city.exec(select(Issue)).all()) == 1


def test_two_who_send_the_same_sheet_at_once_make_one_issue(city: Session, engine) -> None:
    city.commit()
    recorded(city, BAD)
    with ThreadPoolExecutor() as pool, Session(engine) as other:
        waiting = pool.submit(recorded, other, BAD)
        city.commit()
        assert waiting.result(timeout=30).repeated == 1
        other.commit()
    assert len(city.exec(select(Issue)).all()) == 1


def test_other_results_for_what_is_recorded_are_refused(city: Session) -> None:
    recorded(city, GOOD)
    with pytest.raises(WrongValue):
        recorded(city, replace(GOOD, result=Result.NOT_MET))


def test_a_sheet_is_full_when_every_standard_has_a_result(city: Session) -> None:
    assert recorded(city, GOOD).filled is False
    assert recorded(city, BAD).filled is True


def test_a_round_ends_with_its_last_sheet(city: Session) -> None:
    for point in ("P-0001", "P-0003"):
        recorded(city, GOOD, BAD, point=point)
    assert city.exec(select(Round)).one().finished_at is None
    recorded(city, Seen("12-01", Result.MET), Seen("12-02", Result.NOT_APPLICABLE, "无此设施"), point="P-0002")
    city.expire_all()
    assert city.exec(select(Round)).one().finished_at == MONDAY


def test_a_dispatcher_may_type_a_sheet_in(city: Session) -> None:
    assert recorded(city, GOOD, by=OFFICE).written == 1


@pytest.mark.parametrize("person", [DUTY, OUTSIDER])
def test_nobody_else_hands_a_sheet_in(city: Session, person: str) -> None:
    with pytest.raises(ActionNotAllowed):
        recorded(city, GOOD, by=person)


def test_a_standard_of_another_category_is_refused(city: Session) -> None:
    with pytest.raises(WrongValue):
        recorded(city, Seen("12-01", Result.MET))


def test_an_unknown_sheet_and_an_empty_one_are_refused(city: Session) -> None:
    with pytest.raises(NotFound):
        record(city, sheet_id=999, by=who(city, INSPECTOR), now=MONDAY, observations=[GOOD])
    with pytest.raises(MissingInput):
        recorded(city)


def test_the_progress_of_a_round_is_counted(city: Session) -> None:
    recorded(city, GOOD, BAD)
    recorded(city, Seen("12-02", Result.NOT_APPLICABLE, "无此设施"), point="P-0002")
    seen = progress(city, "ZG-A-2026-0001")
    assert (seen.sheets, seen.filled, seen.met, seen.not_met, seen.not_applicable) == (3, 1, 1, 1, 1)
    assert (seen.issues, seen.compliance_rate, seen.draw_repeats) == (1, 0.5, True)


def a_file(folder: Path, *lines: str, mark: bool = False) -> Path:
    path = folder / "results.csv"
    path.write_text("\n".join(lines), encoding="utf-8-sig" if mark else "utf-8")
    return path


CHINESE = "轮次,点位,检查员,标准,结果,备注,照片"
LINE = "ZG-A-2026-0001,P-0001,R00002,01-02,不符合,垃圾堆放,"


@pytest.mark.parametrize("mark", [True, False])
def test_a_file_with_chinese_headings_is_taken_in(city: Session, tmp_path: Path, mark: bool) -> None:
    rows = read_results(a_file(tmp_path, CHINESE, LINE, "", mark=mark))
    done = take_in(city, rows, file="results.csv", by=who(city, INSPECTOR), now=MONDAY)
    assert [one.written for one in done] == [1]
    assert city.exec(select(Issue.description)).one() == "垃圾堆放"


def test_every_bad_row_of_a_file_is_told_at_once(tmp_path: Path) -> None:
    path = a_file(tmp_path, CHINESE, LINE, LINE, "ZG-A-2026-0001,,R00002,01-01,也许,,")
    with pytest.raises(BadRows) as caught:
        read_results(path)
    assert [(row.row, row.column) for row in caught.value.rows] == [(3, "standard"), (4, "point"), (4, "result")]


def test_missing_columns_are_named(tmp_path: Path) -> None:
    with pytest.raises(BadRows) as caught:
        read_results(a_file(tmp_path, "round,point,result", "a,b,met"))
    assert [row.column for row in caught.value.rows] == ["inspector", "standard"]


def test_what_is_no_text_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "results.csv"
    path.write_bytes(b"PK\x03\x04\xff\xfe")
    with pytest.raises(UnreadableFile):
        read_results(path)


def test_a_file_with_one_bad_row_changes_nothing(city: Session, tmp_path: Path) -> None:
    other = ["ZG-A-2026-0001,P-0003,R00002,12-01,met,,", "ZG-A-2026-0009,P-0003,R00002,01-01,met,,"]
    rows = read_results(a_file(tmp_path, CHINESE, LINE, *other))
    with pytest.raises(BadRows) as caught:
        take_in(city, rows, file="results.csv", by=who(city, INSPECTOR), now=MONDAY)
    assert [row.row for row in caught.value.rows] == [3, 4]
    assert city.exec(select(Observation)).all() == []
    assert city.exec(select(col(Issue.id))).all() == []
