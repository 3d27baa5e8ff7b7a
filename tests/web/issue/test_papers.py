"""Papers on the issue's page: issued once, printed as a page of their own, taken along as Word."""

from io import BytesIO
from zipfile import ZipFile

import httpx
import pytest
from sqlmodel import Session, select

from models.paper import Paper
from tests.cast import HANDLER, OFFICE, OUTSIDER, VERIFIER
from tests.web.issue.desk import as_person, there

SLIP = {"kind": "assignment_slip"}


async def issued(city: Session, client: httpx.AsyncClient, address: str) -> int:
    as_person(city, client, OFFICE)
    assert (await client.post(f"{address}/papers", data=SLIP)).status_code == 303
    return city.exec(select(Paper.id)).one()


async def test_the_office_issues_a_paper_once(city: Session, client: httpx.AsyncClient):
    _, address = there(city, state="assigned")
    first = await issued(city, client, address)
    assert (await client.post(f"{address}/papers", data=SLIP)).status_code == 303
    assert city.exec(select(Paper.id)).all() == [first]
    page = (await client.get(address)).text
    assert f'href="{address}/papers/{first}"' in page
    assert 'name="kind" value="assignment_slip"' not in page


@pytest.mark.parametrize(("person", "status"), [(HANDLER, 409), (VERIFIER, 409), (OUTSIDER, 404)])
async def test_nobody_else_issues_one(city: Session, client: httpx.AsyncClient, person: str, status: int):
    _, address = there(city, state="assigned")
    as_person(city, client, person)
    assert (await client.post(f"{address}/papers", data=SLIP)).status_code == status
    assert city.exec(select(Paper)).all() == []


@pytest.mark.parametrize("kind", ["supervision_order_1", "rectification_notice", "love_letter", ""])
async def test_a_paper_that_the_ladder_has_not_brought_is_refused(city: Session, client: httpx.AsyncClient, kind: str):
    _, address = there(city, state="assigned")
    as_person(city, client, OFFICE)
    assert (await client.post(f"{address}/papers", data={"kind": kind})).status_code in (400, 409)


async def test_the_unit_prints_it_and_takes_it_along(city: Session, client: httpx.AsyncClient):
    _, address = there(city, state="assigned")
    key = await issued(city, client, address)
    as_person(city, client, HANDLER)
    page, word = await client.get(f"{address}/papers/{key}"), await client.get(f"{address}/papers/{key}/word")
    assert "垃圾桶满溢" in page.text
    assert "sandbox" in page.headers["content-security-policy"]
    assert "attachment" in word.headers["content-disposition"]
    assert "word/document.xml" in ZipFile(BytesIO(word.content)).namelist()


@pytest.mark.parametrize("person", [VERIFIER, OUTSIDER])
async def test_who_may_not_print_it_does_not_learn_of_it(city: Session, client: httpx.AsyncClient, person: str):
    _, address = there(city, state="assigned")
    key = await issued(city, client, address)
    as_person(city, client, person)
    assert f"/papers/{key}" not in (await client.get(address)).text
    assert (await client.get(f"{address}/papers/{key}")).status_code == 404
    assert (await client.get(f"{address}/papers/{key}/word")).status_code == 404


async def test_a_paper_of_another_issue_is_not_found_here(city: Session, client: httpx.AsyncClient):
    _, address = there(city, state="assigned")
    key = await issued(city, client, address)
    _, other = there(city, state="assigned")
    as_person(city, client, OFFICE)
    assert (await client.get(f"{other}/papers/{key}")).status_code == 404
    assert (await client.get(f"{other}/papers/{2**70}")).status_code == 404
