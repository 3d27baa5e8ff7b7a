"""Sweeps on pages: first what would be looked at, then the sheets; everybody sees their part of what came of it."""

import httpx
import pytest
from sqlmodel import Session, select

from models.audit import Round
from tests.cast import (
    DIRECT,
    DISTRICT_OFFICE,
    HANDLER,
    INSPECTOR,
    OFFICE,
    OUTSIDER,
    STRANGER,
    VERIFIER,
    an_issue,
    read,
    trail,
)
from tests.services.same_fault.town import MET, NOT_MET, fill, issue_at, more_points, points_of, swept
from tests.web.link_desk import set_clock
from tests.web.visitor import log_in

FORM = {"among": "unit", "key": "one-page-1"}
CROSS = "<script>alert(1)</script>"


@pytest.fixture
def key(city: Session) -> int:
    set_clock(city)
    more_points(city)
    key = an_issue(city, state="rectifying")
    city.commit()
    return key


async def page(city: Session, client: httpx.AsyncClient, address: str, *, by: str = HANDLER, **asked: str) -> str:
    log_in(city, client, by)
    return (await client.get(address, params={"lang": "en", **asked})).text


def address(city: Session, key: int, rest: str = "") -> str:
    return f"/issues/{read(city, key).number}{rest}"


async def send(city: Session, client: httpx.AsyncClient, of: int, *, by: str = HANDLER, **given: str):
    log_in(city, client, by)
    return await client.post(address(city, of, "/sweep"), data={**FORM, **given})


async def test_first_it_is_shown_which_points_and_when_each_was_last_looked_at(city, client, key):
    shown = await page(city, client, address(city, key, "/sweep"))
    for words in ("五星街", "中华路", "同兴路", "never", "<strong>3 points</strong>", "自贡市城市管理局"):
        assert words in shown
    assert "解放路" not in shown
    assert city.exec(select(Round)).all() == []


async def test_the_sheets_are_made_and_the_issue_shows_how_far_they_are(city, client, key):
    answer = await send(city, client, key)
    assert (answer.status_code, len(points_of(city))) == (303, 3)
    assert answer.headers["location"].startswith(address(city, key))
    fill(city, "P-0011", NOT_MET)
    city.commit()

    shown = await page(city, client, address(city, key))
    assert "1 of 3 sheets in" in shown
    assert f'href="/issues/{issue_at(city, "P-0011").number}"' in shown
    assert "/sweep" not in shown  # while one is under way none is offered


async def test_an_issue_found_in_a_sweep_leads_back_to_the_first(city, client, key):
    await send(city, client, key)
    fill(city, "P-0011", NOT_MET)
    city.commit()

    shown = await page(city, client, f"/issues/{issue_at(city, 'P-0011').number}", by=OFFICE)
    assert f'Found in the same-fault sweep for <a href="{address(city, key)}">' in shown


async def test_who_may_not_see_an_issue_of_a_sweep_is_told_that_there_is_one_more(city, client, key):
    await send(city, client, key)
    fill(city, "P-0013", NOT_MET)
    city.commit()

    shown = await page(city, client, address(city, key), by=DISTRICT_OFFICE)
    assert issue_at(city, "P-0013").number not in shown
    assert "1 more, elsewhere" in shown


async def test_sent_twice_one_sweep_is_started(city, client, key):
    assert [(await send(city, client, key)).status_code for _ in range(2)] == [303, 303]
    assert trail(city, key).count("start_sweep") == 1


async def test_a_second_one_is_refused_with_the_number_of_the_first(city, client, key):
    await send(city, client, key)
    answer = await send(city, client, key, by=OFFICE, key="another-one")
    assert answer.status_code == 409
    assert "ZG-A-2026-0001" in answer.text


async def test_the_office_sends_inspectors_into_an_area(city, client, key):
    answer = await send(city, client, key, by=OFFICE, among="area", area="510302", inspector=INSPECTOR)
    assert answer.status_code == 303
    assert points_of(city) == dict.fromkeys(("P-0011", "P-0012", "P-0014"), INSPECTOR)


@pytest.mark.parametrize(
    ("bad", "status"),
    [
        ({"among": "everywhere"}, 400),
        ({"among": "area"}, 400),
        ({"among": "area", "area": "999"}, 404),
        ({"among": "area", "other_area": CROSS}, 404),
        ({"most": "0"}, 400),
        ({"most": "-1"}, 400),
        ({"most": "9" * 30}, 400),
        ({"due": "soon"}, 400),
        ({"due": "2020-01-01"}, 400),
        ({"inspector": STRANGER}, 400),
        ({"inspector": "\x00X"}, 404),
    ],
)
async def test_a_form_that_cannot_be_used_comes_back_with_what_was_typed(city, client, key, bad, status):
    answer = await send(city, client, key, by=OFFICE, **bad)
    assert answer.status_code == status
    assert 'role="alert"' in answer.text
    assert f'value="{FORM["key"]}"' in answer.text
    assert CROSS not in answer.text
    assert city.exec(select(Round)).all() == []


@pytest.mark.parametrize("person", [OUTSIDER, STRANGER, VERIFIER, "R00023"])
async def test_who_may_start_none_finds_no_page(city, client, key, person):
    log_in(city, client, person)
    assert (await client.get(address(city, key, "/sweep"))).status_code == 404
    assert (await client.post(address(city, key, "/sweep"), data=FORM)).status_code == 404


async def test_a_unit_that_reaches_beyond_its_own_points_is_refused(city, client, key):
    assert (await send(city, client, key, among="area", area="510302")).status_code == 409
    assert (await send(city, client, key, inspector=INSPECTOR)).status_code == 409
    assert 'name="area"' not in await page(city, client, address(city, key, "/sweep"), by=DIRECT)


async def test_one_cannot_start_it_in_somebody_elses_name(city, client, key):
    await send(city, client, key, requested_by=OFFICE, for_issue="99", seed="5", organiser="central")
    round_ = city.exec(select(Round)).one()
    assert (round_.requested_by, round_.for_issue, round_.seed, round_.organiser) == (HANDLER, key, 0, "city")


async def test_an_issue_without_a_standard_lets_one_choose(city, client, key):
    other = an_issue(city, state="rectifying", standard=None)
    city.commit()
    shown = await page(city, client, address(city, other, "/sweep"))
    assert '<option value="01-02"' in shown
    assert (await send(city, client, other, standard="01-02")).status_code == 303


async def test_the_sheet_asks_for_the_one_standard_alone(city, client, key):
    await send(city, client, key)
    shown = await page(city, client, "/audits/ZG-A-2026-0001/sheets/1")
    assert "result-01-01" in shown
    assert "result-01-02" not in shown


async def test_the_round_says_that_its_points_were_not_drawn(city, client, key):
    await send(city, client, key)
    shown = await page(city, client, "/audits/ZG-A-2026-0001", by=OFFICE)
    assert "seed" not in shown
    assert address(city, key) in shown


async def test_an_audit_of_this_kind_cannot_be_started_without_an_issue(city, client, key):
    log_in(city, client, OFFICE)
    form = {"kind": "same_fault", "area": "5103", "points": "2", "inspector": INSPECTOR, "key": "one-page-2"}
    assert (await client.post("/audits/new", data=form)).status_code == 400


async def test_the_last_sheet_closes_what_waited_for_it(city, client, key):
    swept(city, key)
    for point in points_of(city):
        fill(city, point, MET)
    city.commit()
    shown = await page(city, client, address(city, key))
    assert "3 places checked, 0 with the same fault" in shown
