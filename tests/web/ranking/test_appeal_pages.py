"""Appeals on pages: nothing typed is lost, each sees what is theirs, precedents are shown."""

import pytest

from tests.cast import DEPUTY, DISTRICT_OFFICE, HANDLER, OFFICE, STRANGER
from tests.services.ranking.desk import (
    AFTER,
    HEADQUARTERS,
    WITHIN,
    appealed,
    decided,
    drafted,
    number_of,
)
from tests.web.link_desk import set_clock
from tests.web.ranking.visits import MARKET_LEADER, UNIT, get, one_appeal, post

CROSS = "<script>alert(1)</script>"


async def test_a_refused_appeal_keeps_what_was_typed(city, client, cases):
    drafted(city)
    set_clock(city, WITHIN)
    form = f"{UNIT}/appeal/{number_of(city, cases[2])}"
    answer = await post(
        city, client, form, by=DEPUTY, ground="not_my_duty", reason=f"理由{CROSS}", evidence="ftp://x", area=""
    )
    assert answer.status_code == 400
    assert "理由&lt;script&gt;" in answer.text
    assert 'value="not_my_duty" selected' in answer.text
    assert 'value="ftp://x"' in answer.text


async def test_a_late_appeal_is_refused_with_the_window_and_keeps_what_was_typed(city, client, cases):
    drafted(city)
    set_clock(city, AFTER)
    form = f"{UNIT}/appeal/{number_of(city, cases[2])}"
    answer = await post(city, client, form, by=DEPUTY, ground="not_my_duty", reason="我们的理由", area="")
    assert answer.status_code == 409
    assert "2026-11-05 17:00" in answer.text
    assert "我们的理由" in answer.text


async def test_sent_twice_one_appeal_is_on_record(city, client, cases):
    drafted(city)
    set_clock(city, WITHIN)
    form = f"{UNIT}/appeal/{number_of(city, cases[2])}"
    given = {"ground": "not_my_duty", "reason": "x", "area": ""}
    assert [(await post(city, client, form, by=DEPUTY, **given)).status_code for _ in range(2)] == [303, 409]
    assert one_appeal(city).asked_by == DEPUTY


@pytest.mark.parametrize(("person", "status"), [(HANDLER, 403), (OFFICE, 404), (MARKET_LEADER, 404)])
async def test_the_form_of_an_appeal_is_for_the_units_leaders(city, client, cases, person, status):
    drafted(city)
    set_clock(city, WITHIN)
    assert (await get(city, client, f"{UNIT}/appeal/{number_of(city, cases[2])}", by=person)).status_code == status


@pytest.mark.parametrize(
    ("person", "status"), [(OFFICE, 200), (HEADQUARTERS, 200), (DEPUTY, 200), (MARKET_LEADER, 404), (STRANGER, 404)]
)
async def test_an_appeal_is_for_its_unit_and_for_those_who_decide_or_publish(city, client, cases, person, status):
    drafted(city)
    key = appealed(city, cases[2]).id
    assert (await get(city, client, f"/appeals/{key}", by=person)).status_code == status


async def test_a_decision_without_outcome_or_reason_is_refused_and_kept(city, client, cases):
    drafted(city)
    set_clock(city, WITHIN)
    key = appealed(city, cases[2]).id
    answer = await post(city, client, f"/appeals/{key}", by=HEADQUARTERS, outcome="maybe", reason="我们的意见")
    assert (answer.status_code, "我们的意见" in answer.text) == (400, True)
    answer = await post(city, client, f"/appeals/{key}", by=HEADQUARTERS, outcome="partly", reason="")
    assert (answer.status_code, 'value="partly" required checked' in answer.text) == (400, True)


async def test_precedents_are_shown_and_linked(city, client, cases):
    drafted(city)
    first, second = appealed(city, cases[1]), appealed(city, cases[2])
    decided(city, first, "refused", reason="路段清单载明由城管局管护")
    shown = (await get(city, client, f"/appeals/{second.id}", by=HEADQUARTERS)).text
    assert f'href="/appeals/{first.id}"' in shown
    assert "路段清单载明由城管局管护" in shown
    decided(city, second, "refused")
    assert "the precedent" in (await get(city, client, f"/appeals/{second.id}", by=DEPUTY)).text


async def test_piles_hold_what_is_each_readers(city, client, cases):
    drafted(city)
    key = appealed(city, cases[2]).id
    link = f'href="/appeals/{key}"'
    assert link in (await get(city, client, "/appeals", by=HEADQUARTERS)).text
    assert link in (await get(city, client, "/appeals", by=DEPUTY)).text
    for stranger in (MARKET_LEADER, DISTRICT_OFFICE, HANDLER):
        assert link not in (await get(city, client, "/appeals", by=stranger)).text
    decided(city, one_appeal(city), "refused")
    assert link not in (await get(city, client, "/appeals", by=HEADQUARTERS, pile="to_decide")).text
    assert link in (await get(city, client, "/appeals", by=HEADQUARTERS, pile="decided")).text


async def test_before_the_draft_the_form_says_that_appeals_are_not_taken_now(city, client, cases):
    answer = await get(city, client, f"{UNIT}/appeal/{number_of(city, cases[2])}", by=DEPUTY)
    assert (answer.status_code, "are not taken now" in answer.text) == (200, True)
