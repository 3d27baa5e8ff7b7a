"""Who may read a bulletin, and which of the rows behind its figures."""

from datetime import date

import pytest
from sqlmodel import Session

from models.errors import NotFound, WrongValue
from models.publication import PublicationAct
from services.bulletins.drafting import draft
from services.bulletins.reading import Behind, listing, must_read, rows_behind
from tests.cast import (
    DISTRICT_OFFICE,
    HANDLER,
    INSPECTOR,
    OFFICE,
    OUTSIDER,
    PRINCIPAL,
    STRANGER,
    an_issue,
    who,
)
from tests.services.bulletins.desk import (
    HALF_MONTH,
    HEADQUARTERS,
    MONDAY,
    MORNING,
    a_half_month,
    approved,
    drafted,
    published,
)
from tests.small_city import a_city

CITY = "5103"
STREET_DEPUTY = "R00016"


@pytest.fixture
def city(session: Session) -> Session:
    a_city(session)
    a_half_month(session)
    return session


def reads(session: Session, key: int | None, person: str) -> bool:
    try:
        must_read(session, key or 0, by=who(session, person), city=CITY)
    except NotFound:
        return False
    return True


@pytest.mark.parametrize(
    ("person", "may"),
    [(OFFICE, True), (HEADQUARTERS, True), (PRINCIPAL, True), (OUTSIDER, True), (HANDLER, False), (STRANGER, False)],
)
def test_what_is_published_is_for_all_who_see_boards(city: Session, person: str, may: bool) -> None:
    assert reads(city, published(city).id, person) is may


@pytest.mark.parametrize("person", [PRINCIPAL, DISTRICT_OFFICE, INSPECTOR, HANDLER])
def test_a_draft_is_seen_by_those_alone_who_work_on_it(city: Session, person: str) -> None:
    key = drafted(city).id
    assert (reads(city, key, OFFICE), reads(city, key, HEADQUARTERS), reads(city, key, person)) == (True, True, False)
    assert listing(city, by=who(city, person), city=CITY) == []


@pytest.mark.parametrize(("person", "may"), [(DISTRICT_OFFICE, True), (STREET_DEPUTY, True), (OUTSIDER, False)])
def test_a_districts_bulletin_is_for_that_district(city: Session, person: str, may: bool) -> None:
    by = who(city, DISTRICT_OFFICE)
    row = draft(city, HALF_MONTH, on=date(2026, 11, 16), by=by, now=MORNING, area="510302").publication
    row.state, row.published_at = row.state.__class__("published"), MORNING
    city.add(row)
    city.flush()
    assert reads(city, row.id, person) is may
    assert [one.id for one in listing(city, by=who(city, person), city=CITY)] == ([row.id] if may else [])


def test_each_is_told_what_they_may_do_with_it_as_it_stands(city: Session) -> None:
    key = approved(city).id or 0
    may = {person: must_read(city, key, by=who(city, person), city=CITY).may for person in (OFFICE, HEADQUARTERS)}
    assert may[OFFICE] == {PublicationAct.SENT_BACK, PublicationAct.PUBLISHED, PublicationAct.WITHDRAWN}
    assert may[HEADQUARTERS] == {PublicationAct.SENT_BACK}


def test_the_list_goes_on_where_it_ended(city: Session) -> None:
    first, second = published(city), drafted(city, on=date(2026, 11, 1))
    by = who(city, OFFICE)
    assert [row.id for row in listing(city, by=by, city=CITY, limit=1)] == [second.id]
    assert [row.id for row in listing(city, by=by, city=CITY, after=second.id)] == [first.id]


def numbers(session: Session, count: str, person: str = OFFICE, **of: str) -> tuple[list[str], int]:
    reading = must_read(session, 1, by=who(session, person), city=CITY)
    found = rows_behind(session, reading, Behind(count, **of), by=who(session, person), city=CITY)
    return [row.number for row in found.rows], found.total


def test_every_figure_leads_to_its_rows(city: Session) -> None:
    content = published(city).content
    for line in (content["total"], *content["units"]):
        unit = "" if line["unit_code"] == "*" else line["unit_code"]
        for count in ("assigned", "due", "to_close", "closed", "closed_on_time", "overdue_open"):
            assert numbers(city, count, unit=unit)[1] == line[count]
    assert numbers(city, "overdue_open") == (["ZG-2026-000002"], 1)
    assert numbers(city, "closed", area="510302") == (["ZG-2026-000001"], 1)
    assert numbers(city, "closed", area="510303") == ([], 0)


def test_of_the_rows_each_sees_what_their_boards_count(city: Session) -> None:
    published(city)
    assert numbers(city, "due", PRINCIPAL) == (["ZG-2026-000001"], 2)
    assert numbers(city, "due", OUTSIDER) == ([], 2)


def test_rows_stay_as_they_were_counted(city: Session) -> None:
    published(city)
    an_issue(city, state="rectifying", now=MONDAY)
    assert numbers(city, "due")[1] == 2


@pytest.mark.parametrize("count", ["", "id", "nonsense"])
def test_a_count_that_is_none_is_refused(city: Session, count: str) -> None:
    published(city)
    with pytest.raises(WrongValue):
        numbers(city, count)


def test_rows_of_an_area_that_is_none_are_refused(city: Session) -> None:
    published(city)
    with pytest.raises(NotFound):
        numbers(city, "due", area="nowhere")
