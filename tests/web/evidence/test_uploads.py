"""Uploads that resume, as a phone between two streets sends them."""

import asyncio
from pathlib import Path

import httpx
import pytest
from sqlmodel import Session
from starlette.requests import ClientDisconnect

from models.evidence import Upload
from services import upload_parts
from tests.cast import HANDLER, INSPECTOR
from tests.services.evidence.pictures import HEIC, photo
from tests.web.visitor import log_in
from web.evidence import uploads

KEY = "draft-0123456789abcdef"
PARTS = {"Content-Type": "application/offset+octet-stream"}


@pytest.fixture
def phone(city: Session, client: httpx.AsyncClient) -> httpx.AsyncClient:
    log_in(city, client, HANDLER)
    return client


async def begin(phone: httpx.AsyncClient, size: int, **more) -> httpx.Response:
    return await phone.post("/uploads", data={"size": str(size), "name": "现场.jpg", "key": KEY, **more})


async def send(phone: httpx.AsyncClient, data: bytes, *, at: int) -> httpx.Response:
    return await phone.patch(f"/uploads/{KEY}", content=data, headers={**PARTS, "Upload-Offset": str(at)})


async def standing(phone: httpx.AsyncClient) -> tuple[str, str]:
    answer = await phone.head(f"/uploads/{KEY}")
    return answer.headers["upload-offset"], answer.headers["upload-complete"]


async def test_a_photo_comes_in_parts(phone: httpx.AsyncClient, city: Session) -> None:
    data = photo(1)
    begun = await begin(phone, len(data), taken_at="2026-11-02T09:30:00+08:00", lat="29.35", lng="104.78")
    first = await send(phone, data[:1000], at=0)
    between = await standing(phone)
    last = await send(phone, data[1000:], at=1000)

    assert (begun.status_code, begun.headers["location"], begun.headers["upload-offset"]) == (
        201,
        f"/uploads/{KEY}",
        "0",
    )
    assert (first.status_code, first.headers["upload-offset"], between) == (204, "1000", ("1000", "?0"))
    assert (last.status_code, last.headers["upload-complete"]) == (204, "?1")
    row = city.get_one(Upload, KEY)
    assert (row.name, row.media_type, row.lat) == ("现场.jpg", "image/jpeg", 29.35)


async def test_what_arrives_before_a_cut_stays(phone: httpx.AsyncClient) -> None:
    data = photo(1)
    await begin(phone, len(data))

    async def cut():
        yield data[:700]
        raise ClientDisconnect  # as the server says it when the phone went round a corner

    await phone.patch(f"/uploads/{KEY}", content=cut(), headers={**PARTS, "Upload-Offset": "0"})

    assert await standing(phone) == ("700", "?0")
    assert (await send(phone, data[700:], at=700)).headers["upload-complete"] == "?1"


async def test_beginning_again_tells_how_much_has_come(phone: httpx.AsyncClient) -> None:
    data = photo(1)
    await begin(phone, len(data))
    await send(phone, data[:10], at=0)

    again = await begin(phone, len(data))

    assert (again.status_code, again.headers["upload-offset"]) == (200, "10")


async def test_the_last_part_sent_twice_is_told_the_same(phone: httpx.AsyncClient) -> None:
    data = photo(1)
    await begin(phone, len(data))
    await send(phone, data, at=0)

    again = await send(phone, b"", at=len(data))

    assert (again.status_code, again.headers["upload-complete"]) == (204, "?1")


async def test_a_server_that_died_before_it_looked_is_asked_to_look(phone: httpx.AsyncClient, tmp_path: Path) -> None:
    data = photo(1)
    await begin(phone, len(data))
    with upload_parts.open_part(tmp_path / "uploads", KEY, offset=0, size=len(data)) as part:
        part.write(data)

    assert await standing(phone) == (str(len(data)), "?0")
    assert (await send(phone, b"", at=len(data))).headers["upload-complete"] == "?1"


async def test_a_wrong_place_is_refused_with_the_right_one(phone: httpx.AsyncClient) -> None:
    await begin(phone, 100)
    await send(phone, b"12345", at=0)

    answer = await send(phone, b"67890", at=3)

    assert (answer.status_code, answer.headers["upload-offset"], answer.json()["code"]) == (409, "5", "wrong_offset")


@pytest.mark.parametrize("said", ["", "x", "-1", "1e3", "９", "9" * 40])
async def test_a_place_that_is_none_is_refused(phone: httpx.AsyncClient, said: str) -> None:
    await begin(phone, 100)
    sent = [(b"Upload-Offset", said.encode())]
    answer = await phone.patch(f"/uploads/{KEY}", content=b"12345", headers=sent)
    assert answer.status_code == 409


async def test_two_do_not_write_at_once(phone: httpx.AsyncClient, tmp_path: Path) -> None:
    await begin(phone, 100)
    with upload_parts.open_part(tmp_path / "uploads", KEY, offset=0, size=100):
        answer = await send(phone, b"12345", at=0)

    assert (answer.status_code, answer.json()["code"]) == (423, "busy")
    assert (await send(phone, b"12345", at=0)).status_code == 204


async def test_more_than_announced_is_refused(phone: httpx.AsyncClient) -> None:
    await begin(phone, 4)
    assert (await send(phone, b"12345", at=0)).status_code == 413


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"<svg onload=alert(1)>", "not_a_photo"),
        (photo(1)[:5000], "broken"),
        (b"PK\x03\x04" + b"x" * 50, "broken"),
        (HEIC.read_bytes()[:700], "not_a_photo"),
    ],
)
async def test_what_is_no_photo_is_gone(phone: httpx.AsyncClient, tmp_path: Path, data: bytes, code: str) -> None:
    await begin(phone, len(data))
    answer = await send(phone, data, at=0)

    assert (answer.status_code, answer.json()["code"]) == (422, code)
    assert answer.json()["words"]
    assert (await phone.head(f"/uploads/{KEY}")).status_code == 404
    assert [path for path in tmp_path.rglob("*") if path.is_file() and path.stat().st_size] in (
        [],
        [tmp_path / "secret"],
    )


@pytest.mark.parametrize(("size", "status"), [("0", 422), ("-1", 422), ("99999999999", 413), ("x", 400), ("", 400)])
async def test_a_size_that_is_none_is_refused(phone: httpx.AsyncClient, size: str, status: int) -> None:
    assert (await phone.post("/uploads", data={"size": size, "name": "a"})).status_code == status


async def test_somebody_elses_upload_is_not_there(phone: httpx.AsyncClient, city: Session) -> None:
    await begin(phone, len(photo(1)))
    await send(phone, photo(1), at=0)
    log_in(city, phone, INSPECTOR)

    answers = [
        await phone.head(f"/uploads/{KEY}"),
        await phone.get(f"/uploads/{KEY}"),
        await send(phone, b"x", at=0),
        await begin(phone, 10),
    ]

    assert [answer.status_code for answer in answers] == [404] * 4
    await phone.delete(f"/uploads/{KEY}")
    assert city.get(Upload, KEY) is not None


async def test_who_is_not_logged_in_is_told(city: Session, client: httpx.AsyncClient) -> None:
    answers = [await begin(client, 10), await send(client, b"x", at=0), await client.head(f"/uploads/{KEY}")]
    assert [answer.status_code for answer in answers] == [303, 303, 303]


async def test_another_site_sends_nothing(phone: httpx.AsyncClient) -> None:
    await begin(phone, 10)
    away = {"Origin": "https://evil.example", "Sec-Fetch-Site": "cross-site", "Upload-Offset": "0"}
    assert (await phone.patch(f"/uploads/{KEY}", content=b"x", headers=away)).status_code == 403
    assert (await phone.post("/uploads", data={"size": "1"}, headers=away)).status_code == 403


async def test_a_small_copy_shows_a_form_again(phone: httpx.AsyncClient) -> None:
    await begin(phone, len(photo(1)))
    assert (await phone.get(f"/uploads/{KEY}")).status_code == 404
    await send(phone, photo(1), at=0)

    answer = await phone.get(f"/uploads/{KEY}")

    assert (answer.status_code, answer.headers["content-type"], answer.content[:2]) == (200, "image/jpeg", b"\xff\xd8")


async def test_what_is_not_wanted_goes(phone: httpx.AsyncClient, tmp_path: Path) -> None:
    await begin(phone, 100)
    await send(phone, b"12345", at=0)

    assert (await phone.delete(f"/uploads/{KEY}")).status_code == 204
    assert (await phone.head(f"/uploads/{KEY}")).status_code == 404
    assert not list((tmp_path / "uploads").iterdir())


async def test_a_connection_that_says_nothing_counts_as_cut(
    phone: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(uploads, "PATIENCE", 0.05)
    await begin(phone, 100)

    async def silent():
        yield b"12345"
        await asyncio.Event().wait()

    answer = await phone.patch(f"/uploads/{KEY}", content=silent(), headers={**PARTS, "Upload-Offset": "0"})

    assert (answer.status_code, answer.headers["upload-offset"]) == (204, "5")


async def test_refusals_are_in_the_readers_language(phone: httpx.AsyncClient) -> None:
    chinese = await begin(phone, 0)
    english = await phone.post("/uploads?lang=en", data={"size": "0", "name": "a"})

    assert "空" in chinese.json()["words"]
    assert english.json()["words"] == "The file is empty."
