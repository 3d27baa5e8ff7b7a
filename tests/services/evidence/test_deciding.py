"""Who decides about a flag: somebody independent with the right, once, with a reason."""

from pathlib import Path

import pytest
from sqlmodel import Session

from models.errors import ActionNotAllowed, MissingInput, NotFound, NotIndependent, WrongValue
from models.rights import Actor
from services import evidence_flags, people
from services.evidence_flags import AlreadyDecided
from tests.cast import (
    DISTRICT_VERIFIER,
    DUTY,
    HANDLER,
    INSPECTOR,
    MONDAY,
    OFFICE,
    OUTSIDER,
    STRANGER,
    VERIFIER,
    an_issue,
    who,
)
from tests.services.evidence.handed import hand_in, looked, number_of
from tests.services.evidence.pictures import photo


@pytest.fixture
def flag(city: Session, tmp_path: Path) -> int:
    """A photo that proves two issues."""
    first, second = an_issue(city, state="rectifying"), an_issue(city, state="rectifying")
    for issue in (first, second):
        hand_in(city, tmp_path, issue, photo(1))
    return looked(city, tmp_path, second)[0].id


def decide(session: Session, flag: int, by: Actor, *, decision: str = "kept", reason: str = "旧照片"):
    return evidence_flags.decide(session, flag, decision=decision, reason=reason, by=by, city="5103", now=MONDAY)


@pytest.mark.parametrize("person", [VERIFIER, DISTRICT_VERIFIER, OFFICE, DUTY])
def test_who_verifies_or_supervises_there_decides(city: Session, flag: int, person: str) -> None:
    decide(city, flag, who(city, person), decision="dismissed", reason="同一处两个问题")

    found = evidence_flags.find(city, flag, reader=who(city, VERIFIER))
    assert (found.decision, found.reason, found.decided_by, found.decided_at) == (
        "dismissed",
        "同一处两个问题",
        person,
        MONDAY,
    )


@pytest.mark.parametrize(
    ("person", "error"),
    [(INSPECTOR, ActionNotAllowed), (HANDLER, ActionNotAllowed), (OUTSIDER, NotFound), (STRANGER, NotFound)],
)
def test_nobody_else_does(city: Session, flag: int, person: str, error: type[Exception]) -> None:
    with pytest.raises(error):
        decide(city, flag, people.actor(city, person, now=MONDAY))


def test_who_handed_it_in_does_not(city: Session, flag: int) -> None:
    verifies = who(city, VERIFIER)
    with pytest.raises(NotIndependent):
        decide(city, flag, Actor(HANDLER, verifies.posts))


def test_a_decision_is_for_good(city: Session, flag: int) -> None:
    decide(city, flag, who(city, VERIFIER))

    with pytest.raises(AlreadyDecided):
        decide(city, flag, who(city, OFFICE), decision="dismissed")
    assert evidence_flags.find(city, flag, reader=who(city, OFFICE)).decision == "kept"


@pytest.mark.parametrize("reason", ["", "  ", "\0"])
def test_a_reason_is_needed(city: Session, flag: int, reason: str) -> None:
    with pytest.raises(MissingInput):
        decide(city, flag, who(city, VERIFIER), reason=reason)


def test_a_reason_is_no_book(city: Session, flag: int) -> None:
    with pytest.raises(WrongValue):
        decide(city, flag, who(city, VERIFIER), reason="x" * 1001)


def test_a_decision_is_one_of_two(city: Session, flag: int) -> None:
    with pytest.raises(MissingInput):
        decide(city, flag, who(city, VERIFIER), decision="maybe")


def waiting(session: Session, person: str) -> list[int]:
    return [one.id for one in evidence_flags.waiting(session, reader=who(session, person), city="5103")]


def test_what_waits_is_listed_where_somebody_decides(city: Session, flag: int) -> None:
    assert [waiting(city, person) for person in (VERIFIER, DISTRICT_VERIFIER, OUTSIDER, HANDLER)] == [
        [flag],
        [flag],
        [],
        [],
    ]


def test_what_was_decided_waits_no_more(city: Session, flag: int) -> None:
    decide(city, flag, who(city, VERIFIER))

    assert waiting(city, VERIFIER) == []


def test_a_reader_learns_whether_the_other_issue_is_theirs_to_see(city: Session, flag: int) -> None:
    issue = evidence_flags.find(city, flag, reader=who(city, VERIFIER)).issue_id
    assert evidence_flags.flags_of(city, issue, reader=who(city, VERIFIER))[0].other_seen is True
    assert evidence_flags.flags_of(city, issue)[0].other_seen is False
    assert number_of(city, issue) == evidence_flags.flags_of(city, issue)[0].number
