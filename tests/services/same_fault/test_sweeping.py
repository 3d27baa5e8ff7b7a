"""A sweep from its start to its last sheet: sheets, messages, issues of its own, the counts on the first issue."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date

import pytest
from sqlmodel import Session, select

from models.audit import Result, Round
from models.errors import ActionNotAllowed, NothingElsewhere, RoundEnded, SweepUnderWay, WrongValue
from models.issue import FoundLevel, Issue, Source
from models.lifecycle import Action, State
from models.message import Message
from services import audit_results, issues, same_fault
from services.audit_progress import progress
from services.audit_results import Seen
from services.audit_view import sheet_view
from services.same_fault_plan import SweepOrder
from services.same_fault_points import Among
from services.seal import record_lines, verify
from tests.cast import DIRECT, HANDLER, INSPECTOR, MONDAY, OFFICE, STRANGER, an_issue, at, read, trail, who
from tests.services.same_fault.town import (
    MET,
    NOT_MET,
    STANDARD,
    facts_of,
    fill,
    issue_at,
    more_points,
    points_of,
    swept,
)

OWN = ("P-0011", "P-0012", "P-0013")


@pytest.fixture
def key(city: Session) -> int:
    more_points(city)
    return an_issue(city, state="rectifying")


def filled(session: Session, **seen: Seen) -> None:
    """Every sheet of the unit's sweep, met unless something else is said of a point (its number)."""
    for point in OWN:
        fill(session, point, seen.get(f"p{point[-2:]}", MET))


class TestStarting:
    def test_makes_one_sheet_per_point_with_just_the_standard(self, city: Session, key: int) -> None:
        begun = swept(city, key)

        assert (begun.number, begun.points) == ("ZG-A-2026-0001", 3)
        assert points_of(city) == dict.fromkeys(OWN, HANDLER)
        sheet = sheet_view(city, who(city, HANDLER), begun.number, 1)
        assert [one.standard.code for one in sheet.asked] == [STANDARD]

    def test_is_on_the_record_of_the_issue(self, city: Session, key: int) -> None:
        swept(city, key)

        assert trail(city, key)[-1] == "start_sweep"
        facts = facts_of(city, key, Action.START_SWEEP)
        assert (facts["round"], facts["points"], facts["standard"]) == ("ZG-A-2026-0001", 3, STANDARD)

    def test_tells_those_who_go_and_nobody_else(self, city: Session, key: int) -> None:
        swept(city, key, by=DIRECT)

        told = city.exec(select(Message).where(Message.kind == "sweep_assigned")).all()
        assert [one.person_code for one in told] == [HANDLER]
        assert told[0].facts["first"] == "ZG-2026-000001"
        assert len(told[0].facts["points"]) == 3

    def test_again_with_the_same_key_starts_no_second_one(self, city: Session, key: int) -> None:
        order = SweepOrder(key, key="once")
        first, again = swept(city, key, order=order), swept(city, key, order=order)

        assert (again.number, again.repeated) == (first.number, True)
        assert len(city.exec(select(Round)).all()) == 1

    def test_under_the_key_of_another_issue_is_refused(self, city: Session, key: int) -> None:
        swept(city, key, order=SweepOrder(key, key="once"))
        with pytest.raises(WrongValue):
            swept(city, an_issue(city, state="rectifying"), order=SweepOrder(0, key="once"))

    def test_while_one_is_under_way_is_refused(self, city: Session, key: int) -> None:
        swept(city, key)
        with pytest.raises(SweepUnderWay, match="ZG-A-2026-0001"):
            swept(city, key, by=OFFICE)

    def test_two_people_at_once_start_one(self, city: Session, key: int, engine) -> None:
        city.commit()

        def start(by: str) -> str:
            with Session(engine) as session:
                try:
                    number = swept(session, key, by=by).number
                except SweepUnderWay as error:
                    return error.code
                session.commit()
                return number

        with ThreadPoolExecutor() as pool:
            done = sorted(pool.map(start, [HANDLER, OFFICE, DIRECT]))
        assert done == ["ZG-A-2026-0001", "sweep_under_way", "sweep_under_way"]

    def test_where_there_is_no_other_point_is_refused(self, city: Session) -> None:
        alone = an_issue(city, state="rectifying")
        with pytest.raises(NothingElsewhere, match="01-01"):
            swept(city, alone)
        assert trail(city, alone)[-1] == "sign_in"

    def test_from_a_closed_issue_is_possible_too(self, city: Session) -> None:
        more_points(city)
        swept(city, an_issue(city, state="closed"), by=OFFICE)
        assert len(points_of(city)) == 3


class TestFilling:
    def test_a_fault_that_the_unit_finds_itself_counts_as_a_self_check(self, city: Session, key: int) -> None:
        swept(city, key)
        fill(city, "P-0012", NOT_MET)

        found = issue_at(city, "P-0012")
        assert (found.source, found.found_level, found.found_by) == (Source.SELF_CHECK, FoundLevel.CITY, HANDLER)
        assert (found.standard_code, found.round_id, found.description) == (STANDARD, 1, "也没有")

    def test_a_street_that_finds_its_own_has_found_it_at_its_level(self, city: Session) -> None:
        more_points(city)
        for code in OWN:
            city.connection().exec_driver_sql(f"UPDATE point SET lead_unit = 'T510302001' WHERE code = '{code}'")
        key = an_issue(city)
        issues.assign(city, issue_ids=[key], by=who(city, OFFICE), now=MONDAY, to="T510302001")
        swept(city, key, by="R00015")
        fill(city, "P-0011", NOT_MET, by="R00015")

        assert issue_at(city, "P-0011").found_level == FoundLevel.STREET

    def test_a_fault_that_an_inspector_finds_was_found_by_inspection(self, city: Session, key: int) -> None:
        swept(city, key, by=OFFICE, order=SweepOrder(0, inspectors=(INSPECTOR,)))
        fill(city, "P-0012", NOT_MET, by=INSPECTOR)

        assert issue_at(city, "P-0012").source == Source.ANNOUNCED

    def test_another_units_point_in_the_sweep_of_an_area_is_its_own_self_check(self, city: Session, key: int) -> None:
        swept(city, key, by=OFFICE, order=SweepOrder(0, among=Among.AREA, area="510302"))
        fill(city, "P-0014", NOT_MET, by="R00023")

        assert issue_at(city, "P-0014").source == Source.SELF_CHECK

    def test_typed_in_by_the_office_for_the_unit_it_stays_the_units(self, city: Session, key: int) -> None:
        swept(city, key)
        fill(city, "P-0012", NOT_MET, by=OFFICE)

        assert issue_at(city, "P-0012").source == Source.SELF_CHECK

    def test_another_standard_of_the_category_is_not_asked(self, city: Session, key: int) -> None:
        swept(city, key)
        with pytest.raises(WrongValue, match="01-02"):
            fill(city, "P-0012", Seen("01-02", Result.MET))

    def test_a_stranger_fills_nothing(self, city: Session, key: int) -> None:
        swept(city, key)
        with pytest.raises(ActionNotAllowed):
            fill(city, "P-0012", MET, by=STRANGER)


class TestTheLastSheet:
    def test_puts_the_counts_on_the_first_issue(self, city: Session, key: int) -> None:
        swept(city, key)
        filled(city, p12=NOT_MET, p13=Seen(STANDARD, Result.NOT_APPLICABLE, "无此设施"))

        issue = read(city, key)
        assert (issue.sweep_checked, issue.sweep_found) == (2, 1)
        assert trail(city, key)[-1] == "finish_sweep"
        assert facts_of(city, key, Action.FINISH_SWEEP)["issues"] == [issue_at(city, "P-0012").number]

    def test_is_the_last_one_and_not_the_one_before(self, city: Session, key: int) -> None:
        swept(city, key)
        for point in OWN[:2]:
            fill(city, point, MET)

        assert read(city, key).sweep_checked is None
        assert progress(city, "ZG-A-2026-0001").filled == 2

    def test_tells_whoever_ordered_it(self, city: Session, key: int) -> None:
        swept(city, key, by=DIRECT)
        filled(city, p12=NOT_MET)

        told = city.exec(select(Message).where(Message.kind == "sweep_finished")).one()
        assert (told.person_code, told.facts["checked"], told.facts["found"]) == (DIRECT, 3, 1)

    def test_of_a_second_sweep_adds_its_counts(self, city: Session, key: int) -> None:
        swept(city, key)
        filled(city)
        swept(city, key, by=OFFICE, order=SweepOrder(0, among=Among.AREA, area="510302001", most=1))
        (point,) = points_of(city)
        fill(city, point, NOT_MET, by=OFFICE)

        assert (read(city, key).sweep_checked, read(city, key).sweep_found) == (4, 1)

    def test_sent_twice_is_counted_once(self, city: Session, key: int) -> None:
        swept(city, key)
        filled(city)
        fill(city, OWN[2], MET)

        assert trail(city, key).count("finish_sweep") == 1

    def test_sent_by_two_at_once_is_counted_once(self, city: Session, key: int, engine) -> None:
        swept(city, key)
        fill(city, OWN[0], MET)
        city.commit()

        def hand_in(point: str) -> None:
            with Session(engine) as session:
                fill(session, point, MET)
                session.commit()

        with ThreadPoolExecutor() as pool:
            list(pool.map(hand_in, OWN[1:]))
        assert read(city, key).sweep_checked == 3
        assert trail(city, key).count("finish_sweep") == 1

    def test_for_an_issue_dropped_meanwhile_leaves_it_dropped(self, city: Session, key: int) -> None:
        swept(city, key)
        city.connection().exec_driver_sql(f"UPDATE issue SET state = 'void' WHERE id = {key}")
        filled(city)

        assert read(city, key).state is State.VOID
        assert city.exec(select(Round)).one().finished_at == MONDAY

    def test_keeps_the_seals_whole(self, city: Session, key: int) -> None:
        swept(city, key)
        filled(city, p12=NOT_MET)
        city.commit()

        assert verify(record_lines(city)).alteration is None


class TestEndingIt:
    def test_before_the_last_sheet_leaves_the_issue_waiting(self, city: Session, key: int) -> None:
        swept(city, key, by=OFFICE)
        round_ = city.exec(select(Round)).one()
        audit_results.end(city, round_, by=who(city, OFFICE), why="点位已拆除", now=MONDAY)

        assert read(city, key).sweep_checked is None
        with pytest.raises(RoundEnded):
            fill(city, OWN[0], MET)

    def test_lets_another_one_start(self, city: Session, key: int) -> None:
        swept(city, key, by=OFFICE)
        audit_results.end(city, city.exec(select(Round)).one(), by=who(city, OFFICE), why="换人", now=MONDAY)

        assert swept(city, key, by=OFFICE).number == "ZG-A-2026-0002"


class TestLate:
    def test_is_told_once_to_those_with_open_sheets_and_to_whoever_ordered_it(self, city: Session, key: int, tick):
        same_fault.start(city, SweepOrder(key, due_on=date(2026, 11, 3)), by=who(city, DIRECT), now=MONDAY)
        fill(city, OWN[0], MET)
        tick(at("2026-11-03 23:58"))
        assert late(city) == {}
        tick(at("2026-11-03 23:59"))
        tick(at("2026-11-09 10:00"))

        assert late(city) == {HANDLER: 2, DIRECT: 2}

    def test_is_not_told_when_every_sheet_is_in(self, city: Session, key: int, tick) -> None:
        swept(city, key)
        filled(city)
        tick(at("2026-11-30 10:00"))

        assert late(city) == {}


def late(session: Session) -> dict[str | None, int]:
    """Who was told that sheets are late → how many."""
    rows = session.exec(select(Message).where(Message.kind == "sweep_late")).all()
    assert len({row.person_code for row in rows}) == len(rows)
    return {row.person_code: row.facts["count"] for row in rows}


def test_the_first_issue_is_the_one_that_a_sweep_knows(city: Session, key: int) -> None:
    swept(city, key)
    fill(city, "P-0012", NOT_MET)

    born = issue_at(city, "P-0012")
    round_ = city.get_one(Round, born.round_id)
    assert city.get_one(Issue, round_.for_issue).id == key
