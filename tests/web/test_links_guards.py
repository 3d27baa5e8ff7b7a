"""Guards of links: forms from elsewhere, guessing, headers; and in which language a page speaks."""

import logging

import pytest

from tests.cast import an_issue, read
from tests.web.link_desk import NONCE, hidden, link, send, set_clock


@pytest.fixture
def issue(city):
    """Assigned to D-CGJ; it is Monday, ten o'clock."""
    set_clock(city)
    key = an_issue(city, state="assigned")
    city.commit()
    return key


@pytest.fixture
def path(city, issue, tmp_path):
    return link(city, tmp_path, "sign_in", issue)


@pytest.mark.parametrize(
    "headers",
    [{"Origin": "https://evil.example"}, {"Sec-Fetch-Site": "cross-site"}, {"Sec-Fetch-Site": "same-site"}],
)
async def test_a_form_from_another_site_is_refused(client, city, issue, path, headers):
    given = hidden((await client.get(path)).text)

    answer = await client.post(path, data=given, headers=headers)

    assert (answer.status_code, read(city, issue).state) == (403, "assigned")


async def test_a_browser_that_hides_the_origin_of_our_own_page_is_believed(client, path):
    given = hidden((await client.get(path)).text)

    answer = await client.post(path, data=given, headers={"Origin": "null", "Sec-Fetch-Site": "same-origin"})

    assert answer.status_code == 200


@pytest.mark.parametrize("page", [None, "", "x", "of another link"])
async def test_a_form_that_was_on_no_page_of_this_link_does_nothing(client, city, issue, path, tmp_path, page):
    other = link(city, tmp_path, "sign_in", issue, nonce="another")
    given = {} if page is None else {"page": page}
    if page == "of another link":
        given = hidden((await client.get(other)).text)

    answer = await client.post(path, data=given)

    assert (answer.status_code, read(city, issue).state) == (400, "assigned")


@pytest.mark.parametrize("kind", ["page", "gone", "none"])
async def test_the_address_of_a_link_is_not_handed_on_or_kept(client, city, path, kind):
    if kind == "gone":
        await send(client, path)
    headers = (await client.get(path if kind != "none" else "/l/x")).headers

    assert headers["Referrer-Policy"] == "no-referrer"
    assert headers["Cache-Control"] == "no-store"
    assert "noindex" in headers["X-Robots-Tag"]


async def test_the_page_needs_no_script_and_loads_nothing_from_elsewhere(client, path):
    page = await client.get(path)

    assert "<script" not in page.text
    assert "default-src 'none'" in page.headers["Content-Security-Policy"]
    assert "style=" not in page.text


async def test_the_page_speaks_the_readers_language(client, city, issue, tmp_path):
    page = (await client.get(link(city, tmp_path, "sign_in", issue, lang="en"))).text

    assert ('<html lang="en"' in page, "Sign in for an issue" in page) == (True, True)


async def test_a_language_chosen_in_this_browser_wins(client, city, issue, tmp_path):
    page = (await client.get(link(city, tmp_path, "sign_in", issue, lang="en") + "?lang=zh-CN")).text

    assert '<html lang="zh-CN"' in page


async def test_a_stale_link_speaks_the_readers_language_too(client, city, issue, tmp_path):
    page = (await client.get(link(city, tmp_path, "sign_in", issue, lang="en", cycle=9))).text

    assert "The matter has moved on" in page


async def test_who_guesses_is_slowed_down_and_valid_links_go_on_working(client, path):
    answers = [(await client.get(f"/l/guess{n}")).status_code for n in range(40)]

    assert (answers[0], answers[-1]) == (404, 429)
    assert (await client.get(path)).status_code == 200


async def test_no_log_and_no_page_of_a_failure_holds_a_link(client, city, path, caplog):
    caplog.set_level(logging.DEBUG)
    page = (await client.get(path)).text
    city.connection().exec_driver_sql("ALTER TABLE link_use RENAME TO gone")
    city.commit()

    answers = [await client.get(path), await send(client, path, page=page)]

    ours = [record.getMessage() for record in caplog.records if not record.name.startswith(("httpx", "httpcore"))]
    token = path.rsplit("/", 1)[1]
    assert [answer.status_code for answer in answers] == [503, 503]
    assert not any(token[:30] in line or NONCE in line for line in ours)
