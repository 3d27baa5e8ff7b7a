"""Waiting in a real browser."""

from selenium import webdriver
from selenium.common.exceptions import WebDriverException
from selenium.webdriver.remote.webelement import WebElement
from selenium.webdriver.support.expected_conditions import staleness_of
from selenium.webdriver.support.wait import WebDriverWait

PATIENCE = 60
"""Seconds until something that a page will do at once on a free core counts as not done: what is waited for comes
long before, but two cores may be shared by two browsers, two servers and a database."""
AT_REST = """const done = arguments[0];
  let last = performance.now(), fetched = 0;
  const look = () => {
    const now = performance.getEntriesByType('resource').length;
    if (now !== fetched || document.readyState !== 'complete') { fetched = now; last = performance.now(); }
    if (performance.now() - last > 150) done(); else requestAnimationFrame(look);
  };
  look()"""


def wait_for_rest(driver: webdriver.Chrome) -> None:
    """Until nothing was fetched for a moment: what a page loads into itself has come, and moves nothing any more."""
    driver.execute_async_script(AT_REST)


def wait_until_gone(driver: webdriver.Chrome, element: WebElement) -> None:
    """Until the page with this element has made way for the next one.

    Asked in the very moment of the change, the driver does not say "stale" but that it met an error: asked once more.
    """
    WebDriverWait(driver, PATIENCE, ignored_exceptions=[WebDriverException]).until(staleness_of(element))
