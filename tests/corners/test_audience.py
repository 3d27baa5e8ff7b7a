"""Who hears of it where the usual reader is missing: passing up, stand-down, issues of the city itself."""

from datetime import timedelta

from sqlmodel import Session

from services import issues
from services.findings import Finding
from tests.cast import INSPECTOR, MONDAY, OFFICE, an_issue, messages, who
from tests.corners.verbs import DUE, ask_extension, assign, finish, merge, nobody_got, take_back


def readers(city: Session, key: int, kind: str) -> list[str]:
    """To whom messages of a kind went, in order."""
    return [reader for told, reader in messages(city, key) if told == kind]


class TestPassingUp:
    def test_a_leader_who_was_told_anyway_is_not_told_twice(self, city: Session, tick, pass_up) -> None:
        key = an_issue(city, state="rectifying")
        tick(DUE)
        nobody_got(city, "overdue_notice", "D-CGJ:handler")

        pass_up(DUE)

        assert readers(city, key, "overdue_notice").count("D-CGJ:direct_leader") == 1

    def test_from_two_vacant_posts_meets_in_one_message(self, city: Session, tick, pass_up) -> None:
        key = an_issue(city, state="rectifying")
        tick(DUE)
        for _ in range(3):
            nobody_got(city, "overdue_notice", "D-CGJ:handler", "D-CGJ:direct_leader")
            pass_up(DUE)

        assert readers(city, key, "overdue_notice").count("D-CGJ:deputy_leader") == 1

    def test_from_a_unit_without_any_post_still_reaches_somebody(self, city: Session, pass_up) -> None:
        key = an_issue(city)
        assign(city, key, to="T510303")
        before = len(messages(city, key))
        nobody_got(city, "assigned", "T510303:handler")

        pass_up(MONDAY)

        assert len(messages(city, key)) > before


class TestStandDown:
    def test_does_not_go_again_to_those_told_in_the_cycle_before(self, city: Session, tick) -> None:
        key = an_issue(city, state="rectifying")
        tick(DUE)
        later = DUE + timedelta(minutes=5)
        finish(city, key, now=later)
        before = readers(city, key, "stand_down")
        issues.reopen(city, issue_ids=[key], by=who(city, OFFICE), now=later, reason="未彻底")

        finish(city, key, now=later)

        assert before
        assert readers(city, key, "stand_down") == before

    def test_goes_to_those_told_when_the_issue_is_merged(self, city: Session, tick) -> None:
        other, key = an_issue(city), an_issue(city, state="rectifying")
        tick(DUE)
        take_back(city, key, now=DUE)

        merge(city, key, into=other, now=DUE)

        assert "510302001:street_chief" in readers(city, key, "stand_down")


def test_a_request_that_only_the_city_decides_is_shown_to_the_city(city: Session) -> None:
    key = an_issue(city, state="rectifying", severity="S5")

    ask_extension(city, key)

    assert readers(city, key, "request_asked") == ["5103:office"]


def test_an_issue_of_the_city_itself_is_told_to_its_office(city: Session) -> None:
    (found,) = issues.find(
        city, findings=[Finding(description="标语陈旧", area="5103")], by=who(city, INSPECTOR), now=MONDAY
    )

    assert messages(city, found.issue_id) == [("found", "5103:office")]
