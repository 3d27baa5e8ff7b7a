"""Rules, messages and papers in the browser: written anew, tried, taken back; what cannot be read is told."""

import httpx
import pytest
from sqlmodel import Session, col, select

from models.administration import PackFile
from models.city import City
from models.message import Message
from services import rulebook
from services.pack_files import files_in_force
from tests.cast import an_issue
from tests.web.admin.desk import confirmed, fields, hidden, pressed

SEVERITIES, LADDER = "rules/severities.toml", "rules/ladder.toml"
OVERDUE = "templates/zh_CN/overdue_notice.txt"


async def opened(client: httpx.AsyncClient, file: str) -> dict[str, str]:
    page = await client.get("/admin/file", params={"file": file})
    assert page.status_code == 200, page.text
    return fields(page.text)


async def written(client: httpx.AsyncClient, file: str, old: str, new: str, **more: str) -> httpx.Response:
    """The file with one text replaced, sent."""
    form = await opened(client, file)
    assert old in form["text"]
    form["text"] = form["text"].replace(old, new, 1)
    return await client.post("/admin/file", params={"file": file}, data={**form, **more})


async def replaced(client: httpx.AsyncClient, file: str, text: str, **more: str) -> httpx.Response:
    form = await opened(client, file)
    return await client.post("/admin/file", params={"file": file}, data={**form, "text": text, **more})


def in_force(session: Session) -> str:
    session.rollback()
    session.expire_all()
    return session.exec(select(City)).one().rule_set_code or ""


async def test_a_limit_is_changed_and_the_old_one_taken_up_again(loaded: Session, desk: httpx.AsyncClient) -> None:
    before = in_force(loaded)
    page = await written(desk, SEVERITIES, 'limit = "3 working_days"', 'limit = "2 working_days"')
    assert "+limit = &#34;2 working_days&#34;" in page.text
    assert (await confirmed(desk, page)).status_code == 303
    assert rulebook.rules(loaded, in_force(loaded)).severity("S3").limit.amount == 2
    versions = (await desk.get("/admin/rules/versions", params={"old": before, "new": in_force(loaded)})).text
    assert "S3.limit" in versions
    back = await desk.post("/admin/rules/versions", data={"version": before})
    assert "+limit = &#34;3 working_days&#34;" in back.text
    assert (await confirmed(desk, back)).status_code == 303
    assert in_force(loaded) == before


async def test_the_comments_of_a_file_stay(loaded: Session, desk: httpx.AsyncClient) -> None:
    page = await written(desk, SEVERITIES, "# Limits per severity", "# 各等级时限\n# Limits per severity")
    await confirmed(desk, page)
    assert "# 各等级时限" in (await opened(desk, SEVERITIES))["text"]


@pytest.mark.parametrize(
    ("file", "old", "new", "told"),
    [
        (SEVERITIES, "[S3]", "[S3", "line"),
        (SEVERITIES, 'limit = "3 working_days"', 'limit = "three days"', "three days"),
        (LADDER, '"unit.handler"', '"unit.wizard"', "unit.wizard"),
        (LADDER, 'paper = "assignment_slip"', 'paper = "poem"', "poem"),
        ("city.toml", 'timezone = "Asia/Shanghai"', 'timezone = "Mars/Olympus"', "Mars/Olympus"),
        ("city.toml", 'code = "5103"', 'code = "5104"', ""),
    ],
)
async def test_what_cannot_be_is_told_with_its_place_and_kept_for_correction(
    loaded: Session, desk: httpx.AsyncClient, file: str, old: str, new: str, told: str
) -> None:
    before = in_force(loaded)
    page = await written(desk, file, old, new)
    assert 'name="fingerprint"' not in page.text
    assert 'role="alert"' in page.text
    assert told in page.text
    if 'name="text"' not in page.text:
        page = await pressed(desk, page, "again:0")
    assert new in fields(page.text)["text"]
    assert in_force(loaded) == before


async def test_rules_are_tried_on_the_last_month(loaded: Session, desk: httpx.AsyncClient) -> None:
    page = await written(desk, SEVERITIES, 'limit = "3 working_days"', 'limit = "2 working_days"')
    tried = await pressed(desk, page, "try")
    assert 'id="replay"' in tried.text
    assert (await confirmed(desk, tried)).status_code == 303


async def test_how_many_issues_keep_the_old_rules_is_said(city: Session, browser: httpx.AsyncClient) -> None:
    an_issue(city, state="assigned")
    city.commit()
    await browser.get("/admin?lang=en")
    page = await written(browser, SEVERITIES, 'limit = "3 working_days"', 'limit = "2 working_days"')
    assert "1 issue under way keeps the rules" in page.text


async def test_a_message_is_worded_anew_previewed_and_taken_back(loaded: Session, desk: httpx.AsyncClient) -> None:
    words = "【请速办】{{ issue.number }}\n{{ issue.summary }}"
    page = await replaced(desk, OVERDUE, words, preview="1")
    assert page.status_code == 200
    assert words in fields(page.text)["text"]
    assert (await confirmed(desk, await replaced(desk, OVERDUE, words))).status_code == 303
    loaded.rollback()
    assert (files_in_force(loaded) or {})[OVERDUE].decode().strip() == words
    back = await replaced(desk, OVERDUE, words, back="1")
    assert (await confirmed(desk, back)).status_code == 303
    loaded.rollback()
    assert OVERDUE not in (files_in_force(loaded) or {})


@pytest.mark.parametrize("words", ["{{ secret_of_the_city }}", "{{ issue.number", "{% for x in %}"])
async def test_words_that_messages_do_not_know_are_refused(
    loaded: Session, desk: httpx.AsyncClient, words: str
) -> None:
    page = await replaced(desk, OVERDUE, words)
    assert 'name="fingerprint"' not in page.text
    loaded.rollback()
    assert loaded.get(PackFile, OVERDUE) is None


@pytest.mark.parametrize(
    "words",
    [
        "{{ ''.__class__.__mro__ }}",
        "{{ issue.__class__ }}",
        "{{ cycler.__init__.__globals__.os.popen('id').read() }}",
        "{% for x in range(10**9) %}{% endfor %}",
        "{{ 1 / 0 }}",
        "{{ nothing.at.all }}",
        "{{ 'a' | when }}",
        "{% include '../../../../etc/passwd' %}",
    ],
)
async def test_a_preview_reaches_nothing_but_the_facts_of_a_message(
    city: Session, browser: httpx.AsyncClient, words: str
) -> None:
    an_issue(city, state="assigned")
    city.commit()
    kind = city.exec(select(Message.kind)).first()
    page = await replaced(browser, f"templates/en/{kind}.txt", words, preview="1")
    assert page.status_code == 200
    for leak in ("&lt;class", "uid=", "root:"):
        assert leak not in page.text
    assert 'role="alert"' in page.text


async def test_a_preview_is_filled_in_with_the_last_message(city: Session, browser: httpx.AsyncClient) -> None:
    an_issue(city, state="assigned")
    city.commit()
    kind = city.exec(select(Message.kind).where(col(Message.issue_id).is_not(None))).first()
    page = await replaced(browser, f"templates/zh_CN/{kind}.txt", "题：{{ issue.number }}\n<b>事</b>", preview="1")
    assert "题：ZG-2026-000001" in page.text
    assert "&lt;b&gt;事&lt;/b&gt;" in page.text


@pytest.mark.parametrize(
    "file",
    ["", "nope.toml", "../city.toml", "/etc/passwd", "templates/../city.toml", "templates/zh_CN/nope.txt", "\x00"],
)
async def test_a_file_that_is_none_of_the_packs_is_not_found(desk: httpx.AsyncClient, file: str) -> None:
    assert (await desk.get("/admin/file", params={"file": file})).status_code == 404
    assert (await desk.get("/admin/file/as-it-is", params={"file": file})).status_code == 404
    assert (await desk.post("/admin/file", params={"file": file}, data={"text": "x"})).status_code == 404


async def test_two_who_write_one_file_lose_nothing(loaded: Session, desk: httpx.AsyncClient) -> None:
    mine = await opened(desk, SEVERITIES)
    first = await written(desk, SEVERITIES, 'limit = "3 working_days"', 'limit = "2 working_days"')
    await confirmed(desk, first)
    changed = mine["text"].replace('limit = "7 working_days"', 'limit = "6 working_days"')
    met = await desk.post("/admin/file", params={"file": SEVERITIES}, data={**mine, "text": changed})
    assert met.status_code == 409
    picked = {"mark-0": hidden(met.text, "mark-0"), "pick-0": "theirs"}
    assert (await pressed(desk, met, "settle", **picked)).headers["location"] == "/admin"
    assert 'limit = "2 working_days"' in (await opened(desk, SEVERITIES))["text"]


async def test_a_city_without_kept_files_says_what_to_do(city: Session, browser: httpx.AsyncClient) -> None:
    page = await written(browser, SEVERITIES, 'limit = "3 working_days"', 'limit = "2 working_days"')
    refused = await confirmed(browser, page)
    assert refused.status_code == 409
    assert "duban city load" in refused.text
