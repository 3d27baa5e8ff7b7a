"""The rules of accountability are data: what a city says takes the place of ours, what cannot be used is told."""

import tomllib
from dataclasses import replace

import pytest
from sqlmodel import Session

from models.accountability import MEASURES, MeasureAct, MeasureKind, MeasureState, line_for
from models.accountability_rules import DEFAULT, When, accountability
from services.cities.lint_policy import lint_settings
from tests.services.cities.packs import ZIGONG


def said(pack, **accountable) -> list[str]:
    content = {**pack.rules["policy"], "accountability": accountable}
    found = lint_settings(replace(pack, rules={**pack.rules, "policy": content}))
    return [str(one.params.get("setting")) for one in found]


@pytest.fixture(scope="module")
def pack():
    from services.cities.reading import read_pack

    return read_pack(ZIGONG)


def test_the_example_city_says_what_ours_says() -> None:
    written = tomllib.loads((ZIGONG / "rules/policy.toml").read_text("utf-8"))
    assert accountability(written) == accountability({})


def test_a_part_that_a_city_says_takes_the_place_of_that_part_alone() -> None:
    rules = accountability({"accountability": {"rule": []}})
    assert (rules.rules, len(rules.late_reply)) == ((), len(DEFAULT["late_reply"]))


@pytest.mark.parametrize(
    ("accountable", "setting"),
    [
        ({"again_within": "soon"}, "accountability.again_within"),
        ({"rule": [{"code": "x", "when": "never", "propose": "interview"}]}, "accountability.rule.x.when"),
        ({"rule": [{"code": "x", "when": "overdue", "propose": "fine"}]}, "accountability.rule.x.propose"),
        ({"rule": [{"code": "x", "when": "overdue", "propose": "supervision_order"}]}, "accountability.rule.x.propose"),
        ({"rule": [{"code": "x", "when": "step", "propose": "interview"}]}, "accountability.rule.x.step"),
        ({"rule": [{"code": "x", "when": "overdue", "propose": "interview"}] * 2}, "accountability.rule.x.code"),
        ({"rule": [{"when": "overdue", "propose": "interview"}]}, "accountability.rule.1.code"),
        ({"late_reply": [{"offset": "1 working_days", "posts": ["chief"]}]}, "accountability.late_reply.1.posts"),
        ({"late_reply": [{"offset": "1 working_days", "posts": ["unit.king"]}]}, "accountability.late_reply.1.posts"),
        (
            {"late_reply": [{"offset": "-1 working_days", "posts": ["unit.handler"]}]},
            "accountability.late_reply.1.offset",
        ),
    ],
)
def test_what_cannot_be_used_is_told_by_its_name(pack, accountable, setting: str) -> None:
    assert setting in said(pack, **accountable)


def test_a_city_without_a_rule_is_proposed_nothing(city: Session) -> None:
    from services.accountability.rounds import every_night
    from services.rulebook import rules, the_city
    from tests.cast import an_issue, at

    for n in range(5):
        an_issue(city, state="rectifying", description=f"垃圾桶满溢{n}")
    policy = rules(city, the_city(city).rule_set_code or "").policy
    kept = policy.get("accountability")
    policy["accountability"] = {"rule": []}  # type: ignore[index]
    try:
        assert every_night(city, now=at("2026-11-06 02:00")) == 0
    finally:
        policy["accountability"] = kept  # type: ignore[index]


# Written out a second time on purpose: what may be done from where, and where it leads.
PLAIN = {MeasureKind.ORDER, MeasureKind.INTERVIEW, MeasureKind.YELLOW_CARD, MeasureKind.RED_CARD}
TABLE = {
    **{("approve", kind, "proposed"): "issued" for kind in PLAIN},
    **{("reject", kind, "proposed"): "rejected" for kind in MeasureKind},
    ("approve", MeasureKind.PROPOSAL, "proposed"): "seconding",
    ("second", MeasureKind.PROPOSAL, "seconding"): "issued",
    ("reject", MeasureKind.PROPOSAL, "seconding"): "rejected",
    ("conclude", MeasureKind.PROPOSAL, "issued"): "done",
    ("hold", MeasureKind.INTERVIEW, "issued"): "done",
    ("reply", MeasureKind.ORDER, "issued"): "replied",
    ("climb", MeasureKind.ORDER, "issued"): "issued",
    ("return", MeasureKind.ORDER, "replied"): "issued",
    ("accept", MeasureKind.ORDER, "replied"): "done",
    ("lapse", MeasureKind.ORDER, "proposed"): "lapsed",
    ("lapse", MeasureKind.ORDER, "issued"): "lapsed",
}


@pytest.mark.parametrize("act", list(MeasureAct))
def test_the_whole_product_of_acts_kinds_and_states_is_exactly_the_table(act: MeasureAct) -> None:
    for kind in MeasureKind:
        for state in MeasureState:
            line = line_for(act, kind=kind, state=state)
            assert (line.to.value if line else None) == TABLE.get((act.value, kind, state.value)), (kind, state)


def test_what_goes_against_a_unit_or_stays_on_its_record_says_why() -> None:
    assert {line.act for line in MEASURES if line.says_why} == {
        *(MeasureAct.REJECT, MeasureAct.REPLY, MeasureAct.RETURN, MeasureAct.HOLD, MeasureAct.CONCLUDE)
    }


def test_every_cause_has_a_rule_in_ours() -> None:
    assert {rule.when for rule in accountability({}).rules} == set(When)
