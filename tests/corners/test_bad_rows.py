"""What cannot be kept is refused; what is broken already holds up nobody else."""

from collections.abc import Callable
from typing import Any

import pytest
from sqlmodel import Session

from models.errors import WrongValue
from services import issues
from services.findings import Finding
from tests.cast import INSPECTOR, MONDAY, OFFICE, an_issue, read, trail, who
from tests.corners.verbs import DUE, add_rules, comment, merge, run


class TestRefused:
    @pytest.mark.parametrize("words", ["a\x00b", "a\ud800b"])
    def test_text_that_cannot_be_stored(self, city: Session, words: str) -> None:
        key = an_issue(city)

        with pytest.raises(WrongValue):
            comment(city, key, words=words)

    def test_evidence_of_an_unknown_kind(self, city: Session) -> None:
        key = an_issue(city, state="verified")

        with pytest.raises(WrongValue):
            issues.attach(
                city,
                issue_ids=[key],
                by=who(city, OFFICE),
                now=MONDAY,
                evidence=[{"kind": "video", "sha256": "cd" * 32}],
            )

    def test_merging_into_an_issue_that_has_ended(self, city: Session) -> None:
        closed, key = an_issue(city, state="closed"), an_issue(city)

        with pytest.raises(WrongValue):
            merge(city, key, into=closed)


def an_unknown_post(rules: dict[str, Any]) -> None:
    step = next(step for step in rules["ladder"]["step"] if step["code"] == "E3")
    step["territorial"] = ["L3.mayor"]


def no_jump(rules: dict[str, Any]) -> None:
    del rules["ladder"]["jump"]


@pytest.mark.parametrize("fault", [an_unknown_post, no_jump])
def test_an_issue_with_broken_rules_does_not_hold_up_the_others(
    city: Session, tick, fault: Callable[[dict[str, Any]], None]
) -> None:
    bad, good = an_issue(city, state="rectifying"), an_issue(city, state="rectifying")
    add_rules(city, "broken", fault)
    run(city, "UPDATE issue SET rule_set_code = 'broken' WHERE id = :id", id=bad)

    tick(DUE)

    assert "escalate E3" in trail(city, good)
    assert read(city, bad).set_aside == 1


def test_a_piece_of_evidence_that_nobody_understands_does_not_hold_up_the_others(city: Session, tick) -> None:
    bad, good = an_issue(city, state="verified"), an_issue(city, state="verified")
    run(city, "UPDATE evidence SET kind = 'video' WHERE issue_id = :id", id=bad)

    tick(MONDAY)

    assert read(city, good).state == "closed"
    assert read(city, bad).set_aside == 1


def test_a_community_without_a_unit_is_not_suggested(city: Session, tick) -> None:
    run(city, "UPDATE standard SET lead = 'L4.unit' WHERE code = '01-01'")
    run(city, "DELETE FROM task")
    finding = Finding(description="占道", area="510303001001", standard="01-01")
    (found,) = issues.find(city, findings=[finding], by=who(city, INSPECTOR), now=MONDAY)

    tick(MONDAY)

    assert "triage" in trail(city, found.issue_id)
    assert read(city, found.issue_id).suggested_unit == "T510303001"
