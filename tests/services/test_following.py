"""Following links: once, whoever comes at the same time; refused without a trace; forgotten in the end."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

import pytest
from sqlmodel import Session, select

from models.errors import MissingInput, NotIndependent
from models.link import LinkUse, Purpose, Ticket
from services import following
from services.following import Standing
from tests.cast import DIRECT, HANDLER, MONDAY, OUTSIDER, PHOTO, STRANGER, VERIFIER, an_issue, read, trail


def ticket(issue: int, purpose: str = "sign_in", **other) -> Ticket:
    given = {
        "person": HANDLER,
        "lang": "zh-CN",
        "cycle": 1,
        "rework": 0,
        "post": "D-CGJ:handler",
        "nonce": "one",
        "expires_at": MONDAY + timedelta(days=3),
    }
    return Ticket(purpose=Purpose(purpose), issue_id=issue, **{**given, **other})


def follow(session: Session, held: Ticket, *, form="page", now=MONDAY, **given) -> Standing:
    """As a page does it."""
    standing = following.follow(session, held, form=form, given=given, now=now)
    if standing is Standing.OPEN:
        session.commit()
    else:
        session.rollback()
    return standing


def test_of_many_at_once_one_signs_in(city: Session, sessions: Callable[[], Session]) -> None:
    issue = an_issue(city, state="assigned")
    city.commit()
    barrier = Barrier(6)

    def tap(n: int) -> Standing:
        with sessions() as session:
            barrier.wait()
            return follow(session, ticket(issue), form=f"page {n}")

    with ThreadPoolExecutor(6) as pool:
        standings = sorted(pool.map(tap, range(6)))

    assert standings == [Standing.OPEN] + [Standing.USED] * 5
    assert trail(city, issue).count("sign_in") == 1


def test_who_waited_for_one_that_was_refused_may_still_use_it(city: Session, sessions: Callable[[], Session]) -> None:
    issue = an_issue(city, state="rectifying")
    city.commit()
    held = ticket(issue, "hand_in")

    with sessions() as first, ThreadPoolExecutor(1) as pool:
        with pytest.raises(MissingInput):
            following.follow(first, held, form="a", given={"result": "x"}, now=MONDAY)
        with sessions() as second:
            waiting = pool.submit(follow, second, held, form="b", result="x", evidence=[PHOTO])
            first.rollback()
            assert waiting.result(20) is Standing.OPEN

    assert read(city, issue).state == "rectified"


def test_a_refusal_leaves_the_link_unused(city: Session) -> None:
    issue = an_issue(city, state="rectifying")
    city.commit()
    with pytest.raises(MissingInput):
        follow(city, ticket(issue, "hand_in"), result="x")
    city.rollback()

    assert city.exec(select(LinkUse)).all() == []
    assert follow(city, ticket(issue, "hand_in"), result="x", evidence=[PHOTO]) is Standing.OPEN


@pytest.mark.parametrize(
    ("other", "standing"),
    [
        ({"expires_at": MONDAY}, Standing.EXPIRED),
        ({"cycle": 2}, Standing.MOVED_ON),
        ({"rework": 1}, Standing.MOVED_ON),
        ({"issue_id": 99}, Standing.MOVED_ON),
        ({"person": OUTSIDER}, Standing.NOT_YOURS),
        ({"person": STRANGER}, Standing.NOT_YOURS),
        ({"person": "nobody"}, Standing.NOT_YOURS),
        ({"purpose": Purpose.VERIFY}, Standing.MOVED_ON),
        ({"purpose": Purpose.HAND_IN}, Standing.NOT_YET),
    ],
)
def test_a_link_that_does_not_hold_does_nothing_and_shows_nothing(city: Session, other, standing) -> None:
    issue = an_issue(city, state="assigned")
    city.commit()
    held = Ticket(**{**vars(ticket(issue)), **other})

    looked = following.look(city, held, now=MONDAY)

    assert (looked.standing, looked.issue, looked.actor) == (standing, None, None)
    if held.issue_id == issue and held.person != "nobody":
        assert follow(city, held, result="x", passed=True) is standing
    assert (read(city, issue).state, city.exec(select(LinkUse)).all()) == ("assigned", [])


def test_whoever_handed_in_cannot_verify_after_leaving_the_unit(city: Session) -> None:
    """The page sees no post of theirs in the unit; the door knows who handed in."""
    issue = an_issue(city, state="rectifying")
    city.connection().exec_driver_sql("UPDATE tenure SET person_code = 'R00003' WHERE post_code = 'D-CGJ:handler'")
    follow(city, ticket(issue, "hand_in", person=VERIFIER), result="x", evidence=[PHOTO])
    city.connection().exec_driver_sql("UPDATE tenure SET person_code = 'R00006' WHERE post_code = 'D-CGJ:handler'")
    city.connection().exec_driver_sql("UPDATE issue SET submitted_by = 'R00006'")
    held = ticket(issue, "verify", person=VERIFIER, post="5103:verifier", nonce="v")

    with pytest.raises(NotIndependent):
        follow(city, held, passed=True)


def test_a_deputy_may_use_a_link_in_somebodys_place(city: Session) -> None:
    issue = an_issue(city, state="assigned")
    city.connection().exec_driver_sql(
        "INSERT INTO deputy (person_code, deputy_code, valid_from, valid_to)"
        f" VALUES ('{HANDLER}', '{STRANGER}', '2026-01-01', '2026-12-31')"
    )
    city.commit()

    assert follow(city, ticket(issue, person=STRANGER)) is Standing.OPEN
    assert read(city, issue).handler == STRANGER


def test_two_links_for_the_same_thing_do_it_once(city: Session) -> None:
    issue = an_issue(city, state="assigned")
    city.commit()

    assert follow(city, ticket(issue)) is Standing.OPEN
    assert follow(city, ticket(issue, nonce="two", person=DIRECT)) is Standing.MOVED_ON


def test_used_links_are_forgotten_long_after_they_expired(city: Session) -> None:
    issue = an_issue(city, state="assigned")
    follow(city, ticket(issue))

    assert following.forget(city, now=MONDAY + timedelta(days=32)) == 0
    assert following.forget(city, now=MONDAY + timedelta(days=34)) == 1
