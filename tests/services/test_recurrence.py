"""Has it been here before: how often, and whether the closed one came back."""

from datetime import timedelta

import pytest
from sqlmodel import Session

from models.errors import ActionNotAllowed, NotFound, SomebodyWasFaster
from models.issue import Issue
from services import issues
from services.recurrence import recurrence, take_as_relapse
from tests.cast import HANDLER, MONDAY, OFFICE, OUTSIDER, an_issue, read, trail, who

DAY = timedelta(days=1)


def seen(session: Session, key: int, *, by: str = OFFICE):
    return recurrence(session, read(session, key), reader=who(session, by))


def closed_before(session: Session, days: int, **finding) -> int:
    return an_issue(session, state="closed", now=MONDAY - days * DAY, **finding)


class TestHowOften:
    def test_counts_those_of_the_last_sixty_days_and_this_one(self, city: Session) -> None:
        for days in (61, 59, 20):
            closed_before(city, days)
        found = seen(city, an_issue(city))

        assert (found.times, found.days) == (3, 60)
        assert [one.number for one in found.earlier] == ["ZG-2026-000003", "ZG-2026-000002"]

    def test_another_standard_or_point_is_another_thing(self, city: Session) -> None:
        closed_before(city, 5, standard="01-02")
        closed_before(city, 5, point="P-0003")

        assert seen(city, an_issue(city)).times == 1

    def test_what_was_dropped_does_not_count(self, city: Session) -> None:
        key = an_issue(city, now=MONDAY - DAY)
        issues.void(city, issue_ids=[key], by=who(city, OFFICE), now=MONDAY - DAY, reason="误报")

        assert seen(city, an_issue(city)).times == 1

    def test_without_a_standard_it_goes_by_the_category(self, city: Session) -> None:
        closed_before(city, 5)
        assert seen(city, an_issue(city, standard=None)).times == 2

    def test_without_a_point_it_was_nowhere(self, city: Session) -> None:
        key = an_issue(city, point=None, standard=None, area="510302001002")
        assert (seen(city, key).times, seen(city, key).came_back) == (1, None)

    def test_looking_at_an_old_one_later_ones_do_not_count(self, city: Session) -> None:
        old = closed_before(city, 20)
        an_issue(city)

        assert seen(city, old).times == 1

    def test_who_may_not_see_the_others_learns_only_how_many(self, city: Session) -> None:
        closed_before(city, 5)
        found = seen(city, an_issue(city), by=OUTSIDER)

        assert (found.times, found.earlier, found.came_back) == (2, [], None)


class TestComeBack:
    @pytest.mark.parametrize(("days", "candidate"), [(29, True), (30, True), (31, False)])
    def test_is_what_was_closed_within_thirty_days(self, city: Session, days: int, candidate: bool) -> None:
        closed_before(city, days)
        assert (seen(city, an_issue(city)).came_back is not None) is candidate

    def test_the_last_one_closed_is_the_candidate(self, city: Session) -> None:
        closed_before(city, 9)
        closed_before(city, 3)
        found = seen(city, an_issue(city)).came_back

        assert found is not None
        assert found.number == "ZG-2026-000002"

    def test_is_asked_of_new_issues_only(self, city: Session) -> None:
        closed_before(city, 3)
        assert seen(city, an_issue(city, state="assigned")).came_back is None

    def test_an_open_one_is_no_candidate(self, city: Session) -> None:
        an_issue(city, state="assigned", now=MONDAY - DAY)
        assert seen(city, an_issue(city)).came_back is None


class TestTakenAsRelapse:
    def test_opens_the_old_one_and_puts_the_new_one_into_it(self, city: Session) -> None:
        old = closed_before(city, 3)
        new = an_issue(city)
        taken(city, new, old)

        issue = read(city, old)
        assert (issue.state, issue.cycle, issue.relapses, issue.deduction) == ("rectifying", 2, 1, 1)
        assert (read(city, new).state, read(city, new).merged_into) == ("void", old)

    def test_twice_is_done_once(self, city: Session) -> None:
        old = closed_before(city, 3)
        new = an_issue(city)
        version = read(city, new).version
        taken(city, new, old, version=version)
        taken(city, new, old, version=version)

        assert trail(city, old).count("relapse") == 1
        assert trail(city, new).count("merge") == 1

    def test_when_the_new_one_has_moved_meanwhile_nothing_is_done(self, city: Session) -> None:
        old = closed_before(city, 3)
        new = an_issue(city)
        with pytest.raises(SomebodyWasFaster), city.begin_nested():
            taken(city, new, old, version=read(city, new).version + 1)

        assert read(city, old).state == "closed"

    @pytest.mark.parametrize("other", [{"standard": "01-02"}, {"point": "P-0003"}])
    def test_of_something_else_is_refused(self, city: Session, other: dict) -> None:
        old = closed_before(city, 3, **other)
        with pytest.raises(NotFound):
            taken(city, an_issue(city), old)

    def test_is_not_for_the_unit(self, city: Session) -> None:
        old = closed_before(city, 3)
        new = an_issue(city, state="assigned")
        with pytest.raises(ActionNotAllowed):
            taken(city, new, old, by=HANDLER)


def taken(session: Session, new: int, old: int, *, by: str = OFFICE, version: int | None = None) -> None:
    issue: Issue = read(session, new)
    number = read(session, old).number
    given = {"number": number, "reason": "又出现", "version": issue.version if version is None else version}
    take_as_relapse(session, read(session, new), by=who(session, by), now=MONDAY, key="k", **given)
