"""The pages of online filing: the list taken in, files handed in, reviewed, fetched; nothing lost on a refusal."""

import re
from io import BytesIO

import httpx
import pytest
from openpyxl import Workbook, load_workbook
from sqlmodel import Session, select

from models.filing import FilingEvent, FilingFile, FilingItem
from runtime import clock
from services.filing.sweeping import raise_missing
from tests.cast import DISTRICT_OFFICE, HANDLER, OFFICE, OUTSIDER, VERIFIER
from tests.services.filing.cabinet import PDF, acts, an_item, hand_in, issue_of, item_of
from tests.services.filing.test_listing import HEADINGS, ROW
from tests.web.visitor import log_in

FILE = ("files", ("保洁台账.pdf", PDF, "application/pdf"))


@pytest.fixture
def item(city: Session) -> int:
    key = an_item(city)
    city.commit()
    return key


async def send(client: httpx.AsyncClient, item: int, *files: tuple, **data: str) -> httpx.Response:
    return await client.post(f"/filing/{item}/submit", data={"key": "form-1", **data}, files=list(files))


async def test_a_unit_hands_in_and_a_reviewer_accepts(client: httpx.AsyncClient, city: Session, item: int) -> None:
    log_in(city, client, HANDLER)
    sent = await send(client, item, FILE, note="含影像")
    assert sent.status_code == 303
    log_in(city, client, VERIFIER)
    assert "保洁台账.pdf" in (await client.get(f"/filing/{item}")).text
    done = await client.post(f"/filing/{item}/accept", data={"version": "2"})

    assert done.status_code == 303
    assert acts(city, item) == [("submitted", HANDLER), ("accepted", VERIFIER)]


async def test_a_file_comes_back_as_a_download_that_nothing_opens(
    client: httpx.AsyncClient, city: Session, item: int
) -> None:
    log_in(city, client, HANDLER)
    await send(client, item, FILE)
    file = city.exec(select(FilingFile.id)).one()

    got = await client.get(f"/filing/{item}/files/{file}")

    assert got.content == PDF
    assert got.headers["content-disposition"].startswith("attachment;")
    assert (got.headers["x-content-type-options"], "sandbox" in got.headers["content-security-policy"]) == (
        "nosniff",
        True,
    )


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("a.pdf", b"<html><script>alert(1)</script>"),
        ("a.exe", b"MZ" + b"\0" * 100),
        ("a.svg", b"<svg xmlns='http://www.w3.org/2000/svg'/>"),
        ("a.pdf", b"%PDF-1.4 cut off"),
        ("empty.pdf", b""),
    ],
)
async def test_what_is_no_paper_or_photo_is_not_taken_and_the_rest_stays(
    client: httpx.AsyncClient, city: Session, item: int, name: str, data: bytes
) -> None:
    log_in(city, client, HANDLER)

    page = await send(client, item, FILE, ("files", (name, data, "application/pdf")), note="请看附件")

    assert page.status_code == 400
    assert "请看附件" in page.text
    (kept,) = re.findall(r'name="upload" value="([^"]+)"', page.text)
    assert item_of(city, item).state == "missing"
    again = await send(client, item, upload=kept, note="请看附件")
    assert (again.status_code, len(city.exec(select(FilingFile)).all())) == (303, 1)


async def test_the_same_form_sent_twice_is_handed_in_once(client: httpx.AsyncClient, city: Session, item: int) -> None:
    log_in(city, client, HANDLER)
    for _ in range(2):
        assert (await send(client, item, FILE)).status_code == 303

    assert len(city.exec(select(FilingEvent)).all()) == 1


async def test_without_a_file_it_says_so(client: httpx.AsyncClient, city: Session, item: int) -> None:
    log_in(city, client, HANDLER)

    page = await send(client, item, note="稍后补")

    assert (page.status_code, "稍后补" in page.text, 'role="alert"' in page.text) == (400, True, True)


async def test_a_return_without_a_reason_loses_nothing(client: httpx.AsyncClient, city: Session, item: int) -> None:
    hand_in(city, item, now=clock.now(city))
    city.commit()
    log_in(city, client, VERIFIER)

    assert (await client.post(f"/filing/{item}/return", data={"why": " "})).status_code == 400
    long = await client.post(f"/filing/{item}/return", data={"why": "长" * 3000})
    assert (long.status_code, "长" * 3000 in long.text) == (400, True)
    assert (await client.post(f"/filing/{item}/return", data={"why": "缺盖章页"})).status_code == 303
    assert "缺盖章页" in (await client.get(f"/filing/{item}")).text


async def test_an_old_page_decides_nothing(client: httpx.AsyncClient, city: Session, item: int) -> None:
    hand_in(city, item, now=clock.now(city))
    city.commit()
    log_in(city, client, VERIFIER)

    assert (await client.post(f"/filing/{item}/accept", data={"version": "1"})).status_code == 409
    assert item_of(city, item).state == "submitted"


@pytest.mark.parametrize("stranger", [OUTSIDER, DISTRICT_OFFICE])
async def test_what_is_not_theirs_is_not_there(
    client: httpx.AsyncClient, city: Session, item: int, stranger: str
) -> None:
    hand_in(city, item, now=clock.now(city))
    city.commit()
    file = city.exec(select(FilingFile.id)).one()
    log_in(city, client, stranger)

    seen = [(await client.get(path)).status_code for path in (f"/filing/{item}", f"/filing/{item}/files/{file}")]
    seen += [(await client.post(f"/filing/{item}/{act}")).status_code for act in ("submit", "accept", "return", "drop")]

    assert set(seen) == {404}
    assert "F-01" not in (await client.get("/filing")).text


async def test_a_file_of_another_item_is_not_had_through_ones_own(
    client: httpx.AsyncClient, city: Session, item: int
) -> None:
    other = an_item(city, "F-02", unit_code="D-SCJGJ")
    hand_in(city, other, by="R00023", now=clock.now(city))
    city.commit()
    file = city.exec(select(FilingFile.id)).one()
    log_in(city, client, HANDLER)

    assert (await client.get(f"/filing/{item}/files/{file}")).status_code == 404


def a_book(*rows: tuple) -> bytes:
    book, made = Workbook(), BytesIO()
    for row in (HEADINGS, *rows):
        book.active.append(row)
    book.save(made)
    return made.getvalue()


async def take_in(client: httpx.AsyncClient, data: bytes) -> httpx.Response:
    return await client.post("/filing/import", files={"file": ("清单.xlsx", data)})


async def test_the_office_takes_in_the_list_and_gets_it_back(client: httpx.AsyncClient, city: Session) -> None:
    log_in(city, client, OFFICE)
    taken = await take_in(client, a_book(ROW))
    assert taken.status_code == 303
    shown = (await client.get(taken.headers["location"])).text
    book = load_workbook(BytesIO((await client.get("/filing/list.xlsx")).content))

    assert "道路保洁作业台账" in shown
    assert list(book.active.values)[1][2:5] == ("F-01", "II-3", "道路保洁作业台账")


async def test_a_bad_list_is_told_row_by_row_and_nothing_is_loaded(client: httpx.AsyncClient, city: Session) -> None:
    log_in(city, client, OFFICE)

    page = await take_in(client, a_book(ROW, ("F-02", "", "", 1, "没有的单位", "", "明年")))

    assert page.status_code == 400
    assert page.text.count('<td class="num">3</td>') >= 3
    assert city.exec(select(FilingItem)).all() == []


@pytest.mark.parametrize("data", [b"", b"not a workbook", PDF])
async def test_what_is_no_workbook_is_told(client: httpx.AsyncClient, city: Session, data: bytes) -> None:
    log_in(city, client, OFFICE)

    assert (await take_in(client, data)).status_code == 400


async def test_a_unit_takes_in_no_list(client: httpx.AsyncClient, city: Session) -> None:
    log_in(city, client, HANDLER)

    assert (await take_in(client, a_book(ROW))).status_code == 403


async def test_the_list_is_narrowed_and_counts_each_unit(client: httpx.AsyncClient, city: Session, item: int) -> None:
    an_item(city, "F-02", unit_code="D-SCJGJ")
    city.commit()
    log_in(city, client, OFFICE)

    shown = (await client.get("/filing?unit=D-SCJGJ")).text

    assert ("F-02" in shown, "F-01" in shown) == (True, False)
    for odd in ("after=x", "year=99999", "state=%00", "late=2", "unit=' OR 1=1"):
        assert (await client.get(f"/filing?{odd}")).status_code == 200


async def test_what_was_accepted_is_taken_back_and_dropped_by_the_office(
    client: httpx.AsyncClient, city: Session, item: int
) -> None:
    now = clock.now(city)
    hand_in(city, item, now=now)
    city.commit()
    log_in(city, client, VERIFIER)
    await client.post(f"/filing/{item}/accept")
    log_in(city, client, OFFICE)
    back = await client.post(f"/filing/{item}/take-back", data={"why": "省里退回"})
    gone = await client.post(f"/filing/{item}/drop", data={"why": "不再要求"})

    assert (back.status_code, gone.status_code, gone.headers["location"]) == (303, 303, "/filing")
    assert [act for act, _ in acts(city, item)][-2:] == ["taken_back", "dropped"]


async def test_a_page_never_shows_a_file_name_as_html(client: httpx.AsyncClient, city: Session, item: int) -> None:
    log_in(city, client, HANDLER)
    await send(client, item, ("files", ("<img src=x onerror=alert(1)>.pdf", PDF, "application/pdf")))

    assert "<img src=x" not in (await client.get(f"/filing/{item}")).text


async def test_the_page_of_its_issue_leads_to_the_material(
    client: httpx.AsyncClient, city: Session, sessions, item: int
) -> None:
    city.get_one(FilingItem, item).due_at = clock.now(city)
    city.commit()
    raise_missing(sessions, now=clock.now(city))
    number = issue_of(city, item).number
    log_in(city, client, HANDLER)

    assert f'href="/filing/{item}"' in (await client.get(f"/issues/{number}")).text
    assert number in (await client.get(f"/filing/{item}")).text
