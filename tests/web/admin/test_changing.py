"""A change on its way: several edits in one go, two administrators at once, forged edits."""

import json

import httpx
import pytest
from sqlmodel import Session, select

from models.administration import CityChangeSet
from models.area import Area
from models.point import Point
from models.unit import Person, Post, Tenure, Unit
from tests.cast import OFFICE, an_issue
from tests.web.admin.desk import ADMINISTRATOR, cells, confirmed, fields, hidden, pressed, proposed
from tests.web.visitor import log_in


def fresh(session: Session) -> Session:
    session.rollback()
    session.expire_all()
    return session


async def test_several_edits_are_confirmed_together(city: Session, browser: httpx.AsyncClient) -> None:
    first = await proposed(browser, "persons", None, code="R00100", name="郑新民")
    form = await pressed(browser, first, "also", **{"also-table": "tenures", "also-key": ""})
    assert "R00100" in hidden(form.text, "carried")
    new = cells(post_code="D-SCJGJ:deputy_leader", person_code="R00100", valid_from="2026-12-01")
    both = await browser.post("/admin/t/tenures/row", data={**fields(form.text), **new})
    assert (await confirmed(browser, both)).status_code == 303
    assert fresh(city).get_one(Person, "R00100").name == "郑新民"
    assert city.exec(select(Tenure).where(Tenure.person_code == "R00100")).one().post_code == "D-SCJGJ:deputy_leader"
    assert len(city.exec(select(CityChangeSet)).all()) == 1


async def test_an_edit_is_left_out_again(city: Session, browser: httpx.AsyncClient) -> None:
    first = await proposed(browser, "units", "D-CGJ", name="甲")
    form = await pressed(browser, first, "also", **{"also-table": "units", "also-key": "D-SCJGJ"})
    both = await browser.post(
        "/admin/t/units/row", params={"key": "D-SCJGJ"}, data={**fields(form.text), **cells(name="乙")}
    )
    left = await pressed(browser, both, "drop:0")
    assert (await confirmed(browser, left)).status_code == 303
    assert [fresh(city).get_one(Unit, code).name for code in ("D-CGJ", "D-SCJGJ")] == ["自贡市城市管理局", "乙"]


async def test_more_is_found_by_its_name(browser: httpx.AsyncClient) -> None:
    first = await proposed(browser, "units", "D-CGJ", name="甲")
    found = await pressed(browser, first, "also", **{"also-table": "points", "also-key": "高山井"})
    assert 'value="also:P-0001"' in found.text
    form = await pressed(browser, found, "also:P-0001", **{"also-table": "points"})
    assert 'action="/admin/t/points/row?key=P-0001"' in form.text
    assert "D-CGJ" in hidden(form.text, "carried")


async def two_forms(browser: httpx.AsyncClient) -> tuple[dict[str, str], dict[str, str]]:
    """The form of one unit, opened by two before either sends it."""
    opened = [fields((await browser.get("/admin/t/units/row?key=D-CGJ")).text) for _ in range(2)]
    return opened[0], opened[1]


async def sent(browser: httpx.AsyncClient, form: dict[str, str], **changed: str) -> httpx.Response:
    return await browser.post("/admin/t/units/row", params={"key": "D-CGJ"}, data={**form, **cells(**changed)})


async def test_who_comes_second_chooses_column_by_column(city: Session, browser: httpx.AsyncClient) -> None:
    mine, theirs = await two_forms(browser)
    log_in(city, browser, OFFICE)
    await confirmed(browser, await sent(browser, theirs, name="他们的局", ranking_group="others"))
    log_in(city, browser, ADMINISTRATOR)
    met = await sent(browser, mine, name="我的局")
    assert met.status_code == 409
    assert "他们的局" in met.text
    assert "我的局" in met.text
    assert 'name="fingerprint"' not in met.text
    picked = {"mark-0": hidden(met.text, "mark-0"), "pick-0-name": "mine"}
    settled = await pressed(browser, met, "settle", **picked)
    assert (await confirmed(browser, settled)).status_code == 303
    unit = fresh(city).get_one(Unit, "D-CGJ")
    assert (unit.name, unit.ranking_group) == ("我的局", "others")


async def test_theirs_chosen_leaves_theirs(city: Session, browser: httpx.AsyncClient) -> None:
    mine, theirs = await two_forms(browser)
    await confirmed(browser, await sent(browser, theirs, name="他们的局"))
    met = await sent(browser, mine, name="我的局")
    picked = {"mark-0": hidden(met.text, "mark-0"), "pick-0-name": "theirs"}
    settled = await pressed(browser, met, "settle", **picked)
    assert settled.headers["location"] == "/admin"
    assert fresh(city).get_one(Unit, "D-CGJ").name == "他们的局"


async def test_who_is_overtaken_while_choosing_chooses_again(city: Session, browser: httpx.AsyncClient) -> None:
    mine, theirs = await two_forms(browser)
    await confirmed(browser, await sent(browser, theirs, name="他们的局"))
    met = await sent(browser, mine, name="我的局")
    await confirmed(browser, await proposed(browser, "units", "D-CGJ", name="第三个局"))
    again = await pressed(browser, met, "settle", **{"mark-0": hidden(met.text, "mark-0"), "pick-0-name": "mine"})
    assert again.status_code == 409
    assert "第三个局" in again.text
    assert fresh(city).get_one(Unit, "D-CGJ").name == "第三个局"


async def test_who_is_overtaken_before_confirming_sees_it(city: Session, browser: httpx.AsyncClient) -> None:
    page = await proposed(browser, "units", "D-CGJ", name="我的局")
    await confirmed(browser, await proposed(browser, "units", "D-CGJ", name="他们的局"))
    late = await confirmed(browser, page)
    assert late.status_code == 409
    assert "他们的局" in late.text
    assert fresh(city).get_one(Unit, "D-CGJ").name == "他们的局"


async def test_a_point_closed_meanwhile_is_left_or_brought_back(city: Session, browser: httpx.AsyncClient) -> None:
    form = fields((await browser.get("/admin/t/points/row?key=P-0003")).text)
    gone = await browser.post("/admin/t/points/end", params={"key": "P-0003"}, data={})
    await confirmed(browser, gone)
    met = await browser.post("/admin/t/points/row", params={"key": "P-0003"}, data={**form, **cells(name="新大道")})
    assert met.status_code == 409
    left = await pressed(browser, met, "settle", **{"mark-0": hidden(met.text, "mark-0"), "pick-0": "theirs"})
    assert left.headers["location"] == "/admin"
    assert fresh(city).get_one(Point, "P-0003").closed


@pytest.mark.parametrize(
    "forged",
    [
        {"table": "units", "key": "D-CGJ", "cells": {"sample": "1", "row": "3"}, "mark": ""},
        {"table": "persons", "key": "R00006", "cells": {"password": "x"}, "mark": ""},
        {"table": "areas", "key": "510302", "cells": {"path": "5103/510303"}, "mark": ""},
        {"table": "issue", "key": "1", "cells": {"state": "closed"}, "mark": ""},
        {"table": "units", "key": "D-CGJ", "cells": {"code": "D-X"}, "mark": ""},
        {"table": "posts", "key": "D-CGJ:handler", "gone": True, "cells": {}, "mark": ""},
        {"file": "../../etc/passwd", "content": "x", "mark": ""},
        {"file": "templates/../../../tmp/x.txt", "content": "x", "mark": ""},
        {"file": "/etc/passwd", "content": "x", "mark": ""},
        {"file": "rules/other.toml", "content": "x = 1", "mark": ""},
        {"file": "papers/run.sh", "content": "x", "mark": ""},
    ],
)
async def test_what_no_form_offers_is_refused(city: Session, browser: httpx.AsyncClient, forged: object) -> None:
    before = _city(city)
    sent = {"carried": json.dumps([forged]), "why": "x", "fingerprint": "x"}
    for do in ("apply", "", "try", "again:0"):
        answer = await browser.post("/admin/change", data={**sent, "do": do})
        assert answer.status_code < 500
        assert 'name="fingerprint"' not in answer.text
    assert _city(city) == before


def _city(session: Session) -> list[object]:
    fresh(session)
    rows = [session.exec(select(table)).all() for table in (Unit, Person, Area, Post)]
    return [sorted((one.model_dump() for one in some), key=lambda one: one["code"]) for some in rows]


@pytest.mark.parametrize(
    "do", ["", "apply", "settle", "drop:9", "again:9", "again:x", "also", "try", "unknown", "\x00"]
)
async def test_a_button_without_a_change_does_nothing(browser: httpx.AsyncClient, do: str) -> None:
    answer = await browser.post("/admin/change", data={"do": do, "why": "x", "also-table": "units"})
    assert answer.status_code in (200, 303, 400, 409)


async def test_a_change_stays_a_change_in_the_other_language(browser: httpx.AsyncClient) -> None:
    assert (await browser.get("/admin/change?lang=en")).headers["location"] == "/admin"
    assert (await browser.get("/admin/t/points/end?key=P-0001")).status_code == 200


async def test_who_ends_a_unit_is_told_what_stays_with_it(city: Session, browser: httpx.AsyncClient) -> None:
    an_issue(city, state="assigned")
    city.commit()
    page = await proposed(browser, "units", "D-CGJ", valid_to="2027-01-31")
    assert "截止日之后，1个未办结问题仍由“自贡市城市管理局”负责" in page.text
    assert "个点位仍以其为责任单位" in page.text


async def test_what_ends_is_shown_without_arrows_to_nothing(city: Session, browser: httpx.AsyncClient) -> None:
    page = await browser.post("/admin/t/points/end", params={"key": "P-0001"}, data={})
    assert "高山井社区大道 · 终止" in page.text
    assert "→" not in page.text
