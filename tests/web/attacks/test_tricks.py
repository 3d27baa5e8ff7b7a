"""Tricks in addresses, filters and forms: every one is told off, none makes the application fail or wait."""

import httpx
import pytest
from sqlmodel import Session

from tests.cast import OFFICE, an_issue
from tests.web.attacks.ways_in import WayIn, ways_in
from tests.web.link_desk import set_clock
from tests.web.visitor import log_in
from web.lists.asked import NAMES

ODD = (
    "'; DROP TABLE issue;--",
    "x' OR 1=1) UNION SELECT 1--",
    "\x00",
    "%",
    "-1",
    "9" * 40,
    "../../../etc/passwd",
    "1e400",
    "\ud7ff\U0001f600\u202e",
    "(a+)+$" * 8,
    "[0,1]",
    "NaN",
)
LISTS = ("/issues", "/issues.csv", "/issues.xlsx", "/map", "/map/points.json")
FILTERS = (*NAMES, "bounds", "zoom")
REPORT = ("place", "upload", "drop", "point", "lat")


@pytest.fixture
def office(city: Session, client: httpx.AsyncClient) -> httpx.AsyncClient:
    set_clock(city)
    an_issue(city)
    city.commit()
    log_in(city, client, OFFICE)
    return client


async def test_nothing_odd_in_a_filter_or_an_order_makes_a_page_fail(office: httpx.AsyncClient) -> None:
    failed = []
    for n, name in enumerate(FILTERS):
        for m, path in enumerate(LISTS):
            answer = await office.get(path, params={name: ODD[(n + 5 * m) % len(ODD)]})
            failed += [(path, name, answer.status_code)] if answer.status_code >= 500 else []
    assert failed == []


async def test_nothing_odd_in_an_address_makes_a_page_fail(office: httpx.AsyncClient) -> None:
    failed = []
    for n, way in enumerate(ways_in(office)):
        for odd in (ODD[n % len(ODD)], ODD[(n + 7) % len(ODD)]) if way.safe else (ODD[n % len(ODD)],):
            answer = await _tried(office, way, odd)
            failed += [(str(way), odd, answer.status_code)] if answer.status_code >= 500 else []
    assert failed == []


async def _tried(client: httpx.AsyncClient, way: WayIn, odd: str) -> httpx.Response:
    """The odd value in every parameter of the path and of the query."""
    quoted = str(httpx.QueryParams({"x": odd}))[2:].replace("+", "%20")
    address = way.address(**dict.fromkeys(way.parameters, quoted))
    queries = dict.fromkeys((*way.queries, *REPORT), odd) if way.safe else {}
    return await client.request(way.method, address, params=queries or None)


FORM = "application/x-www-form-urlencoded"
BODIES = {
    "nothing": {"content": b""},
    "json": {"content": b'{"a": [1]}', "headers": {"content-type": "application/json"}},
    "broken json": {"content": b"{" * 5000, "headers": {"content-type": "application/json"}},
    "a form without its end": {
        "content": b'--x\r\nContent-Disposition: form-data; name="text"\r\n\r\nabc',
        "headers": {"content-type": "multipart/form-data; boundary=x"},
    },
    "no boundary": {"content": b"abc", "headers": {"content-type": "multipart/form-data"}},
    "bytes": {"content": b"text=\xff\xfe%00%ff&key=%00", "headers": {"content-type": FORM}},
    "many fields": {"data": {f"f{n}": "1" for n in range(2500)}},
    "odd values": {"data": dict.fromkeys(("text", "reason", "key", "version", "events", "point", "name"), ODD[5])},
    "a file for a text": {"files": {"text": ("a.txt", b"x"), "key": ("b", b"y"), "version": ("c", b"1")}},
}


async def test_no_broken_form_makes_a_page_fail(office: httpx.AsyncClient) -> None:
    """Each way gets three of them, each of them comes to many ways."""
    failed, bodies = [], list(BODIES)
    for n, way in enumerate(way for way in ways_in(office) if not way.safe and way.path != "/logout"):
        for name in (bodies[(n + m) % len(bodies)] for m in (0, 3, 6)):
            answer = await office.request(way.method, way.address(), **BODIES[name])
            failed += [(str(way), name, answer.status_code)] if answer.status_code >= 500 else []
    assert failed == []


@pytest.mark.parametrize("root", ["/static/", "/vendor/"])
async def test_no_address_leads_out_of_the_folder_of_files(client: httpx.AsyncClient, root: str) -> None:
    ups = ("../app.py", "..%2fapp.py", "%2e%2e/app.py", "..%5capp.py", "....//app.py", "/etc/passwd", "%00")
    for up in ups:
        answer = await client.get(httpx.URL(f"http://duban{root}", raw_path=f"{root}{up}".encode()))
        assert answer.status_code in (400, 404, 405), up
        assert "import" not in answer.text
