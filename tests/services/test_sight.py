"""Who sees which issues: one by one and in a list it is the same answer."""

import pytest
from sqlmodel import Session

from models.errors import NotFound
from models.issue import Issue
from models.rights import Actor, HeldPost
from models.unit import OwnerKind, PostKind
from services import queries, sight
from tests.cast import (
    DISTRICT_OFFICE,
    HANDLER,
    INSPECTOR,
    MONDAY,
    OFFICE,
    OUTSIDER,
    PRINCIPAL,
    STRANGER,
    VERIFIER,
    an_issue,
    who,
)

CITY = "5103"
EVERYBODY = (OFFICE, INSPECTOR, VERIFIER, HANDLER, PRINCIPAL, DISTRICT_OFFICE, OUTSIDER, STRANGER)


@pytest.mark.parametrize("state", ["found", "assigned", "closed"])
@pytest.mark.parametrize("person", EVERYBODY)
def test_a_list_shows_an_issue_exactly_when_its_page_does(city: Session, person: str, state: str) -> None:
    key = an_issue(city, state=state)
    actor = who(city, person)
    page = queries.listing(city, now=MONDAY, scope=sight.scope_of(actor, city=CITY))
    assert (key in [line.id for line in page.lines]) is sight.sees(actor, city.get_one(Issue, key))


def test_the_unit_that_assists_sees_the_issue(city: Session) -> None:
    key = an_issue(city, state="assigned")
    issue = city.get_one(Issue, key)
    helper = who(city, "R00031")  # handler of another unit
    (unit,) = {post.owner_code for post in helper.posts}
    issue.assisting_units = [unit]
    city.flush()
    page = queries.listing(city, now=MONDAY, scope=sight.scope_of(helper, city=CITY))
    assert [line.id for line in page.lines] == [key]


def test_another_units_issue_is_not_there_for_an_outsider(city: Session) -> None:
    number = city.get_one(Issue, an_issue(city, state="assigned")).number
    with pytest.raises(NotFound):
        sight.must_see(city, who(city, OUTSIDER), number)
    assert sight.must_see(city, who(city, HANDLER), number).number == number


def test_the_office_of_the_city_has_no_limits(city: Session) -> None:
    assert sight.scope_of(who(city, OFFICE), city=CITY) is None


def test_who_leads_a_street_sees_what_others_are_to_put_right_there(city: Session) -> None:
    key = an_issue(city, state="assigned")
    issue = city.get_one(Issue, key)
    street = issue.area_path.split("/")[2]
    leader = Actor("R00099", (HeldPost(PostKind.DEPUTY_LEADER, OwnerKind.UNIT, f"T{street}"),))
    page = queries.listing(city, now=MONDAY, scope=sight.scope_of(leader, city=CITY))
    assert (sight.sees(leader, issue), [line.id for line in page.lines]) == (True, [key])


def test_who_handles_for_a_street_sees_no_more_than_its_own(city: Session) -> None:
    key = an_issue(city, state="assigned")
    issue = city.get_one(Issue, key)
    street = issue.area_path.split("/")[2]
    handler = Actor("R00099", (HeldPost(PostKind.HANDLER, OwnerKind.UNIT, f"T{street}"),))
    assert not sight.sees(handler, issue)
