"""Files that are something else than they say, or far more than they look."""

import struct
import zlib
from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest
from sqlmodel import Session, select

from models.issue import Evidence
from tests.cast import HANDLER
from tests.services.evidence.pictures import photo
from tests.web.issue.desk import send, there
from tests.web.visitor import log_in
from web.link_guard import LARGEST_FORM, MEGABYTE

SCRIPT = b"<script>alert(document.cookie)</script>"
SVG = b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"><script>alert(1)</script></svg>'


def bomb(width: int = 60_000, height: int = 60_000) -> bytes:
    """A PNG of some hundred bytes that would be gigabytes when drawn."""

    def part(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + part(b"IHDR", head) + part(b"IDAT", zlib.compress(b"\0" * 9999)) + part(b"IEND", b"")


REFUSED = {
    "a drawing that acts": ("a.svg", SVG, "image/svg+xml"),
    "a drawing called a photo": ("a.jpg", SVG, "image/jpeg"),
    "a page called a photo": ("a.jpg", b"<!doctype html>" + SCRIPT, "image/jpeg"),
    "a page that begins like a picture": ("a.gif", b"GIF89a/*" + SCRIPT, "image/gif"),
    "half a photo": ("a.jpg", photo(1)[:400], "image/jpeg"),
    "nothing": ("a.jpg", b"", "image/jpeg"),
    "a bomb": ("a.png", bomb(), "image/png"),
    "a program": ("a.jpg", b"MZ\x90\0" * 100, "image/jpeg"),
}


@pytest.mark.parametrize("what", REFUSED)
async def test_what_is_no_photo_is_told_and_not_kept(
    city: Session, client: httpx.AsyncClient, tmp_path: Path, what: str
) -> None:
    _, address = there(city, state="rectifying")
    log_in(city, client, HANDLER)
    answer = await send(client, address, "submit", files=[REFUSED[what]], result="已清理")
    assert answer.status_code == 400, answer.text
    assert city.exec(select(Evidence)).all() == []
    assert not any(SCRIPT in file.read_bytes() for file in tmp_path.rglob("*") if file.is_file())


async def test_a_photo_with_a_page_behind_it_is_shown_as_a_photo_alone(
    city: Session, client: httpx.AsyncClient
) -> None:
    _, address = there(city, state="rectifying")
    log_in(city, client, HANDLER)
    both = ("../../x\r\n\"';.html\x00.jpg", photo(1) + SCRIPT, "text/html")
    answer = await send(client, address, "submit", files=[both], result="已清理")
    assert answer.status_code == 303, answer.text
    (piece,) = city.exec(select(Evidence)).all()
    assert not {"\r", "\n", "\0"} & set(piece.file_name or "")
    for size in ("", "?size=small"):
        shown = await client.get(f"/evidence/{piece.id}{size}")
        assert shown.status_code == 200
        assert SCRIPT not in shown.content
        assert shown.headers["content-type"].startswith("image/")
        assert "sandbox" in shown.headers["content-security-policy"]
        assert shown.headers["content-disposition"].isascii()


FORM = {"content-type": "multipart/form-data; boundary=x"}


class Flood:
    """A form that never ends; counts what was read of it."""

    def __init__(self) -> None:
        self.sent = 0

    async def __call__(self) -> AsyncIterator[bytes]:
        yield b'--x\r\nContent-Disposition: form-data; name="name"; filename="a"\r\n\r\n'
        for _ in range(200):
            self.sent += 1
            yield b"A" * 1_000_000


@pytest.mark.parametrize("path", ["/uploads", "/report", "/issues/ZG-2026-00001/do/comment", "/login", "/logout"])
async def test_a_stranger_cannot_make_us_read_without_end(city: Session, client: httpx.AsyncClient, path: str) -> None:
    flood = Flood()
    answer = await client.post(path, content=flood(), headers=FORM)
    assert answer.status_code in (303, 400, 401, 403, 413, 422)
    assert flood.sent <= 2, f"{flood.sent} MB were read"


async def test_somebody_logged_in_cannot_either(city: Session, client: httpx.AsyncClient) -> None:
    log_in(city, client, HANDLER)
    for path in ("/uploads", "/report", "/views", "/me/tokens", "/audits/new"):
        flood = Flood()
        await client.post(path, content=flood(), headers=FORM)
        assert flood.sent <= LARGEST_FORM // MEGABYTE + 10, f"{path}: {flood.sent} MB were read"
