"""Two do something to one draft at one moment: one is done, the other is told why not; in either order, and at once."""

from collections.abc import Callable
from functools import partial
from pathlib import Path

import pytest
from sqlalchemy import Engine
from sqlmodel import Session, col, select

from models.appeal import AppealOutcome
from models.audit import Sheet
from models.bulletin import BulletinFile
from models.message import Message
from models.publication import Publication, PublicationEvent
from services import audit_rechecks, publications
from services.bulletins import deciding
from services.bulletins.files import Press
from services.papers.stationery import Stationery
from services.ranking import acting, appeals
from services.ranking.view import MonthAct
from services.scores import formula
from services.scores.publishing import made_anew
from services.sweeps import Sessions
from tests.cast import MONDAY, OFFICE, VERIFIER, who
from tests.concurrency.course import Course, refusal
from tests.concurrency.crowd import at_once, deadlocks
from tests.services.audits import rounds
from tests.services.bulletins import desk as bulletins
from tests.services.bulletins.desk import HEADQUARTERS, MORNING
from tests.services.ranking import desk as months
from tests.services.ranking.desk import AFTER, CITY, OCTOBER
from tests.services.scores.test_publishing import a_draft, another_formula

Act = Callable[[Session, int, str], object]
Work = Callable[[Sessions], object]
PRESS = Press(Stationery(), Path("/nowhere"))
TOO_LATE = {"not_possible", "draft_changed"}


def by(person: str, verb: Callable[..., object], **more: object) -> Act:
    return lambda session, key, seen: verb(
        session, key, by=who(session, person, now=MORNING), seen=seen, now=MORNING, **more
    )


APPROVE = by(HEADQUARTERS, deciding.approve)
PUBLISH = by(OFFICE, deciding.publish, press=PRESS)
CHANGE = by(OFFICE, publications.change, content={"units": [], "total": {}})
CHANGE_TOO = by(OFFICE, publications.change, content={"units": [], "total": {"assigned": 1}})
WITHDRAW = by(OFFICE, deciding.withdraw, why="重做")
SEND_BACK = by(HEADQUARTERS, deciding.send_back, why="有误")
PAIRS = {
    "approved twice": (bulletins.drafted, APPROVE, APPROVE),
    "changed twice": (bulletins.drafted, CHANGE, CHANGE_TOO),
    "approved and changed": (bulletins.drafted, APPROVE, CHANGE),
    "published twice": (bulletins.approved, PUBLISH, PUBLISH),
    "published and sent back": (bulletins.approved, PUBLISH, SEND_BACK),
    "published and withdrawn": (bulletins.approved, PUBLISH, WITHDRAW),
}


@pytest.fixture
def course(engine: Engine, sessions: Sessions) -> Course:
    return Course(engine, sessions)


def acts(session: Session, row: Publication) -> list[str]:
    """What is on record about it, in order."""
    session.rollback()
    query = select(PublicationEvent.act).where(PublicationEvent.publication_id == row.id)
    return [act.value for act in session.exec(query.order_by(col(PublicationEvent.id)))]


def work(act: Act, key: int, seen: str) -> Work:
    def do(sessions: Sessions) -> None:
        with sessions() as session:
            act(session, key, seen)
            session.commit()

    return do


@pytest.mark.parametrize("meeting", ["the first", "the second", "at once"])
@pytest.mark.parametrize("pair", PAIRS)
def test_one_of_two_acts_is_done_and_the_other_is_refused(
    city: Session, course: Course, pair: str, meeting: str
) -> None:
    start, first, second = PAIRS[pair]
    bulletins.a_half_month(city)
    row = start(city)
    city.commit()
    before = acts(city, row)
    one, other = (work(act, row.id or 0, row.content_sha256) for act in (first, second))

    if meeting == "at once":
        told = at_once(*(partial(refusal, each, course.sessions) for each in (one, other)))
    else:
        told = course.one_after_the_other(*((one, other) if meeting == "the first" else (other, one)))

    assert sorted(str(each) for each in told if each not in TOO_LATE) == ["None"], told
    assert len(acts(city, row)) == len(before) + 1
    done = acts(city, row)[-1] == "published"
    assert len(city.exec(select(BulletinFile)).all()) == (3 if done else 0)
    posts = city.exec(select(Message.post_code).where(Message.kind == "bulletin")).all()
    assert (len(posts) > 0, len(posts)) == (done, len(set(posts)))
    assert deadlocks(city) == 0


def month(what: MonthAct, person: str, seen: str) -> Work:
    """What is done to October, a minute after its window."""

    def do(sessions: Sessions) -> None:
        with sessions() as session:
            actor = who(session, person, now=AFTER)
            acting.act(session, what, month=OCTOBER, area_code=CITY, by=actor, now=AFTER, seen=seen)
            session.commit()

    return do


def decide(appeal: int, outcome: str) -> Work:
    def do(sessions: Sessions) -> None:
        with sessions() as session:
            actor, given = who(session, HEADQUARTERS, now=AFTER), AppealOutcome(outcome)
            appeals.decide(session, appeal, outcome=given, reason="属实", by=actor, now=AFTER)
            session.commit()

    return do


def plead(number: str) -> Work:
    """In the last minute of the window."""

    def do(sessions: Sessions) -> None:
        with sessions() as session:
            now = months.LAST_MINUTE
            given = {"month": OCTOBER, "area_code": CITY, "pleaded": months.PLEADED, "now": now}
            appeals.appeal(session, number, by=who(session, "R00008", now=now), **given)
            session.commit()

    return do


@pytest.mark.parametrize(
    ("outcome", "approved_after", "decided_after"),
    [("upheld", "draft_changed", "appeals_undecided"), ("refused", None, "appeals_undecided")],
)
def test_a_month_is_not_approved_over_an_appeal_that_is_being_decided(
    city: Session, course: Course, outcome: str, approved_after: str | None, decided_after: str
) -> None:
    key = months.october(city)[2]
    row = months.drafted(city)
    appeal = months.appealed(city, key).id or 0
    approve = month(MonthAct.APPROVE, HEADQUARTERS, row.content_sha256)

    assert refusal(approve, course.sessions) == decided_after
    assert course.one_after_the_other(decide(appeal, outcome), approve) == [None, approved_after]
    assert acts(city, row)[-1] == ("changed" if outcome == "upheld" else "approved")
    assert deadlocks(city) == 0


def test_nobody_appeals_against_what_is_being_approved_nor_approves_what_is_appealed_against(
    city: Session, course: Course
) -> None:
    first, second = (months.number_of(city, key) for key in months.october(city)[1:3])
    row = months.drafted(city)
    approve = month(MonthAct.APPROVE, HEADQUARTERS, row.content_sha256)

    assert course.one_after_the_other(plead(first), approve) == [None, "appeals_undecided"]
    assert refusal(decide(1, "refused"), course.sessions) is None
    assert course.one_after_the_other(approve, plead(second)) == [None, "no_draft"]
    assert deadlocks(city) == 0


def test_an_appeal_is_not_decided_against_what_is_being_published(city: Session, course: Course) -> None:
    key = months.october(city)[2]
    row = months.drafted(city)
    months.decided(city, months.appealed(city, key), "refused")
    months.approved(city)
    city.refresh(row)
    publish = month(MonthAct.PUBLISH, OFFICE, row.content_sha256)

    assert course.one_after_the_other(publish, decide(1, "upheld")) == [None, "already_decided"]
    assert acts(city, row)[-1] == "published"


def test_a_draft_keeps_its_formula_when_the_citys_changes_while_it_is_open(city: Session, course: Course) -> None:
    row = a_draft(city)
    city.commit()
    old, key, seen = row.formula, row.id or 0, row.content_sha256
    new: list[str] = []

    def change(sessions: Sessions) -> None:
        with sessions() as session:
            new.append(another_formula(session))
            session.commit()

    def verb(person: str, act: Callable[..., object]) -> Work:
        return work(
            lambda session, key, seen: act(session, key, by=who(session, person), seen=seen, now=MONDAY), key, seen
        )

    approve, again = verb(HEADQUARTERS, publications.approve), verb(OFFICE, made_anew)
    assert course.one_after_the_other(change, again) == [None, None]
    assert refusal(approve, course.sessions) is None
    city.refresh(row)
    assert (row.formula, row.content_sha256, acts(city, row)[-1]) == (old, seen, "approved")
    assert formula.in_force(city).version == new[0] != old


@pytest.mark.parametrize("redraws_first", [True, False])
def test_a_sheet_that_is_sent_during_a_redraw_is_in_it_or_left_to_the_next(
    city: Session, course: Course, redraws_first: bool
) -> None:
    round_ = rounds.started(city)
    rounds.fill(city, round_, "P-0001", rounds.GOOD, rounds.BAD)
    city.commit()

    def draw(sessions: Sessions) -> None:
        with sessions() as session:
            given = {"share": 100, "seed": 3, "inspectors": (VERIFIER,), "by": who(session, OFFICE), "now": MONDAY}
            audit_rechecks.draw_again(session, round_.number, **given)
            session.commit()

    def send(sessions: Sessions) -> None:
        with sessions() as session:
            rounds.fill(session, round_, "P-0002", *rounds.MARKET)
            session.commit()

    both = (draw, send) if redraws_first else (send, draw)
    assert course.one_after_the_other(*both) == [None, None]

    def again() -> list[str]:
        city.rollback()
        query = select(Sheet.point_code).where(col(Sheet.again_of).is_not(None)).order_by(Sheet.point_code)
        return list(city.exec(query))

    assert again() == (["P-0001"] if redraws_first else ["P-0001", "P-0002"])
    assert refusal(draw, course.sessions) == (None if redraws_first else "wrong_value")
    assert again() == ["P-0001", "P-0002"]
    assert deadlocks(city) == 0
