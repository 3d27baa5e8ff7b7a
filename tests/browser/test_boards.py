"""In a real browser: a leader drills from the city to one street; map and list; what assistive devices find."""

import shutil
import time

import pytest
from selenium import webdriver
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.support.wait import WebDriverWait
from sqlmodel import Session, select

from models.issue import Issue
from runtime.settings import PROJECT
from services import issues
from services.findings import Finding
from tests.browser.test_links import errors, screen
from tests.browser.test_work import as_person
from tests.browser.waiting import PATIENCE, wait_until_gone
from tests.cast import INSPECTOR, MONDAY, OFFICE, who
from tests.services.crowd import a_crowd

CHROMIUM, DRIVER = shutil.which("chromium"), shutil.which("chromedriver")
pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(not (CHROMIUM and DRIVER), reason="needs chromium and chromedriver"),
]
AXE = PROJECT / "node_modules" / "axe-core" / "axe.min.js"
RUN_AXE = """
const done = arguments[0];
axe.run(document).then((found) => done(found.violations.map((one) => one.id + ': ' + one.nodes[0].html.slice(0, 200))));
"""


@pytest.fixture
def city(page: str, session: Session) -> str:
    a_crowd(session, many=40)
    session.commit()
    return page


def follow(driver: webdriver.Chrome, element) -> None:
    driver.execute_script("arguments[0].scrollIntoView({block: 'center', behavior: 'instant'})", element)
    element.send_keys(Keys.ENTER)  # by keyboard alone
    wait_until_gone(driver, element)


def wait_for(driver: webdriver.Chrome, script: str):
    return WebDriverWait(driver, PATIENCE).until(lambda found: found.execute_script(f"return {script}"))


def test_a_leader_drills_from_the_city_to_one_street_and_reads_its_issues(city, session, browser):
    as_person(browser, session, city, "R00020")
    screen(browser, 390)
    browser.get(f"{city}boards?lang=zh-CN")
    for name in ("自流井区", "五星街街道"):
        follow(browser, browser.find_element(By.CSS_SELECTOR, "#areas-table").find_element(By.LINK_TEXT, name))
    assert browser.find_element(By.TAG_NAME, "h1").text == "五星街街道"
    tile = browser.find_element(By.CSS_SELECTOR, ".numbers a:last-child")
    n = int(tile.find_element(By.TAG_NAME, "strong").text)
    follow(browser, tile)
    assert n > 0
    assert browser.find_element(By.CSS_SELECTOR, ".count").text == f"{n} 个问题"
    assert browser.execute_script("return document.documentElement.scrollWidth") <= 390
    assert errors(browser) == []


def test_pictures_are_drawn_above_their_tables_without_moving_anything(city, session, browser):
    as_person(browser, session, city, OFFICE)
    screen(browser, 1440)
    browser.get(f"{city}boards")
    assert wait_for(browser, "document.querySelector('.chart canvas') !== null")
    moved = browser.execute_script(
        "return performance.getEntriesByType('layout-shift').reduce((sum, one) => sum + one.value, 0)"
    )
    assert moved == 0
    assert errors(browser) == []


def test_the_map_shows_marks_and_the_list_beside_it_says_the_same(city, session, browser):
    as_person(browser, session, city, OFFICE)
    screen(browser, 1440)
    browser.get(f"{city}map")
    assert wait_for(browser, "document.querySelectorAll('.pile, #map .mark').length > 0")
    lines = browser.find_elements(By.CSS_SELECTOR, "#beside-lines li")
    assert f"此范围内 {len(lines)} 个问题" in browser.find_element(By.ID, "beside-count").text
    assert wait_for(browser, "document.querySelectorAll('.placed span').length > 0")  # names, as there are no tiles
    assert errors(browser) == []


def test_hostile_words_on_the_map_stay_words(city, session, browser):
    by = who(session, INSPECTOR)
    finding = Finding("<img src=x onerror=document.title='owned'>", point="P-0003", standard="01-02", address="x")
    issues.find(session, findings=[finding], by=by, now=MONDAY)
    session.commit()
    as_person(browser, session, city, OFFICE)
    browser.get(f"{city}map?q=onerror")
    assert wait_for(browser, "document.getElementById('beside-count').textContent !== ''")
    mark = browser.find_element(By.CSS_SELECTOR, "#map .mark")
    browser.execute_script("arguments[0].closest('.leaflet-marker-icon').click()", mark)
    assert wait_for(browser, "document.querySelector('.leaflet-popup-content') !== null")
    assert "<img src=x" in browser.find_element(By.CSS_SELECTOR, ".leaflet-popup-content").text
    assert browser.title != "owned"
    assert browser.find_elements(By.CSS_SELECTOR, "img[src='x']") == []


def test_several_are_chosen_and_assigned_on_a_phone(city, session, browser):
    as_person(browser, session, city, OFFICE)
    screen(browser, 390)
    browser.get(f"{city}issues?state=found")
    browser.find_element(By.CSS_SELECTOR, ".choose-all").send_keys(Keys.SPACE)
    follow(browser, browser.find_element(By.CSS_SELECTOR, ".doing [type=submit]"))
    follow(browser, browser.find_element(By.CSS_SELECTOR, "[action='/bulk/assign'] .btn-primary"))
    assert "已办理" in browser.find_element(By.CSS_SELECTOR, "[role=status]").text
    session.expire_all()
    assert session.exec(select(Issue).where(Issue.state == "found", Issue.suggested_unit.is_not(None))).first() is None


PAGES = (
    "issues",
    "issues?unit=zz",
    "map",
    "boards",
    "boards?area=510302",
    "boards/wall",
    "bulk?issue=ZG-2026-000001:1",
)


@pytest.mark.parametrize("look", ["theme=light&large=0", "theme=dark&large=1"])
def test_assistive_devices_find_nothing_wrong(city, session, browser, look: str):
    as_person(browser, session, city, OFFICE)
    found = {}
    for width in (390, 1440):
        screen(browser, width)
        for address in PAGES:
            browser.get(f"{city}{address}{'&' if '?' in address else '?'}{look}")
            wait_for(browser, "document.readyState === 'complete'")
            time.sleep(0.3)  # charts and marks fade in
            browser.execute_script(AXE.read_text("utf-8"))
            wrong = browser.execute_async_script(RUN_AXE)
            wide = browser.execute_script("return document.documentElement.scrollWidth")
            found |= {f"{address} {width}": wrong} if wrong or wide > width else {}
    assert found == {}
