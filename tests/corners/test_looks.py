"""A look that is due (triage, close-out conditions) stays due whatever is said or done in between."""

from datetime import timedelta

from sqlmodel import Session

from models.lifecycle import Action
from models.rights import SYSTEM
from services import issues
from services.commands import Command
from services.transition import apply
from tests.cast import INSPECTOR, MONDAY, PHOTO, an_issue, read, trail, who
from tests.corners.verbs import DUE, comment, nobody_got, run

SOON = MONDAY + timedelta(minutes=1)


class TestTriage:
    def test_comes_after_a_comment(self, city: Session, tick) -> None:
        key = an_issue(city)
        comment(city, key)

        tick(SOON)

        assert "triage" in trail(city, key)

    def test_comes_after_another_photo(self, city: Session, tick) -> None:
        key = an_issue(city)
        issues.attach(city, issue_ids=[key], by=who(city, INSPECTOR), now=MONDAY, evidence=[PHOTO])

        tick(SOON)

        assert "triage" in trail(city, key)

    def test_comes_although_nobody_could_be_told(self, city: Session, tick, pass_up) -> None:
        key = an_issue(city)
        nobody_got(city, "found")
        pass_up(MONDAY)

        tick(SOON)

        assert trail(city, key)[-2:] == ["unreachable", "triage"]


class TestTheLookAtCloseOutConditions:
    def test_comes_after_a_comment(self, city: Session, tick) -> None:
        key = an_issue(city, state="verified")
        comment(city, key)

        tick(SOON)

        assert read(city, key).state == "closed"

    def test_comes_although_nobody_could_be_told(self, city: Session, tick, pass_up) -> None:
        key = an_issue(city, state="verified")
        nobody_got(city, "passed")
        pass_up(MONDAY)

        tick(SOON)

        assert trail(city, key)[-2:] == ["unreachable", "close_out"]

    def test_comes_after_the_deadline_was_computed_anew(self, city: Session, tick) -> None:
        key = an_issue(city, state="verified")
        apply(city, [Command(Action.RECOMPUTE, SYSTEM, key)], now=MONDAY)

        tick(SOON)

        assert read(city, key).state == "closed"


def test_a_comment_does_not_bring_back_an_issue_set_aside(city: Session) -> None:
    key = an_issue(city, state="rectifying")
    later = DUE + timedelta(hours=9)
    run(
        city,
        "UPDATE issue SET set_aside = 5, set_aside_why = 'x', next_step_at = :later WHERE id = :id",
        later=later,
        id=key,
    )

    comment(city, key, now=DUE)

    assert (read(city, key).set_aside, read(city, key).next_step_at) == (5, later)
