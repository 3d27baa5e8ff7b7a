"""Appeals: within the window, by the unit's leaders, decided once by somebody without a part in it; all on record."""

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from sqlmodel import Session, select

from models.errors import ActionNotAllowed, MissingInput, NotFound, WrongValue
from models.message import Message
from services import issues
from services.ranking import appeals
from services.ranking.appeals import Pleaded
from services.ranking.errors import (
    AlreadyAppealed,
    AlreadyDecided,
    NoDraft,
    NotDisinterested,
    NotInDraft,
    WindowClosed,
)
from services.ranking.relief import reliefs
from services.scores.month import unit_month
from tests.cast import (
    DEPUTY,
    DIRECT,
    DISTRICT_OFFICE,
    DUTY,
    HANDLER,
    OFFICE,
    OUTSIDER,
    PRINCIPAL,
    VERIFIER,
    an_issue,
    read,
    who,
)
from tests.services.ranking.desk import (
    AFTER,
    CITY,
    HEADQUARTERS,
    LAST_MINUTE,
    LINK,
    OCTOBER,
    appealed,
    approved,
    decided,
    drafted,
    line,
    number_of,
    october,
    table,
)


@pytest.fixture
def cases(city: Session) -> list[int]:
    """Two closed in time, one open and late; the draft is there."""
    found = october(city)
    drafted(city)
    return found


def test_upheld_appeal_leaves_the_case_out_of_the_figures_with_its_row_shown(city, cases):
    before = line(city)
    decided(city, appealed(city, cases[2]), "upheld")
    after = line(city)

    assert (before.sides["disposal"], after.sides["disposal"]) == (("2", "3"), ("2", "2"))
    assert (before.cases, after.cases, after.left_out) == (3, 2, (number_of(city, cases[2]),))
    shown = {case.number: (case.left_out, case.outcome) for case in table(city).cases["D-CGJ"]}
    assert shown[number_of(city, cases[2])] == ("not_my_duty", "upheld")
    assert shown[number_of(city, cases[0])] == ("", "")


def test_partly_upheld_case_stays_but_is_neither_late_nor_found_again(city, cases):
    before = line(city)
    decided(city, appealed(city, cases[2]), "partly")
    after = line(city)

    assert (before.overdue, after.overdue) == (1, 0)
    assert (after.cases, after.sides["disposal"], after.left_out) == (3, ("2", "3"), ())
    assert after.score > before.score


def test_refused_appeal_changes_nothing(city, cases):
    before = table(city)
    decided(city, appealed(city, cases[2]), "refused")

    assert table(city) == before


def test_case_taken_out_of_october_is_in_no_later_figures_of_the_unit(city, cases):
    decided(city, appealed(city, cases[2]), "upheld")
    scores = unit_month(city, period_from=OCTOBER.first, period_to=OCTOBER.last, area_code=CITY)

    assert scores.units["D-CGJ"].left_out == (cases[2],)


def test_appeal_is_taken_until_the_last_minute_of_the_window(city, cases):
    assert appealed(city, cases[2], now=LAST_MINUTE).id


def test_late_appeal_is_refused_with_the_time_of_the_window(city, cases):
    with pytest.raises(WindowClosed, match="2026-11-05 17:00"):
        appealed(city, cases[2], now=AFTER)


def test_before_a_draft_and_after_its_approval_there_is_nothing_to_appeal_against(city):
    (key, *_) = october(city)
    with pytest.raises(NoDraft):
        appealed(city, key)
    drafted(city)
    approved(city)
    with pytest.raises(NoDraft):
        appealed(city, key)


def test_case_that_is_not_in_the_draft_cannot_be_appealed_against(city, cases):
    new = an_issue(city, state="assigned")
    with pytest.raises(NotInDraft):
        appealed(city, new)


def test_one_case_is_appealed_against_once(city, cases):
    first = appealed(city, cases[2])
    with pytest.raises(AlreadyAppealed, match=f"no. {first.id}"):
        appealed(city, cases[2], by=PRINCIPAL)


@pytest.mark.parametrize("leader", [DIRECT, DEPUTY, PRINCIPAL])
def test_every_leader_of_the_unit_may_appeal(city, cases, leader):
    assert appealed(city, cases[2], by=leader).unit_code == "D-CGJ"


@pytest.mark.parametrize("other", [HANDLER, OFFICE, VERIFIER, HEADQUARTERS, "R00005"])
def test_nobody_else_may_appeal(city, cases, other):
    with pytest.raises(ActionNotAllowed):
        appealed(city, cases[2], by=other)


@pytest.mark.parametrize("stranger", ["R00024", OUTSIDER, "R00099"])
def test_whoever_may_not_see_the_case_learns_nothing_of_it(city, cases, stranger):
    with pytest.raises(NotFound):
        appealed(city, cases[2], by=stranger)


def test_leader_of_another_unit_cannot_speak_for_this_one(city, cases):
    with pytest.raises(NotInDraft):
        appealed(city, cases[2], by="R00024", unit="D-SCJGJ")
    with pytest.raises((ActionNotAllowed, NotFound)):
        appealed(city, cases[2], by="R00024", unit="D-CGJ")


@pytest.mark.parametrize(
    ("pleaded", "refusal"),
    [
        (Pleaded("because", "x"), WrongValue),
        (Pleaded("not_my_duty", " \n"), MissingInput),
        (Pleaded("not_my_duty", "长" * 2001), WrongValue),
        (Pleaded("not_my_duty", "x", "javascript:alert(1)"), WrongValue),
        (Pleaded("not_my_duty", "x", "https://"), WrongValue),
        (Pleaded("not_my_duty", "x", "https://[bad"), WrongValue),
        (Pleaded("not_my_duty", "x", "https://e.invalid/" + "a" * 500), WrongValue),
    ],
)
def test_appeal_without_ground_reason_or_with_a_link_that_is_none_is_refused(city, cases, pleaded, refusal):
    with pytest.raises(refusal):
        appealed(city, cases[2], pleaded=pleaded)


def test_evidence_link_is_kept(city, cases):
    assert appealed(city, cases[2], pleaded=Pleaded("force_majeure", "暴雨", LINK)).evidence == LINK


@pytest.mark.parametrize("party", [OFFICE])
def test_who_assigned_the_case_does_not_decide_its_appeal(city, cases, party):
    row = appealed(city, cases[2])
    with pytest.raises(NotDisinterested):
        decided(city, row, "refused", by=party)


@pytest.mark.parametrize("other", [DUTY, VERIFIER, DISTRICT_OFFICE, DEPUTY, "R00005", "R00021", "R00099"])
def test_only_a_supervisor_of_the_area_decides(city, cases, other):
    row = appealed(city, cases[2])
    with pytest.raises(ActionNotAllowed):
        decided(city, row, "upheld", by=other)


def test_an_appeal_is_decided_once(city, cases):
    row = appealed(city, cases[2])
    decided(city, row, "refused")
    with pytest.raises(AlreadyDecided):
        decided(city, row, "upheld")


def test_a_decision_needs_a_reason(city, cases):
    row = appealed(city, cases[2])
    with pytest.raises(MissingInput):
        decided(city, row, "refused", reason="  ")


def test_the_last_decision_on_the_same_ground_and_standard_is_the_precedent(city, cases):
    first, second = appealed(city, cases[1]), appealed(city, cases[2])
    assert decided(city, first, "refused").precedent_id is None
    assert [one.number for one in appeals.precedents(city, second)] == [number_of(city, cases[1])]
    assert decided(city, second, "upheld").precedent_id == first.id


def test_another_ground_is_no_precedent(city, cases):
    first = appealed(city, cases[1], pleaded=Pleaded("force_majeure", "暴雨"))
    decided(city, first, "refused")
    assert appeals.precedents(city, appealed(city, cases[2])) == []


def test_deciders_without_a_part_in_it_are_told_and_then_the_appellant(city, cases):
    row = appealed(city, cases[2])
    decided(city, row, "partly", reason="雨天顺延")
    told = city.exec(select(Message).where(Message.kind.startswith("appeal_"))).all()

    assert [(one.kind, one.person_code) for one in told] == [("appeal_asked", HEADQUARTERS), ("appeal_decided", DEPUTY)]
    assert told[1].facts["outcome"] == ["部分支持", "partly upheld"]


def test_leaders_of_units_with_cases_are_told_that_the_month_is_open(city, cases):
    told = city.exec(select(Message).where(Message.kind == "appraisal_open")).all()

    assert sorted(one.person_code for one in told) == [DIRECT, DEPUTY, PRINCIPAL]
    assert told[0].facts["appeals_until"].startswith("2026-11-05T")


@pytest.mark.parametrize(
    "change", ["UPDATE appeal SET reason = 'x'", "DELETE FROM appeal_decision", "TRUNCATE appeal CASCADE"]
)
def test_the_database_refuses_to_change_what_is_on_record(city, cases, change):
    decided(city, appealed(city, cases[2]), "refused")
    with pytest.raises(DBAPIError, match="append-only"):
        city.connection().execute(text(change))


def test_what_came_back_after_close_out_is_another_case(city, cases):
    decided(city, appealed(city, cases[1]), "upheld")
    issues.relapse(
        city, issue_ids=[cases[1]], by=who(city, OFFICE), now=LAST_MINUTE, reason="又出现", evidence=[],
    )  # fmt: skip
    city.commit()
    assert read(city, cases[1]).cycle == 2
    assert reliefs(city, cases, area_path="5103") == {}
