"""Words that would act as part of a page, in every text that people or files bring in: pages show them as words."""

from collections.abc import Sequence
from datetime import timedelta
from html.parser import HTMLParser
from pathlib import Path

import httpx
import pytest
from sqlalchemy import text
from sqlmodel import Session

from models.api import ApiScope
from runtime import clock
from services import issues, requests, saved_views, tokens
from tests.cast import DIRECT, HANDLER, INSPECTOR, MONDAY, OFFICE, an_issue, read, who
from tests.services.evidence.handed import attach, hand_in, looked
from tests.services.evidence.pictures import photo
from tests.web.attacks.ways_in import ways_in
from tests.web.issue.desk import as_person
from tests.web.link_desk import set_clock

EVIL = """"'></script></textarea><attack onload=x>"""
TEXTS = (
    ("area", "name"),
    ("unit", "name"),
    ("person", "name"),
    ("post", "title"),
    ("point", "name"),
    ("category", "name"),
    ("category", "name_en"),
    ("standard", "text"),
    ("standard", "text_en"),
    ("evaluation_version", "name"),
    ("task", "campaign"),
    ("city", "name"),
    ("city", "name_en"),
    ("contact", "address"),
)


class Attacked(HTMLParser):
    """Finds what an attack would have made: its element, a script of its own, an attribute that acts."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.found: list[str] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: Sequence[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        acts = [name for name in given if name.startswith(("on", "hx-on"))]
        script = tag == "script" and "src" not in given and given.get("type") != "application/json"
        to = (given.get("href") or given.get("src") or given.get("action") or "").strip().lower()
        if tag == "attack" or acts or script or to.startswith(("javascript:", "vbscript:")):
            self.found.append(self.get_starttag_text() or tag)


@pytest.fixture
def issue(city: Session, client: httpx.AsyncClient, tmp_path: Path) -> str:
    """With hostile words wherever words can stand; its number."""
    set_clock(city)
    for table, column in TEXTS:
        city.connection().execute(text(f"UPDATE {table} SET {column} = {column} || :evil"), {"evil": EVIL})
    folder = tmp_path / "evidence"
    folder.mkdir()
    key = an_issue(city, state="rectifying", description=EVIL, address=EVIL)
    issues.comment(city, issue_ids=[key], by=who(city, INSPECTOR), now=MONDAY, text=EVIL)
    asks = {"issue_ids": [key], "by": who(city, HANDLER), "now": MONDAY, "reason": EVIL}
    requests.ask_extension(city, **asks, amount="2 working_days")
    attach(city, folder, key, b"%PDF-1.7 x", media_type="application/pdf")
    hand_in(city, folder, key, photo(1), file_name=f"{EVIL}.jpg")
    looked(city, folder, key)
    real = clock.true_now(city)
    saved_views.save_view(city, OFFICE, name=EVIL[:60], query="q=x", now=real)
    tokens.create_token(city, OFFICE, name=EVIL, scopes=tuple(ApiScope), lasts=timedelta(days=1), now=real)
    city.commit()
    return read(city, key).number


@pytest.mark.parametrize("person", [OFFICE, DIRECT])
async def test_words_of_others_never_act(city: Session, client: httpx.AsyncClient, issue: str, person: str) -> None:
    as_person(city, client, person)
    acted, showed = {}, 0
    for way in ways_in(client):
        if way.method == "GET" and not way.api:
            answer = await client.get(way.address(number=issue), params={"q": EVIL, "done": EVIL, "next": EVIL})
            if answer.headers.get("content-type", "").startswith("text/html"):
                found = Attacked(answer.text).found
                acted |= {str(way): found} if found else {}
                showed += "&lt;attack" in answer.text
    assert acted == {}
    assert showed > 10


async def test_words_for_scripts_and_programs_are_no_pages(
    city: Session, client: httpx.AsyncClient, issue: str
) -> None:
    as_person(city, client, OFFICE)
    for path in (
        "/map/points.json?bbox=104,29,105,30&zoom=12",
        "/report/places.json?q=P",
        "/report/catalogue.json",
        "/issues.csv",
    ):
        answer = await client.get(path)
        kind = answer.headers["content-type"]
        assert (answer.headers["x-content-type-options"], kind.startswith("text/html")) == ("nosniff", False), path


async def test_a_form_shown_again_shows_words_as_words(city: Session, client: httpx.AsyncClient, issue: str) -> None:
    as_person(city, client, OFFICE)
    names = ("text", "reason", "name", "address", "words", "subject", "start", "description", "points", "area", "q")
    sent = dict.fromkeys((*names, "result", "amount", "key", "lang", "role", "next", "query", "point"), EVIL)
    for way in ways_in(client):
        if not (way.safe or way.api) and way.path != "/logout":
            answer = await client.request(way.method, way.address(number=issue), data=sent)
            if answer.headers.get("content-type", "").startswith("text/html"):
                assert Attacked(answer.text).found == [], str(way)


async def test_the_reader_of_pages_finds_an_attack() -> None:
    assert Attacked(f'<textarea>{EVIL}</textarea><input value="{EVIL}">').found
    assert Attacked("<script>x()</script>").found
    assert Attacked('<a href=" JavaScript:x">').found
    assert not Attacked('<script src="/a.js"></script><script type="application/json">{}</script>').found
