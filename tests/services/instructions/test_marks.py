"""An instruction may have its issues marked as assigned by a leader; the mark says nothing of the instruction."""

from sqlmodel import Session, col, select

from models.issue import IssueEvent
from models.message import Message
from services import issues
from tests.cast import MONDAY, OFFICE, an_issue, read, trail, who
from tests.services.instructions.office import an_instruction


def last_event(city: Session, key: int) -> dict:
    query = select(IssueEvent).where(IssueEvent.issue_id == key).order_by(col(IssueEvent.seq).desc())
    told = ("action", "actor", "on_behalf_of", "at", "reason", "facts", "key", "from_state", "to_state")
    event = city.exec(query).first()
    return {name: getattr(event, name) for name in told}


def test_an_instruction_alone_marks_nothing(city: Session) -> None:
    key = an_issue(city, state="rectifying")
    before = trail(city, key)
    an_instruction(city, issues=[read(city, key).number])
    assert (read(city, key).leader_assigned, trail(city, key)) == (False, before)


def test_asked_for_it_marks_its_open_issues_as_any_office_does(city: Session) -> None:
    named, other, closed = an_issue(city, state="rectifying"), an_issue(city, state="rectifying"), an_issue(city)
    issues.void(city, issue_ids=[closed], by=who(city, OFFICE), now=MONDAY, reason="重复")
    numbers = [read(city, key).number for key in (named, closed)]
    an_instruction(city, issues=[*numbers, *numbers], marks=True)
    issues.mark_leader(city, issue_ids=[other], by=who(city, OFFICE), now=MONDAY)
    city.expire_all()
    assert [read(city, key).leader_assigned for key in (named, other, closed)] == [True, True, False]
    assert last_event(city, named) == last_event(city, other)


def test_what_is_marked_already_is_left_alone(city: Session) -> None:
    key = an_issue(city, state="rectifying")
    issues.mark_leader(city, issue_ids=[key], by=who(city, OFFICE), now=MONDAY)
    an_instruction(city, issues=[read(city, key).number], marks=True)
    assert trail(city, key).count("mark_leader") == 1


def test_the_mark_tells_nobody(city: Session) -> None:
    key = an_issue(city, state="rectifying")
    told = select(Message.id).where(Message.issue_id == key)
    before = city.exec(told).all()
    an_instruction(city, issues=[read(city, key).number], marks=True)
    assert city.exec(told).all() == before
