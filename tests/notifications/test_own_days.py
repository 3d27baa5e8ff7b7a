"""What has a day of its own though it is about no issue says that day: by SMS as in a letter."""

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlmodel import Session

from notifications.kinds import KINDS
from notifications.material import Material, read_city
from notifications.neutral import OWN_DAY
from notifications.rendering import render, render_sms
from notifications.samples import FACTS, facts_of, sample
from notifications.variables import Reader
from tests.cast import at

BEFORE, AFTER = at("2026-11-03 10:00"), at("2026-12-01 10:00")
READER = {lang: Reader("R00014", "刘既明", lang, "510302001:street_chief") for lang in ("zh-CN", "en")}


def of(city: Session, kind: str, **facts: object) -> Material:
    made = sample(kind, city=read_city(city), at=BEFORE)
    made.message.facts = {**facts_of(kind), **facts}
    return replace(made, issue=None)


@pytest.mark.parametrize("kind", OWN_DAY)
def test_an_sms_says_by_which_day_and_afterwards_that_it_was(city: Session, kind: str) -> None:
    day = at(str(FACTS[OWN_DAY[kind]])[:16]) + timedelta(hours=8)
    made, month = of(city, kind), f"11月{day.day}日"
    assert OWN_DAY[kind] in KINDS[kind].facts
    assert render_sms(made, reader=READER["zh-CN"], at=BEFORE).body == f"您有1项任务将于{month}到期，请登录系统查看"
    assert render_sms(made, reader=READER["zh-CN"], at=AFTER).body == f"您有1项任务已于{month}到期，请登录系统查看"
    assert (
        render_sms(made, reader=READER["en"], at=BEFORE).body == f"You have 1 task(s) due {day.day} Nov. Please log in."
    )


@pytest.mark.parametrize("kind", ["appeal_decided", "sweep_finished", "bulletin"])
def test_what_is_only_news_is_no_task(city: Session, kind: str) -> None:
    assert "消息" in render_sms(of(city, kind), reader=READER["zh-CN"], at=BEFORE).body


def test_a_card_that_asks_for_no_reply_has_no_day(city: Session) -> None:
    made = of(city, "measure_decided", reply_due_at=None)
    assert render_sms(made, reader=READER["zh-CN"], at=BEFORE).body == "您有1项任务待处理，请登录系统查看"


@pytest.mark.parametrize(
    ("late", "said"), [(False, "请补正后于11月20日17:00前重新报送"), (True, "已逾期，请补正后尽快")]
)
def test_returned_material_says_by_when_it_is_wanted(city: Session, late: bool, said: str) -> None:
    made = of(city, "material_returned", late=late)
    assert said in render(made, reader=READER["zh-CN"], at=BEFORE).body


def test_a_message_from_before_it_said_so_is_still_read(city: Session) -> None:
    made = of(city, "material_returned")
    del made.message.facts["material_due_at"]
    assert "请补正后重新报送" in render(made, reader=READER["zh-CN"], at=BEFORE).body
    assert "hand it in again" in render(made, reader=READER["en"], at=BEFORE).body
