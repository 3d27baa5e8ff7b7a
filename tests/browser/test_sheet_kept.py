"""A sheet that is filled without a network stays on the device, photo and all, until the server has it."""

from pathlib import Path

import pytest
from selenium import webdriver
from selenium.webdriver.common.by import By
from selenium.webdriver.support.wait import WebDriverWait
from sqlmodel import Session, select

from models.audit import Observation, Result, Round, RoundKind, Sheet
from tests.browser.test_first_page import pytestmark as needs_chromium
from tests.browser.town_to_walk import secret_of
from tests.cast import INSPECTOR
from tests.services.audits.rounds import started
from tests.services.evidence.pictures import photo
from web.login import COOKIE

pytestmark = needs_chromium
OFFLINE = {"offline": True, "latency": 0, "downloadThroughput": 0, "uploadThroughput": 0}
ONLINE = {"offline": False, "latency": 0, "downloadThroughput": -1, "uploadThroughput": -1}


@pytest.fixture
def sheet(page: str, browser: webdriver.Chrome, session: Session) -> str:
    """The address of a sheet, its inspector logged in."""
    round_: Round = started(session, kind=RoundKind.MOCK)
    session.commit()
    key = session.exec(select(Sheet.id).where(Sheet.point_code == "P-0001")).one()
    browser.get(f"{page}login")
    browser.delete_all_cookies()
    browser.add_cookie({"name": COOKIE, "value": secret_of(session, INSPECTOR), "path": "/"})
    return f"{page}audits/{round_.number}/sheets/{key}?lang=en"


def network(browser: webdriver.Chrome, how: dict[str, object]) -> None:
    browser.execute_cdp_cmd("Network.enable", {})
    browser.execute_cdp_cmd("Network.emulateNetworkConditions", how)


def fill(browser: webdriver.Chrome, picture: Path) -> None:
    browser.find_element(By.CSS_SELECTOR, '[name="result-01-02"][value="not_met"]').click()
    browser.find_element(By.NAME, "note-01-02").send_keys("stalls on the road")
    browser.find_element(By.NAME, "photo-01-02").send_keys(str(picture))
    browser.find_element(By.NAME, "found-01-01").send_keys("1")
    browser.find_element(By.NAME, "required-01-01").send_keys("1")


def kept_words(browser: webdriver.Chrome) -> str:
    found = WebDriverWait(browser, 20).until(lambda b: b.find_elements(By.CSS_SELECTOR, ".kept"))
    return str(found[0].text)


def test_nothing_is_lost_without_a_network_and_it_goes_when_there_is_one(
    browser: webdriver.Chrome, session: Session, sheet: str, tmp_path: Path
) -> None:
    picture = tmp_path / "stall.jpg"
    picture.write_bytes(photo())
    browser.get(sheet)
    fill(browser, picture)
    network(browser, OFFLINE)
    browser.find_element(By.CSS_SELECTOR, "form.prints button").click()
    assert kept_words(browser).startswith("No network.")
    network(browser, ONLINE)
    browser.get(sheet)
    assert kept_words(browser).startswith("Filled in earlier")
    assert browser.find_element(By.NAME, "note-01-02").get_attribute("value") == "stalls on the road"
    files = browser.execute_script("return document.querySelector('[name=\"photo-01-02\"]').files.length")
    assert files == 1
    before = browser.find_element(By.TAG_NAME, "main")
    browser.find_element(By.CSS_SELECTOR, "form.prints button").click()
    WebDriverWait(browser, 20).until(lambda _: _gone(before))
    rows = session.exec(select(Observation).order_by(Observation.standard_code)).all()
    assert [(one.result, bool(one.photo)) for one in rows] == [(Result.MET, False), (Result.NOT_MET, True)]
    browser.get(sheet)
    assert "not sent yet" not in browser.page_source.split("<main")[1].split("data-")[0]
    assert not browser.find_elements(By.CSS_SELECTOR, ".kept")


def _gone(element: object) -> bool:
    try:
        element.tag_name  # noqa: B018 - asking is the test
    except Exception:  # noqa: BLE001 - the driver has several names for it
        return True
    return False


def test_what_the_server_refuses_is_shown_by_it_and_stays(
    browser: webdriver.Chrome, session: Session, sheet: str
) -> None:
    browser.get(sheet)
    browser.find_element(By.CSS_SELECTOR, '[name="result-01-02"][value="not_met"]').click()
    browser.find_element(By.CSS_SELECTOR, "form.prints button").click()
    WebDriverWait(browser, 20).until(lambda b: b.find_elements(By.CSS_SELECTOR, '[role="alert"]'))
    chosen = browser.find_element(By.CSS_SELECTOR, '[name="result-01-02"][value="not_met"]')
    assert chosen.is_selected()
    assert session.exec(select(Observation)).all() == []
