"""Read from very near: four times as large on a small screen, and in large type on a phone. Nothing is cut."""

import pytest

from tests.browser.test_every_page import ADDRESSES, PAGES, SEEN, Tour
from tests.browser.test_every_page import tour as tour
from tests.browser.test_first_page import pytestmark as needs_chromium

pytestmark = [*needs_chromium, pytest.mark.timeout(400)]
CUT = """const found = [], UNSEEN = '.leaflet-container, .visually-hidden, .hidden, caption, thead';
  const TYPED = 'select, input, textarea, option, meter, progress';
  for (const one of document.querySelectorAll('details')) one.open = true;
  for (const one of document.querySelectorAll('main *, header *, footer *')) {
    const look = getComputedStyle(one), words = [...one.childNodes].some((of) => of.nodeType === 3 && of.data.trim());
    if (!one.checkVisibility({visibilityProperty: true}) || one.closest(UNSEEN) || one.matches(TYPED)) continue;
    if (look.position === 'absolute' || look.webkitLineClamp !== 'none') continue;
    const cut = one.scrollWidth > one.clientWidth + 1 && look.display !== 'inline';
    const scrolls = /auto|scroll/.test(look.overflowX);
    if (words && cut && !scrolls)
      found.push(`cut, ${one.scrollWidth} in ${one.clientWidth}: ${one.outerHTML.slice(0, 120)}`);
  }
  return found"""
"""Words that are wider than what they stand in. What scrolls by itself (tables, chips) does not count."""


@pytest.mark.parametrize(
    ("width", "height", "how"), [(320, 256, "lang=zh-CN"), (320, 256, "lang=en"), (390, 844, "lang=zh-CN&large=1")]
)
def test_nothing_is_cut(tour: Tour, width: int, height: int, how: str) -> None:
    screen = {"width": width, "height": height, "deviceScaleFactor": 1, "mobile": True}
    tour.driver.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", screen)
    wrong: list[str] = []
    for person, several in PAGES.items():
        tour.become(person)
        for path in several:
            address = tour.walk.at(ADDRESSES.get(path, path))
            tour.driver.get(f"{tour.root}{address[1:]}{'&' if '?' in address else '?'}{how}")
            status = tour.driver.execute_script("return performance.getEntriesByType('navigation')[0].responseStatus")
            found = tour.driver.execute_script(SEEN, status, address.partition("?")[0], width)
            wrong += [f"{person} {path}: {one}" for one in found + tour.driver.execute_script(CUT)]
    assert not wrong, "\n".join(wrong)
