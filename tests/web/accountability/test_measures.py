"""Measures on pages: what waits, deciding, replying, reviewing; what is refused comes back, with why."""

import httpx
import pytest
from sqlmodel import Session

from models.accountability import Measure, MeasureKind, MeasureState
from services.accountability.rounds import every_night, every_round
from tests.cast import DEPUTY, DISTRICT_OFFICE, HANDLER, OFFICE, OUTSIDER, PRINCIPAL, STRANGER, an_issue, at
from tests.services.accountability.shorthand import HEADQUARTERS, PERFORMANCE, measures
from tests.web.link_desk import set_clock
from tests.web.visitor import log_in

NIGHT = at("2026-11-06 02:00")
CROSS = "<script>alert(1)</script>"


@pytest.fixture
def card(city: Session) -> Measure:
    for n in range(5):
        an_issue(city, state="rectifying", description=f"垃圾桶满溢{n}")
    every_night(city, now=NIGHT)
    set_clock(city, NIGHT)
    city.commit()
    return measures(city)[0]


@pytest.fixture
def order(city: Session, tick) -> Measure:
    an_issue(city, state="rectifying")
    for day in ("2026-11-05 17:01", "2026-11-06 17:01", "2026-11-10 17:01", "2026-11-12 17:30"):
        tick(at(day))
    set_clock(city, at("2026-11-13 09:30"))
    city.commit()
    return measures(city, MeasureKind.ORDER)[-1]


async def page(city: Session, client: httpx.AsyncClient, address: str, *, by: str = OFFICE) -> httpx.Response:
    log_in(city, client, by)
    return await client.get(address, params={"lang": "en"})


async def act(
    city: Session, client: httpx.AsyncClient, one: Measure, what: str, *, by: str, **given: str
) -> httpx.Response:
    log_in(city, client, by)
    fresh = next(found for found in measures(city) if found.id == one.id)
    return await client.post(f"/accountability/{one.id}/{what}", data={"seen": str(fresh.version), **given})


async def test_the_piles_tell_what_waits_and_why(city, client, card):
    shown = (await page(city, client, "/accountability")).text
    for words in ("Proposals to decide", "yellow card", "自贡市城市管理局", "5 issues overdue at once"):
        assert words in shown
    assert "Proposals to decide" in (await page(city, client, "/accountability/piles/decide")).text


async def test_an_order_goes_its_way_through_the_pages(city, client, order):
    answer = await act(city, client, order, "approve", by=DISTRICT_OFFICE, why="经研究")
    assert (answer.status_code, answer.headers["location"]) == (303, f"/accountability/{order.id}?done=approve")
    shown = (await page(city, client, f"/accountability/{order.id}", by=PRINCIPAL)).text
    assert order.because["order"] in shown
    assert "2026-11-18 17:00" in shown

    paper = await page(city, client, f"/accountability/{order.id}/paper", by=PRINCIPAL)
    assert "现予第二次督办" in paper.text
    word = await client.get(f"/accountability/{order.id}/paper/word")
    assert word.content[:2] == b"PK"

    assert (await act(city, client, order, "reply", by=DEPUTY, why="已安排整改")).status_code == 303
    assert "已安排整改" in (await page(city, client, f"/accountability/{order.id}", by=DISTRICT_OFFICE)).text
    assert (await act(city, client, order, "return", by=DISTRICT_OFFICE, why="无措施")).status_code == 303
    assert (await act(city, client, order, "reply", by=HANDLER, why="月底前完成")).status_code == 303
    assert (await act(city, client, order, "accept", by=DISTRICT_OFFICE)).status_code == 303
    assert measures(city, MeasureKind.ORDER)[-1].state is MeasureState.DONE
    shown = (await page(city, client, f"/accountability/{order.id}", by=DISTRICT_OFFICE)).text
    assert shown.index("月底前完成") < shown.index("无措施") < shown.index("已安排整改") < shown.index("经研究")


async def test_the_unit_does_not_see_what_is_only_proposed(city, client, card):
    for somebody in (HANDLER, PRINCIPAL):
        assert (await page(city, client, f"/accountability/{card.id}", by=somebody)).status_code == 404
        assert "yellow card" not in (await page(city, client, "/accountability", by=somebody)).text
    await act(city, client, card, "approve", by=OFFICE)
    assert (await page(city, client, f"/accountability/{card.id}", by=PRINCIPAL)).status_code == 200


@pytest.mark.parametrize("somebody", [OUTSIDER, DISTRICT_OFFICE, "R00023", "R00015"])
async def test_others_see_nothing_of_it(city, client, card, somebody):
    await act(city, client, card, "approve", by=OFFICE)
    for address in ("", "/paper", "/paper/word"):
        assert (await page(city, client, f"/accountability/{card.id}{address}", by=somebody)).status_code == 404
    assert (await act(city, client, card, "reject", by=somebody, why="x")).status_code == 404


@pytest.mark.parametrize("somebody", ["R00005", "R00002", STRANGER])
async def test_who_has_nothing_to_do_with_it_does_not_come_in(city, client, card, somebody):
    assert (await page(city, client, "/accountability", by=somebody)).status_code in (303, 403)


async def test_a_refusal_keeps_what_was_typed_and_says_why(city, client, card):
    log_in(city, client, OFFICE)
    answer = await client.post(f"/accountability/{card.id}/reject", data={"seen": "99", "why": f"另案处理{CROSS}"})
    assert answer.status_code == 409
    assert "另案处理&lt;script&gt;" in answer.text
    assert "该事项刚刚有变化" in answer.text
    blank = await act(city, client, card, "reject", by=OFFICE, why="  ")
    assert blank.status_code == 400
    assert measures(city)[0].state is MeasureState.PROPOSED


async def test_only_one_button_acts_when_it_is_pressed_twice(city, client, card):
    log_in(city, client, OFFICE)
    sent = {"seen": str(card.version)}
    first = await client.post(f"/accountability/{card.id}/approve", data=sent)
    again = await client.post(f"/accountability/{card.id}/approve", data=sent)
    assert (first.status_code, again.status_code) == (303, 409)


@pytest.mark.parametrize("what", ["climb", "propose"])
async def test_what_rules_and_time_do_nobody_does_by_a_form(city, client, card, what):
    assert (await act(city, client, card, what, by=OFFICE)).status_code == 404


async def test_whoever_approved_a_proposal_is_not_offered_to_second_it(city, client, tick):
    an_issue(city, state="rectifying")
    for day in ("2026-11-05 17:01", "2026-11-17 17:01", "2026-11-19 17:01"):
        tick(at(day))
    now = at("2026-11-20 09:00")
    every_round(city, now=now)
    set_clock(city, now)
    city.commit()
    (one,) = measures(city, MeasureKind.PROPOSAL)
    await act(city, client, one, "approve", by=HEADQUARTERS)
    assert "/second" not in (await page(city, client, f"/accountability/{one.id}", by=HEADQUARTERS)).text
    assert (await act(city, client, one, "second", by=HEADQUARTERS)).status_code == 409
    assert "/second" in (await page(city, client, f"/accountability/{one.id}", by=PERFORMANCE)).text
    assert (await act(city, client, one, "second", by=PERFORMANCE)).status_code == 303
    assert "市委目标绩效办" in (await page(city, client, f"/accountability/{one.id}/paper", by=PERFORMANCE)).text
