"""Copies of evidence: who gets which, and that nothing of them acts in a page of ours."""

from io import BytesIO
from pathlib import Path

import httpx
import pytest
from PIL import Image
from sqlmodel import Session

from models.issue import EvidenceKind
from services import evidence
from tests.cast import DUTY, HANDLER, OFFICE, OUTSIDER, STRANGER, VERIFIER
from tests.services.evidence.handed import attach, pieces
from tests.services.evidence.pictures import photo
from tests.web.visitor import log_in


@pytest.mark.parametrize(
    ("person", "size", "status"),
    [
        *((person, "full", 200) for person in (HANDLER, VERIFIER, OFFICE)),
        *((person, "original", 404) for person in (HANDLER, VERIFIER, OUTSIDER)),
        *((person, "plain", 404) for person in (HANDLER, VERIFIER, OUTSIDER)),
        *((person, size, 200) for person in (OFFICE, DUTY) for size in ("plain", "original", "small")),
        (OUTSIDER, "full", 404),
        (OUTSIDER, "small", 404),
        (STRANGER, "full", 404),
        (OFFICE, "huge", 400),
    ],
)
async def test_who_may_see_which_copy(
    city: Session, client: httpx.AsyncClient, key: int, person: str, size: str, status: int
) -> None:
    log_in(city, client, person)
    assert (await client.get(f"/evidence/{key}?size={size}")).status_code == status


async def test_nobody_sees_any_without_a_log_in(client: httpx.AsyncClient, key: int) -> None:
    assert (await client.get(f"/evidence/{key}")).status_code == 303


async def test_what_people_see_tells_nothing_of_the_camera(city: Session, client: httpx.AsyncClient, key: int) -> None:
    log_in(city, client, HANDLER)
    answer = await client.get(f"/evidence/{key}")

    with Image.open(BytesIO(answer.content)) as shown:
        assert (shown.format, dict(shown.getexif())) == ("JPEG", {})
    assert b"Exif" not in answer.content


async def test_the_original_is_a_download_and_as_it_came(city: Session, client: httpx.AsyncClient, key: int) -> None:
    log_in(city, client, OFFICE)
    answer = await client.get(f"/evidence/{key}?size=original")

    assert answer.content == photo(1, lat=30.1, lng=104.2)
    assert answer.headers["content-disposition"].startswith("attachment;")


async def test_the_headers_let_nothing_act(city: Session, client: httpx.AsyncClient, key: int) -> None:
    log_in(city, client, HANDLER)
    headers = (await client.get(f"/evidence/{key}")).headers

    assert headers["content-security-policy"] == "default-src 'none'; sandbox; frame-ancestors 'none'"
    assert (headers["x-content-type-options"], headers["content-type"]) == ("nosniff", "image/jpeg")
    assert headers["cache-control"] == "private, no-cache"
    assert "filename*=UTF-8''%E7%8E%B0%E5%9C%BA%20%E7%85%A7%E7%89%87.jpg" in headers["content-disposition"]


async def test_what_the_browser_has_is_not_sent_again(city: Session, client: httpx.AsyncClient, key: int) -> None:
    log_in(city, client, HANDLER)
    tag = (await client.get(f"/evidence/{key}")).headers["etag"]

    again = await client.get(f"/evidence/{key}", headers={"If-None-Match": f'"x", W/{tag}'})
    other = await client.get(f"/evidence/{key}?size=small", headers={"If-None-Match": tag})

    assert (again.status_code, again.content, other.status_code) == (304, b"", 200)


async def test_a_paper_is_a_download(city: Session, client: httpx.AsyncClient, issue: int, folder: Path) -> None:
    attach(city, folder, issue, b"%PDF-1.7\n%%EOF", media_type="application/pdf")
    city.commit()
    log_in(city, client, HANDLER)
    answer = await client.get(f"/evidence/{pieces(city, issue, EvidenceKind.OTHER)[0].id}?size=small")

    assert answer.headers["content-type"] == "application/pdf"
    assert answer.headers["content-disposition"].startswith("attachment;")


async def test_what_claims_to_be_a_page_is_never_shown_as_one(
    city: Session, client: httpx.AsyncClient, issue: int, folder: Path
) -> None:
    attach(city, folder, issue, b"<script>alert(1)</script>", media_type="text/html")
    city.commit()
    key = pieces(city, issue, EvidenceKind.OTHER)[0].id
    log_in(city, client, OFFICE)

    assert (await client.get(f"/evidence/{key}")).status_code == 404
    original = await client.get(f"/evidence/{key}?size=original")
    assert original.headers["content-type"] == "application/octet-stream"
    assert original.headers["content-disposition"].startswith("attachment;")


async def test_what_was_just_handed_in_is_shown_at_once(
    city: Session, client: httpx.AsyncClient, issue: int, folder: Path
) -> None:
    attach(city, folder, issue, photo(5), media_type="image/jpeg")
    city.commit()
    log_in(city, client, HANDLER)
    answer = await client.get(f"/evidence/{pieces(city, issue, EvidenceKind.OTHER)[0].id}?size=small")

    assert (answer.status_code, answer.headers["content-type"]) == (200, "image/jpeg")


@pytest.mark.parametrize("key", ["0", "-1", "99999999", "9223372036854775808", "x", "1%20OR%201=1"])
async def test_a_number_that_is_none_is_told_kindly(
    city: Session, client: httpx.AsyncClient, issue: int, key: str
) -> None:
    log_in(city, client, OFFICE)
    assert (await client.get(f"/evidence/{key}")).status_code in (400, 404)


async def test_a_file_that_was_altered_is_not_shown(
    city: Session, client: httpx.AsyncClient, issue: int, key: int, folder: Path
) -> None:
    lies = evidence.path_of(folder, pieces(city, issue)[0].sha256)
    lies.write_bytes(lies.read_bytes() + b"x")
    log_in(city, client, OFFICE)

    assert (await client.get(f"/evidence/{key}?size=original")).status_code == 503
