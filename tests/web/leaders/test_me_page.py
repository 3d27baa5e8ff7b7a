"""The leader's view: big numbers, each with the list behind it, for each kind of leader."""

import pytest
from sqlmodel import Session

from tests.cast import DISTRICT_OFFICE, HANDLER, OFFICE, PRINCIPAL, an_issue, at
from tests.services.accountability.shorthand import HEADQUARTERS
from tests.services.instructions.office import SECRET, an_instruction
from tests.web.link_desk import set_clock
from tests.web.visitor import log_in


@pytest.fixture
def late(city: Session) -> Session:
    an_issue(city, state="rectifying")
    an_instruction(city)
    set_clock(city, at("2026-11-06 09:00"))
    city.commit()
    return city


@pytest.mark.parametrize(
    ("somebody", "words"),
    [
        ("R00019", ("Points I sponsor", "高山井社区大道", "1 overdue", "Not inspected yet")),
        (
            PRINCIPAL,
            ("Units I lead", "principal leader", "This month 1 found, 0 closed", "Written instructions to read"),
        ),
        (HEADQUARTERS, ("自贡市", "自流井区", "1 overdue", "patrols missed in 30 days")),
        (DISTRICT_OFFICE, ("自流井区", "五星街街道")),
        (OFFICE, ("Waits for me",)),
    ],
)
async def test_each_leader_finds_what_is_theirs(late, client, somebody, words):
    log_in(late, client, somebody)
    page = (await client.get("/leaders/me", params={"lang": "en"})).text
    for one in words:
        assert one in page
    assert SECRET[:6] not in page


async def test_each_number_leads_to_exactly_those_issues(late, client):
    log_in(late, client, PRINCIPAL)
    page = (await client.get("/leaders/me", params={"lang": "en"})).text
    address = next(part.split('"')[0] for part in page.split('href="') if "overdue" in part.split('"')[0])
    listed = await client.get(address.replace("&amp;", "&"))
    assert "ZG-2026-000001" in listed.text


async def test_a_handler_has_no_such_page(late, client):
    log_in(late, client, HANDLER)
    assert (await client.get("/leaders/me")).status_code == 403
    assert (await client.get("/leaders")).headers["location"] == "/leaders/me"
