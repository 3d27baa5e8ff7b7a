"""What a citizen without an account is shown, in a real browser: no name, number, address or photo of anything."""

import shutil
from collections.abc import Iterable
from pathlib import Path

import pytest
from selenium import webdriver
from selenium.webdriver.common.by import By
from sqlmodel import Session, col, select, update

from models.city import City
from models.issue import Evidence, Issue
from models.unit import Contact, Person, Post
from tests.browser.test_links import screen
from tests.browser.town_to_walk import Walk, furnish

CHROMIUM, DRIVER = shutil.which("chromium"), shutil.which("chromedriver")
pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(not (CHROMIUM and DRIVER), reason="needs chromium and chromedriver"),
]
OPEN = ("", "login", "login?role=handler", "login/link", "login/code", "login/key/forged", "nowhere", "healthz")
"""What a stranger may open."""
LED_TO = ("p/P-0001", "p/%3Cscript%3E", "issues", "issues/{number}", "evidence/{photo}", "report", "map", "boards/wall")
"""Where a sign, or curiosity, leads: to the log-in, and to nothing else."""
DATA = ("issues.csv", "map/points.json", "report/places.json?q=大道", "report/near.json?lat=29.35&lng=104.78")
FORGED = ("l/forged", "l/forged/photos/1", "outbox/forged", "api/v1/issues", "api/v1/evidence/{photo}")
IMAGES = "return [...document.images].map((one) => one.src).filter((src) => !src.includes('/static/'))"


def told(driver: webdriver.Chrome, secrets: Iterable[str]) -> list[str]:
    """What of it stands in what the browser was given, seen or unseen; and pictures."""
    given = driver.page_source
    return [one for one in secrets if one in given] + driver.execute_script(IMAGES)


def secrets_of(session: Session, *, demo: bool) -> set[str]:
    """Everything that is somebody's, or about an issue. A demo city offers its made-up cast to everybody."""
    cast = [*session.exec(select(Person.name)), *session.exec(select(Post.title))]
    whose = [*session.exec(select(Person.code)), *session.exec(select(Contact.address))]
    what = session.exec(select(Issue.number, Issue.description, col(Issue.address)))
    proof = session.exec(select(Evidence.sha256, col(Evidence.file_name)))
    about = [one for row in (*what, *proof) for one in row]
    return {one for one in (*([] if demo else cast), *whose, *about) if one}


@pytest.fixture
def walk(page: str, session: Session, tmp_path: Path) -> Walk:
    return furnish(session, tmp_path, page)


@pytest.mark.parametrize("demo", [False, True])
def test_a_stranger_learns_of_nobody_and_of_no_issue(page: str, walk: Walk, browser, session: Session, demo: bool):
    session.exec(update(City).values(demo=demo))
    session.commit()
    secrets = secrets_of(session, demo=demo)
    screen(browser, 390)
    found = {}
    for address in (*OPEN, *LED_TO, *DATA, *FORGED):
        browser.get(f"{page}{walk.at(address)}")
        asked_for = {one for one in secrets if one in walk.at(address)}  # what they knew already
        wrong = told(browser, secrets - asked_for)
        found |= {address: wrong} if wrong else {}

    assert len(secrets) > 40
    assert found == {}


@pytest.mark.parametrize("path", ["p/P-0001", "issues/{number}"])
def test_whoever_is_led_there_finds_the_log_in(page: str, walk: Walk, browser, path: str) -> None:
    browser.get(f"{page}{walk.at(path)}")
    assert browser.current_url.startswith(f"{page}login?next=")
    assert browser.find_element(By.CSS_SELECTOR, "input[type=password]").is_displayed()


def test_a_link_for_one_person_shows_a_stranger_nothing_once_it_is_forged(page: str, walk: Walk, browser, session):
    browser.get(f"{page}{walk.link[1:-2]}AA")
    assert told(browser, secrets_of(session, demo=True)) == []
    assert browser.find_elements(By.TAG_NAME, "form") == []
