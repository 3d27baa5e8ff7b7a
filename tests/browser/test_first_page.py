"""The first page in a real browser, on a phone and on a desk, in both languages."""

import pytest
from selenium import webdriver
from selenium.webdriver.common.by import By

from tests.browser.conftest import CHROMIUM, DRIVER

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(not (CHROMIUM and DRIVER), reason="needs chromium and chromedriver"),
]


@pytest.mark.parametrize("width", [390, 1440])
@pytest.mark.parametrize(("lang", "heading"), [("zh-CN", "自贡市"), ("en", "Zigong")])
def test_the_page_fits_its_screen(page: str, browser: webdriver.Chrome, width: int, lang: str, heading: str) -> None:
    screen = {"width": width, "height": 850, "deviceScaleFactor": 1, "mobile": width < 500}
    browser.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", screen)

    browser.get(f"{page}?lang={lang}")

    assert heading in browser.find_element(By.TAG_NAME, "h1").text
    assert browser.execute_script("return document.documentElement.scrollWidth") <= width
    assert [line for line in browser.get_log("browser") if line["level"] == "SEVERE"] == []


def test_the_language_switch_works_without_scripts(page: str, browser: webdriver.Chrome) -> None:
    browser.get(f"{page}?lang=zh-CN")
    browser.find_element(By.LINK_TEXT, "English").click()
    browser.get(page)

    assert browser.find_element(By.TAG_NAME, "html").get_attribute("lang") == "en"
