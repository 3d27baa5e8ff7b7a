"""Every page in a real browser, in light and dark, on a phone: usable by everybody, and nothing goes wrong unseen.

A page that is new belongs into the table; the first test tells of one that is not.
"""

from dataclasses import dataclass
from pathlib import Path

import pytest
from selenium import webdriver
from sqlmodel import Session

from runtime.settings import PROJECT, Settings
from tests.browser.test_first_page import pytestmark as needs_chromium
from tests.browser.town_to_walk import Walk, furnish, secret_of
from tests.browser.waiting import PATIENCE
from tests.cast import DEPUTY, DUTY, HANDLER, INSPECTOR, OFFICE
from tests.web.attacks.ways_in import ways_of
from web.app import create_app
from web.login import COOKIE

pytestmark = needs_chromium
ADMINISTRATOR, HEADQUARTERS = "R00005", "R00020"
PAGES: dict[str, tuple[str, ...]] = {
    "": (
        "/",
        "/login?role=handler",
        "/login/link",
        "/login/code",
        "/login/key/{key}",
        "/nowhere",
        "/l/{token}",
        "/api/docs",
        *("/s/{key}", "/s/{key}/thanks"),
    ),
    HANDLER: (
        *(
            "/",
            "/desk",
            "/desk/errands",
            "/desk/{pile}",
            "/issues/{number}",
            "/me",
            "/me/contacts",
            "/me/password",
            "/me/second",
        ),
        *("/more", "/issues/{number}?do=comment"),
    ),
    INSPECTOR: ("/audits/{number}/sheets/{key}", "/audits/mine", "/audits/mine/shell"),
    OFFICE: (
        *("/issues", "/bulk", "/map", "/boards", "/boards/wall", "/audits", "/audits/new", "/audits/{number}"),
        *("/evidence/flags", "/evidence/flags/{key}", "/evidence/{key}/redact", "/me/tokens", "/points"),
        *("/boards/hotspots", "/boards/look-backs", "/issues/{number}/sweep"),
        *("/audits/feedback", "/audits/{number}/draw", "/audits/{number}/again"),
        "/audits/{number}/contradictions",
        *("/bulletins", "/bulletins/{key}", "/bulletins/{key}/edit", "/bulletins/{key}/rows"),
        *("/report", "/report/what", "/report/send", "/report/done/{number}", "/report/shell"),
        *("/surveys", "/surveys/new", "/surveys/{code}", "/surveys/{code}/places/{key}"),
        *("/surveys/{code}/replies/{key}", "/surveys/{code}/signs", "/filing", "/filing/{key}"),
        *(
            "/accountability",
            "/accountability/{key}",
            "/accountability/piles/{pile}",
            "/accountability/new",
            "/patrols",
        ),
        *("/instructions", "/instructions/new", "/instructions/{key}"),
        *("/tasks", "/tasks/coverage", "/tasks/coverage/list", "/tasks/progress", "/tasks/letters"),
        *("/tasks/letters/issue", "/tasks/import"),
        *("/scores", "/scores/rounds/{number}", "/scores/rounds/{number}/points/{point}", "/scores/records"),
        *("/scores/rounds/{number}/places/{kind}/{code}", "/scores/months/{month}", "/scores/years/{year}"),
        *("/scores/months/{month}/units/{code}", "/scores/formulae/{code}"),
    ),
    ADMINISTRATOR: (
        *("/accounts", "/accounts/{person}", "/hooks", "/hooks/new", "/hooks/{key}", "/hooks/{key}/change"),
        *("/hooks/{key}/log", "/hooks/{key}/tries", "/admin", "/admin/check", "/admin/posts", "/admin/post"),
        *("/admin/t/{table}", "/admin/t/{table}/row", "/admin/file", "/admin/templates", "/admin/upload"),
        *("/admin/rules", "/admin/rules/versions", "/admin/calendar", "/admin/calendar/notice", "/admin/history"),
        *("/admin/calendar/versions", "/systems", "/systems/{version}", "/systems/compare", "/systems/import"),
    ),
    DUTY: ("/outbox/{token}",),
    DEPUTY: (
        *("/ranking", "/ranking/{month}", "/ranking/{month}/units/{code}", "/appeals", "/appeals/{key}"),
        "/tasks/letters/{number}",
        *("/ranking/{month}/units/{code}?live", "/ranking/{month}/units/{code}/appeal/{number}"),
    ),
    HEADQUARTERS: ("/leaders/me", "/ranking/{month}?live", "/appeals?pile=to_decide", "/appeals/{key}?decide"),
}
ADDRESSES = {
    **{f"/bulletins/{{key}}{page}": f"/bulletins/{{bulletin}}{page}" for page in ("", "/edit", "/rows")},
    "/l/{token}": "{link}",
    "/accountability/{key}": "/accountability/{measure}",
    "/accountability/piles/{pile}": "/accountability/piles/decide",
    "/instructions/{key}": "/instructions/{instruction}",
    "/login/key/{key}": "/login/key/none",
    "/desk/{pile}": "/desk/sign_in",
    "/bulk": "/bulk?issue={asked}:{version}",
    "/issues/{number}?do=comment": "/issues/{asked}?do=ask_extension",
    "/audits/{number}": "/audits/{round}",
    "/audits/{number}/sheets/{key}": "/audits/{round}/sheets/{sheet}",
    **{f"/audits/{{number}}/{page}": f"/audits/{{round}}/{page}" for page in ("draw", "again", "contradictions")},
    "/evidence/flags/{key}": "/evidence/flags/{flag}",
    "/evidence/{key}/redact": "/evidence/{photo}/redact",
    "/report/what": "/report/what?point=P-0001",
    "/report/send": "/report/send?point=P-0001&standard=01-01",
    "/accounts/{person}": "/accounts/R00006",
    "/outbox/{token}": "{outbox}",
    **{f"/s/{{key}}{page}": f"/s/{{sign}}{page}" for page in ("", "/thanks")},
    **{f"/surveys/{{code}}{page}": f"/surveys/{{survey}}{page}" for page in ("", "/signs")},
    "/surveys/{code}/places/{key}": "/surveys/{survey}/places/{place}",
    "/surveys/{code}/replies/{key}": "/surveys/{survey}/replies/{reply}",
    "/filing/{key}": "/filing/{material}",
    "/admin/post": "/admin/post?code=D-CGJ:handler",
    "/admin/t/{table}": "/admin/t/points",
    "/admin/t/{table}/row": "/admin/t/points/row?key=P-0001",
    "/admin/file": "/admin/file?file=templates/zh_CN/overdue_notice.txt",
    "/admin/calendar": "/admin/calendar?year=2027",
    "/systems/{version}": "/systems/CC-2026",
    "/tasks/coverage/list": "/tasks/coverage/list?gap=no_person",
    "/tasks/letters/{number}": "/tasks/letters/{letter}",
    "/systems/compare": "/systems/compare?a=CC-2026&b=CC-2026",
    "/scores/rounds/{number}": "/scores/rounds/{scored}",
    "/scores/rounds/{number}/points/{point}": "/scores/rounds/{scored}/points/P-0001",
    "/scores/rounds/{number}/places/{kind}/{code}": "/scores/rounds/{scored}/places/area/510302",
    "/scores/months/{month}": "/scores/months/2026-10",
    "/scores/months/{month}/units/{code}": "/scores/months/2026-10/units/D-CGJ",
    "/scores/years/{year}": "/scores/years/2026",
    "/scores/formulae/{code}": "/scores/formulae/{formula}",
    "/ranking/{month}": "/ranking/2026-10",
    "/ranking/{month}?live": "/ranking/2026-11",
    "/ranking/{month}/units/{code}?live": "/ranking/2026-11/units/D-CGJ",
    "/ranking/{month}/units/{code}": "/ranking/2026-10/units/D-CGJ",
    "/ranking/{month}/units/{code}/appeal/{number}": "/ranking/2026-10/units/D-CGJ/appeal/{case}",
    "/appeals/{key}": "/appeals/{appeal}",
    "/appeals/{key}?decide": "/appeals/{appeal}",
    **{f"/hooks/{{key}}{page}": f"/hooks/{{hook}}{page}" for page in ("", "/change", "/log", "/tries")},
}
NO_PAGES = frozenset(
    {
        *("/healthz", "/metrics", "/sw.js", "/report/manifest.webmanifest", "/p/{code}", "/login/with/{name}"),
        *("/issues.csv", "/issues.xlsx", "/evidence/{key}", "/evidence/flags/{key}/other", "/l/{token}/photos/{key}"),
        "/l/{token}/videos/{key}",
        *("/uploads/{key}", "/map/points.json", "/map/labels.json", "/report/near.json", "/report/places.json"),
        *("/report/catalogue.json", "/issues/{number}/papers/{key}/word", "/issues/{number}/do/{action}"),
        *(
            "/issues/{number}/papers",
            "/issues/{number}/remind",
            "/admin/export.zip",
            "/admin/file/as-it-is",
            "/admin/change",
        ),
        *("/ranking/{month}.xlsx", "/scores/months/{month}.xlsx", "/scores/rounds/{number}.xlsx"),
        *("/accountability/{key}/paper/word", "/leaders"),
        *("/bulletins/{key}/word", "/bulletins/{key}/excel", "/bulletins/{key}/photos/{evidence}"),
        *("/audits/{number}/sheets.xlsx", "/audits/{number}/frame.csv", "/audits/sw.js", "/audits/mine/sheets.json"),
        *("/systems/{version}/workbook", "/systems/compare/workbook"),
        *("/filing/list.xlsx", "/filing/{key}/files/{file}", "/surveys/{code}/results.xlsx"),
        *("/tasks/coverage.xlsx", "/tasks/table.xlsx", "/tasks/letters/{number}/word"),
        *("/admin/t/{table}/suggest", "/admin/post/persons"),
    }
)
"""Files, data, and addresses that only lead on."""
PARTS = frozenset({"/desk/left", "/issues/{number}/left", "/audits/{number}/progress", "/report/known"})
"""Pieces that a page loads into itself."""
ELSEWHERE = frozenset(
    {
        *("/login/second", "/login/back/{name}", "/issues/{number}/papers/{key}", "/points/signs"),
        *("/surveys/{code}/signs/print", "/tasks/letters/{number}/page"),
        "/accountability/{key}/paper",
        *("/admin/t/{table}/end", "/admin/history/file"),
    }
)
"""Shown only after something else: see test_log_in, test_admin, and those of papers and signs, which are printed."""
REFUSED = {"/nowhere": 404, "/login/key/{key}": 410}
AXE = PROJECT / "node_modules" / "axe-core" / "axe.min.js"
FAULTS = """const [dark, done] = arguments, wall = location.pathname === '/boards/wall';
  const theme = () => document.documentElement.dataset.bsTheme || '';
  const all = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];
  const only = dark ? {type: 'rule', values: ['color-contrast', 'link-in-text-block']} : {type: 'tag', values: all};
  const rules = dark ? {} : {'target-size': {enabled: false}};
  const run = () => axe.run(document, {runOnly: only, rules, resultTypes: ['violations']})
  .then((found) => done([...(!wall && theme().includes(dark ? 'light' : 'dark') ? ['the other theme'] : []),
  ...found.violations.flatMap((one) => one.nodes.map((node) => `${one.id}: ` + node.html.slice(0, 140)))]));
  requestAnimationFrame(() => requestAnimationFrame(run))"""
"""Sizes of what is touched are measured by the pages' own tests; axe leaves out what a bar covers just now."""
SEEN = """const [status, path, width] = arguments, root = document.documentElement, found = [];
  const got = performance.getEntriesByType('navigation')[0].responseStatus;
  if (got !== status || location.pathname !== path) found.push(`${got} at ${location.pathname}`);
  const beyond = (one) => one.getBoundingClientRect().right > width;
  if (root.scrollWidth > width)
    found.push(`${root.scrollWidth} px wide: ${[...document.querySelectorAll('main *')].find(beyond)?.outerHTML}`);
  if (!root.lang) found.push('no lang');
  return found"""
WIDTH = 390


@dataclass(frozen=True)
class Tour:
    """A browser as a phone, and a furnished city."""

    driver: webdriver.Chrome
    session: Session
    root: str
    walk: Walk

    def become(self, person: str) -> None:
        self.driver.get(f"{self.root}login")
        self.driver.delete_all_cookies()
        if person:
            self.driver.add_cookie({"name": COOKIE, "value": secret_of(self.session, person), "path": "/"})

    def scheme(self, name: str) -> None:
        """What the device says."""
        features = [
            {"name": "prefers-color-scheme", "value": name},
            {"name": "prefers-reduced-motion", "value": "reduce"},
        ]
        self.driver.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": features})

    def faults(self, path: str, how: str) -> list[str]:
        """What is wrong with a page."""
        self.scheme("light")
        address = self.walk.at(ADDRESSES.get(path, path))
        joint = "&" if "?" in address else "?"
        self.driver.get(f"{self.root}{address[1:]}{joint}{how}")
        asked = (REFUSED.get(path, 200), address.partition("?")[0], WIDTH)
        found = self.driver.execute_script(SEEN, *asked) + self.driver.execute_async_script(FAULTS, False)
        self.scheme("dark")
        found += [f"dark: {one}" for one in self.driver.execute_async_script(FAULTS, True)]
        return [*found, *self.told(path)]

    def told(self, path: str) -> list[str]:
        """What the browser complains of: errors of scripts, files that are missing, what the policy forbids."""
        said = [one["message"] for one in self.driver.get_log("browser") if one["level"] in ("SEVERE", "WARNING")]
        return [one for one in said if not (path in REFUSED and f"status of {REFUSED[path]}" in one)]


@pytest.fixture
def tour(page: str, browser: webdriver.Chrome, session: Session, tmp_path: Path) -> Tour:
    walk = furnish(session, tmp_path, page)
    screen = {"width": WIDTH, "height": 844, "deviceScaleFactor": 1, "mobile": True}
    browser.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", screen)
    browser.execute_cdp_cmd("Page.addScriptToEvaluateOnNewDocument", {"source": AXE.read_text("utf-8")})
    here = {"latitude": 29.3514, "longitude": 104.7858, "accuracy": 12}
    browser.execute_cdp_cmd("Emulation.setGeolocationOverride", here)
    browser.set_script_timeout(2 * PATIENCE)
    return Tour(browser, session, page, walk)


def test_every_page_is_in_the_table(tmp_path: Path) -> None:
    app = create_app(Settings(home=tmp_path))
    there = {way.path for way in ways_of(app) if way.method == "GET" and not way.api}
    known = {path.partition("?")[0] for several in PAGES.values() for path in several} - {"/nowhere"}
    known = {path.replace("/login/key/{key}", "/login/key/{token}") for path in known}
    assert there - known - NO_PAGES - PARTS - ELSEWHERE == set()
    assert known - there == set()


@pytest.mark.skipif(not AXE.exists(), reason="needs axe-core from npm")
@pytest.mark.parametrize("how", ["lang=zh-CN", "lang=en&large=1"])
def test_everybody_can_use_every_page(tour: Tour, how: str) -> None:
    wrong: dict[str, list[str]] = {}
    for person, several in PAGES.items():
        tour.become(person)
        for path in several:
            found = tour.faults(path, how)
            wrong |= {f"{person} {path}": found} if found else {}
    assert wrong == {}
