"""What came back, on pages: the mark on an issue, the way to take it as a relapse, the two lists under the boards."""

from datetime import timedelta

import httpx
import pytest
from sqlmodel import Session

from services import issues
from tests.cast import HANDLER, INSPECTOR, MONDAY, OFFICE, OUTSIDER, STRANGER, an_issue, read, who
from tests.web.link_desk import set_clock
from tests.web.visitor import log_in

DAY = timedelta(days=1)


@pytest.fixture
def pair(city: Session) -> tuple[int, int]:
    """One that was closed some days ago, and a new one of the same standard at the same point."""
    set_clock(city)
    old = an_issue(city, state="closed", now=MONDAY - 5 * DAY)
    new = an_issue(city)
    city.commit()
    return old, new


async def shown(city: Session, client: httpx.AsyncClient, path: str, *, by: str = OFFICE) -> str:
    log_in(city, client, by)
    answer = await client.get(path, params={"lang": "en"})
    assert answer.status_code == 200
    return answer.text


def path(city: Session, key: int) -> str:
    return f"/issues/{read(city, key).number}"


def form(city: Session, old: int, new: int, **more: str) -> dict[str, str]:
    issue = read(city, new)
    return {"key": "once-and-for-all", "version": str(issue.version), "of": read(city, old).number, **more}


async def test_a_new_issue_says_that_it_may_have_come_back(city, client, pair):
    text = await shown(city, client, path(city, pair[1]))
    assert "No. 2 of its kind here in 60 days" in text
    assert f"It is a relapse of {read(city, pair[0]).number}" in text


async def test_taken_as_a_relapse_the_old_one_goes_on(city, client, pair):
    log_in(city, client, OFFICE)
    answer = await client.post(f"{path(city, pair[1])}/came-back", data=form(city, *pair))
    assert (answer.status_code, answer.headers["location"]) == (303, path(city, pair[0]))
    assert (read(city, pair[0]).relapses, read(city, pair[1]).state) == (1, "void")
    assert "Came back 1 time" in await shown(city, client, path(city, pair[0]))


async def test_a_double_tap_is_harmless(city, client, pair):
    log_in(city, client, OFFICE)
    given = form(city, *pair)
    first = await client.post(f"{path(city, pair[1])}/came-back", data=given)
    again = await client.post(f"{path(city, pair[1])}/came-back", data=given)
    assert (first.status_code, again.status_code) == (303, 303)
    assert read(city, pair[0]).relapses == 1


async def test_when_somebody_was_faster_nothing_is_done_and_it_is_said(city, client, pair):
    given = form(city, *pair)
    issues.assign(city, issue_ids=[pair[1]], by=who(city, OFFICE), now=MONDAY, to="D-CGJ")
    city.commit()
    log_in(city, client, OFFICE)
    answer = await client.post(f"{path(city, pair[1])}/came-back", data=given)
    assert answer.status_code == 409
    assert 'role="alert"' in answer.text
    assert read(city, pair[0]).state == "closed"


@pytest.mark.parametrize("of", ["ZG-2026-999999", "", "\x00", "<b>"])
async def test_of_an_issue_that_is_no_candidate_it_is_refused(city, client, pair, of):
    log_in(city, client, OFFICE)
    answer = await client.post(f"{path(city, pair[1])}/came-back", data=form(city, *pair, of=of))
    assert answer.status_code == 404


@pytest.mark.parametrize("person", [OUTSIDER, STRANGER])
async def test_who_does_not_see_it_finds_nothing_there(city, client, pair, person):
    log_in(city, client, person)
    assert (await client.post(f"{path(city, pair[1])}/came-back", data=form(city, *pair))).status_code == 404


async def test_an_inspector_sees_it_but_has_no_button(city, client, pair):
    text = await shown(city, client, path(city, pair[1]), by=INSPECTOR)
    assert "Perhaps it has come back" in text
    assert "/came-back" not in text


async def test_hotspots_lead_to_their_issues(city, client, pair):
    text = await shown(city, client, "/boards/hotspots")
    assert "高山井社区大道" in text
    link = next(part.split('"')[0] for part in text.split('href="') if "standard=01-01" in part)
    listed = await shown(city, client, link.replace("&amp;", "&"))
    assert all(read(city, key).number in listed for key in pair)


async def test_look_backs_list_what_is_awaited_and_bear_out_the_draw(city, client, pair):
    key = an_issue(city, state="closed", severity="S1")
    city.commit()
    text = await shown(city, client, "/boards/look-backs")
    assert read(city, key).number in text
    assert "every lot is the same" in text


@pytest.mark.parametrize("page", ["/boards/hotspots", "/boards/look-backs"])
async def test_a_handler_has_no_boards(city, client, pair, page):
    log_in(city, client, HANDLER)
    assert (await client.get(page)).status_code == 403


@pytest.mark.parametrize("page", ["/boards/hotspots", "/boards/look-backs"])
async def test_another_district_sees_nothing_of_this_one(city, client, pair, page):
    an_issue(city, state="closed", severity="S1")
    city.commit()
    text = await shown(city, client, page, by=OUTSIDER)
    assert "高山井" not in text
    assert "ZG-2026-" not in text
