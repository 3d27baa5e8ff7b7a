"""By when the reply to an order is wanted: the measure says it, and the order itself for the unit's desk."""

from datetime import datetime

from sqlmodel import Session

from models.accountability import Measure
from models.accountability_rules import accountability
from models.deadlines import due
from models.issue import SupervisionOrder
from services import rulebook


def due_again(session: Session, *, now: datetime) -> datetime:
    """By when a reply that was returned is wanted again."""
    city = rulebook.the_city(session)
    rules = accountability(rulebook.rules(session, city.rule_set_code or "").policy)
    return due(rulebook.calendar(session, city.calendar_version or 0), start=now, limit=rules.again_within).at


def set_reply_due(session: Session, measure: Measure) -> None:
    """The order itself says the same day, for the unit's desk."""
    order = session.get_one(SupervisionOrder, measure.order_id)
    order.reply_due_at = measure.reply_due_at
    session.add(order)
