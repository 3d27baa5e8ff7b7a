"""What one reader may do with one measure now: the table, then the rights. The services look again, under the lock."""

from sqlmodel import Session, col, select

from models.accountability import DECISIONS, MEASURES, Measure, MeasureAct, MeasureEvent, MeasureState
from models.issue import Issue
from models.lifecycle import THE_UNIT
from models.permissions import Right, held
from models.rights import Actor, roles_on, units_of
from services.rulebook import the_city

RIGHTS = {
    MeasureAct.APPROVE: Right.DECIDE_ACCOUNTABILITY,
    MeasureAct.SECOND: Right.SECOND_PROPOSAL,
    MeasureAct.RETURN: Right.DECIDE_ACCOUNTABILITY,
    MeasureAct.ACCEPT: Right.DECIDE_ACCOUNTABILITY,
    MeasureAct.HOLD: Right.DECIDE_ACCOUNTABILITY,
    MeasureAct.CONCLUDE: Right.SECOND_PROPOSAL,
}


def possible(session: Session, measure: Measure, reader: Actor) -> frozenset[MeasureAct]:
    """The acts that are open to the reader."""
    lines = [line for line in MEASURES if measure.kind in line.kinds and measure.state in line.come_from]
    return frozenset(line.act for line in lines if _may(session, measure, line.act, reader))


def _may(session: Session, measure: Measure, act: MeasureAct, reader: Actor) -> bool:
    if act is MeasureAct.REPLY:
        issue = session.get(Issue, measure.issue_id)
        return issue is not None and bool(roles_on(reader, issue) & THE_UNIT)
    if act not in RIGHTS and act is not MeasureAct.REJECT:  # what only time does
        return False
    if measure.unit_code in units_of(reader) or (act in DECISIONS and measure.proposed_by == reader.code):
        return False
    seconding = measure.state is MeasureState.SECONDING
    right = (Right.SECOND_PROPOSAL if seconding else Right.DECIDE_ACCOUNTABILITY) if act is MeasureAct.REJECT else None
    over = held(reader, right or RIGHTS[act], city=the_city(session).code)
    if not over.covers(area_path=measure.area_path):
        return False
    return not (act is MeasureAct.SECOND and _approved(session, measure, reader))


def _approved(session: Session, measure: Measure, reader: Actor) -> bool:
    query = select(MeasureEvent.who).where(
        MeasureEvent.measure_id == measure.id, MeasureEvent.act == MeasureAct.APPROVE
    )
    return session.exec(query.order_by(col(MeasureEvent.id).desc()).limit(1)).first() == reader.code
