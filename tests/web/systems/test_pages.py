"""The pages of evaluation systems: the list, one edition, two compared, the workbook."""

import io

import pytest
from openpyxl import load_workbook

from tests.services.systems.editions import VERIFIER, brought, renamed, saved, workbook
from tests.services.systems.test_bringing import a_round
from tests.web.visitor import log_in


async def shown(client, path, *, status=200, **query):
    answer = await client.get(path, params={"lang": "en", **query})
    assert answer.status_code == status, answer.text
    return answer.text


def second(session, tmp_path):
    """An edition V2 with another deduction and without the second standard."""
    book = renamed(workbook(session))
    book["测评标准"]["G2"] = 0.8
    book["测评标准"].delete_rows(3)
    brought(session, saved(book, tmp_path))
    session.commit()


async def test_the_list_says_what_is_in_force_and_what_rests_on_it(small, desk, tmp_path):
    second(small, tmp_path)
    a_round(small)
    small.commit()

    page = await shown(desk, "/systems")

    assert "Civilised City" in page
    assert page.index("not begun yet") < page.index("in force</span>")
    assert "1 audit" in page
    assert 'href="/systems/import"' in page


async def test_who_does_not_manage_the_city_sees_all_and_brings_nothing_in(small, client):
    log_in(small, client, VERIFIER)

    assert "/systems/import" not in await shown(client, "/systems")
    assert "/systems/import" not in await shown(client, "/systems/V1")
    await shown(client, "/systems/import", status=403)


async def test_an_edition_shows_its_tree_and_its_numbers(small, desk):
    page = await shown(desk, "/systems/V1")

    for words in ("Publicity", "Ads", "70%", "60%", "≥ 85", "× 2", "veto", "10%", "12 months", "2 of 2 standards"):
        assert words in page, words


@pytest.mark.parametrize(
    ("query", "there", "not_there"),
    [
        ({"q": "公平"}, "Scales", "Ads"),
        ({"q": "12-01"}, "Scales", "Ads"),
        ({"category": "01"}, "Ads", "Scales"),
        ({"negative": "1"}, "Scales", "Ads"),
        ({"module": "online_filing"}, "Material", "Scales"),
        ({"q": "Trade"}, "Scales", "Ads"),
        ({"q": "<b>"}, "Nothing fits", "<b>"),
    ],
)
async def test_the_tree_is_filtered(desk, query, there, not_there):
    page = await shown(desk, "/systems/V1", **query)
    tree = page[page.index('id="tree"') :]

    assert there in tree
    assert not_there not in tree


@pytest.mark.parametrize("path", ["/systems/V9", "/systems/V9/workbook", "/systems/%00", "/systems/compare?a=V1&b=V9"])
async def test_an_edition_that_is_not_there_is_told(desk, path):
    assert (await desk.get(path)).status_code == 404


async def test_the_workbook_is_the_editions(desk):
    answer = await desk.get("/systems/V1/workbook")

    assert "attachment" in answer.headers["content-disposition"]
    assert load_workbook(io.BytesIO(answer.content))["版本"]["D2"].value == "V1"


async def test_two_editions_are_compared(small, desk, tmp_path):
    second(small, tmp_path)

    page = await shown(desk, "/systems/compare", a="V1", b="V2")

    assert "<strong>1</strong> changed" in page
    assert "<strong>1</strong> gone" in page
    assert '<del class="was">0.5</del> → <ins class="becomes">0.8</ins>' in page
    assert "They say the same" in await shown(desk, "/systems/compare", a="V1", b="V1")
    assert "Choose an edition" in await shown(desk, "/systems/compare")


async def test_the_comparison_is_a_workbook_too(small, desk, tmp_path):
    second(small, tmp_path)

    answer = await desk.get("/systems/compare/workbook", params={"a": "V1", "b": "V2", "lang": "en"})

    rows = [[cell.value for cell in row] for row in load_workbook(io.BytesIO(answer.content)).active]
    assert rows[0][-2:] == ["V1", "V2"]
    assert ["Standards", "01-01", "Ads", "changed", "Deduction", "0.5", "0.8"] in rows
