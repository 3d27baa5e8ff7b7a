"""More than a page takes: refused in words, whether it was announced or not, and nothing is done."""

from collections.abc import AsyncIterator

import pytest
from sqlmodel import Session

from tests.cast import HANDLER, OFFICE, an_issue, read, trail
from tests.services.evidence.pictures import photo
from tests.web.issue.desk import send, there
from tests.web.visitor import log_in
from web.bodies import MOST

FORM = {"content-type": "application/x-www-form-urlencoded"}
TOO_MUCH = {"zh-CN": "内容超出本页可接收的大小", "en": "That is more than this page takes."}


async def in_pieces(body: bytes) -> AsyncIterator[bytes]:
    """Without an announced length."""
    for start in range(0, len(body), 65536):
        yield body[start : start + 65536]


@pytest.mark.parametrize("lang", TOO_MUCH)
@pytest.mark.parametrize("announced", [True, False])
async def test_a_form_of_more_than_a_megabyte_is_refused(city: Session, client, lang: str, announced: bool) -> None:
    row = read(city, an_issue(city))
    city.commit()
    log_in(city, client, OFFICE)
    body = f"issues={row.number}:{row.version}&key=k&text=".encode() + b"x" * MOST
    content = body if announced else in_pieces(body)
    answer = await client.post("/bulk/comment", params={"lang": lang}, content=content, headers=FORM)
    assert answer.status_code == 413
    assert TOO_MUCH[lang] in answer.text
    assert trail(city, row.id) == ["find"]


async def test_photos_still_come_through(city: Session, client, tmp_path) -> None:
    key, address = there(city, state="rectifying")
    log_in(city, client, HANDLER)
    heavy = photo(1) + b"\0" * (2 * MOST)  # what follows the picture is of no account
    answer = await send(client, address, "submit", files=[("a.jpg", heavy, "image/jpeg")], result="已清理")
    assert answer.status_code == 303
    assert read(city, key).state == "rectified"
