"""Papers in the browser: ours to begin with, looked at before they hold, taken along and sent back as Word files."""

from io import BytesIO

import httpx
import pytest
from docx import Document
from sqlmodel import Session

from services.pack_files import files_in_force
from services.papers.stationery import BUILT_IN
from tests.web.admin.desk import confirmed, fields

SLIP, WORD = "papers/assignment_slip.html", "papers/assignment_slip.docx"


async def opened(client: httpx.AsyncClient, file: str) -> dict[str, str]:
    return fields((await client.get("/admin/file", params={"file": file})).text)


async def sent(client: httpx.AsyncClient, text: str, **more: str) -> httpx.Response:
    form = await opened(client, SLIP)
    return await client.post("/admin/file", params={"file": SLIP}, data={**form, "text": text, **more})


def kept(session: Session) -> dict[str, bytes]:
    session.rollback()
    return dict(files_in_force(session) or {})


async def test_every_paper_is_listed_and_says_whose_it_is(desk: httpx.AsyncClient) -> None:
    page = await desk.get("/admin/templates")
    assert "file=papers%2Fsupervision_order.html" in page.text
    assert "file=papers%2Frectification_notice.docx" in page.text


async def test_our_page_is_looked_at_alone_and_runs_nothing(desk: httpx.AsyncClient) -> None:
    text = (await opened(desk, SLIP))["text"]
    page = await sent(desk, text.replace("</body>", "<script>alert(1)</script></body>"), preview="1")
    assert "自贡市城市管理局" in page.text
    policy = page.headers["content-security-policy"]
    assert "sandbox" in policy
    assert "script-src" not in policy
    assert "default-src 'none'" in policy


@pytest.mark.parametrize("text", ["{{ numbr }}", "{{ number", "{{ ''.__class__.__mro__ }}"])
async def test_a_page_that_cannot_be_filled_in_comes_back_as_it_was_typed(desk: httpx.AsyncClient, text: str) -> None:
    page = await sent(desk, text, preview="1")
    assert page.status_code == 400
    assert 'role="alert"' in page.text
    assert fields(page.text)["text"] == text


async def test_a_page_becomes_the_citys_own_and_goes_again(loaded: Session, desk: httpx.AsyncClient) -> None:
    text = (await opened(desk, SLIP))["text"].replace("</body>", "<p>本市专用</p></body>")
    assert (await confirmed(desk, await sent(desk, text))).status_code == 303
    assert "本市专用" in kept(loaded)[SLIP].decode()
    assert (await confirmed(desk, await sent(desk, text, back="1"))).status_code == 303
    assert SLIP not in kept(loaded)


async def test_our_word_file_is_taken_along_changed_and_sent_back(loaded: Session, desk: httpx.AsyncClient) -> None:
    ours = await desk.get("/admin/file/as-it-is", params={"file": WORD})
    assert ours.content == (BUILT_IN / "paper.docx").read_bytes()
    paper = Document(BytesIO(ours.content))
    paper.add_paragraph("本市专用")
    made = BytesIO()
    paper.save(made)
    form = await opened(desk, WORD)
    page = await desk.post(
        "/admin/file", params={"file": WORD}, data=form, files={"upload": ("slip.docx", made.getvalue())}
    )
    assert (await confirmed(desk, page)).status_code == 303
    assert kept(loaded)[WORD] == made.getvalue()


async def test_a_word_file_of_no_paper_is_not_found(desk: httpx.AsyncClient) -> None:
    assert (await desk.get("/admin/file", params={"file": "papers/other.docx"})).status_code == 404
