"""Bringing an edition in by the page: looked at, then done, once; nothing is lost on refusal."""

import io

from sqlmodel import func, select

from models.administration import CityChangeSet
from models.standard import EvaluationVersion, Standard
from tests.services.systems.editions import VERIFIER, renamed, workbook
from tests.services.systems.test_bringing import a_round
from tests.web.admin.desk import hidden
from tests.web.visitor import log_in


async def sent(client, book, name="新版.xlsx"):
    body = io.BytesIO()
    book.save(body)
    files = {"file": (name, body.getvalue(), "application/octet-stream")}
    return await client.post("/systems/import", params={"lang": "en"}, files=files)


async def confirmed(client, page, why="换届"):
    given = {name: hidden(page.text, name) for name in ("kept", "theirs", "fingerprint")}
    return await client.post("/systems/import", params={"lang": "en"}, data={**given, "why": why})


def counted(session, column):
    session.rollback()
    return session.exec(select(func.count(column))).one()


async def test_a_new_edition_is_looked_at_then_brought_in(small, desk):
    page = await sent(desk, renamed(workbook(small)))

    assert page.status_code == 200
    assert "新版.xlsx" in page.text
    assert "a new edition" in page.text
    assert counted(small, EvaluationVersion.code) == 1
    done = await confirmed(desk, page)
    assert (done.status_code, done.headers["location"]) == (303, "/systems/V2")
    assert counted(small, EvaluationVersion.code) == 2


async def test_confirmed_twice_it_is_done_once(small, desk):
    page = await sent(desk, renamed(workbook(small)))
    before = counted(small, CityChangeSet.number)

    assert [(await confirmed(desk, page)).status_code for _ in range(2)] == [303, 303]
    assert counted(small, CityChangeSet.number) == before + 1


async def test_without_a_reason_it_is_asked_for_and_what_was_shown_stays(small, desk):
    page = await sent(desk, renamed(workbook(small)))

    again = await confirmed(desk, page, why="  ")

    assert again.status_code == 400
    assert hidden(again.text, "fingerprint") == hidden(page.text, "fingerprint")
    assert counted(small, EvaluationVersion.code) == 1


async def test_bad_cells_and_what_the_lint_is_against_are_told_with_sheet_and_row(small, desk):
    bad, wrong = renamed(workbook(small)), renamed(workbook(small))
    bad["测评标准"]["G2"] = "很多"
    wrong["模块"]["D2"] = 0.9

    for book, words in ((bad, ("测评标准", "很多")), (wrong, ("add up to 1.2", "模块 · line 2"))):
        page = await sent(desk, book)
        assert page.status_code == 400
        assert all(one in page.text for one in words), page.text
        assert 'name="fingerprint"' not in page.text


async def test_an_edition_in_use_is_refused_with_what_to_do(small, desk):
    a_round(small)
    small.commit()
    book = workbook(small)
    book["测评标准"]["G2"] = 9

    page = await sent(desk, book)

    assert page.status_code == 409
    assert "Bring the change in as a new edition" in page.text


async def test_what_changed_meanwhile_is_shown_again(small, desk):
    page = await sent(desk, renamed(workbook(small)))
    first = renamed(workbook(small))
    first["测评标准"]["G2"] = 0.9
    await confirmed(desk, await sent(desk, first))

    again = await confirmed(desk, page)

    assert again.status_code == 409
    assert "an edition that is there already" in again.text
    small.rollback()
    assert str(small.get_one(Standard, ("V2", "01-01")).deduction) == "0.9"


async def test_what_is_no_workbook_and_nothing_at_all_are_told(desk):
    text = {"file": ("a.xlsx", b"code,name", "text/plain")}
    other = {"file": ("a.csv", b"code,name", "text/plain")}

    assert (await desk.post("/systems/import", files=text)).status_code == 400
    assert (await desk.post("/systems/import", files=other)).status_code == 400
    assert (await desk.post("/systems/import", data={})).status_code == 400


async def test_nobody_else_brings_one_in_nor_takes_up_what_another_uploaded(small, desk):
    page = await sent(desk, renamed(workbook(small)))
    log_in(small, desk, VERIFIER)

    assert (await confirmed(desk, page)).status_code == 403
