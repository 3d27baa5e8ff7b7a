"""Delivery that dies anywhere: no message is lost, and none comes twice on one channel (promise 3)."""

from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack

import pytest
from sqlalchemy import text
from sqlmodel import Session, col, select

from models.message import Attempt, Message, MessageState, Outcome
from notifications.lanes import PLACES
from notifications.reaper import reap
from services import sweeps
from tests.cast import MONDAY
from tests.crash import works
from tests.crash.conftest import Stock
from tests.crash.deaths import died, dies, start
from tests.crash.sinks import Desk, Mail, open_desk
from tests.crash.test_tick import LATER, overdue
from tests.notifications.desk import a_contact, a_message

READERS = ("R00006", "R00007", "R00008", "R00009")
NOBODY, SOME, MAYBE = range(1), range(1, PLACES + 1), range(PLACES + 1)
"""How many tries may be in doubt after a death, by what had happened: the first certainly not begun; one certainly
begun and not recorded; it depends on what the worker writes together."""
POINTS = [
    ("claim written", 1, NOBODY),
    ("claimed", 1, NOBODY),
    ("claimed", 2, MAYBE),
    ("tries written", 1, NOBODY),
    ("tries written", 3, MAYBE),
    ("before the call", 1, SOME),
    ("before the call", 3, SOME),
    ("answered", 1, SOME),
    ("answered", 4, SOME),
    ("endings written", 2, MAYBE),
    ("outcomes written", 2, MAYBE),
    ("before a commit", 3, MAYBE),
    ("after a commit", 2, MAYBE),
    ("after a commit", 3, MAYBE),
    ("after a commit", 5, MAYBE),
]


def by_mail(session: Session) -> None:
    """One message for each reader, by mail; whoever cannot be reached so has a robot."""
    for n, reader in enumerate(READERS):
        a_message(session, n=n, person_code=reader, channels=["app", "mail"], facts={"problems": [f"w-{n}"]})


def by_chat(session: Session) -> None:
    """One message for each reader, to a robot; whoever cannot be reached so has a mail address."""
    for n, reader in enumerate(READERS):
        a_message(session, n=n, person_code=reader, channels=["app", "chat"], facts={"problems": [f"w-{n}"]})


def storm(session: Session) -> None:
    """What a round tells after some days of standing still: several for each reader, so that they become digests."""
    overdue(session)
    session.commit()
    sweeps.tick(lambda: Session(session.get_bind()), now=LATER)


@pytest.fixture(scope="module")
def unhurt(stock: Stock) -> Counter[Mail]:
    """The letters of a storm when nobody dies."""
    with open_desk() as desk, ExitStack() as stack:
        works.send_all(stock.copy(stock.name_of(storm), stack).job(LATER, smtp=desk.smtp))
        assert any(len(marks) > 3 for _, marks in desk.mails), "a digest is among them"
        return desk.mails


@pytest.fixture
def desk() -> Iterator[Desk]:
    with open_desk() as desk:
        yield desk


def with_robots(here, desk: Desk):
    """Everybody's robot leads to the desk."""
    with here.session() as session:
        for reader in READERS:
            a_contact(session, reader, "chat", f"{desk.robot}/{reader.lower()}", position=1)
    return here.job(MONDAY, smtp=desk.smtp)


def go_on(here, job) -> None:
    """What the system does next: the reaper frees what the dead worker had, another worker goes on."""
    with here.session() as session:
        session.execute(text("UPDATE message SET claimed_at = claimed_at - interval '10 minutes'"))
        reap(session, now=job.now)
        session.commit()
    works.send(job)


def in_doubt(here) -> list[Attempt]:
    with here.session() as session:
        return list(session.exec(select(Attempt).where(Attempt.outcome == Outcome.UNKNOWN)))


def under_way(here) -> int:
    """How many tries have begun, by the rows, and no more is known of them."""
    with here.session() as session:
        return len(session.exec(select(Attempt.id).where(Attempt.outcome == Outcome.SENDING)).all())


def states(here) -> Counter[MessageState]:
    with here.session() as session:
        return Counter(session.exec(select(col(Message.state))))


@pytest.mark.parametrize(("point", "nth", "doubtful"), POINTS)
def test_each_reader_gets_each_message_once_and_what_is_in_doubt_once_more_elsewhere(
    place, desk: Desk, point: str, nth: int, doubtful: range
) -> None:
    here = place(by_mail)
    job = with_robots(here, desk)
    dies("send", job, point=point, nth=nth)
    begun = under_way(here)
    go_on(here, job)

    check(here, desk, first="mail", other="chat")
    assert begun in doubtful
    assert len(in_doubt(here)) == begun


@pytest.mark.parametrize("nth", [1, 3])
@pytest.mark.parametrize(("fill", "first", "other"), [(by_mail, "mail", "chat"), (by_chat, "chat", "mail")])
def test_taken_but_never_answered_is_not_repeated_on_that_channel(
    place, desk: Desk, fill, first: str, other: str, nth: int
) -> None:
    here = place(fill)
    job = with_robots(here, desk)
    desk.kill_at = nth
    desk.victim = start("send", job)
    died(desk.victim, job, where="the sink")
    begun = under_way(here)
    go_on(here, job)

    check(here, desk, first=first, other=other)
    assert begun in SOME
    assert len(in_doubt(here)) == begun


@pytest.mark.parametrize(
    ("point", "nth"),
    [
        ("storm bundled", 1),
        ("claim written", 1),
        ("claimed", 1),
        ("answered", 2),
        ("outcomes written", 2),
    ],
)
def test_a_storm_reaches_everybody_as_the_same_letters(
    place, unhurt: Counter[Mail], desk: Desk, point: str, nth: int
) -> None:
    here = place(storm)
    job = here.job(LATER, smtp=desk.smtp)
    dies("send_all", job, point=point, nth=nth)
    begun = under_way(here)
    go_on(here, job)

    doubled, lost = desk.mails - unhurt, unhurt - desk.mails
    assert (doubled, len(in_doubt(here))) == (Counter(), begun)
    assert lost.total() <= begun  # those have one channel only: shown to the duty officer
    assert not states(here).keys() & {MessageState.PENDING, MessageState.SENDING, MessageState.REFUSED}


def check(here, desk: Desk, *, first: str, other: str) -> None:
    """The rule, read off the sinks: nothing twice on a channel, everything once, what is in doubt elsewhere too."""
    doubtful = {one.person_code for one in in_doubt(here)}
    came = Counter((channel, mark) for channel, _, mark in desk.letters)
    assert set(came.values()) == {1}
    for n, reader in enumerate(READERS):
        on = {channel for channel, mark in came if mark == f"w-{n}"}
        assert on in (({other}, {first, other}) if reader in doubtful else ({first},)), (reader, doubtful, on)
    assert states(here) == {MessageState.SENT: len(READERS)}
