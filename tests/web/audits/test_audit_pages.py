"""Audits in the browser: one is started, its sheets are filled, what is not met becomes an issue, it ends."""

from io import BytesIO

import httpx
import pytest
from PIL import Image
from sqlmodel import Session, select

from models.audit import Round, Sheet
from models.evidence import Upload
from models.issue import Issue
from tests.cast import DISTRICT_OFFICE, DUTY, HANDLER, INSPECTOR, OFFICE, OUTSIDER
from tests.web.visitor import log_in

FORM = {"kind": "announced", "area": "5103", "points": "2", "inspector": INSPECTOR, "seed": "7", "key": "one-page"}


async def started(city: Session, client: httpx.AsyncClient, **given: str) -> Round:
    log_in(city, client, OFFICE)
    answer = await client.post("/audits/new", data={**FORM, **given})
    assert answer.status_code == 303, answer.text
    return city.exec(select(Round)).one()


async def test_an_audit_is_started_and_its_inspector_sees_it(city: Session, client: httpx.AsyncClient) -> None:
    round_ = await started(city, client)
    assert round_.requested_by == OFFICE
    log_in(city, client, INSPECTOR)
    assert round_.number in (await client.get("/audits")).text


async def test_sending_the_form_twice_starts_one_audit(city: Session, client: httpx.AsyncClient) -> None:
    await started(city, client, seed="")
    again = await client.post("/audits/new", data={**FORM, "seed": ""})
    assert again.status_code == 303
    assert len(city.exec(select(Round)).all()) == 1


async def test_a_page_turned_back_to_and_changed_says_what_it_has_started(
    city: Session, client: httpx.AsyncClient
) -> None:
    round_ = await started(city, client)
    other = {**FORM, "points": "1", "lang": "en"}
    told = await client.post("/audits/new?lang=en", data=other)
    assert (told.status_code, f"has started audit {round_.number} already" in told.text) == (409, True)
    key = told.text.split('name="key" value="')[1].split('"')[0]
    assert (await client.post("/audits/new", data={**other, "key": key})).status_code == 303
    assert len(city.exec(select(Round)).all()) == 2


async def test_a_sheet_sent_twice_is_recorded_once_and_shown(city: Session, client: httpx.AsyncClient) -> None:
    round_ = await started(city, client)
    sheet = a_sheet(city)
    log_in(city, client, INSPECTOR)
    address = f"/audits/{round_.number}/sheets/{sheet.id}"
    given = {f"result-{(code := await first_standard(client, address))}": "not_met", f"note-{code}": "垃圾满溢"}
    for _ in range(2):
        assert (await client.post(address, data=given)).status_code == 303
    assert len(city.exec(select(Issue)).all()) == 1
    changed = await client.post(f"{address}?lang=en", data={**given, f"result-{code}": "met"})
    assert (changed.status_code, "as recorded before" in changed.text) == (400, True)


async def test_what_is_too_long_is_told_and_still_there(city: Session, client: httpx.AsyncClient) -> None:
    round_ = await started(city, client)
    sheet = a_sheet(city)
    long = "长" * 3000
    answer = await client.post(f"/audits/{round_.number}/end", data={"why": long})
    assert (answer.status_code, long in answer.text) == (400, True)
    log_in(city, client, INSPECTOR)
    address = f"/audits/{round_.number}/sheets/{sheet.id}"
    code = await first_standard(client, address)
    answer = await client.post(f"{address}?lang=en", data={f"result-{code}": "not_met", f"note-{code}": long})
    assert (answer.status_code, long in answer.text) == (400, True)
    assert "what was seen: “" in answer.text


async def test_a_sheet_that_no_database_has_is_not_there(city: Session, client: httpx.AsyncClient) -> None:
    round_ = await started(city, client)
    for key in ("0", "-1", "9" * 25):
        assert (await client.get(f"/audits/{round_.number}/sheets/{key}")).status_code == 404


async def test_before_the_draw_one_can_look_what_is_there(city: Session, client: httpx.AsyncClient) -> None:
    log_in(city, client, OFFICE)
    page = (await client.get("/audits/new", params={**FORM, "look": "1", "lang": "en"})).text
    assert "There are" in page
    assert city.exec(select(Round)).all() == []


@pytest.mark.parametrize(
    ("bad", "status"),
    [
        ({"points": "many"}, 400),
        ({"points": "0"}, 400),
        ({"kind": "surprise"}, 400),
        ({"area": ""}, 400),
        ({"area": "999"}, 404),
        ({"on": "2020-01-01"}, 400),
        ({"on": "soon"}, 400),
        ({"seed": "-1"}, 400),
        ({"inspector": "R00099"}, 400),
        ({"category": "nope"}, 404),
        ({"version": "nope"}, 404),
    ],
)
async def test_a_form_that_cannot_be_used_comes_back_with_what_was_typed(
    city: Session, client: httpx.AsyncClient, bad: dict[str, str], status: int
) -> None:
    log_in(city, client, OFFICE)
    answer = await client.post("/audits/new", data={**FORM, **bad})
    assert answer.status_code == status
    assert 'role="alert"' in answer.text
    assert 'name="key" value="one-page"' in answer.text
    assert city.exec(select(Round)).all() == []


async def test_a_district_may_not_audit_the_city(city: Session, client: httpx.AsyncClient) -> None:
    log_in(city, client, DISTRICT_OFFICE)
    assert (await client.post("/audits/new", data=FORM)).status_code == 409


async def test_a_handler_may_not_even_open_the_form(city: Session, client: httpx.AsyncClient) -> None:
    log_in(city, client, HANDLER)
    assert (await client.get("/audits/new")).status_code == 403


@pytest.mark.parametrize("person", [HANDLER, DISTRICT_OFFICE, OUTSIDER])
async def test_a_covert_audit_is_unknown_to_those_it_goes_to(
    city: Session, client: httpx.AsyncClient, person: str
) -> None:
    round_ = await started(city, client, kind="covert")
    sheet = a_sheet(city)
    log_in(city, client, person)
    for address in ("", "/progress", f"/sheets/{sheet.id}"):
        assert (await client.get(f"/audits/{round_.number}{address}")).status_code == 404
    assert round_.number not in (await client.get("/audits")).text


async def test_the_duty_officer_of_the_city_knows_of_it(city: Session, client: httpx.AsyncClient) -> None:
    round_ = await started(city, client, kind="covert")
    log_in(city, client, DUTY)
    assert (await client.get(f"/audits/{round_.number}")).status_code == 200


async def test_what_is_not_met_becomes_an_issue_with_its_photo(city: Session, client: httpx.AsyncClient) -> None:
    round_ = await started(city, client)
    sheet = a_sheet(city)
    log_in(city, client, INSPECTOR)
    address = f"/audits/{round_.number}/sheets/{sheet.id}"
    code = await first_standard(client, address)
    answer = await client.post(
        address,
        data={f"result-{code}": "not_met", f"note-{code}": "垃圾满溢 <b>"},
        files={f"photo-{code}": ("../x.jpg", photo(), "image/jpeg")},
    )
    assert answer.status_code == 303
    issue = city.exec(select(Issue).where(Issue.round_id == round_.id)).one()
    page = (await client.get(f"/audits/{round_.number}")).text
    assert issue.number in page
    assert "垃圾满溢 &lt;b&gt;" in page
    assert city.exec(select(Upload.used_at)).one() is not None  # it no longer counts as waiting for a form


async def test_not_met_without_a_word_is_refused_and_loses_nothing(city: Session, client: httpx.AsyncClient) -> None:
    round_ = await started(city, client)
    sheet = a_sheet(city)
    log_in(city, client, INSPECTOR)
    address = f"/audits/{round_.number}/sheets/{sheet.id}"
    code = await first_standard(client, address)
    answer = await client.post(address, data={f"result-{code}": "not_met"})
    assert answer.status_code == 400
    assert 'value="not_met" checked' in answer.text
    assert city.exec(select(Issue)).all() == []


async def test_what_is_no_photo_is_refused(city: Session, client: httpx.AsyncClient) -> None:
    round_ = await started(city, client)
    sheet = a_sheet(city)
    log_in(city, client, INSPECTOR)
    address = f"/audits/{round_.number}/sheets/{sheet.id}"
    code = await first_standard(client, address)
    answer = await client.post(
        address,
        data={f"result-{code}": "not_met", f"note-{code}": "x"},
        files={f"photo-{code}": ("x.jpg", b"<svg onload=alert(1)>", "image/jpeg")},
    )
    assert answer.status_code == 400
    assert "x.jpg：这不是照片" in answer.text
    assert city.exec(select(Issue)).all() == []


async def test_somebody_elses_sheet_cannot_be_filled(city: Session, client: httpx.AsyncClient) -> None:
    round_ = await started(city, client)
    sheet = a_sheet(city)
    log_in(city, client, DUTY)
    address = f"/audits/{round_.number}/sheets/{sheet.id}"
    code = await first_standard(client, address)
    assert (await client.post(address, data={f"result-{code}": "met"})).status_code == 409


async def test_a_file_with_a_bad_row_changes_nothing_and_tells_the_row(
    city: Session, client: httpx.AsyncClient
) -> None:
    round_ = await started(city, client)
    lines = f"round,point,inspector,standard,result\n{round_.number},P-0001,{INSPECTOR},99-99,perhaps\n"
    answer = await client.post(f"/audits/{round_.number}/results", files={"file": ("r.csv", lines, "text/csv")})
    assert answer.status_code == 400
    assert "perhaps" in answer.text


async def test_rows_of_another_audit_are_refused(city: Session, client: httpx.AsyncClient) -> None:
    round_ = await started(city, client)
    lines = f"round,point,inspector,standard,result\nZG-A-2020-0001,P-0001,{INSPECTOR},01-01,met\n"
    answer = await client.post(f"/audits/{round_.number}/results", files={"file": ("r.csv", lines, "text/csv")})
    assert answer.status_code == 400
    assert "ZG-A-2020-0001" in answer.text


async def test_an_audit_is_ended_with_a_reason_and_takes_no_more_results(
    city: Session, client: httpx.AsyncClient
) -> None:
    round_ = await started(city, client)
    sheet = a_sheet(city)
    code = await first_standard(client, f"/audits/{round_.number}/sheets/{sheet.id}")
    assert (await client.post(f"/audits/{round_.number}/end", data={"why": " "})).status_code == 400
    assert (await client.post(f"/audits/{round_.number}/end", data={"why": "暴雨"})).status_code == 303
    assert "暴雨" in (await client.get(f"/audits/{round_.number}")).text
    log_in(city, client, INSPECTOR)
    answer = await client.post(f"/audits/{round_.number}/sheets/{sheet.id}", data={f"result-{code}": "met"})
    assert answer.status_code == 409


async def test_an_inspector_may_not_end_it(city: Session, client: httpx.AsyncClient) -> None:
    round_ = await started(city, client, area="510302")
    log_in(city, client, "R00005")
    assert (await client.post(f"/audits/{round_.number}/end", data={"why": "x"})).status_code in (404, 409)


async def first_standard(client: httpx.AsyncClient, address: str) -> str:
    page = (await client.get(address)).text
    return page.split('name="result-', 1)[1].split('"', 1)[0]


def photo() -> bytes:
    made = BytesIO()
    Image.new("RGB", (64, 48), "green").save(made, "JPEG")
    return made.getvalue()


def a_sheet(city: Session) -> Sheet:
    sheet = city.exec(select(Sheet)).first()
    assert sheet is not None
    return sheet
