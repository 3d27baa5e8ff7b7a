"""Rights that must not reach too far, and independence that must not end with a change of posts."""

from datetime import date, timedelta

import pytest
from sqlmodel import Session, col, select

from models.errors import ActionNotAllowed, NeedsHigherLevel, NotFound, NotIndependent
from models.issue import IssueEvent, RequestKind, Source
from services import appointments, issues, people
from services.findings import Finding
from tests.cast import DIRECT, DISTRICT_OFFICE, HANDLER, MONDAY, OFFICE, STRANGER, an_issue, who
from tests.corners.verbs import ask_extension, assign, fail, give_back, grant, sign_in, submit, verify

TODAY = MONDAY.date()
COMMUNITY_HANDLER, GRID_CHIEF = "R00017", "R00018"


def appoint(city: Session, person: str, post: str, *, start: date = TODAY) -> None:
    appointments.appoint(city, by=who(city, OFFICE), post_code=post, person_code=person, start=start, now=MONDAY)


def dismiss(city: Session, person: str, post: str) -> None:
    appointments.dismiss(city, by=who(city, OFFICE), post_code=post, person_code=person, last_day=TODAY, now=MONDAY)


class TestAppointments:
    def test_nobody_makes_themselves_the_substitute_of_another(self, city: Session) -> None:
        with pytest.raises(ActionNotAllowed):
            appointments.substitute(
                city,
                by=who(city, STRANGER),
                person_code=OFFICE,
                deputy_code=STRANGER,
                start=date(2000, 1, 1),
                end=date(2099, 1, 1),
                now=MONDAY,
            )

    def test_who_was_dismissed_by_mistake_is_put_back_on_the_same_day(self, city: Session) -> None:
        appoint(city, STRANGER, "D-CGJ:handler")
        dismiss(city, STRANGER, "D-CGJ:handler")

        appoint(city, STRANGER, "D-CGJ:handler")

        tomorrow = TODAY + timedelta(days=1)
        assert people.holders(city, "D-CGJ:handler", today=tomorrow) == [HANDLER, STRANGER]


class TestWhoActs:
    def test_giving_back_as_a_substitute_says_for_whom(self, city: Session) -> None:
        appointments.substitute(
            city, by=who(city, HANDLER), person_code=HANDLER, deputy_code=STRANGER, start=TODAY, end=TODAY, now=MONDAY
        )
        key = an_issue(city, state="assigned")

        give_back(city, key, by=STRANGER)

        last = city.exec(select(IssueEvent).order_by(col(IssueEvent.seq).desc())).first()
        assert last is not None
        assert (last.actor, last.on_behalf_of) == (STRANGER, HANDLER)

    def test_another_post_in_the_city_does_not_lift_a_district_office(self, city: Session) -> None:
        appoint(city, DISTRICT_OFFICE, "5103:inspector")
        key = an_issue(city, state="rectifying", severity="S5")
        ask_extension(city, key)

        with pytest.raises(NeedsHigherLevel):
            grant(city, key, RequestKind.EXTENSION, by=DISTRICT_OFFICE)

    def test_nobody_acts_as_the_system(self, city: Session) -> None:
        with pytest.raises(NotFound):
            people.actor(city, "system", now=MONDAY)


class TestIndependence:
    def test_lasts_for_who_handed_in_earlier_in_the_cycle_and_then_changed_posts(self, city: Session) -> None:
        key = an_issue(city, state="assigned")
        sign_in(city, key, by=DIRECT)
        submit(city, key, by=HANDLER)
        fail(city, key)
        submit(city, key, by=DIRECT)
        dismiss(city, HANDLER, "D-CGJ:handler")
        tomorrow = MONDAY + timedelta(days=1)
        appoint(city, HANDLER, "5103:verifier", start=tomorrow.date())

        with pytest.raises(NotIndependent):
            verify(city, key, by=HANDLER, now=tomorrow)

    def test_is_not_that_of_a_grid_chief_whose_community_did_the_work(self, city: Session) -> None:
        key = an_issue(city)
        assign(city, key, to="T510302001002")
        sign_in(city, key, by=COMMUNITY_HANDLER)
        submit(city, key, by=COMMUNITY_HANDLER)
        appoint(city, GRID_CHIEF, "510302001:verifier")

        with pytest.raises(NotIndependent):
            verify(city, key, by=GRID_CHIEF)

    def test_is_asked_of_a_call_back_too_even_where_the_handler_reported_it(self, city: Session) -> None:
        finding = Finding(description="占道", point="P-0001", standard="01-01", source=Source.SNAPSHOT)
        (found,) = issues.find(city, findings=[finding], by=who(city, HANDLER), now=MONDAY)
        assign(city, found.issue_id)
        sign_in(city, found.issue_id)
        submit(city, found.issue_id)

        with pytest.raises(NotIndependent):
            issues.call_back(city, issue_ids=[found.issue_id], by=who(city, HANDLER), now=MONDAY, answer="satisfied")
