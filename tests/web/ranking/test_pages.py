"""The month on pages: drafted, appealed against, decided, approved, published; each sees what is theirs."""

import re

import pytest

from services.ranking.editions import current
from tests.cast import DEPUTY, DISTRICT_OFFICE, HANDLER, OFFICE, OUTSIDER, an_issue, at
from tests.services.ranking.desk import (
    AFTER,
    FOUND,
    HEADQUARTERS,
    OCTOBER,
    WITHIN,
    appealed,
    approved,
    decided,
    drafted,
    number_of,
    october,
)
from tests.web.link_desk import set_clock
from tests.web.ranking.visits import MARKET_LEADER, MONTH, UNIT, get, one_appeal, post, seen_in


async def act(city, client, what: str, *, by: str = OFFICE, **given: str):
    row = current(city, OCTOBER, area_code="5103")
    seen = row.content_sha256 if row else ""
    return await post(city, client, f"{MONTH}/{what}", by=by, area="5103", **{"seen": seen, **given})


async def test_a_month_goes_from_live_figures_to_its_publication(city, client, cases):
    live = (await get(city, client, MONTH)).text
    assert "Live figures" in live
    assert "Draft the appraisal" in live
    assert (await act(city, client, "draft")).status_code == 303
    assert "Units may appeal until 2026-11-05 17:00" in (await get(city, client, MONTH)).text

    set_clock(city, WITHIN)
    form = f"{UNIT}/appeal/{number_of(city, cases[2])}"
    sent = await post(city, client, form, by=DEPUTY, ground="not_my_duty", reason="由区里管护", area="")
    key = one_appeal(city).id
    assert (sent.status_code, sent.headers["location"]) == (303, f"/appeals/{key}")
    assert "1 appeal is undecided" in (await get(city, client, MONTH)).text

    done = await post(city, client, f"/appeals/{key}", by=HEADQUARTERS, outcome="upheld", reason="属实")
    assert done.status_code == 303
    assert "left out: Not our duty" in (await get(city, client, UNIT, by=DEPUTY)).text

    set_clock(city, AFTER)
    for what, person in (("approve", HEADQUARTERS), ("publish", OFFICE)):
        shown = (await get(city, client, MONTH, by=person)).text
        answer = await post(city, client, f"{MONTH}/{what}", by=person, area="5103", seen=seen_in(shown))
        assert answer.status_code == 303
    published = (await get(city, client, MONTH, by=MARKET_LEADER)).text
    assert "Published on 2026-11-05" in published
    assert "自贡市城市管理局" in published


async def test_the_list_tells_where_each_month_stands(city, client, cases):
    drafted(city)
    shown = (await get(city, client, "/ranking")).text
    assert [shown.count(word) for word in ("Live figures", "Draft, open to appeals", "Published</span>")] == [1, 1, 0]
    assert "Appeals until 2026-11-05 17:00" in shown


async def test_a_draft_is_approved_neither_early_nor_by_who_wrote_it_nor_with_an_appeal_open(city, client, cases):
    drafted(city)
    early = await act(city, client, "approve", by=HEADQUARTERS)
    assert (early.status_code, "2026-11-05 17:00" in early.text) == (409, True)
    appeal = appealed(city, cases[2])
    set_clock(city, AFTER)
    waiting = await act(city, client, "approve", by=HEADQUARTERS)
    assert (waiting.status_code, "Decide them first" in waiting.text or "裁定" in waiting.text) == (409, True)
    decided(city, appeal, "refused", now=AFTER)
    assert (await act(city, client, "approve", by=OFFICE)).status_code == 409
    assert (await act(city, client, "approve", by=HEADQUARTERS)).status_code == 303


async def test_what_was_not_looked_at_is_not_approved(city, client, cases):
    drafted(city)
    set_clock(city, AFTER)
    answer = await act(city, client, "approve", by=HEADQUARTERS, seen="0" * 64)
    assert answer.status_code == 409


async def test_a_month_that_runs_is_not_drafted(city, client, cases):
    answer = await post(city, client, "/ranking/2026-11/draft", area="5103", seen="")
    assert (answer.status_code, "2026-12-01" in answer.text) == (409, True)


async def test_withdrawing_takes_a_reason_which_is_kept_with_it(city, client, cases):
    drafted(city)
    assert (await act(city, client, "withdraw", why=" ")).status_code == 400
    assert (await act(city, client, "withdraw", why="数据有误")).status_code == 303
    assert "Live figures" in (await get(city, client, MONTH)).text


async def test_before_publication_a_unit_sees_its_own_line_only(city, client, cases):
    drafted(city)
    mine = (await get(city, client, MONTH, by=DEPUTY)).text
    assert "自贡市城市管理局" in mine
    assert "筱溪街道办事处" not in mine
    assert "Only the units in your boards are shown" in mine
    assert "Draft" not in re.findall(r"<button[^>]*>([^<]+)", mine)
    approved(city)
    assert "筱溪街道办事处" not in (await get(city, client, MONTH, by=DEPUTY)).text


async def test_after_publication_everybody_with_boards_sees_all_places(city, client, cases):
    drafted(city)
    approved(city)
    await act(city, client, "publish")
    shown = (await get(city, client, MONTH, by=DEPUTY)).text
    assert "筱溪街道办事处" in shown
    assert re.findall(r'href="/ranking/2026-10/units/([^"?]+)', shown) == ["D-CGJ"]  # the pages of others stay theirs


async def test_the_page_of_a_unit_is_for_whoever_has_it_in_their_boards(city, client, cases):
    expected = {OFFICE: 200, DEPUTY: 200, HANDLER: 403, MARKET_LEADER: 404, OUTSIDER: 404, DISTRICT_OFFICE: 404}
    answered = {person: (await get(city, client, UNIT, by=person)).status_code for person in expected}
    assert answered == expected


ACTS = ("draft", "again", "approve", "back", "publish", "withdraw", "correct")


@pytest.mark.parametrize("person", [DEPUTY, "R00002", "R00003", "R00004", "R00005", "R00010"])
async def test_who_neither_prepares_nor_approves_does_nothing_to_a_month(city, client, cases, person):
    row, answered = drafted(city), {}
    given = {"area": "5103", "seen": row.content_sha256, "why": "x"}
    for act_ in ACTS:
        status = (await post(city, client, f"{MONTH}/{act_}", by=person, **given)).status_code
        city.expire_all()
        answered[act_] = (status, row.state)
    assert answered == dict.fromkeys(ACTS, (409, "draft"))


async def test_what_if_tells_which_open_issue_would_lift_the_unit(city, client):
    set_clock(city, at("2026-10-20 10:00"))
    late = october(city)[2]
    an_issue(city, state="closed", now=FOUND, point="P-0003")
    city.commit()
    await_ = await get(city, client, UNIT, by=DEPUTY)
    assert "What would move the place" in await_.text
    assert number_of(city, late) in await_.text


async def test_a_month_that_is_none_is_told(city, client, cases):
    months = ("2026-13", "2026-1", "1999-01", "x", "2026-10%00", "２０２６-10")
    answered = {bad: (await get(city, client, f"/ranking/{bad}")).status_code for bad in months}
    assert answered == dict.fromkeys(months, 400)


@pytest.mark.parametrize(
    "address", [f"{MONTH}/units/D-CGJ%00", f"{MONTH}/units/D-X", f"{UNIT}/appeal/ZG-1", "/appeals/999"]
)
async def test_what_is_not_there_is_told(city, client, cases, address):
    assert (await get(city, client, address, by=DEPUTY)).status_code == 404
    assert (await get(city, client, MONTH, area="999")).status_code == 404


@pytest.mark.parametrize("way", ["/bulletins/{id}/approve", "/scores/publications/{id}/approved"])
async def test_no_other_page_approves_an_appraisal_past_its_window(city, client, cases, way):
    row = drafted(city)
    answer = await post(city, client, way.format(id=row.id), by=HEADQUARTERS, seen=row.content_sha256)
    city.expire_all()
    assert (answer.status_code, row.state) == (404, "draft")
