"""Waiting in a real browser."""

from selenium import webdriver
from selenium.common.exceptions import WebDriverException
from selenium.webdriver.remote.webelement import WebElement
from selenium.webdriver.support.expected_conditions import staleness_of
from selenium.webdriver.support.wait import WebDriverWait


def wait_until_gone(driver: webdriver.Chrome, element: WebElement) -> None:
    """Until the page with this element has made way for the next one.

    Asked in the very moment of the change, the driver does not say "stale" but that it met an error: asked once more.
    """
    WebDriverWait(driver, 20, ignored_exceptions=[WebDriverException]).until(staleness_of(element))
