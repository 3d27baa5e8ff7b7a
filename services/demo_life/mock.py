"""A mock evaluation from its draw to its score: filled, looked at again, decided, published, handed over, scored."""

from datetime import datetime, timedelta

from sqlmodel import col, select

from models.audit import Round, RoundKind
from models.issue import Issue
from services import audit_differences, audit_dispatch, audit_publishing, audit_rechecks, publications
from services.audit_differences import Look
from services.demo_life import lives, rounds, sheets
from services.demo_life.stage import Stage
from services.scores.publishing import draft_round

POINTS, SEED, SHARE, FAULTY = 60, 20_261_108, 10, 9
KEY = "demo-mock-evaluation"
WHY = "两次照片对比，以复核结果为准"


def fill(stage: Stage) -> None:
    """Two weeks ago: drawn, every sheet filled, a tenth looked at again."""
    at = stage.ago(14, 9)
    round_ = rounds.start(stage, RoundKind.MOCK, points=POINTS, at=at, seed=SEED, key=KEY)
    sheets.fill(stage, round_, begin=at, of=FAULTY)
    _look_again(stage, round_, stage.ago(12, 9))


def publish(stage: Stage) -> None:
    """Published and handed over; what it found is with the units since. Its score follows the day after."""
    round_ = stage.session.exec(select(Round).where(Round.key == KEY)).one()
    published = stage.ago(11, 10)
    audit_publishing.publish(stage.session, round_.number, by=stage.office(published), now=published)
    handed = published + timedelta(minutes=40)
    audit_dispatch.dispatch(
        stage.session, round_.number, by=stage.office(handed), now=handed, stationery=stage.press.stationery
    )
    query = select(Issue.id).where(Issue.round_id == round_.id).order_by(col(Issue.id))
    lives.live(stage, [key for key in stage.session.exec(query) if key])


def score(stage: Stage) -> None:
    """Drafted by the office, approved by headquarters, published."""
    round_ = stage.session.exec(select(Round).where(Round.key == KEY)).one()
    _score(stage, round_, stage.ago(10, 9))


def _look_again(stage: Stage, round_: Round, at: datetime) -> None:
    """A tenth is looked at a second time; where the two looks differ, headquarters decide."""
    inspectors = stage.holders("inspector")
    audit_rechecks.draw_again(
        stage.session, round_.number, share=SHARE, seed=5, inspectors=inspectors, by=stage.office(at), now=at
    )
    sheets.fill(stage, round_, begin=at, of=FAULTY, again=True)
    decided = at + timedelta(hours=6)
    for one in audit_rechecks.undecided(stage.session, round_):
        audit_differences.decide(
            stage.session,
            round_.number,
            first_id=one.first_id,
            look=Look.SECOND,
            by=stage.office(decided),
            now=decided,
            why=WHY,
        )


def _score(stage: Stage, round_: Round, at: datetime) -> None:
    row = draft_round(stage.session, round_.number, by=stage.office(at), now=at)
    key, seen = row.id or 0, row.content_sha256
    later = at + timedelta(hours=3)
    publications.approve(stage.session, key, by=stage.headquarters(later), seen=seen, now=later)
    last = later + timedelta(hours=1)
    publications.publish(stage.session, key, by=stage.office(last), seen=seen, now=last)
