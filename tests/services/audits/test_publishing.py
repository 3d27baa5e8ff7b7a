"""Held rounds: nothing becomes an issue before publication, except what is dangerous; publishing is on record."""

import pytest
from sqlalchemy import text
from sqlmodel import Session, select

from models.audit import RoundAct, RoundKind
from models.errors import ActionNotAllowed, MissingInput, NotFound, RoundEnded
from models.issue import Issue, Source
from services import audit_results
from services.audit_acts import history
from services.audit_errors import NotHeld, PublishedAlready, SheetsOpen
from services.audit_publishing import publish
from services.audit_rechecks import draw_again
from tests.cast import DISTRICT_OFFICE, HANDLER, INSPECTOR, MONDAY, OFFICE, VERIFIER, at, who
from tests.services.audits.rounds import BAD, GOOD, fill, filled, started
from tests.small_city import a_city

TUESDAY = at("2026-11-03 10:00")


@pytest.fixture
def city(session: Session) -> Session:
    a_city(session)
    return session


def issues(session: Session) -> list[Issue]:
    return list(session.exec(select(Issue).order_by(Issue.id)).all())


@pytest.mark.parametrize("kind", [RoundKind.COVERT, RoundKind.MOCK])
def test_what_is_not_met_is_no_issue_before_the_round_is_published(city: Session, kind: RoundKind) -> None:
    round_ = started(city, kind=kind)
    filled(city, round_)
    assert issues(city) == []
    done = publish(city, round_.number, by=who(city, OFFICE), now=TUESDAY)
    assert done.issues == tuple(issue.number for issue in issues(city))
    assert len(done.issues) == 3


def test_an_announced_round_is_held_only_where_somebody_says_so(city: Session) -> None:
    open_one = started(city, kind=RoundKind.ANNOUNCED)
    fill(city, open_one, "P-0001", BAD)
    assert len(issues(city)) == 1
    held = started(city, kind=RoundKind.ANNOUNCED, held=True, seed=8)
    fill(city, held, "P-0001", BAD)
    assert len(issues(city)) == 1


def test_issues_name_their_round_and_their_finder_and_run_from_the_publication(city: Session) -> None:
    round_ = started(city, kind=RoundKind.COVERT)
    filled(city, round_)
    publish(city, round_.number, by=who(city, OFFICE), now=TUESDAY)
    issue = issues(city)[0]
    assert (issue.source, issue.round_id, issue.found_by) == (Source.COVERT, round_.id, INSPECTOR)
    assert issue.found_at == TUESDAY


def test_publishing_is_on_record(city: Session) -> None:
    round_ = started(city)
    filled(city, round_)
    publish(city, round_.number, by=who(city, OFFICE), now=TUESDAY)
    (event,) = history(city, round_)
    assert (event.act, event.who, event.at) == (RoundAct.PUBLISHED, OFFICE, TUESDAY)
    assert event.facts == {"issues": 3, "given_up": 0}


def test_a_round_is_published_once(city: Session) -> None:
    round_ = started(city)
    filled(city, round_)
    publish(city, round_.number, by=who(city, OFFICE), now=TUESDAY)
    with pytest.raises(PublishedAlready):
        publish(city, round_.number, by=who(city, OFFICE), now=TUESDAY)
    assert len(issues(city)) == 3


def test_a_round_with_open_sheets_is_not_published(city: Session) -> None:
    round_ = started(city)
    fill(city, round_, "P-0001", GOOD, BAD)
    with pytest.raises(SheetsOpen) as told:
        publish(city, round_.number, by=who(city, OFFICE), now=TUESDAY)
    assert (told.value.params["filled"], told.value.params["sheets"]) == (1, 3)


def test_a_round_that_was_ended_is_published_with_what_was_seen(city: Session) -> None:
    round_ = started(city)
    fill(city, round_, "P-0001", GOOD, BAD)
    audit_results.end(city, round_, by=who(city, OFFICE), why="暴雨", now=MONDAY)
    assert len(publish(city, round_.number, by=who(city, OFFICE), now=TUESDAY).issues) == 1


def test_a_round_that_holds_nothing_has_nothing_to_publish(city: Session) -> None:
    round_ = started(city, kind=RoundKind.ANNOUNCED)
    with pytest.raises(NotHeld):
        publish(city, round_.number, by=who(city, OFFICE), now=TUESDAY)


@pytest.mark.parametrize("person", [HANDLER, DISTRICT_OFFICE])
def test_who_may_not_know_of_a_covert_round_does_not_publish_it(city: Session, person: str) -> None:
    round_ = started(city, kind=RoundKind.COVERT, area_code="510302")
    with pytest.raises(NotFound):
        publish(city, round_.number, by=who(city, person), now=TUESDAY)


@pytest.mark.parametrize("person", [INSPECTOR, VERIFIER])
def test_an_inspector_of_the_round_does_not_publish_it(city: Session, person: str) -> None:
    round_ = started(city, inspectors=(VERIFIER, INSPECTOR))
    with pytest.raises(ActionNotAllowed):
        publish(city, round_.number, by=who(city, person), now=TUESDAY)


def test_the_office_of_the_district_does_not_publish_what_the_city_ordered_there(city: Session) -> None:
    round_ = started(city, kind=RoundKind.ANNOUNCED, held=True, area_code="510302")
    with pytest.raises(ActionNotAllowed):
        publish(city, round_.number, by=who(city, DISTRICT_OFFICE), now=TUESDAY)


def test_a_published_round_takes_no_more_results(city: Session) -> None:
    round_ = started(city)
    fill(city, round_, "P-0001", GOOD, BAD)
    audit_results.end(city, round_, by=who(city, OFFICE), why="暴雨", now=MONDAY)
    publish(city, round_.number, by=who(city, OFFICE), now=TUESDAY)
    with pytest.raises(RoundEnded):
        fill(city, round_, "P-0003", GOOD)


def test_open_sheets_of_a_re_check_are_given_up_with_a_reason_only(city: Session) -> None:
    round_ = started(city)
    filled(city, round_)
    draw_again(city, round_.number, share=100, seed=1, inspectors=[VERIFIER], by=who(city, OFFICE), now=MONDAY)
    with pytest.raises(MissingInput):
        publish(city, round_.number, by=who(city, OFFICE), now=TUESDAY)
    publish(city, round_.number, by=who(city, OFFICE), now=TUESDAY, why="复核员请假")
    assert history(city, round_)[-1].facts["given_up"] == 3


class TestDanger:
    """A fault of the worst severity."""

    def found(self, city: Session, kind: RoundKind) -> Issue:
        city.connection().execute(text("UPDATE standard SET severity = 'S1' WHERE code = '01-02'"))
        round_ = started(city, kind=kind)
        fill(city, round_, "P-0001", GOOD, BAD)
        (issue,) = issues(city)
        return issue

    def test_waits_for_no_publication(self, city: Session) -> None:
        assert self.found(city, RoundKind.MOCK).source is Source.MOCK

    def test_of_a_covert_round_names_neither_the_round_nor_its_kind(self, city: Session) -> None:
        issue = self.found(city, RoundKind.COVERT)
        assert (issue.source, issue.round_id) == (Source.ANNOUNCED, None)
        assert "-A-2026-" not in (issue.external_ref or "")

    def test_becomes_no_second_issue_at_the_publication(self, city: Session) -> None:
        self.found(city, RoundKind.COVERT)
        round_number = "ZG-A-2026-0001"
        audit_results.end(city, audit_round(city, round_number), by=who(city, OFFICE), why="暴雨", now=MONDAY)
        assert publish(city, round_number, by=who(city, OFFICE), now=TUESDAY).issues == ()
        assert len(issues(city)) == 1


def audit_round(session: Session, number: str):
    from services.audit_progress import round_by_number

    return round_by_number(session, number)
