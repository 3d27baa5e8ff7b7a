"""The limits and steps of two rule sets, said again from domain 9b and 9c; `B` differs from `A` in a few."""

from fractions import Fraction
from typing import NamedTuple

Span = tuple[Fraction, str]


def limit(written: str) -> Span:
    """“3 working_days” as a number and a clock."""
    amount, clock = written.split()
    return Fraction(amount), clock


class Severity(NamedTuple):
    sign_in: str
    limit: str
    verify: str
    close: str
    times: int
    most: str
    level: int


A = {
    "S1": Severity("0.5 natural_hours", "24 natural_hours", "4 natural_hours", "4 natural_hours", 0, "", 1),
    "S2": Severity("2 working_hours", "24 natural_hours", "1 working_days", "1 working_days", 0, "", 1),
    "S3": Severity("4 working_hours", "3 working_days", "2 working_days", "1 working_days", 1, "3 working_days", 2),
    "S4": Severity("1 working_days", "7 working_days", "2 working_days", "1 working_days", 1, "7 working_days", 2),
    "S5": Severity("1 working_days", "15 working_days", "3 working_days", "1 working_days", 2, "15 working_days", 1),
    "S6": Severity("2 working_days", "5 working_days", "3 working_days", "1 working_days", 0, "", 1),
}
B = {
    **A,
    "S3": A["S3"]._replace(limit="5 working_days", times=2),
    "S4": A["S4"]._replace(limit="4 natural_days", times=0),
}
SEVERITIES = {"A": A, "B": B}
AUTO_ASSIGN = {"A": False, "B": True}
LEVELS = (5, 4, 4, 3, 3, 2, 2, 1, 1)
"""Of E0 to E8; 5 is the group, 1 the city."""
FROM_DUE = {"A": {3: 0, 4: 1, 5: 3, 6: 5, 7: 8, 8: 10}, "B": {3: 0, 4: 2, 5: 3, 6: 5, 7: 8, 8: 10}}
STAGES = {
    "found": {"A1": 0},
    "rectified": {"V1": 0, "V2": 1},
    "verified": {"C1": 0},
    "shelved": {"M1": 0},
    "closed": {"B1": 0},
}
ROUND = ("found", "assigned", "rectifying", "rectified", "verified", "shelved", "closed")
"""The stages of a round, in the order of an issue's life."""
ORDERS, PERSON_DECIDES = (5, 6, 7), 8


def offset(days: int, severity: str) -> Span:
    """So many working days of the ladder: S1 three hours round the clock for each, S2 half a day."""
    if severity == "S1":
        return Fraction(3 * days), "natural_hours"
    return (Fraction(days, 2) if severity == "S2" else Fraction(days)), "working_days"


def change_to_b(content: dict) -> None:
    """What makes the rules of the example city into B."""
    content["severities"]["S3"] |= {"limit": "5 working_days"}
    content["severities"]["S3"]["extension"]["times"] = 2
    content["severities"]["S4"] |= {"limit": "4 natural_days"}
    content["severities"]["S4"]["extension"] = {"times": 0, "approver_level": 1}
    content["policy"]["auto_assign"] = True
    next(step for step in content["ladder"]["step"] if step["code"] == "E4")["offset"] = "2 working_days"
