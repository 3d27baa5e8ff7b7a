"""The page on which faces and plates are made unseen."""

import re

import httpx
import pytest
from sqlmodel import Session

from tests.cast import DUTY, HANDLER, OFFICE, OUTSIDER, VERIFIER
from tests.web.visitor import log_in

FACE = {"left-0": "25", "top-0": "25,5", "width-0": "50", "height-0": "50"}


@pytest.mark.parametrize(
    ("person", "status"), [(OFFICE, 200), (DUTY, 200), (HANDLER, 409), (VERIFIER, 409), (OUTSIDER, 404)]
)
async def test_who_may_open_it(city: Session, client: httpx.AsyncClient, key: int, person: str, status: int) -> None:
    log_in(city, client, person)
    page = await client.get(f"/evidence/{key}/redact")
    sent = await client.post(f"/evidence/{key}/redact", data={"seen": "0"})
    assert (page.status_code, sent.status_code) == (status, 303 if status == 200 else status)


async def test_what_was_drawn_is_unseen_and_on_record(city: Session, client: httpx.AsyncClient, key: int) -> None:
    log_in(city, client, OFFICE)
    before = (await client.get(f"/evidence/{key}")).content
    answer = await client.post(f"/evidence/{key}/redact", data={**FACE, "seen": "0", "reason": "路人"})
    page = (await client.get(answer.headers["location"])).text

    assert answer.status_code == 303
    assert (await client.get(f"/evidence/{key}")).content != before
    assert (await client.get(f"/evidence/{key}?size=plain")).content == before
    assert "路人" in page
    assert 'value="25.5"' in page


@pytest.mark.parametrize(
    "area",
    [
        {"left-0": "60"},
        {"left-0": "x"},
        {"width-0": ""},
        {"height-0": "0"},
        {"top-0": "-3"},
        {"left-0": "NaN"},
        {"left-0": "1e99"},
        {"left-0": "Infinity"},
    ],
)
async def test_what_does_not_fit_comes_back_as_it_was_typed(
    city: Session, client: httpx.AsyncClient, key: int, area: dict[str, str]
) -> None:
    log_in(city, client, OFFICE)
    sent = {**FACE, **area, "seen": "0"}
    answer = await client.post(f"/evidence/{key}/redact", data=sent)

    assert answer.status_code == 400
    assert 'role="alert"' in answer.text
    (name, typed), *_ = area.items()
    assert re.search(f'name="{name}"[^>]*value="{re.escape(typed)}"', answer.text)


async def test_rows_that_are_to_go_or_are_empty_are_left_out(
    city: Session, client: httpx.AsyncClient, key: int
) -> None:
    log_in(city, client, OFFICE)
    spare = {"left-1": "", "left-2": "1", "top-2": "1", "width-2": "5", "height-2": "5", "drop-0": "on"}
    await client.post(f"/evidence/{key}/redact", data={**FACE, **spare, "seen": "0"})

    page = (await client.get(f"/evidence/{key}/redact")).text
    assert 'name="left-0" inputmode="decimal" value="1"' in page
    assert 'value="25"' not in page


async def test_somebody_was_faster_and_nothing_typed_is_lost(
    city: Session, client: httpx.AsyncClient, key: int
) -> None:
    log_in(city, client, OFFICE)
    await client.post(
        f"/evidence/{key}/redact", data={"left-0": "1", "top-0": "1", "width-0": "2", "height-0": "2", "seen": "0"}
    )
    answer = await client.post(f"/evidence/{key}/redact", data={**FACE, "seen": "0"})

    assert answer.status_code == 409
    assert 'value="25,5"' in answer.text


@pytest.mark.parametrize("seen", ["", "x", "-1", "99999999999999999999"])
async def test_a_form_that_was_tampered_with_is_refused(
    city: Session, client: httpx.AsyncClient, key: int, seen: str
) -> None:
    log_in(city, client, OFFICE)
    assert (await client.post(f"/evidence/{key}/redact", data={**FACE, "seen": seen})).status_code == 400
