"""The morning's list: who gets one, with what on it."""

from datetime import timedelta

import pytest
from sqlmodel import Session, col, select

from models.message import Message
from services import issues, requests
from services.accountability.rounds import every_night
from services.digests import daily_digest
from services.patrols.planning import plan
from tests.cast import DIRECT, DISTRICT_OFFICE, DISTRICT_VERIFIER, HANDLER, OFFICE, an_issue, at, read, who
from tests.services.accountability.shorthand import measures
from tests.services.filing.cabinet import an_item
from tests.services.instructions.office import an_instruction
from tests.services.ranking.desk import drafted, october
from tests.services.tasks.desk import issued
from tests.small_city import a_city

MONDAY, TUESDAY, NEXT_MONDAY = at("2026-11-02 10:00"), at("2026-11-03 08:20"), at("2026-11-09 08:20")
ROAD = "高山井社区大道"


@pytest.fixture
def city(session: Session) -> Session:
    a_city(session)
    return session


def lists(session: Session) -> dict[str, list[str]]:
    rows = session.exec(select(Message).where(Message.kind == "daily_digest").order_by(col(Message.id)))
    return {row.person_code: [line["what"] for line in row.facts["lines"]] for row in rows}


@pytest.mark.parametrize(
    ("state", "person", "line"),
    [
        ("found", DISTRICT_OFFICE, f"待交办 {ROAD}"),
        ("assigned", HANDLER, f"待签收 {ROAD}"),
        ("rectifying", HANDLER, f"整改中 {ROAD}"),
        ("rectified", DISTRICT_VERIFIER, f"待复核 {ROAD}"),
    ],
)
def test_each_state_waits_for_its_own_people(city: Session, state: str, person: str, line: str) -> None:
    an_issue(city, state=state, now=MONDAY)
    assert daily_digest(city, now=TUESDAY) == 1
    assert lists(city) == {person: [line]}


@pytest.mark.parametrize("state", ["verified", "closed"])
def test_who_has_nothing_waiting_gets_nothing(city: Session, state: str) -> None:
    an_issue(city, state=state, now=MONDAY)
    assert daily_digest(city, now=TUESDAY) == 0


def test_overdue_comes_first_and_its_leader_hears_of_it(city: Session) -> None:
    an_issue(city, state="rectifying", now=at("2026-11-06 10:00"))
    an_issue(city, state="rectifying", now=MONDAY, severity="S2")
    daily_digest(city, now=NEXT_MONDAY)
    assert lists(city) == {HANDLER: [f"已逾期 {ROAD}", f"整改中 {ROAD}"], DIRECT: [f"已逾期 {ROAD}"]}


def test_the_soonest_deadline_is_first(city: Session) -> None:
    later = an_issue(city, state="rectifying", now=MONDAY, severity="S4")
    sooner = an_issue(city, state="rectifying", now=MONDAY)
    daily_digest(city, now=TUESDAY)
    (message,) = city.exec(select(Message).where(Message.kind == "daily_digest")).all()
    assert [line["number"] for line in message.facts["lines"]] == [read(city, sooner).number, read(city, later).number]
    assert message.facts["counts"] == {"rectify": 2}


@pytest.mark.parametrize(("severity", "office"), [("S4", DISTRICT_OFFICE), ("S5", OFFICE)])
def test_a_request_waits_for_the_level_that_decides_it(city: Session, severity: str, office: str) -> None:
    key = an_issue(city, state="rectifying", now=MONDAY, severity=severity)
    ask = {"reason": "雨", "amount": "1 working_days"}
    requests.ask_extension(city, issue_ids=[key], by=who(city, HANDLER), now=MONDAY, **ask)
    daily_digest(city, now=TUESDAY)
    assert lists(city)[office] == [f"待审批 {ROAD}"]


def test_an_english_reader_gets_english_words(city: Session) -> None:
    key = an_issue(city, now=MONDAY, point="P-0002", standard="12-01")
    issues.assign(city, issue_ids=[key], by=who(city, OFFICE), now=MONDAY, to="D-SCJGJ")
    daily_digest(city, now=NEXT_MONDAY)
    assert lists(city)["R00024"] == ["overdue 五星街农贸市场"]


def test_a_second_run_on_the_same_day_adds_nothing(city: Session) -> None:
    an_issue(city, state="assigned", now=MONDAY)
    assert (daily_digest(city, now=TUESDAY), daily_digest(city, now=at("2026-11-03 09:00"))) == (1, 0)


@pytest.mark.parametrize("day", ["2026-11-07 08:20", "2026-10-01 08:20"])
def test_nothing_goes_out_on_days_off(city: Session, day: str) -> None:
    an_issue(city, state="assigned", now=at("2026-09-28 10:00"))
    assert daily_digest(city, now=at(day)) == 0


def test_a_make_up_workday_is_a_working_day(city: Session) -> None:
    an_issue(city, state="assigned", now=at("2026-09-15 10:00"))
    assert daily_digest(city, now=at("2026-09-20 08:20")) > 0


def test_the_lists_leave_over_some_minutes_each_persons_at_the_same_moment(city: Session) -> None:
    for state in ("found", "assigned", "rectified"):
        an_issue(city, state=state, now=MONDAY)
    moments = []
    for day in (TUESDAY, at("2026-11-04 08:20")):
        daily_digest(city, now=day)
        rows = city.exec(select(Message).where(Message.kind == "daily_digest", Message.created_at == day))
        moments.append({row.person_code: row.not_before - day for row in rows})
    assert moments[0] == moments[1]
    assert len(set(moments[0].values())) == len(moments[0]) == 3
    assert max(moments[0].values()) < timedelta(minutes=5)


def test_what_waits_beside_issues_is_named_by_its_number(city: Session) -> None:
    (letter,) = issued(city, "D-CGJ", now=MONDAY)
    an_item(city)
    daily_digest(city, now=TUESDAY)
    found = lists(city)
    assert found[HANDLER] == ["待报送材料 道路保洁作业台账"]
    for leader in (DIRECT, "R00008", "R00009"):
        assert found[leader] == ["待签收任务书 2026"]
    told = city.exec(select(Message).where(Message.kind == "daily_digest", Message.person_code == DIRECT)).one()
    assert [line["number"] for line in told.facts["lines"]] == [letter.number]


def test_of_a_measure_the_list_says_its_number_and_not_the_unit(city: Session) -> None:
    for n in range(5):
        an_issue(city, state="rectifying", now=at("2026-10-12 10:00"), description=f"垃圾桶满溢{n}")
    every_night(city, now=at("2026-11-03 02:00"))
    daily_digest(city, now=TUESDAY)
    (card,) = measures(city)
    told = city.exec(select(Message).where(Message.kind == "daily_digest", Message.person_code == OFFICE)).one()
    assert (f"#{card.id}", "待决定措施") in [(line["number"], line["what"]) for line in told.facts["lines"]]
    assert "城市管理局" not in str(told.facts)


def test_nobody_is_told_of_their_own_draft(city: Session) -> None:
    october(city)
    drafted(city)
    daily_digest(city, now=NEXT_MONDAY)
    waits = "待审批草稿 自贡市"
    assert waits in lists(city)["R00020"]
    assert waits not in lists(city).get(OFFICE, [])


def test_a_patrol_is_told_on_the_last_of_its_days(city: Session) -> None:
    plan(city, now=at("2026-10-27 02:00"))
    daily_digest(city, now=at("2026-10-30 08:20"))
    assert lists(city) == {}
    daily_digest(city, now=MONDAY)
    assert lists(city)["R00018"] == ["待巡查 第一网格网格长"]


def test_a_leaders_instruction_is_on_no_list(city: Session) -> None:
    an_instruction(city)
    assert daily_digest(city, now=TUESDAY) == 0
