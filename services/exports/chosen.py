"""What a list shows, as the filter of an export."""

from datetime import datetime

from sqlmodel import Session, col, select

from models.card import IssueCard
from models.issue import Issue
from services.exports.ledger import Filter
from services.filters import Scope, Wanted, conditions
from services.listing import count_up_to
from services.searching import words


def all_of(session: Session, wanted: Wanted, *, scope: Scope | None, now: datetime) -> Filter:
    """Every issue of the list. The words are compared row by row: an export reads everything once anyway.

    Raises NotFound and WrongValue as a list does.
    """
    where = conditions(session, wanted, now=now, scope=scope)
    if searched := words(wanted):
        where.append(
            select(col(IssueCard.issue_id)).where(col(IssueCard.issue_id) == col(Issue.id), *searched).exists()
        )
    return Filter(where=tuple(where))


def count_of(session: Session, wanted: Wanted, *, scope: Scope | None, now: datetime, most: int) -> int:
    """How many rows there will be at most, `most` + 1 for more; words that are searched for make it fewer."""
    return count_up_to(session, most, wanted=wanted, now=now, scope=scope)
