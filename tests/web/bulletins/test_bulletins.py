"""Bulletins on pages: the list, drafting by hand, what readers see of one, and what they do not."""

import pytest

from tests.cast import HANDLER, OFFICE, OUTSIDER, PRINCIPAL
from tests.services.bulletins.desk import published
from tests.services.bulletins.test_files import words_of
from tests.web.bulletins.visits import kept, page, sent, status
from tests.web.visitor import log_in


async def test_the_office_drafts_one_by_hand_and_twice_is_once(town, client):
    form = {"kind": "half_month", "area": "5103", "on": "2026-11-16"}
    first = await sent(town, client, "/bulletins", by=OFFICE, **form)
    again = await sent(town, client, "/bulletins", by=OFFICE, **form)
    assert (first.status_code, first.headers["location"]) == (303, "/bulletins/1")
    assert again.headers["location"] == "/bulletins/1"
    assert "Half-month dispatch bulletin 2026, no. 21" in await page(town, client, "/bulletins")


@pytest.mark.parametrize(
    ("form", "wrong"),
    [
        ({"kind": "yearly"}, "yearly"),
        ({"kind": "weekly", "on": "tomorrow"}, "tomorrow"),
        ({"kind": "weekly", "on": "2026-12-31"}, "a day that has come"),
        ({"kind": "weekly", "area": "999"}, "999"),
    ],
)
async def test_what_cannot_be_drafted_is_said_and_the_form_keeps_what_was_chosen(town, client, form, wrong):
    answer = await sent(town, client, "/bulletins", by=OFFICE, **form)
    assert answer.status_code in (400, 404)
    assert wrong in answer.text
    if form.get("on") == "2026-12-31":
        assert 'value="2026-12-31"' in answer.text


async def test_who_may_not_draft_has_no_form_and_is_refused(town, client):
    assert "Draft a bulletin" not in await page(town, client, "/bulletins", by=PRINCIPAL)
    answer = await sent(town, client, "/bulletins", by=PRINCIPAL, kind="weekly")
    assert answer.status_code == 409
    assert "You may not do" in answer.text


async def test_a_draft_is_hidden_from_readers_until_it_is_published(town, client):
    key = kept(town).id
    assert await status(town, client, f"/bulletins/{key}", by=PRINCIPAL) == 404
    assert "no. 21" not in await page(town, client, "/bulletins", by=PRINCIPAL)


@pytest.mark.parametrize("person", [PRINCIPAL, OUTSIDER])
async def test_readers_see_figures_units_and_texts(town, client, person):
    key = kept(town, published).id
    text_ = await page(town, client, f"/bulletins/{key}", by=person)
    for wanted in (
        "Half-month dispatch bulletin 2026, no. 21",
        "50.0",
        "五星街街道办事处",
        "整改率50.0%",
        "10 days late",
    ):
        assert wanted in text_
    assert "Approve" not in text_
    assert "Change texts" not in text_


async def test_a_handler_who_sees_no_boards_is_refused(town, client):
    kept(town, published)
    assert await status(town, client, "/bulletins", by=HANDLER) == 403
    assert await status(town, client, "/bulletins/1", by=HANDLER) == 403


@pytest.mark.parametrize("path", ["/bulletins/99", "/bulletins/99/rows", "/bulletins/99/word", "/bulletins/1/photos/1"])
async def test_what_is_not_there_is_not_found(town, client, path):
    kept(town, published)
    assert await status(town, client, path, by=OFFICE) == 404


async def test_every_figure_leads_to_its_rows(town, client):
    kept(town, published)
    shown = await page(town, client, "/bulletins/1")
    assert 'href="/bulletins/1/rows?count=overdue_open&amp;unit=T510302001"' in shown
    rows = await page(town, client, "/bulletins/1/rows?count=overdue_open&unit=T510302001&lang=en")
    assert ("ZG-2026-000002" in rows, "ZG-2026-000001" in rows) == (True, False)


async def test_rows_outside_of_ones_boards_are_counted_and_not_shown(town, client):
    kept(town, published)
    rows = await page(town, client, "/bulletins/1/rows?count=due&lang=en", by=PRINCIPAL)
    assert ("ZG-2026-000001" in rows, "ZG-2026-000002" in rows, "You see 1 of 2" in rows) == (True, False, True)


@pytest.mark.parametrize(
    ("asked", "code"), [("count=nothing", 400), ("count=due&area=%00x", 404), ("after=x", 400), ("count=%00", 400)]
)
async def test_rows_that_cannot_be_asked_for_are_refused(town, client, asked, code):
    kept(town, published)
    assert await status(town, client, f"/bulletins/1/rows?{asked}", by=OFFICE) == code


async def test_the_files_are_downloads_and_the_same_each_time(town, client):
    kept(town, published)
    log_in(town, client, PRINCIPAL)
    word, again = [await client.get("/bulletins/1/word") for _ in "12"]
    excel = await client.get("/bulletins/1/excel")
    assert word.content == again.content
    assert "自贡市半月调度通报" in words_of(word.content)
    assert excel.headers["content-disposition"].startswith('attachment; filename="bulletin-1.xlsx"')


@pytest.mark.parametrize("lang", ["zh-CN", "en"])
@pytest.mark.parametrize("path", ["", "/1", "/1/rows", "/2", "/2/edit"])
async def test_every_page_speaks_both_languages(town, client, path, lang):
    kept(town, published)
    await sent(town, client, "/bulletins", by=OFFICE, kind="weekly", area="5103", on="2026-11-16")
    shown = await page(town, client, f"/bulletins{path}", lang=lang)
    assert f'<html lang="{lang}"' in shown
    assert "None" not in shown.replace("None.", "")
