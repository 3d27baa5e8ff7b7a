"""One action on several issues: each is decided by itself, and each is answered for."""

from datetime import timedelta

import pytest
from sqlmodel import Session, select

from models.errors import ActionNotPossible, NotFound, SomebodyWasFaster, WrongValue
from models.issue import IssueEvent
from models.lifecycle import Action, State
from models.message import Message
from services import issues, sweeps, together
from services.acting import Seen
from services.papers.errors import NotReached
from services.papers.stationery import Stationery
from services.together import REMIND, act, choices, chosen
from tests.cast import (
    DISTRICT_OFFICE,
    HANDLER,
    MONDAY,
    OFFICE,
    OUTSIDER,
    PHOTO,
    STRANGER,
    an_issue,
    at,
    read,
    trail,
    who,
)

THURSDAY = at("2026-11-05 10:00")


def several(session: Session, *states: str) -> list:
    return [read(session, an_issue(session, state=state, address=f"{n}号")) for n, state in enumerate(states)]


def as_read(rows) -> dict[str, Seen]:
    return {row.number: Seen(row.version, row.event_count) for row in rows}


def do(session: Session, action: Action, rows, *, by: str = OFFICE, key: str = "k", now=MONDAY, seen=None, **given):
    return act(
        session,
        action,
        rows,
        by=who(session, by, now=now),
        now=now,
        given=given,
        seen=seen or as_read(rows),
        key=key,
        stationery=Stationery(),
    )


def test_each_issue_is_done_or_its_reason_is_told(city: Session) -> None:
    rows = several(city, "found", "rectifying", "found")
    fates = do(city, Action.ASSIGN, rows, to="D-CGJ")
    assert [fate.number for fate in fates] == [row.number for row in rows]
    assert [type(fate.error) for fate in fates] == [type(None), ActionNotPossible, type(None)]
    assert [read(city, row.id).state for row in rows] == [State.ASSIGNED, State.RECTIFYING, State.ASSIGNED]


def test_sent_twice_it_is_done_once(city: Session) -> None:
    rows = several(city, "found")
    seen = as_read(rows)
    (first,) = do(city, Action.ASSIGN, rows, to="D-CGJ", seen=seen)
    (again,) = do(city, Action.ASSIGN, rows, to="D-CGJ", seen=seen)
    assert (first.repeated, again.repeated, again.error) == (False, True, None)
    assert trail(city, rows[0].id).count("assign") == 1


def test_what_somebody_else_has_changed_meanwhile_is_left_alone(city: Session) -> None:
    rows = several(city, "found", "found")
    seen = as_read(rows)
    issues.assign(city, issue_ids=[rows[0].id], by=who(city, OFFICE), now=MONDAY, to="D-SCJGJ")
    fates = do(city, Action.VOID, rows, reason="重复", seen=seen)
    assert [type(fate.error) for fate in fates] == [SomebodyWasFaster, type(None)]
    assert [read(city, row.id).state for row in rows] == [State.ASSIGNED, State.VOID]


def test_what_time_has_done_and_what_was_only_said_stands_in_no_way(city: Session, sessions) -> None:
    rows = several(city, "found", "found")
    seen = as_read(rows)
    city.commit()
    sweeps.tick(sessions, now=MONDAY + timedelta(minutes=1))
    issues.comment(city, issue_ids=[rows[0].id], by=who(city, OFFICE), now=MONDAY, text="看过了")
    city.expire_all()
    assert [row.version for row in rows] == [3, 2]
    fates = do(city, Action.ASSIGN, rows, to="D-CGJ", seen=seen)
    assert [fate.error for fate in fates] == [None, None]


def test_who_has_not_told_how_much_there_was_insists_on_the_version(city: Session) -> None:
    (row,) = several(city, "found")
    seen = {row.number: Seen(row.version)}
    issues.comment(city, issue_ids=[row.id], by=who(city, OFFICE), now=MONDAY, text="看过了")
    city.expire_all()
    (fate,) = do(city, Action.ASSIGN, [row], to="D-CGJ", seen=seen)
    assert type(fate.error) is SomebodyWasFaster


def test_only_what_the_lifecycle_allows_is_offered_and_for_which(city: Session) -> None:
    rows = several(city, "found", "assigned", "rectifying")
    city.expire_all()
    offered = {one.action: one.numbers for one in choices(city, who(city, OFFICE), rows, now=MONDAY)}
    assert offered[Action.ASSIGN] == (rows[0].number,)
    assert Action.SIGN_IN not in offered
    assert Action.PASS not in offered
    handler = {one.action: one.numbers for one in choices(city, who(city, HANDLER), rows[1:], now=MONDAY)}
    assert handler[Action.SIGN_IN] == (rows[1].number,)
    assert Action.ASSIGN not in handler


def test_issues_of_others_are_as_if_they_were_not_there(city: Session) -> None:
    (mine,) = several(city, "assigned")
    found, missing = chosen(city, who(city, OUTSIDER), [mine.number, "ZG-2026-999999", "x\x00"])
    assert found == []
    assert missing == [mine.number, "ZG-2026-999999"]
    assert chosen(city, who(city, HANDLER), [mine.number, mine.number])[0] == [mine]


def test_somebody_without_a_post_can_do_nothing_even_by_naming_the_action(city: Session) -> None:
    rows = several(city, "found")
    (fate,) = do(city, Action.ASSIGN, rows, by=STRANGER, to="D-CGJ")
    assert fate.error is not None
    assert read(city, rows[0].id).state == State.FOUND


@pytest.mark.parametrize("n", [0, together.MOST + 1])
def test_none_and_too_many_are_refused(city: Session, n: int) -> None:
    with pytest.raises(WrongValue):
        chosen(city, who(city, OFFICE), [str(one) for one in range(n)])


def test_a_unit_that_is_not_there_is_told_before_anything_is_done(city: Session) -> None:
    rows = several(city, "found")
    with pytest.raises(NotFound):
        do(city, Action.ASSIGN, rows, to="NONE")
    assert trail(city, rows[0].id) == ["find"]


def test_verifying_several_at_once_is_not_possible(city: Session) -> None:
    with pytest.raises(WrongValue):
        do(city, Action.PASS, several(city, "rectified"))


def test_only_what_the_action_asks_for_is_handed_on(city: Session) -> None:
    rows = several(city, "found")
    do(city, Action.ASSIGN, rows, to="D-CGJ", severity="S1", handler="R00099", text="x")
    assert (read(city, rows[0].id).severity, read(city, rows[0].id).handler) == ("S3", None)


def test_a_reminder_is_issued_where_the_ladder_has_come_to_it(city: Session, tick) -> None:
    rows = several(city, "assigned", "assigned")
    late = at("2026-11-20 10:00")
    tick(late)
    city.expire_all()
    offered = {one.action: one.numbers for one in choices(city, who(city, OFFICE, now=late), rows, now=late)}
    assert offered[REMIND] == tuple(row.number for row in rows)
    fresh = several(city, "found")
    assign = do(city, Action.ASSIGN, fresh, to="D-CGJ", now=late)
    assert assign[0].error is None
    fates = do(city, REMIND, [read(city, row.id) for row in (*rows, *fresh)], now=late)
    assert [type(fate.error) for fate in fates] == [type(None), type(None), NotReached]
    assert told_of(city, rows[0].id) == {"D-CGJ:handler", "D-CGJ:direct_leader"}
    assert trail(city, fresh[0].id) == ["find", "assign"]


def told_of(session: Session, key: int) -> set[str]:
    """Who was told of a reminder that somebody decided on; the ladder's own goes to others."""
    (seq,) = session.exec(select(IssueEvent.seq).where(IssueEvent.issue_id == key, IssueEvent.action == Action.REMIND))
    query = select(Message).where(Message.issue_id == key, Message.kind == "reminder_notice")
    return {str(one.post_code) for one in session.exec(query) if one.key.startswith(f"{key}-{seq}-")}


def test_it_is_reminded_once_a_day_whoever_asks_and_again_on_another(city: Session, tick) -> None:
    (row,) = several(city, "assigned")
    late = at("2026-11-20 10:00")
    tick(late)
    ways = [(OFFICE, late), (DISTRICT_OFFICE, late + timedelta(hours=5)), (OFFICE, late + timedelta(days=1))]
    fates = [do(city, REMIND, [read(city, row.id)], by=by, now=now)[0] for by, now in ways]
    assert [(fate.error, fate.repeated) for fate in fates] == [(None, False), (None, True), (None, False)]
    assert (trail(city, row.id).count("remind"), trail(city, row.id).count("issue_paper")) == (2, 1)


def test_what_is_put_right_is_not_reminded_and_no_notice_is_left(city: Session, tick) -> None:
    (row,) = several(city, "rectifying")
    late = at("2026-11-20 10:00")
    tick(late)
    issues.submit(city, issue_ids=[row.id], by=who(city, HANDLER), now=late, result="ok", evidence=[PHOTO])
    before = trail(city, row.id)
    offered = {one.action for one in choices(city, who(city, OFFICE, now=late), [read(city, row.id)], now=late)}
    (fate,) = do(city, REMIND, [read(city, row.id)], now=late)
    assert REMIND not in offered
    assert isinstance(fate.error, ActionNotPossible)
    assert trail(city, row.id) == before
