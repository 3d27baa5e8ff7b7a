"""When a rule proposes a measure: policy.toml [accountability], given types. A rule never decides. Source: domain 4.

Anchors: late units explain in writing and repeated complaints lead to an interview [P47]; black list once, twice, three
times in a row [P41]; yellow and red cards [P44].
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from models.accountability import MeasureKind
from models.deadlines import Limit


class When(StrEnum):
    """What a rule looks at. `least` counts it."""

    ORDER = "order"
    STEP = "step"
    OVERDUE = "overdue"
    YELLOW_CARDS = "yellow_cards"
    BLACK_LIST = "black_list"
    REPLY_LATE = "reply_late"


@dataclass(frozen=True)
class MeasureRule:
    """One rule. `days`: over how long cards count, and how long a rule about a whole unit then keeps still."""

    code: str
    when: When
    propose: MeasureKind
    least: int = 1
    step: str = ""
    days: int = 30


@dataclass(frozen=True)
class LateReply:
    """Who hears that a reply is so late."""

    offset: Limit
    posts: tuple[str, ...]


@dataclass(frozen=True)
class Accountability:
    """All rules of a city. `again_within`: by when a reply that was returned is wanted again."""

    rules: tuple[MeasureRule, ...]
    late_reply: tuple[LateReply, ...]
    again_within: Limit

    def of(self, when: When) -> list[MeasureRule]:
        """The rules that look at one thing."""
        return [rule for rule in self.rules if rule.when is when]


DEFAULT: Mapping[str, Any] = {
    "again_within": "2 working_days",
    "rule": [
        {"code": "order", "when": "order", "propose": "supervision_order"},
        {"code": "interview_after_e7", "when": "step", "step": "E7", "propose": "interview"},
        {"code": "proposal_after_e8", "when": "step", "step": "E8", "propose": "transfer_proposal"},
        {"code": "yellow", "when": "overdue", "least": 5, "days": 30, "propose": "yellow_card"},
        {"code": "red", "when": "yellow_cards", "least": 2, "days": 180, "propose": "red_card"},
        {"code": "black_list", "when": "black_list", "least": 1, "propose": "interview"},
        {"code": "black_three_times", "when": "black_list", "least": 3, "propose": "transfer_proposal"},
        {"code": "reply_late", "when": "reply_late", "least": 3, "propose": "interview"},
    ],
    "late_reply": [
        {"offset": "0 working_days", "posts": ["unit.direct_leader", "unit.deputy_leader"]},
        {"offset": "1 working_days", "posts": ["unit.principal_leader", "L2.office"]},
        {"offset": "3 working_days", "posts": ["unit.principal_leader", "L1.office", "L1.headquarters"]},
    ],
}
"""What holds where policy.toml has no [accountability]; a part that it has takes the place of that part here."""


def accountability(policy: Mapping[str, Any]) -> Accountability:
    """The rules in a city's policy."""
    said = {**DEFAULT, **policy.get("accountability", {})}
    return Accountability(
        rules=tuple(_rule(row) for row in said["rule"]),
        late_reply=tuple(LateReply(Limit.parse(row["offset"]), tuple(row["posts"])) for row in said["late_reply"]),
        again_within=Limit.parse(said["again_within"]),
    )


def _rule(row: Mapping[str, Any]) -> MeasureRule:
    return MeasureRule(
        code=row["code"],
        when=When(row["when"]),
        propose=MeasureKind(row["propose"]),
        least=int(row.get("least", 1)),
        step=str(row.get("step", "")),
        days=int(row.get("days", 30)),
    )
