"""By the keyboard alone: order, what is in focus is seen, nothing is too small to be touched."""

from dataclasses import dataclass
from itertools import pairwise

import pytest
from selenium import webdriver
from selenium.webdriver.common.action_chains import ActionChains
from selenium.webdriver.common.by import By
from selenium.webdriver.support.wait import WebDriverWait

from tests.browser.test_every_page import ADDRESSES, PAGES, Tour
from tests.browser.test_every_page import tour as tour
from tests.browser.test_first_page import pytestmark as needs_chromium
from tests.browser.waiting import PATIENCE, wait_for_rest
from tests.cast import HANDLER, OFFICE

pytestmark = [*needs_chromium, pytest.mark.timeout(400)]
MOST = 400
"""Stops of a page: who has gone that far goes round in circles."""
STOP = """const one = document.activeElement, name = (of) => (of.outerHTML || '').slice(0, 110);
  if (!one || one === document.body || one === document.documentElement) return null;
  let at = getComputedStyle(one).display === 'inline' ? one.getClientRects()[0] : one.getBoundingClientRect();
  const look = getComputedStyle(one), wrong = [];
  const shape = one.closest('label') || (one.labels && one.labels[0]) || null;
  if (one.classList.contains('visually-hidden') && shape) at = shape.getBoundingClientRect();
  const drawn = (line) => line.outlineStyle !== 'none' && parseFloat(line.outlineWidth) >= 2;
  const ring = (of) => of && drawn(getComputedStyle(of));
  if (!ring(one) && !ring(shape) && one.tagName !== 'rect') wrong.push('no ring: ' + name(one));
  const points = [[.5, .5], [.5, .1], [.5, .9]].map(([x, y]) => [at.left + at.width * x, at.top + at.height * y]);
  const mine = (under) => under && (one.contains(under) || under.contains(one) || shape?.contains(under));
  const seen = points.filter(([x, y]) => mine(document.elementFromPoint(x, y))).length;
  if (seen < (at.height > innerHeight / 3 ? 1 : 3)) wrong.push(`${seen}/3 seen at ${Math.round(at.top)}: ` + name(one));
  let fixed = false;
  const rolls = (up) => up !== document.body && up.scrollHeight > up.clientHeight
    && /auto|scroll/.test(getComputedStyle(up).overflowY);
  for (let up = one.parentElement; up && up !== document.documentElement; up = up.parentElement) fixed ||= rolls(up);
  for (let up = one; up; up = up.parentElement) fixed ||= ['fixed', 'sticky'].includes(getComputedStyle(up).position);
  return {wrong, fixed, name: name(one), key: one.dataset.stop ||= String(Math.random()),
    left: at.left, right: at.right, top: at.top + scrollY, bottom: at.bottom + scrollY}"""
NOTE = f"""window.stops = [];
  const stop = () => {{ {STOP} }};
  addEventListener('keyup', () => window.stops.push(stop()), true)"""
"""What each key leads to is noted in the page: to ask for every single one takes longer than to go there."""
AT_ONCE = 40
TOUCHED = """const found = [], least = arguments[0];
  for (const one of document.querySelectorAll('details')) one.open = true;
  const all = 'a[href], button, input:not([type=hidden]), select, textarea, summary, [role=button]';
  for (const one of document.querySelectorAll(all)) {
    if (!one.checkVisibility({visibilityProperty: true})) continue;
    if (one.closest('.leaflet-control-attribution, .placed-mark')) continue;
    const sizes = [one, one.closest('label'), ...(one.labels || [])].filter(Boolean)
      .map((of) => of.getBoundingClientRect()).filter((of) => of.width > 1);
    if (!sizes.length) continue;
    const height = Math.max(...sizes.map((of) => of.height)), width = Math.max(...sizes.map((of) => of.width));
    const words = one.parentElement.cloneNode(true);
    for (const inner of words.querySelectorAll(all)) inner.remove();
    const inLine = one.tagName === 'A' && getComputedStyle(one).display === 'inline';
    const inText = inLine && words.textContent.trim().length > 3;
    if (!inText && (Math.round(height) < least || Math.round(width) < 24))
      found.push(`${Math.round(width)}x${Math.round(height)} ${one.outerHTML.slice(0, 120)}`);
  }
  return found"""


@dataclass(frozen=True)
class Keys:
    driver: webdriver.Chrome

    def press(self, key: str, code: int) -> None:
        for kind in ("rawKeyDown", "keyUp"):
            event = {"type": kind, "key": key, "code": key, "windowsVirtualKeyCode": code}
            self.driver.execute_cdp_cmd("Input.dispatchKeyEvent", event)

    def stops(self) -> list[dict]:
        """Where the tab key leads, in its order, from the top of the page to its end."""
        wait_for_rest(self.driver)
        self.driver.execute_script(NOTE)
        noted: list[dict | None] = []
        while len(noted) < MOST:
            ActionChains(self.driver, duration=0).send_keys("\ue004" * AT_ONCE).perform()
            noted = self.driver.execute_script("return window.stops")
            if (end := _end_of(noted)) is not None:
                return [stop for stop in noted[:end] if stop]
        return [*filter(None, noted), {**(noted[-1] or {}), "wrong": [f"no end after {MOST} stops"]}]


def _end_of(noted: list[dict | None]) -> int | None:
    """After how many stops the page ended, or began again; none yet."""
    first = noted[0]
    ends = (n for n, stop in enumerate(noted) if stop is None or (first and n and stop["key"] == first["key"]))
    return next(ends, None)


def _against_sight(stops: list[dict]) -> list[str]:
    """Jumps up the page within a column. What is fixed to the screen's edges has no place on the page."""
    still = [stop for stop in stops if not stop["fixed"]]
    return [
        f"up from {before['name']} to {after['name']}"
        for before, after in pairwise(still)
        if after["bottom"] <= before["top"] and after["left"] < before["right"] and before["left"] < after["right"]
    ]


def told(wrong: dict[str, list[str]]) -> str:
    return "\n".join(f"{page}: {one}" for page, several in wrong.items() for one in several)


@pytest.mark.parametrize("width", [390, 1440])
def test_the_tab_key_goes_down_the_page_and_what_it_stops_at_is_seen(tour: Tour, width: int) -> None:
    screen = {"width": width, "height": 844, "deviceScaleFactor": 1, "mobile": width < 500}
    tour.driver.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", screen)
    wrong: dict[str, list[str]] = {}
    for person, several in PAGES.items():
        tour.become(person)
        for path in several:
            tour.driver.get(tour.root + tour.walk.at(ADDRESSES.get(path, path))[1:])
            stops = Keys(tour.driver).stops()
            found = [fault for stop in stops for fault in stop["wrong"]] + _against_sight(stops)
            wrong |= {f"{person} {path}": found} if found or not (stops or path == "/boards/wall") else {}
    assert wrong == {}, told(wrong)


def test_a_thumb_hits_everything(tour: Tour) -> None:
    wrong: dict[str, list[str]] = {}
    for person, several in PAGES.items():
        tour.become(person)
        for path in several:
            tour.driver.get(tour.root + tour.walk.at(ADDRESSES.get(path, path))[1:])
            found = tour.driver.execute_script(TOUCHED, 44)
            wrong |= {f"{person} {path}": found} if found else {}
    assert wrong == {}, told(wrong)


def test_the_first_stop_leads_past_the_menu(tour: Tour) -> None:
    tour.become(HANDLER)
    tour.driver.get(f"{tour.root}desk")
    keys = Keys(tour.driver)
    keys.press("Tab", 9)
    assert tour.driver.switch_to.active_element.get_attribute("href").endswith("#main")

    tour.driver.switch_to.active_element.send_keys("\n")
    keys.press("Tab", 9)

    assert tour.driver.execute_script("return document.activeElement.closest('main') !== null")


def test_a_form_that_folds_out_is_opened_and_filled_in_by_keys(tour: Tour) -> None:
    tour.become(HANDLER)
    tour.driver.get(f"{tour.root}issues/{tour.walk.asked}?lang=zh-CN")
    summary = tour.driver.find_element(By.XPATH, "//summary[text()='退回']")
    summary.send_keys("\n")
    Keys(tour.driver).press("Tab", 9)

    tour.driver.switch_to.active_element.send_keys("不归我们管")

    assert summary.find_element(By.XPATH, "..//textarea").get_attribute("value") == "不归我们管"


def test_escape_closes_what_lies_over_the_page(tour: Tour) -> None:
    tour.become(OFFICE)
    tour.driver.get(f"{tour.root}report")
    WebDriverWait(tour.driver, PATIENCE).until(lambda driver: driver.find_element(By.ID, "scan").is_displayed())
    tour.driver.find_element(By.ID, "scan").send_keys("\n")
    assert tour.driver.find_element(By.ID, "scanner").is_displayed()

    Keys(tour.driver).press("Escape", 27)

    assert not tour.driver.find_element(By.ID, "scanner").is_displayed()
    assert tour.driver.switch_to.active_element.get_attribute("id") == "scan"


def test_the_list_beside_the_map_leads_to_every_issue_on_it(tour: Tour) -> None:
    tour.become(OFFICE)
    tour.driver.get(f"{tour.root}map")
    WebDriverWait(tour.driver, PATIENCE).until(
        lambda driver: driver.find_elements(By.CSS_SELECTOR, ".pile, .placed-mark")
    )

    beside = {one.text for one in tour.driver.find_elements(By.CSS_SELECTOR, "#beside-lines a")}

    assert {tour.walk.number, tour.walk.asked} < beside
