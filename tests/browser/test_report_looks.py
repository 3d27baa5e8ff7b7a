"""The pages to report on, on a phone and a desk, light and dark, in both languages: usable by everybody."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from sqlmodel import Session

from runtime.settings import PROJECT
from tests.browser.report_desk import AT_P1, Phone, application
from tests.browser.test_first_page import pytestmark as needs_chromium
from tests.browser.test_report import fill_in, shot
from tests.cast import OFFICE, an_issue, read
from tests.small_city import a_city

pytestmark = needs_chromium
AXE = PROJECT / "node_modules" / "axe-core" / "axe.min.js"
SMALL = """return [...document.querySelectorAll(`main a, main button, main select, main textarea, main label.btn,
  main input:not([type=hidden], .visually-hidden)`)].filter((one) => one.offsetParent && !one.closest('.radio, .drop')
  && (one.offsetHeight < 44 || one.offsetWidth < 44)).map((one) => one.outerHTML.slice(0, 90))"""
FAULTS = """const done = arguments[0], tags = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];
  axe.run(document, {runOnly: tags, rules: {'target-size': {enabled: false}}}).then((found) =>
  done(found.violations.flatMap((one) => one.nodes.map((node) => one.id + ': ' + node.html.slice(0, 120)))))"""
"""Sizes of what is touched are measured by SMALL, which asks for more; axe leaves out what a bar covers just now."""
LOOKS = [(390, "zh-CN", "light"), (390, "en", "dark"), (1440, "en", "light"), (1440, "zh-CN", "dark")]


@pytest.fixture
def phone(session: Session, database_url: str, tmp_path: Path) -> Iterator[Phone]:
    """In the hand of the office, at P-0001, where one issue is known and one draft waits."""
    a_city(session)
    session.commit()
    with application(database_url, tmp_path / "home") as line:
        made = Phone(f"http://127.0.0.1:{line.port}")
        made.stand_at(**AT_P1)
        made.log_in(session, OFFICE)
        made.number = read(session, an_issue(session, standard="01-02")).number
        session.commit()
        made.photo = shot(tmp_path, size=(640, 480))
        yield made
        made.driver.quit()


def first(phone: Phone) -> None:
    phone.open("/report")
    phone.ready()
    phone.one("#pick").send_keys(str(phone.photo))
    phone.wait(lambda: phone.all("#shots li") and phone.all("#places li"))


def second(phone: Phone) -> None:
    phone.open("/report?point=P-0002#2")
    phone.ready()
    phone.wait(lambda: phone.all("#rules li"))


def third(phone: Phone) -> None:
    phone.open("/report?point=P-0001")
    fill_in(phone, phone.photo, "商户占道摆摊，堵了盲道")
    phone.wait(lambda: phone.all("#known button"))


def drafts(phone: Phone) -> None:
    phone.open("/report?point=P-0002#drafts")
    phone.ready()
    phone.wait(lambda: phone.all(".draft"))


def scanner(phone: Phone) -> None:
    phone.open("/report")
    phone.ready()
    phone.tap("#scan")
    phone.wait(lambda: phone.one("#scanner").is_displayed())


def shell(phone: Phone) -> None:
    phone.open("/report/shell")
    phone.ready()


def plain(path: str) -> Callable[[Phone], None]:
    """A page as a browser without scripts shows it."""

    def show(phone: Phone) -> None:
        phone.open(path.format(number=phone.number))
        phone.run("document.documentElement.classList.remove('js')")

    return show


PAGES: dict[str, Callable[[Phone], None]] = {
    "first": first,
    "second": second,
    "third": third,
    "drafts": drafts,
    "scanner": scanner,
    "plain-first": plain("/report?point=P-0001&q=五星"),
    "plain-what": plain("/report/what?area=510302001002"),
    "plain-rules": plain("/report/what?point=P-0001"),
    "plain-send": plain("/report/send?point=P-0001&standard=01-02"),
    "shell": shell,
    "done": plain("/report/done/{number}"),
}


@pytest.mark.parametrize(("width", "lang", "theme"), LOOKS)
def test_everybody_can_use_the_pages(phone: Phone, width: int, lang: str, theme: str, tmp_path: Path) -> None:
    phone.screen(width, 844 if width < 500 else 900)
    phone.open(f"/more?lang={lang}&theme={theme}")
    wrong = {}
    for name, show in PAGES.items():
        show(phone)
        phone.run(AXE.read_text("utf-8"))
        faults = phone.driver.execute_async_script(FAULTS)
        small = phone.run(SMALL) if width < 500 else []
        wide = phone.run("return document.documentElement.scrollWidth") - width
        wrong |= {name: found} if (found := [*faults, *small, *([wide] if wide > 0 else [])]) else {}
        phone.driver.save_screenshot(str(tmp_path / f"{name}.png"))
    assert wrong == {}
    assert phone.errors() == []
