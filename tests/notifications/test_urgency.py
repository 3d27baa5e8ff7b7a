"""Who may be woken: the city says which severities pass quiet hours."""

from dataclasses import replace

import pytest

from models.rules import Rules, parse_rules
from notifications.audience import urgency_of
from tests.small_city import rule_content

RULES = parse_rules("real", rule_content())


def with_exceptions(*severities: str) -> Rules:
    return replace(
        RULES, policy={**RULES.policy, "quiet_hours": {"from": "21:00", "to": "07:30", "except": severities}}
    )


@pytest.mark.parametrize(
    ("excepted", "urgencies"),
    [
        (("S1",), {"S1": 0, "S2": 2, "S3": 5, "S6": 5}),
        (("S1", "S3"), {"S1": 0, "S2": 2, "S3": 0, "S6": 5}),
        ((), {"S1": 1, "S2": 2, "S3": 5, "S6": 5}),
    ],
)
def test_the_severities_that_the_city_excepts_pass_quiet_hours(
    excepted: tuple[str, ...], urgencies: dict[str, int]
) -> None:
    rules = with_exceptions(*excepted)
    assert {severity: urgency_of(severity, rules) for severity in urgencies} == urgencies


def test_a_city_without_quiet_hours_has_its_urgent_ones_first() -> None:
    rules = replace(RULES, policy={key: value for key, value in RULES.policy.items() if key != "quiet_hours"})
    assert urgency_of("S1", rules) == 0
