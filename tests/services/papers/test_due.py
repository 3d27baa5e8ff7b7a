"""Which papers the ladder calls for, and whose signature they wait for."""

import pytest
from sqlmodel import Session, select

from models.message import Message
from models.paper import PaperKind
from models.rule import RuleSet
from services import issues, requests
from services.digests import daily_digest
from services.papers.due import due_papers
from tests.cast import DISTRICT_OFFICE, HANDLER, OFFICE, an_issue, at, who
from tests.services.papers.shelf import DAYS, TOP, at_the_top, issued

ORDERS = [f"supervision_order_{degree}" for degree in (1, 2, 3)]


def due(session: Session) -> list[tuple[str, str]]:
    return [(one.kind.value, one.step) for one in due_papers(session)]


def test_a_step_issues_nothing_by_itself_but_its_paper_is_due(city: Session, tick) -> None:
    an_issue(city, state="rectifying")
    tick(at(DAYS[0]))

    assert due(city) == [("reminder_notice", "E4")]


def test_each_order_is_due_and_of_other_papers_those_of_the_highest_step(city: Session, tick) -> None:
    at_the_top(city, tick)

    assert due(city) == [(ORDERS[0], "E5"), (ORDERS[1], "E6"), (ORDERS[2], "E7"), ("interview_notice", "E7")]


@pytest.mark.parametrize("kind", [PaperKind.SUPERVISION_ORDER_2, PaperKind.INTERVIEW_NOTICE])
def test_what_has_been_issued_is_due_no_more(city: Session, tick, kind: PaperKind) -> None:
    key = at_the_top(city, tick)
    before = due(city)

    issued(city, key, kind, now=TOP)

    assert [one for one in before if one not in due(city)] == [(kind.value, "E6" if "2" in kind else "E7")]


def test_an_assignment_slip_is_never_called_for(city: Session) -> None:
    an_issue(city, state="assigned")

    assert due(city) == []


def test_orders_that_a_stop_has_swallowed_are_not_called_for(city: Session, tick) -> None:
    an_issue(city, state="rectifying")
    tick(TOP)

    assert due(city) == [(ORDERS[2], "E7"), ("interview_notice", "E7")]


def test_nothing_is_due_once_the_unit_has_handed_in(city: Session, tick) -> None:
    key = at_the_top(city, tick)
    photo = {"kind": "after", "sha256": "ab" * 32}
    by = who(city, HANDLER, now=TOP)
    issues.submit(city, issue_ids=[key], by=by, now=TOP, result="已清理", evidence=[photo])

    assert due(city) == []


def test_a_return_ends_what_was_due(city: Session, tick) -> None:
    key = at_the_top(city, tick)
    requests.ask_return(city, issue_ids=[key], by=who(city, HANDLER, now=TOP), now=TOP, reason="不属本单位")
    requests.grant(city, issue_ids=[key], by=who(city, OFFICE, now=TOP), now=TOP, kind="return")
    issues.assign(city, issue_ids=[key], by=who(city, OFFICE, now=TOP), now=TOP, to="D-SCJGJ")

    assert due(city) == []


def test_the_office_of_the_steps_level_issues_it(city: Session, tick) -> None:
    at_the_top(city, tick)

    assert [one.office for one in due_papers(city)] == ["510302:office", "510302:office", "5103:office", "5103:office"]


def test_an_order_is_due_since_the_ladder_issued_it(city: Session, tick) -> None:
    at_the_top(city, tick)

    assert due_papers(city)[0].since == at(DAYS[1])


def test_the_morning_list_of_the_offices_names_it(city: Session, tick) -> None:
    at_the_top(city, tick)

    daily_digest(city, now=at("2026-11-19 08:20"))

    rows = city.exec(select(Message).where(Message.kind == "daily_digest"))
    told = {row.person_code: [line["what"].split()[0] for line in row.facts["lines"]] for row in rows}
    assert {person for person, lines in told.items() if "待开文书" in lines} == {OFFICE, DISTRICT_OFFICE}


def test_a_city_that_uses_no_paper_is_not_reminded(city: Session, tick) -> None:
    at_the_top(city, tick)
    rules = city.exec(select(RuleSet)).one()
    told = {**rules.content, "policy": {**rules.content["policy"], "papers": {"in_digest": False}}}
    city.add(RuleSet(**{**rules.model_dump(), "code": "without-paper", "content": told}))
    city.flush()
    city.connection().exec_driver_sql("UPDATE city SET rule_set_code = 'without-paper'")

    daily_digest(city, now=at("2026-11-19 08:20"))

    rows = city.exec(select(Message).where(Message.kind == "daily_digest"))
    assert not [line for row in rows for line in row.facts["lines"] if "待开文书" in line["what"]]
