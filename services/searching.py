"""The words that a reader searches for, as SQL on the cards."""

from itertools import pairwise

from sqlalchemy import ColumnElement, Text, and_, cast, false, func, true
from sqlalchemy.dialects.postgresql import ARRAY
from sqlmodel import col

from models.card import IssueCard
from services.filters import Wanted


def words(wanted: Wanted) -> list[ColumnElement[bool]]:
    """The words that are searched for, as SQL on the cards; wildcards in them are literal. Empty: none."""
    if "\x00" in wanted.text + wanted.number:
        return [false()]
    found: list[ColumnElement[bool]] = []
    if text := wanted.text.strip().lower():
        found.append(col(IssueCard.body).contains(text, autoescape=True))
    if number := wanted.number.strip().upper():
        found.append(func.upper(IssueCard.number).contains(number, autoescape=True))
    return found


def indexed(wanted: Wanted) -> ColumnElement[bool]:
    """What follows from `words` and an index can tell: every character and pair of the text is on the card."""
    text, number = wanted.text.strip().lower(), wanted.number.strip()
    pairs = [a + b for a, b in pairwise(text)] or [text]
    has_text = func.grams(IssueCard.body).op("@>")(cast(pairs, ARRAY(Text))) if text else true()
    return and_(has_text, col(IssueCard.number).icontains(number, autoescape=True) if number else true())
