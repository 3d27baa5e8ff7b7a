"""Nothing that is being read or aimed at jumps aside while a page loads."""

import pytest

from tests.browser.test_every_page import ADDRESSES, PAGES, Tour
from tests.browser.test_every_page import tour as tour
from tests.browser.test_first_page import pytestmark as needs_chromium

pytestmark = [*needs_chromium, pytest.mark.timeout(400)]
MOST = 0.02
"""Share of the screen times share of the way, as browsers count; 0.1 is called good."""
QUIET = 250
"""Milliseconds without a file fetched and without a shift: then the page has come to rest."""
SHIFTS = """const [quiet, done] = arguments, shifts = [];
  let last = performance.now(), fetched = 0;
  const note = (list) => { for (const one of list.getEntries()) if (!one.hadRecentInput) { last = performance.now();
    shifts.push([one.value, one.sources.map((of) => `${of.previousRect.y}→${of.currentRect.y} `
      + (of.node?.outerHTML || of.node?.textContent || '?').slice(0, 120)).join(' | ')]); } };
  new PerformanceObserver(note).observe({type: 'layout-shift', buffered: true});
  const look = () => {
    const now = performance.getEntriesByType('resource').length;
    if (now !== fetched || document.readyState !== 'complete') { fetched = now; last = performance.now(); }
    if (performance.now() - last > quiet) done(shifts); else requestAnimationFrame(look);
  };
  look()"""


@pytest.mark.parametrize("width", [390, 1440])
def test_no_page_moves_while_it_loads(tour: Tour, width: int) -> None:
    screen = {"width": width, "height": 844, "deviceScaleFactor": 1, "mobile": width < 500}
    tour.driver.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", screen)
    wrong: dict[str, object] = {}
    for person, several in PAGES.items():
        tour.become(person)
        tour.driver.execute_cdp_cmd("Network.clearBrowserCache", {})
        for path in several:
            tour.driver.get(tour.root + tour.walk.at(ADDRESSES.get(path, path))[1:])
            shifts = tour.driver.execute_async_script(SHIFTS, QUIET)
            if sum(value for value, _what in shifts) >= MOST:
                wrong[f"{person} {path}"] = shifts
    assert wrong == {}, wrong
