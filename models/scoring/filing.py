"""Online filing (网上申报): what material earns of its marks.

    score = 100 × Σ (marks × what its state earns) ÷ Σ marks

Source: the domain names the module (1, [P1]) and no formula; marks earned ÷ marks asked for is how on-site counts too.
Material that is not due yet, or not asked of this city, is not handed to these functions.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from models.errors import WrongValue
from models.scoring.number import HUNDRED, Number, Term, counted, ratio, summed
from models.scoring.rules import Scoring


@dataclass(frozen=True, slots=True)
class Filed:
    """One piece of material: its standard, the marks it is worth, and how it stands (a key of `filing.earns`)."""

    id: int
    standard: str
    marks: Decimal
    state: str


def filing_score(material: Iterable[Filed], *, of: str, rules: Scoring) -> Number:
    """0 to 100; none without marks. Raises WrongValue for a state without a rule, or marks below 0."""
    rows = sorted(material, key=lambda one: one.id)
    for one in rows:
        _check(one, rules)
    terms = [Term(counted("marks", one.marks, (one.id,), of=one.standard), rules.filing[one.state]) for one in rows]
    asked = counted("marks_asked", sum(one.marks for one in rows), (one.id for one in rows))
    share = ratio("filed_share", summed("marks_earned", terms), asked)
    return summed("online_filing", (Term(share, HUNDRED),), of=of)


def _check(one: Filed, rules: Scoring) -> None:
    if one.state not in rules.filing:
        raise WrongValue(field=one.standard, value=one.state, expected=f"one of: {', '.join(rules.filing)}")
    if not one.marks.is_finite() or one.marks < 0:
        raise WrongValue(field=one.standard, value=one.marks, expected="a number, 0 or more")
