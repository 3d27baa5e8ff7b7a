"""Assigned by a leader: marked on the page, counted double in the unit's month, taken off for a reason."""

from decimal import Decimal

import httpx
import pytest
from sqlmodel import Session

from models.issue import Source
from services.scores.month import unit_month
from tests.cast import DISTRICT_OFFICE, HANDLER, MONDAY, OFFICE, VERIFIER, at, read, trail
from tests.services.scores.facts import finished, found
from tests.services.scores.test_month import FIRST, LAST
from tests.web.issue.desk import as_person, number_of, offered, send, there
from tests.web.link_desk import set_clock
from tests.web.lists.reader import numbers

MARK = "领导交办"
LATER = at("2026-12-01 10:00")


def points(session: Session) -> Decimal | None:
    session.expire_all()
    scores = unit_month(session, period_from=FIRST, period_to=LAST, area_code="5103", now=None)
    return scores.formula.rounding.score(scores.units["D-CGJ"].score.exact)


async def test_from_the_assignment_on_the_page_to_the_score(city: Session, client: httpx.AsyncClient) -> None:
    """Closed in time, twice; another late and open: 2/3 closed, 2/3 in time, of 3 one overdue; 2 × 0.3 and 1.

    20 + 13⅓ + 20 + 13⅓ + 10 − 1.6 = 75.07. Without the mark: 15 + 10 + 20 + 10 + 10 − 1.3 = 63.70.
    """
    key, address = there(city, state="found", source=Source.COVERT)
    as_person(city, client, OFFICE)
    answer = await send(client, address, "assign", to="D-CGJ", leader="1")
    assert answer.status_code == 303, answer.text
    assert read(city, key).leader_assigned
    as_person(city, client, HANDLER)
    assert MARK in (await client.get(address)).text
    await send(client, address, "sign_in")
    finished(city, key, "2026-11-03 10:00")
    found(city, state="rectifying", now=MONDAY)
    city.commit()

    assert points(city) == Decimal("75.07")

    set_clock(city, LATER)
    as_person(city, client, OFFICE)
    page = (await client.get("/scores/months/2026-11/units/D-CGJ")).text
    assert MARK in page
    assert "75.07" in page


async def test_an_open_issue_is_marked_and_the_mark_taken_off_for_a_reason(city: Session, client) -> None:
    """One closed in time, one late and open, which counts twice: 10 + 6⅔ + 20 + 6⅔ + 10 − 0.3 − 2 = 51.03."""
    key, address = there(city, state="rectifying", source=Source.COVERT)
    found(city, state="closed", now=MONDAY)
    city.commit()
    as_person(city, client, OFFICE)
    before = points(city)

    answer = await send(client, address, "mark_leader")
    assert answer.status_code == 303
    assert (before, points(city)) == (Decimal("63.70"), Decimal("51.03"))
    page = (await client.get(address)).text
    assert "mark_leader" not in offered(page)
    assert (await send(client, address, "unmark_leader")).status_code == 400

    await send(client, address, "unmark_leader", reason="标错")
    assert (points(city), trail(city, key)[-2:]) == (before, ["mark_leader", "unmark_leader"])
    assert "标错" in (await client.get(address)).text


@pytest.mark.parametrize(
    ("person", "may"), [(OFFICE, True), (DISTRICT_OFFICE, True), (HANDLER, False), (VERIFIER, False)]
)
async def test_only_an_office_above_the_issue_is_offered_the_mark(
    city: Session, client, person: str, may: bool
) -> None:
    _, address = there(city, state="rectifying")
    as_person(city, client, person)
    assert ("mark_leader" in offered((await client.get(address)).text)) is may


async def test_what_has_ended_is_marked_no_more(city: Session, client) -> None:
    _, address = there(city, state="closed")
    as_person(city, client, OFFICE)
    assert "mark_leader" not in offered((await client.get(address)).text)


async def test_the_list_shows_the_mark_and_filters_by_it(city: Session, client) -> None:
    key, address = there(city, state="rectifying")
    found(city, state="rectifying")
    city.commit()
    as_person(city, client, OFFICE)
    await send(client, address, "mark_leader")
    page = (await client.get("/issues?leader=1")).text
    assert numbers(page) == [number_of(city, key)]
    assert f'class="leader">{MARK}' in page
    assert len(numbers((await client.get("/issues")).text)) == 2


async def test_the_form_of_assignment_does_not_ask_again_for_what_is_marked(city: Session, client) -> None:
    _, address = there(city, state="found")
    as_person(city, client, OFFICE)
    assert 'name="leader"' in (await client.get(address)).text
    await send(client, address, "mark_leader")
    assert 'name="leader"' not in (await client.get(address)).text
