"""The whole life of the example city, played once: each part of it is there, in the past, on a sound record."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine, text
from sqlmodel import Session, col, func, select

from models.accountability import Measure, MeasureKind, MeasureState
from models.appeal import Appeal, AppealDecision
from models.audit import Round, RoundKind, Sheet
from models.filing import FilingItem, FilingState
from models.instruction import InstructionAct, InstructionEvent
from models.issue import IssueEvent
from models.message import Message, MessageState
from models.patrol import Duty
from models.publication import Publication, PublicationKind, PublicationState
from models.survey import SurveyReply, SurveyRound
from models.task_letter import TaskLetter
from services import seal
from services.audit_rechecks import undecided
from services.demo_life import mark
from services.demo_life.chapters import PLAYS, play_next
from services.people import city_day
from services.ranking.table import from_content
from services.surveys.starting import is_open
from tests.services.cities.packs import NOW, ZIGONG

pytestmark = [pytest.mark.slow, pytest.mark.timeout(300)]
K, S = PublicationKind, PublicationState


@pytest.fixture(scope="module")
def alive(zigong_engine: Engine, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Session]:
    """The example city at the end of its life; nothing of it is kept."""
    place: Path = tmp_path_factory.mktemp("evidence")
    with Session(zigong_engine, expire_on_commit=False) as session:
        mark.begin(session)
        while play_next(session, now=NOW, place=place, papers=ZIGONG / "papers"):
            pass
        yield session


def published(session: Session, kind: PublicationKind, state: PublicationState = S.PUBLISHED) -> list[Publication]:
    query = select(Publication).where(Publication.kind == kind, Publication.state == state)
    return list(session.exec(query.order_by(col(Publication.id))))


def test_every_chapter_was_played_and_nothing_is_left(alive: Session) -> None:
    came = mark.come(alive)

    assert came is not None
    assert (came.done, came.over, len(PLAYS)) == (len(mark.CHAPTERS), True, len(mark.CHAPTERS))


def test_nothing_happens_later_than_now_and_the_record_is_sound(alive: Session) -> None:
    moments = [alive.exec(select(func.max(one))).one() for one in (IssueEvent.at, Publication.published_at)]

    assert all(at and at <= NOW for at in moments)
    assert seal.verify(seal.record_lines(alive)).alteration is None


def test_nobody_gets_a_late_message_about_the_past(alive: Session) -> None:
    late = text("SELECT count(*) FROM message WHERE state = 'pending' AND created_at < :now - interval '12 hours'")

    assert alive.connection().execute(late, {"now": NOW}).scalar_one() == 0
    assert alive.exec(select(func.count()).where(Message.state == MessageState.PENDING)).one() > 0


def test_a_mock_evaluation_was_looked_at_again_decided_published_and_scored(alive: Session) -> None:
    round_ = alive.exec(select(Round).where(Round.kind == RoundKind.MOCK)).one()
    again = alive.exec(select(func.count()).where(Sheet.round_id == round_.id, col(Sheet.again_of).is_not(None))).one()

    assert (round_.published_at is not None, again, undecided(alive, round_)) == (True, 6, [])
    assert [row.subject for row in published(alive, K.ROUND_SCORES)] == [round_.number]


def test_a_covert_round_is_under_way_and_secret(alive: Session) -> None:
    round_ = alive.exec(select(Round).where(Round.kind == RoundKind.COVERT)).one()
    filled = alive.exec(select(func.count(col(Sheet.filled_at))).where(Sheet.round_id == round_.id)).one()

    assert (round_.is_secret, round_.finished_at, filled) == (True, None, 9)


def test_one_month_is_published_and_the_next_is_open_to_appeals(alive: Session) -> None:
    ((one,), (other,)) = published(alive, K.APPRAISAL), published(alive, K.APPRAISAL, S.DRAFT)
    appeals = alive.exec(select(Appeal.id).where(Appeal.period_from == other.period_from)).all()
    decided = alive.exec(select(AppealDecision.id).where(col(AppealDecision.appeal_id).in_(appeals))).all()

    assert one.period_to < other.period_from
    assert (len(appeals), len(decided)) == (2, 1)
    assert len({row.score for row in from_content(one.content).rows if row.rank}) > 3


def test_a_survey_is_over_and_one_is_open_with_too_few_answers_somewhere(alive: Session) -> None:
    today = city_day(alive, NOW)
    over, runs = alive.exec(select(SurveyRound).order_by(col(SurveyRound.id))).all()
    count = func.count()
    few = select(SurveyReply.place_id).where(SurveyReply.round_id == runs.id, col(SurveyReply.place_id).is_not(None))
    few = few.group_by(col(SurveyReply.place_id)).having(count < 5)

    assert (is_open(over, today=today), is_open(runs, today=today)) == (False, True)
    assert alive.exec(few).all()


def test_material_stands_in_every_state_and_some_is_late(alive: Session) -> None:
    states = set(alive.exec(select(FilingItem.state)).all())
    late = select(FilingItem.id).where(FilingItem.state == FilingState.MISSING, col(FilingItem.due_at) < NOW)

    assert states == set(FilingState)
    assert alive.exec(late).all()


def test_bulletins_are_published_with_the_one_before_and_one_is_a_draft(alive: Session) -> None:
    first, second = published(alive, K.WEEKLY)
    (month,) = published(alive, K.MONTHLY)

    assert second.content["previous"]["from"] == first.period_from.isoformat()
    assert month.content["scores"]
    assert len(published(alive, K.HALF_MONTH, S.DRAFT)) == 1


def test_task_letters_are_signed_unsigned_and_issued_anew(alive: Session) -> None:
    letters = alive.exec(select(TaskLetter)).all()
    signed = [one for one in letters if one.signed_at]

    assert len(signed) > len(letters) / 2
    assert {one.edition for one in letters} == {1, 2}
    assert any(one.signed_at is None and one.edition == 1 for one in letters)


def test_measures_stand_everywhere_on_their_way(alive: Session) -> None:
    query = select(Measure.state).where(Measure.kind == MeasureKind.ORDER)
    states = set(alive.exec(query).all())

    assert {MeasureState.PROPOSED, MeasureState.ISSUED, MeasureState.REPLIED, MeasureState.DONE} <= states


def test_an_instruction_was_read_and_answered_and_one_waits(alive: Session) -> None:
    acts = [event.act for event in alive.exec(select(InstructionEvent).order_by(col(InstructionEvent.id)))]

    assert acts.count(InstructionAct.RECORDED) == 2
    assert (acts.count(InstructionAct.READ), acts.count(InstructionAct.ANSWERED)) == (1, 1)


def test_patrols_were_done_and_missed_and_are_under_way(alive: Session) -> None:
    counts = select(func.count(col(Duty.done_at)), func.count(col(Duty.missed_at)), func.count(col(Duty.id)))
    done, missed, planned = alive.exec(counts).one()

    assert done > missed > 0
    assert planned > done + missed
