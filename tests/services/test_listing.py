"""Lists in every order, for every reader and by every filter, against a plain look at every issue."""

from datetime import timedelta
from functools import partial

import pytest
from sqlmodel import Session, select

from models.errors import NotFound
from models.issue import Issue, Source
from models.lifecycle import OPEN, RUNNING
from services import listing as lists
from services import sight
from services.filters import LATE_STATES, Scope, Wanted
from services.listing import Cursor, Sort, count_up_to, listing
from tests.cast import DISTRICT_OFFICE, HANDLER, INSPECTOR, OFFICE, OUTSIDER, STRANGER, VERIFIER, at, who
from tests.services.crowd import CITY, LATER, a_crowd, plain
from tests.stages import once

EVERYBODY = (OFFICE, INSPECTOR, VERIFIER, HANDLER, DISTRICT_OFFICE, OUTSIDER, STRANGER, "R00018", "R00019", "R00031")


@pytest.fixture
def crowd(city: Session) -> Session:
    once("a crowd", city, None, lambda: a_crowd(city))
    return city


def keys(session: Session, *, limit: int = 1000, **how) -> list[int]:
    return [line.id for line in listing(session, now=LATER, limit=limit, **how).lines]


def by_pages(session: Session, *, limit: int, **how) -> list[int]:
    found, after = [], None
    while True:
        page = listing(session, now=LATER, limit=limit, after=after, **how)
        found += [line.id for line in page.lines]
        after = page.after
        if after is None:
            return found


def clock(issue: Issue):
    return issue.due_at if issue.state in RUNNING else issue.stage_due_at if issue.state in LATE_STATES else None


ORDERS = {
    Sort.NEWEST: lambda one: -one.id,
    Sort.OLDEST: lambda one: one.id,
    Sort.DUE: lambda one: (clock(one) or lists.NEVER, one.id),
    Sort.STEP: lambda one: (-one.step, -one.id),
    Sort.SEVERITY: lambda one: (one.severity, one.id),
}


@pytest.mark.parametrize("limit", [7, 1000])
@pytest.mark.parametrize("sort", Sort)
def test_pages_follow_each_other_in_every_order_without_gap_or_double(crowd: Session, sort: Sort, limit: int) -> None:
    rows = [one for one in crowd.exec(select(Issue)) if sort not in lists.OPEN_SORTS or one.state in OPEN]
    assert by_pages(crowd, sort=sort, limit=limit) == [one.id for one in sorted(rows, key=ORDERS[sort])]


@pytest.mark.parametrize("sort", Sort)
@pytest.mark.parametrize("person", EVERYBODY)
def test_everybody_lists_exactly_what_they_may_see(crowd: Session, person: str, sort: Sort) -> None:
    actor = who(crowd, person)
    seen = by_pages(crowd, sort=sort, limit=5, scope=sight.scope_of(actor, city=CITY))
    allowed = plain(crowd, lambda one: sight.sees(actor, one) and (sort not in lists.OPEN_SORTS or one.state in OPEN))
    assert sorted(seen) == sorted(allowed)


@pytest.mark.parametrize("person", EVERYBODY)
def test_everybody_finds_by_words_exactly_what_they_may_see(crowd: Session, monkeypatch, person: str) -> None:
    monkeypatch.setattr(lists, "READ_THROUGH", 10)
    actor = who(crowd, person)
    seen = by_pages(crowd, wanted=Wanted(text="垃圾"), limit=4, scope=sight.scope_of(actor, city=CITY))
    assert seen == plain(crowd, lambda one: "垃圾" in one.description and sight.sees(actor, one))


@pytest.mark.parametrize("person", EVERYBODY)
def test_what_is_counted_is_what_is_listed(crowd: Session, person: str) -> None:
    scope = sight.scope_of(who(crowd, person), city=CITY)
    n = len(keys(crowd, scope=scope))
    assert count_up_to(crowd, 1000, wanted=Wanted(), now=LATER, scope=scope) == n
    assert count_up_to(crowd, 5, wanted=Wanted(), now=LATER, scope=scope) == min(n, 6)


SOON = timedelta(days=1)
FILTERS = {
    "no unit": (Wanted(no_unit=True), lambda i: i.lead_unit is None),
    "here": (Wanted(area="510303001001", here=True), lambda i: i.area_code == "510303001001"),
    "here but above": (Wanted(area="510302", here=True), lambda i: i.area_code == "510302"),
    "soon": (Wanted(soon=True), lambda i: i.state in RUNNING and i.due_at and LATER < i.due_at <= LATER + SOON),
    "late": (Wanted(late=True), lambda i: i.state in LATE_STATES and i.stage_due_at <= LATER),
    "no step": (Wanted(top_step=-1), lambda i: i.step == -1),
    "E3": (Wanted(top_step=3), lambda i: i.step == 3),
    "E7": (Wanted(top_step=7), lambda i: i.step == 7),
    "E5 and above": (Wanted(least_step=5), lambda i: i.step >= 5),
    "E6 and above": (Wanted(least_step=6), lambda i: i.step >= 6),
    "category": (Wanted(category="12"), lambda i: i.category_code == "12"),
    "standard": (Wanted(standard="01-02"), lambda i: i.standard_code == "01-02"),
    "sources": (Wanted(sources=(Source.COVERT, Source.MEDIA)), lambda i: i.source in ("covert", "media")),
    "found by": (Wanted(found_by="R00018"), lambda i: i.found_by == "R00018"),
    "handled by": (Wanted(handled_by=HANDLER), lambda i: i.handler == HANDLER and i.state in OPEN),
    "found between": (
        Wanted(found_from=at("2026-10-25 00:00"), found_to=at("2026-10-29 00:00")),
        lambda i: at("2026-10-25 00:00") <= i.found_at < at("2026-10-29 00:00"),
    ),
    "closed between": (
        Wanted(closed_from=at("2026-11-05 00:00"), closed_to=at("2026-11-08 00:00")),
        lambda i: i.closed_at and at("2026-11-05 00:00") <= i.closed_at < at("2026-11-08 00:00"),
    ),
    "several at once": (
        Wanted(category="01", sources=(Source.COVERT,), open_only=True, severities=("S1", "S4")),
        lambda i: i.category_code == "01" and i.source == "covert" and i.state in OPEN and i.severity in ("S1", "S4"),
    ),
}


@pytest.mark.parametrize("name", FILTERS)
def test_each_filter_lists_what_it_says(crowd: Session, name: str) -> None:
    wanted, holds = FILTERS[name]
    expected = plain(crowd, holds)
    assert expected or name == "here but above"
    assert keys(crowd, wanted=wanted) == expected


def test_a_card_follows_what_is_said_of_its_issue_later(city: Session) -> None:
    a_crowd(city, many=4)
    one = city.exec(select(Issue)).first()
    one.category_code, one.standard_code, one.source = "12", "12-02", Source.HOTLINE
    city.flush()
    assert one.id in keys(city, wanted=Wanted(category="12", standard="12-02", sources=(Source.HOTLINE,)))


def test_boards_scope_leaves_out_what_is_assisted_or_was_found(crowd: Session) -> None:
    scope = Scope(units=frozenset({"T510303001"}), points=frozenset({"P-0001"}), person=INSPECTOR)
    assert keys(crowd, scope=scope.as_counted()) == plain(crowd, lambda one: one.lead_unit == "T510303001")


@pytest.mark.parametrize("wrong", [{"category": "99"}, {"round": "NONE"}, {"point": "P-9"}, {"unit": "X"}])
def test_what_is_not_there_is_said(city: Session, wrong: dict) -> None:
    with pytest.raises(NotFound):
        listing(city, wanted=Wanted(**wrong), now=LATER)


def test_a_place_that_is_gone_meanwhile_still_leads_on(crowd: Session) -> None:
    find = partial(keys, crowd, sort=Sort.STEP)
    page = listing(crowd, now=LATER, sort=Sort.STEP, limit=5)
    last = page.lines[-1]
    rest = find(after=Cursor(last.id, last.step))
    crowd.get(Issue, last.id).step = 0
    crowd.flush()
    assert set(find(after=Cursor(last.id, last.step))) == {*rest, last.id}
