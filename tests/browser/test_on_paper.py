"""Printed: what a page is about, black on white also from a dark screen, and no controls."""

import pytest

from tests.browser.test_every_page import Tour
from tests.browser.test_every_page import tour as tour
from tests.browser.test_first_page import pytestmark as needs_chromium
from tests.cast import HANDLER, INSPECTOR, OFFICE

pytestmark = needs_chromium
ON_PAPER = """const seen = (one) => one.checkVisibility({visibilityProperty: true}), found = [];
  for (const one of document.querySelectorAll('button, .btn, select, input:not([type=radio]), nav a, .top, .foot'))
    if (seen(one)) found.push('a control: ' + one.outerHTML.slice(0, 120));
  const light = (colour) => colour.match(/[\\d.]+/g).slice(0, 3).reduce((sum, one) => sum + Number(one), 0) / 3;
  for (const one of document.querySelectorAll('main *:not(.visually-hidden)'))
    if (seen(one) && [...one.childNodes].some((of) => of.nodeType === 3 && of.data.trim()))
      if (light(getComputedStyle(one).color) > 128) found.push('pale: ' + one.outerHTML.slice(0, 120));
  if (light(getComputedStyle(document.body).backgroundColor) < 250) found.push('a dark ground');
  if (document.documentElement.scrollWidth > innerWidth) found.push('wider than the paper');
  return found"""
PAGES = [
    (HANDLER, "/issues/{number}", ["ZG-2026-000001", "垃圾桶满溢", "提交整改"]),
    (OFFICE, "/issues", ["ZG-2026-000002", "垃圾桶满溢", "自贡市城市管理局"]),
    (OFFICE, "/boards", ["自贡市", "自流井区", "未结问题"]),
    (OFFICE, "/audits/{round}", ["高山井社区大道", "已填检查表"]),
    (INSPECTOR, "/audits/{round}/sheets/{sheet}", ["01-02", "无占道经营、乱停", "不适用", "发现的情况"]),
    ("", "{link}", ["签收", "ZG-2026-000002", "第一网格"]),
]


@pytest.mark.parametrize(("person", "path", "words"), PAGES)
def test_a_page_is_printed_with_what_it_is_about(tour: Tour, person: str, path: str, words: list[str]) -> None:
    tour.become(person)
    paper = {"width": 718, "height": 1000, "deviceScaleFactor": 1, "mobile": False}
    tour.driver.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", paper)
    tour.driver.get(f"{tour.root}{tour.walk.at(path)[1:]}?theme=dark&lang=zh-CN")

    tour.driver.execute_cdp_cmd("Emulation.setEmulatedMedia", {"media": "print"})

    shown = tour.driver.find_element("tag name", "main").text
    assert [word for word in words if word not in shown] == []
    assert tour.driver.execute_script(ON_PAPER) == []
