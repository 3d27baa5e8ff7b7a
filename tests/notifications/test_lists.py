"""One message that lists issues: a digest, the morning's list and the half-month bulletin carry a link to each."""

from dataclasses import replace
from types import SimpleNamespace

import pytest
from sqlmodel import Session

from models.message import Message
from notifications.links import links_for
from notifications.material import read_city, read_material
from notifications.planning import Door
from notifications.variables import Reader
from services import issues
from services.digests import daily_digest
from services.findings import Finding, find
from services.lagging import LISTED
from tests.cast import HANDLER, INSPECTOR, MONDAY, an_issue, at, read, who
from tests.notifications.desk import MAIL, ROBOT, a_message, stands
from tests.notifications.test_links import SIGNS, letters_to, purposes, send, tickets
from tests.services.bulletins.desk import published

NOVEMBER, LATER = at("2026-11-02 10:00"), at("2026-11-16 08:20")
HANDLERS, VERIFIERS = "r00006@example.invalid", "r00011@example.invalid"
LEADERS, DISTRICTS = "r00009@example.invalid", "r00010@example.invalid"


@pytest.fixture
def told(city: Session, engine, memory):
    """Writes today's lists, or the bulletin, and gives the one letter at an address."""

    def sent(write, to: str):
        city.connection().exec_driver_sql("UPDATE message SET state = 'suppressed'")
        write(city, now=LATER)
        city.commit()
        send(engine, memory, now=LATER.replace(minute=29))
        (letter,) = letters_to(memory, to)
        return letter

    return sent


def a_bulletin(session: Session, *, now) -> None:
    published(session, now=now)


def acts(letter) -> list[tuple[int, str]]:
    return [(ticket.issue_id, ticket.purpose.value) for ticket in tickets(letter)]


def test_the_morning_list_lets_the_handler_do_what_each_issue_waits_for(city: Session, told) -> None:
    signed, fresh = (an_issue(city, state=state, now=at("2026-11-13 10:00")) for state in ("rectifying", "assigned"))

    letter = told(daily_digest, HANDLERS)

    assert sorted(acts(letter)) == [(signed, "hand_in"), (fresh, "sign_in")]
    assert {link.label for link in letter.links} == {
        f"{read(city, signed).number} 提交整改",
        f"{read(city, fresh).number} 签收",
    }


def test_the_morning_list_lets_the_verifier_pass_or_fail(city: Session, told) -> None:
    key = an_issue(city, state="rectified", now=NOVEMBER)

    assert acts(told(daily_digest, VERIFIERS)) == [(key, "verify")]


def test_the_morning_list_lets_an_office_look(city: Session, told) -> None:
    key = an_issue(city, now=NOVEMBER)

    assert acts(told(daily_digest, DISTRICTS)) == [(key, "read")]


def test_the_morning_list_speaks_the_language_that_the_reader_chose(city: Session, told) -> None:
    an_issue(city, state="rectifying", now=NOVEMBER)
    city.connection().exec_driver_sql(f"UPDATE person SET chosen_lang = 'en' WHERE code = '{HANDLER}'")

    assert "overdue 高山井社区大道" in told(daily_digest, HANDLERS).text


def test_the_bulletin_lists_what_is_overdue_in_the_leaders_unit_with_a_link_to_each(city: Session, told) -> None:
    keys = [an_issue(city, state="rectifying", now=at(f"2026-11-0{day} 10:00")) for day in (2, 3)]
    an_issue(city, state="closed", now=NOVEMBER)

    letter = told(a_bulletin, LEADERS)

    assert acts(letter) == [(key, "read") for key in keys]
    assert (letter.links[0].label, letter.links[0].url) == ("打开页面", "https://duban.example/bulletins/1")
    number = read(city, keys[0]).number
    assert f"{number} 高山井社区大道（自贡市城市管理局）11月5日17:00到期，已逾期10天" in letter.text
    assert "您负责范围内现有2件逾期未改：" in letter.text


def test_the_office_of_a_district_sees_those_of_all_units_there(city: Session, told) -> None:
    keys = [an_issue(city, state="rectifying", now=NOVEMBER)]
    other = an_issue(city, now=NOVEMBER, point="P-0002", standard="12-01")
    issues.assign(city, issue_ids=[other], by=who(city, "R00001", now=NOVEMBER), now=NOVEMBER, to="D-SCJGJ")

    assert sorted(key for key, _ in acts(told(a_bulletin, DISTRICTS))) == sorted([*keys, other])


def test_of_many_the_worst_are_linked_and_all_are_counted(city: Session, told) -> None:
    for _ in range(LISTED + 1):
        an_issue(city, state="rectifying", now=NOVEMBER)

    letter = told(a_bulletin, LEADERS)

    assert len(acts(letter)) == LISTED
    assert f"现有{LISTED + 1}件逾期未改，最突出的{LISTED}件：" in letter.text


def test_where_nothing_is_overdue_the_bulletin_lists_nothing(city: Session, told) -> None:
    an_issue(city, state="closed", now=NOVEMBER)

    letter = told(a_bulletin, LEADERS)

    assert (acts(letter), "逾期未改" in letter.text) == ([], False)


@pytest.mark.parametrize(("robot", "most"), [(None, 20), (ROBOT, 10)])
def test_a_digest_has_one_link_for_each_issue_as_far_as_there_is_room(city, engine, memory, robot, most):
    made = find(
        city,
        findings=[Finding(description=f"{n}", point="P-0001", standard="01-01") for n in range(22)],
        by=who(city, INSPECTOR),
        now=MONDAY,
    )
    city.connection().exec_driver_sql("UPDATE message SET state = 'suppressed'")
    for outcome in made:
        a_message(city, kind="overdue_notice", issue_id=outcome.issue_id, post_code="5103:office", n=outcome.issue_id)
    if robot:
        city.connection().exec_driver_sql("UPDATE contact SET channel = 'chat', address = 'robot://one'")
        city.commit()
    send(engine, memory)

    (letter,) = letters_to(memory, robot or "r00001@example.invalid")
    assert letter.links[0].label == f"{made[0].number} 查看"
    assert len({ticket.issue_id for ticket in tickets(letter)}) == len(letter.links) == most


def test_links_of_one_message_about_two_issues_are_used_up_one_by_one(city, engine, memory):
    first, second = an_issue(city, state="assigned"), an_issue(city, state="assigned", description="另一处")
    row = {"message_id": 7, "kind": "assigned", "post_code": "D-CGJ:handler", "why": "unit.handler"}
    key = a_message(city)
    message = stands(city, key)
    material = read_material(city, [message], city=read_city(city))[key]
    issues = read_material(
        city,
        [Message(id=n, key=f"{n}", kind="assigned", issue_id=n, why="x") for n in (first, second)],
        city=material.city,
    )
    both = replace(material, bundled=[{**one.issue, **row} for one in issues.values()])
    reader = Reader(HANDLER, "何景行", "zh-CN", post_code="D-CGJ:handler")

    links = links_for(SIGNS, material=both, reader=reader, door=Door("mail", MAIL), at=MONDAY)

    letter = SimpleNamespace(links=links)
    assert purposes(letter) == ["sign_in", "sign_in"]
    assert len({ticket.nonce for ticket in tickets(letter)}) == 2
