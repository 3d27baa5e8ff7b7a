"""Committed events are handed on once, in order, by one worker at a time."""

from sqlmodel import Session

from services import relay, rounds
from tests.cast import MONDAY, an_issue
from tests.small_city import a_city


def test_what_happened_before_the_first_look_is_not_told(session: Session) -> None:
    a_city(session)
    an_issue(session)
    session.commit()

    assert relay.next_events(session) == []


def test_events_are_handed_on_in_order_and_once(session: Session) -> None:
    a_city(session)
    relay.next_events(session)
    session.commit()
    an_issue(session, state="assigned")
    session.commit()

    first = relay.next_events(session)
    session.commit()

    assert [event.action for event in first] == ["find", "assign"]
    assert relay.next_events(session) == []


def test_a_look_that_was_not_committed_is_taken_again(session: Session) -> None:
    a_city(session)
    relay.next_events(session)
    session.commit()
    an_issue(session)
    session.commit()

    first = relay.next_events(session)
    session.rollback()

    assert first
    assert relay.next_events(session) == first


def test_a_second_worker_leaves_the_events_to_the_first(session: Session) -> None:
    a_city(session)
    relay.next_events(session)
    session.commit()
    an_issue(session)
    session.commit()

    with Session(session.get_bind()) as other:
        assert relay.next_events(session)
        assert relay.next_events(other) == []


def test_an_open_older_transaction_holds_later_events_back(session: Session) -> None:
    a_city(session)
    relay.next_events(session)
    session.commit()
    with Session(session.get_bind()) as slow:
        slow.connection().exec_driver_sql("SELECT pg_current_xact_id()")
        an_issue(session)
        session.commit()

        assert relay.next_events(session) == []
        session.commit()

    assert relay.next_events(session)


def test_rounds_stand_still_after_three_missed(session: Session) -> None:
    a_city(session)
    rounds.ended(session, at=MONDAY)

    assert not rounds.stand_still(session, at=MONDAY + 3 * rounds.EVERY, since=MONDAY)
    assert rounds.stand_still(session, at=MONDAY + 4 * rounds.EVERY, since=MONDAY)


def test_a_watcher_that_has_only_begun_waits(session: Session) -> None:
    a_city(session)

    assert not rounds.stand_still(session, at=MONDAY, since=MONDAY)


def test_standing_still_is_told_to_duty_officer_and_administrator(session: Session) -> None:
    a_city(session)

    assert rounds.tell(session, now=MONDAY) == 2
