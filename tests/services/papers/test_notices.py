"""The rectification notice: all that one round found at one unit, once, whole."""

import threading
import time
from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import Engine, text
from sqlmodel import Session, col, select

from models.errors import NotFound
from models.issue import Issue, IssueEvent
from models.lifecycle import Action
from models.paper import PaperKind
from services import issues
from services.papers.errors import NothingToRectify, RoundNotFinished, StillUnassigned
from services.papers.notices import issue_notice
from tests.cast import HANDLER, MONDAY, OFFICE, trail, who
from tests.corners.verbs import finish, run, sign_in
from tests.services.papers.rounds import a_round, assign_all, noticed
from tests.services.papers.shelf import CITYS


def of_unit(session: Session, unit: str) -> list[Issue]:
    return list(session.exec(select(Issue).where(Issue.lead_unit == unit).order_by(col(Issue.id))))


def test_it_lists_every_issue_of_the_unit_grouped_by_point(city: Session) -> None:
    content = noticed(city, a_round(city)).paper.content
    shown = {group["point"]: [item["description"] for item in group["issues"]] for group in content["groups"]}

    assert shown == {"高山井社区大道": ["公益广告破损", "三辆车占道"], "长征大道": ["灯箱不亮"]}
    assert [item["n"] for group in content["groups"] for item in group["issues"]] == [1, 2, 3]
    assert content["count"] == 3


def test_it_is_on_record_with_each_issue_under_one_number(city: Session) -> None:
    paper = noticed(city, a_round(city)).paper
    query = select(IssueEvent).where(IssueEvent.action == Action.ISSUE_PAPER)
    events = city.exec(query.order_by(col(IssueEvent.id))).all()

    assert [event.issue_id for event in events] == [issue.id for issue in of_unit(city, "D-CGJ")]
    assert {event.facts["paper_number"] for event in events} == {paper.number} == {"自改〔2026〕1号"}
    assert {event.facts["paper_sha256"] for event in events} == {paper.content_sha256}


def test_each_unit_has_its_own(city: Session) -> None:
    number = a_round(city)

    assert noticed(city, number).paper.number == "自改〔2026〕1号"
    assert noticed(city, number, unit="D-SCJGJ").paper.number == "自改〔2026〕2号"


def test_asked_again_it_is_the_same_notice(city: Session) -> None:
    number = a_round(city)
    first, second = noticed(city, number), noticed(city, number)

    assert (second.paper.id, second.repeated) == (first.paper.id, True)
    assert trail(city, of_unit(city, "D-CGJ")[0].id).count("issue_paper") == 1


def test_it_can_be_had_again_when_all_is_closed(city: Session) -> None:
    number = a_round(city)
    first = noticed(city, number, unit="D-SCJGJ")
    (issue,) = of_unit(city, "D-SCJGJ")
    sign_in(city, issue.id, by="R00023")
    issues.submit(
        city,
        issue_ids=[issue.id],
        by=who(city, "R00023"),
        now=MONDAY,
        result="已配",
        evidence=[{"kind": "after", "sha256": "cd" * 32}],
    )
    issues.pass_verification(city, issue_ids=[issue.id], by=who(city, "R00003"), now=MONDAY)
    issues.close_out(city, issue_ids=[issue.id], by=who(city, OFFICE), now=MONDAY)

    assert noticed(city, number, unit="D-SCJGJ").paper.id == first.paper.id


def test_four_who_issue_it_at_once_get_the_same_one(city: Session, engine: Engine) -> None:
    number = a_round(city)
    city.commit()
    start = threading.Barrier(4, timeout=30)

    def work(_: int) -> str:
        with Session(engine, expire_on_commit=False) as session:
            actor = who(session, OFFICE)
            start.wait()
            done = issue_notice(session, round_number=number, unit_code="D-CGJ", by=actor, now=MONDAY, stationery=CITYS)
            session.commit()
            return done.paper.number

    with ThreadPoolExecutor(4) as pool:
        assert set(pool.map(work, range(4))) == {"自改〔2026〕1号"}


def test_a_second_issuer_waits_even_when_the_unit_has_got_one_more_meanwhile(city: Session, engine: Engine) -> None:
    number = a_round(city, assigned=False)
    assign_all(city, to="D-CGJ", point="P-0001")
    run(city, "UPDATE issue SET suggested_unit = 'T510303001' WHERE state = 'found'")
    city.commit()
    first = noticed(city, number).paper.number
    with Session(engine) as dispatcher:
        assign_all(dispatcher, to="D-CGJ", point="P-0003")
        dispatcher.commit()
    with ThreadPoolExecutor() as pool, Session(engine, expire_on_commit=False) as other:
        waiting = pool.submit(noticed, other, number)
        waits_for_a_lock(engine)
        city.commit()
        second = waiting.result(timeout=30)

    assert (second.paper.number, second.repeated) == (first, True)


def waits_for_a_lock(engine: Engine) -> None:
    """Until somebody waits, at most twenty seconds."""
    query = text(
        "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"
    )
    for _ in range(400):
        with engine.connect() as connection:
            if connection.execute(query).scalar():
                return
        time.sleep(0.05)
    raise AssertionError("nobody waits")


def test_it_waits_until_every_sheet_is_in(city: Session) -> None:
    with pytest.raises(RoundNotFinished) as refused:
        noticed(city, a_round(city, finished=False))

    assert (refused.value.params["filled"], refused.value.params["sheets"]) == (2, 3)


def test_it_waits_until_what_may_be_for_the_unit_is_assigned(city: Session) -> None:
    number = a_round(city, assigned=False)
    assign_all(city, to="D-CGJ", point="P-0001")
    with pytest.raises(StillUnassigned) as refused:
        noticed(city, number)
    assert refused.value.params["count"] == 2
    assign_all(city, to="D-SCJGJ", point="P-0002")
    assign_all(city, to="T510303001", point="P-0003")

    assert noticed(city, number).paper.content["count"] == 2


def test_it_leaves_out_what_is_closed_already(city: Session) -> None:
    number = a_round(city)
    first = of_unit(city, "D-CGJ")[0].id
    sign_in(city, first)
    finish(city, first)

    assert noticed(city, number).paper.content["count"] == 2
    assert "issue_paper" not in trail(city, first)


def test_a_unit_without_an_issue_gets_none(city: Session) -> None:
    with pytest.raises(NothingToRectify):
        noticed(city, a_round(city), unit="T510302")


@pytest.mark.parametrize(("number", "unit"), [("ZG-A-2026-0099", "D-CGJ"), (None, "D-XXX")])
def test_what_is_not_there_is_not_found(city: Session, number: str | None, unit: str) -> None:
    there = a_round(city)
    with pytest.raises(NotFound):
        noticed(city, number or there, unit=unit)


def test_it_is_a_paper_of_no_single_issue(city: Session) -> None:
    paper = noticed(city, a_round(city)).paper

    assert (paper.kind, paper.issue_id, paper.cycle, paper.step) == (PaperKind.RECTIFICATION_NOTICE, None, 0, "")
    assert HANDLER not in str(paper.content)
