"""What is offered is what the door accepts: never more, never less."""

from datetime import timedelta

import pytest
from sqlalchemy import text
from sqlmodel import Session, col, func, select

from models.errors import ConditionsNotMet, DubanError, NotIndependent, TooLate
from models.issue import Issue, IssueEvent
from models.lifecycle import LIFECYCLE, Action
from models.rights import roles_on
from services import issues, requests
from services.acting import Seen, act
from services.offers import NOT_FOR_PAGES, offers
from tests.cast import (
    DIRECT,
    DISTRICT_VERIFIER,
    HANDLER,
    INSPECTOR,
    MONDAY,
    OFFICE,
    OUTSIDER,
    PHOTO,
    an_issue,
    read,
    who,
)

CAST = (HANDLER, DIRECT, OFFICE, DISTRICT_VERIFIER, INSPECTOR, OUTSIDER)
LATER = MONDAY + timedelta(hours=1)
GIVEN = {
    Action.ASSIGN: {"to": "D-CGJ"},
    Action.SUBMIT: {"result": "r", "evidence": [PHOTO]},
    Action.ATTACH: {"evidence": [{"kind": "other", "sha256": "cd" * 32}]},
    Action.COMMENT: {"text": "t"},
    Action.ASK_EXTENSION: {"reason": "r", "amount": "1 working_days"},
    Action.ASK_SHELVING: {"reason": "r", "milestone": LATER + timedelta(days=3)},
    Action.CALL_BACK: {"answer": "satisfied"},
    Action.REPORT_SWEEP: {"checked": 1},
    Action.REPLY_ORDER: {"reply": "r"},
}
NOTHING = frozenset({Action.SIGN_IN, Action.PASS, Action.CLOSE_OUT, Action.LOOK_BACK, Action.TRIAGE, Action.RECOMPUTE})
GRANTS = frozenset({Action.GRANT_EXTENSION, Action.GRANT_RETURN, Action.GRANT_SHELVING, Action.RESUME})


def offered(session: Session, key: int, person: str, *, now=LATER) -> dict[Action, DubanError | None]:
    issue = read(session, key)
    return {one.action: one.hindrance for one in offers(session, who(session, person, now=now), [issue], now=now)[key]}


def listed(session: Session, key: int, person: str) -> set[Action]:
    """What the table has for this person in this state; the rest is refused before anything is decided."""
    issue, roles = read(session, key), roles_on(who(session, person, now=LATER), read(session, key))
    return {line.action for line in LIFECYCLE if issue.state in line.come_from and roles & line.who}


def accepted(session: Session, key: int, person: str, action: Action, other: int) -> bool:
    """Whether the door takes it, tried for real and taken back."""
    by, issue = who(session, person, now=LATER), read(session, key)
    given = GIVEN.get(action, {} if action in NOTHING | GRANTS | {Action.REAPPLY_RULES} else {"reason": "r"})
    given = {"into": other} if action is Action.MERGE else given
    nested = session.begin_nested()
    try:
        act(session, action, issue, given=given, by=by, seen=Seen(issue.version, 0), key="k" * 9, now=LATER)
    except DubanError:
        return False
    finally:
        nested.rollback()
    return True


@pytest.mark.parametrize("state", ["found", "assigned", "rectifying", "rectified", "verified", "closed"])
def test_whoever_asks_what_is_offered_is_what_the_door_accepts(city, state):
    key, other = an_issue(city, state=state), an_issue(city)
    for person in CAST:
        free = {action for action, hindrance in offered(city, key, person).items() if hindrance is None}
        wanted = free | (listed(city, key, person) - NOT_FOR_PAGES)
        taken = {action for action in wanted if accepted(city, key, person, action, other)}
        assert (person, free) == (person, taken)


@pytest.mark.parametrize("ask", ["extension", "return", "shelving"])
def test_an_open_request_is_offered_for_decision_to_those_who_may_decide(city, ask):
    key, other = an_issue(city, state="rectifying"), an_issue(city)
    by = who(city, HANDLER)
    given = {"extension": {"amount": "1 working_days"}, "shelving": {"milestone": LATER + timedelta(days=9)}}
    verb = {"extension": requests.ask_extension, "return": requests.ask_return, "shelving": requests.ask_shelving}
    verb[ask](city, issue_ids=[key], by=by, now=MONDAY, reason="r", **given.get(ask, {}))
    for person in CAST:
        free = {action for action, hindrance in offered(city, key, person).items() if hindrance is None}
        deciding = {line.action for line in LIFECYCLE if line.action.value.startswith(("grant_", "refuse_"))}
        wanted = deciding & (free | listed(city, key, person))
        assert free & deciding == {one for one in wanted if accepted(city, key, person, one, other)}


def test_what_stands_in_the_way_is_told(city):
    key = an_issue(city, state="verified", source="hotline_12345")
    assert isinstance(offered(city, key, OFFICE)[Action.CLOSE_OUT], ConditionsNotMet)


def test_who_worked_on_it_is_told_why_they_may_not_verify(city):
    key = an_issue(city, state="rectifying")
    city.connection().execute(
        text("UPDATE tenure SET person_code = :who WHERE post_code = '510302:verifier'"), {"who": HANDLER}
    )
    issues.submit(city, issue_ids=[key], by=who(city, HANDLER), now=MONDAY, result="r", evidence=[PHOTO])
    assert isinstance(offered(city, key, HANDLER)[Action.PASS], NotIndependent)


def test_after_the_deadline_no_more_time_can_be_asked_for(city):
    key = an_issue(city, state="rectifying")
    late = offered(city, key, HANDLER, now=MONDAY + timedelta(days=30))
    assert isinstance(late[Action.ASK_EXTENSION], TooLate)


def test_a_reply_is_offered_only_while_an_order_is_open(city):
    key = an_issue(city, state="rectifying")
    assert Action.REPLY_ORDER not in offered(city, key, HANDLER)
    city.connection().execute(text("UPDATE issue SET orders_unanswered = 1"))
    assert offered(city, key, HANDLER)[Action.REPLY_ORDER] is None


def test_offering_writes_and_locks_nothing(city, sessions):
    key = an_issue(city, state="rectifying")
    city.commit()
    before = city.exec(select(func.count()).select_from(IssueEvent)).one()
    offered(city, key, HANDLER)

    with sessions() as other:
        query = select(Issue).where(col(Issue.id) == key).with_for_update(nowait=True)
        assert other.exec(query).one().version == read(city, key).version
    assert city.exec(select(func.count()).select_from(IssueEvent)).one() == before
