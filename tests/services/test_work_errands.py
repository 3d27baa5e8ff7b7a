"""What waits for somebody beside issues: of each kind for whose turn it is, never for whom it is not, soonest first."""

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlmodel import Session

from models.accountability import MeasureKind
from models.audit import Result
from models.errand import ErrandKind
from services.accountability.by_hand import Proposed, propose
from services.accountability.deciding import approve
from services.accountability.replies import reply
from services.accountability.rounds import every_night
from services.audit_differences import Look, decide, differences
from services.audit_rechecks import draw_again
from services.patrols.planning import plan
from services.work_errand_kinds import SOURCES
from services.work_errands import Errand, errands
from tests.cast import (
    DISTRICT_OFFICE,
    DUTY,
    HANDLER,
    MONDAY,
    OFFICE,
    OUTSIDER,
    PRINCIPAL,
    STRANGER,
    VERIFIER,
    an_issue,
    at,
    read,
    shown,
    who,
)
from tests.services.accountability.shorthand import HEADQUARTERS, PERFORMANCE, STATIONERY, measures
from tests.services.audits import rounds
from tests.services.bulletins import desk as bulletins
from tests.services.filing.cabinet import an_item, hand_in
from tests.services.instructions.office import SECRET, an_instruction
from tests.services.ranking import desk as ranking
from tests.services.surveys.field import INTERVIEWER, a_field, a_survey
from tests.services.tasks.desk import issued, sign

NIGHT = at("2026-11-06 02:00")
GRID_CHIEF = "R00018"


def todo(session: Session, person: str, *, now=MONDAY) -> list[Errand]:
    session.flush()
    return list(errands(session, who(session, person, now=now), now=now).every)


def kinds(session: Session, person: str, *, now=MONDAY) -> list[str]:
    return [one.kind.value for one in todo(session, person, now=now)]


def test_every_kind_is_asked_for() -> None:
    assert set(SOURCES) == set(ErrandKind)


@pytest.mark.parametrize("person", [OFFICE, HANDLER, PRINCIPAL, VERIFIER, GRID_CHIEF, STRANGER, HEADQUARTERS])
def test_where_nothing_waits_there_is_nothing(city: Session, person: str) -> None:
    assert todo(city, person) == []


def test_a_task_letter_waits_for_the_leaders_of_its_unit_until_one_signs(city: Session) -> None:
    (letter,) = issued(city, "D-CGJ")
    (one,) = todo(city, PRINCIPAL)
    assert (one.kind, one.ref, one.due_at) == (ErrandKind.LETTER, letter.number, letter_due(city))
    assert kinds(city, HANDLER) == kinds(city, "R00024") == []
    sign(city, letter.number, by=PRINCIPAL)
    assert todo(city, PRINCIPAL) == []


def letter_due(session: Session):
    from sqlmodel import select

    from models.task_letter import TaskLetter

    return session.exec(select(TaskLetter.sign_due_at)).one()


def test_material_is_its_handlers_and_then_its_reviewers(city: Session) -> None:
    key = an_item(city)
    (one,) = todo(city, HANDLER)
    assert (one.kind, one.key, shown(one.due_at)) == (ErrandKind.FILE, str(key), "2026-11-20 17:00")
    assert kinds(city, PRINCIPAL) == kinds(city, VERIFIER) == []
    hand_in(city, key)
    assert kinds(city, HANDLER) == []
    assert kinds(city, VERIFIER) == ["review"]
    assert kinds(city, "R00011") == []


def test_material_that_is_due_in_half_a_year_does_not_wait_yet(city: Session) -> None:
    an_item(city, due_at=MONDAY + timedelta(days=180))
    assert kinds(city, HANDLER) == []


def test_material_for_a_named_reviewer_waits_for_nobody_else(city: Session) -> None:
    hand_in(city, an_item(city, reviewer="R00022"))
    assert kinds(city, VERIFIER) == []


def test_a_month_waits_for_the_units_with_cases_and_then_its_appeals_for_who_had_no_part(city: Session) -> None:
    key, *_ = ranking.october(city)
    ranking.drafted(city)
    (one,) = todo(city, PRINCIPAL, now=ranking.WITHIN)
    assert (one.kind, one.ref, one.due_at) == (ErrandKind.APPEAL_WINDOW, "2026-10", ranking.LAST_MINUTE)
    assert kinds(city, "R00024", now=ranking.WITHIN) == []
    assert kinds(city, PRINCIPAL, now=ranking.AFTER) == []

    ranking.appealed(city, key)
    (one,) = todo(city, HEADQUARTERS, now=ranking.WITHIN)
    assert (one.kind, one.ref, one.due_at) == (ErrandKind.APPEAL, read(city, key).number, ranking.LAST_MINUTE)
    assert "appeal" not in kinds(city, OFFICE, now=ranking.WITHIN)  # they assigned the case
    assert "appeal" not in kinds(city, DISTRICT_OFFICE, now=ranking.WITHIN)


def test_a_month_waits_for_its_approval_once_its_appeals_are_decided(city: Session) -> None:
    key, *_ = ranking.october(city)
    ranking.drafted(city)
    appeal = ranking.appealed(city, key)
    assert "approve" not in kinds(city, HEADQUARTERS, now=ranking.AFTER)
    ranking.decided(city, appeal, "refused", now=ranking.AFTER)
    (one,) = todo(city, HEADQUARTERS, now=ranking.AFTER)
    assert (one.kind, one.detail) == (ErrandKind.APPROVE, "appraisal")
    assert kinds(city, OFFICE, now=ranking.AFTER) == []  # whose draft it is
    ranking.approved(city)
    assert kinds(city, OFFICE, now=ranking.AFTER) == ["publish"]
    assert kinds(city, HEADQUARTERS, now=ranking.AFTER) == []


def test_a_bulletin_of_the_timer_waits_for_whoever_may_approve(city: Session) -> None:
    bulletins.a_half_month(city)
    row = bulletins.drafted(city)
    (one,) = todo(city, HEADQUARTERS, now=bulletins.MORNING)
    assert (one.kind, one.key, one.detail) == (ErrandKind.APPROVE, str(row.id), "half_month")
    assert kinds(city, OFFICE, now=bulletins.MORNING) == ["approve"]
    assert kinds(city, DUTY, now=bulletins.MORNING) == kinds(city, DISTRICT_OFFICE, now=bulletins.MORNING) == []


def test_a_card_waits_for_those_who_decide_and_no_more_once_it_is_given(city: Session) -> None:
    for n in range(5):
        an_issue(city, state="rectifying", description=f"垃圾桶满溢{n}")
    every_night(city, now=NIGHT)
    (card,) = measures(city)
    (one,) = todo(city, OFFICE, now=NIGHT)
    assert (one.kind, one.key, one.detail) == (ErrandKind.MEASURE, str(card.id), "yellow_card")
    assert kinds(city, PRINCIPAL, now=NIGHT) == kinds(city, DISTRICT_OFFICE, now=NIGHT) == []
    by = who(city, OFFICE, now=NIGHT)
    approve(city, card.id or 0, by=by, now=NIGHT, seen=card.version, stationery=STATIONERY)
    assert kinds(city, OFFICE, now=NIGHT) == []


def test_a_proposal_waits_for_a_second_person_and_then_for_its_outcome(city: Session) -> None:
    number = read(city, an_issue(city, state="rectifying")).number
    given = Proposed(MeasureKind.PROPOSAL, "D-CGJ", "多次督办未整改", [number], "k1")
    one = propose(city, given, by=who(city, OFFICE), now=MONDAY)
    assert kinds(city, OFFICE) == []  # who proposed it
    assert kinds(city, HEADQUARTERS) == ["measure"]
    how = {"now": MONDAY, "stationery": STATIONERY}
    approve(city, one.id or 0, by=who(city, HEADQUARTERS), seen=1, **how)
    assert kinds(city, HEADQUARTERS) == []  # who approved it
    assert kinds(city, PERFORMANCE) == ["second"]


def test_interviews_of_a_survey_wait_for_the_interviewer_as_long_as_any_is_wanted(city: Session) -> None:
    a_field(city)
    round_ = a_survey(city)
    found = todo(city, INTERVIEWER)
    assert {(one.kind.value, one.ref) for one in found} <= {("survey", round_.code), ("patrol", "")}
    assert "survey" not in kinds(city, HANDLER)
    everybody = [kinds(city, person).count("survey") for person in (INTERVIEWER, "R00002", OFFICE, HANDLER)]
    assert sum(everybody) > 0
    assert [kinds(city, person, now=MONDAY + timedelta(days=60)).count("survey") for person in (INTERVIEWER,)] == [0]


def test_a_patrol_waits_until_it_is_made_with_the_last_minute_of_its_days(city: Session) -> None:
    plan(city, now=at("2026-11-02 02:00"))
    (one,) = todo(city, GRID_CHIEF)
    assert (one.kind, shown(one.due_at), one.late) == (ErrandKind.PATROL, "2026-11-08 23:59", False)


def test_an_instruction_waits_for_whom_it_names_without_a_word_of_it(city: Session) -> None:
    an_instruction(city)
    (one,) = todo(city, PRINCIPAL)
    assert one.kind is ErrandKind.INSTRUCTION
    assert SECRET not in str(one)
    assert kinds(city, OFFICE) == []


def test_what_is_due_soonest_is_first_and_what_has_no_time_is_last(city: Session) -> None:
    an_item(city, "F-09", due_at=at("2026-11-12 17:00"))
    an_item(city, "F-08", due_at=at("2026-11-01 17:00"))
    found = errands(city, who(city, HANDLER), now=MONDAY)
    assert [(one.ref, one.late) for one in found.every] == [("F-08", True), ("F-09", False)]
    assert found.late == 1


def test_nothing_of_it_waits_for_an_outsider(city: Session) -> None:
    key, *_ = ranking.october(city)
    ranking.drafted(city)
    ranking.appealed(city, key)
    issued(city, "D-CGJ")
    an_item(city)
    an_instruction(city)
    for person in (OUTSIDER, STRANGER, "R00005"):
        assert kinds(city, person, now=ranking.WITHIN) == []


def test_looks_that_differ_wait_for_whoever_steers_the_round_and_looked_at_neither(city: Session) -> None:
    round_ = rounds.started(city)
    rounds.filled(city, round_)
    by = who(city, OFFICE)
    draw_again(city, round_.number, share=100, seed=3, inspectors=(VERIFIER,), by=by, now=MONDAY)
    assert "recheck" not in kinds(city, OFFICE)
    rounds.fill(city, round_, "P-0001", rounds.GOOD, replace(rounds.BAD, result=Result.MET, note=""), again=True)
    (one,) = [one for one in todo(city, OFFICE) if one.kind is ErrandKind.RECHECK]
    assert (one.ref, one.facts["n"]) == (round_.number, 1)
    for person in (VERIFIER, DISTRICT_OFFICE, HANDLER):
        assert "recheck" not in kinds(city, person)
    (found,) = differences(city, round_)
    given = {"first_id": found.first_id, "look": Look.FIRST, "why": "照片可辨"}
    decide(city, round_.number, by=by, now=MONDAY, **given)
    assert "recheck" not in kinds(city, OFFICE)


def test_a_reply_to_an_order_waits_for_its_review(city: Session, tick) -> None:
    an_issue(city, state="rectifying")
    for day in ("2026-11-05 17:01", "2026-11-06 17:01", "2026-11-10 17:01", "2026-11-12 17:30"):
        tick(at(day))
    now = at("2026-11-13 09:30")
    order = measures(city, MeasureKind.ORDER)[-1]
    approve(
        city, order.id or 0, by=who(city, DISTRICT_OFFICE, now=now), now=now, seen=order.version, stationery=STATIONERY
    )
    reply(city, order.id or 0, by=who(city, HANDLER, now=now), now=now, seen=order.version, why="已安排")
    assert "reply" in kinds(city, DISTRICT_OFFICE, now=now)
    assert "reply" not in kinds(city, OUTSIDER, now=now) + kinds(city, PRINCIPAL, now=now)
