"""My work goes by the rules that each issue keeps, whatever those of today say (promise 6)."""

from sqlmodel import Session

from services.rulebook import the_city
from tests.cast import DISTRICT_OFFICE, an_issue, at
from tests.corners.verbs import add_rules, ask_extension
from tests.services.test_work import piles

STREET_CHIEF, HEADQUARTERS = "R00014", "R00020"


def new_rules(city: Session, change) -> None:
    add_rules(city, change.__name__, change)  # rules are kept in memory under their code
    the_city(city).rule_set_code = change.__name__
    city.commit()


def test_what_climbed_lies_with_those_whom_the_rules_of_the_issue_tell(city: Session, tick) -> None:
    key, now = an_issue(city, state="assigned"), at("2026-11-05 17:30")
    tick(now)
    assert piles(city, STREET_CHIEF, now=now) == {"climbed": [key]}

    def tell_the_headquarters(rules):
        for step in rules["ladder"]["step"]:
            step["territorial"] = ["L1.headquarters"]

    new_rules(city, tell_the_headquarters)
    assert piles(city, STREET_CHIEF, now=now) == {"climbed": [key]}
    assert piles(city, HEADQUARTERS, now=now) == {}


def test_a_request_waits_for_the_office_that_the_rules_of_its_issue_name(city: Session) -> None:
    key = an_issue(city, state="rectifying")
    ask_extension(city, key)

    def leave_it_to_the_city(rules):
        for severity in rules["severities"].values():
            severity["extension"]["approver_level"] = 1

    new_rules(city, leave_it_to_the_city)
    assert piles(city, DISTRICT_OFFICE) == {"decide": [key]}
