"""What somebody fills in wrongly by hand, on every form of holding to account, scores, surveys, filing and the rest:
nothing breaks, it is said why in words, and whatever else was typed stands there again.
"""

import re
from collections.abc import Iterator, Mapping
from html import unescape

import httpx
import pytest
from sqlmodel import Session

from tests.cast import HANDLER, OFFICE, PRINCIPAL
from tests.web.offered_town import furnish
from tests.web.test_offered import FORM, _offered
from tests.web.visitor import log_in

MARK = "已核实甲乙丙"
HUGE, UNSEEN = "长" * 30_000, "\u200b\u200b"
WRONG = (HUGE, UNSEEN, "<script>alert(1)</script>\x00")
CODES = re.compile(r"\b(?:None|Traceback|WrongValue|MissingInput)\b|\{\w+\}")


@pytest.mark.parametrize("person", [OFFICE, PRINCIPAL, HANDLER, "R00018"])
async def test_what_is_wrong_is_told_and_the_rest_stays(
    city: Session, client: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch, person: str
) -> None:
    pages = furnish(city)
    log_in(city, client, person)
    monkeypatch.setattr(Session, "commit", Session.flush)
    lost = []
    for offered in [one for page in pages for one in await _offered(client, person, page)]:
        free = [name for name, value in offered.sent.items() if value == "经核查属实"]
        for name, value in _tries(offered.sent, free):
            sent = {**offered.sent, **{one: f"{MARK}{n}号" for n, one in enumerate(free)}, name: value}
            answer = await client.post(offered.action, data=sent)
            lost += [(offered.page, offered.action, name, value[:12], why) for why in _faults(answer, sent, free, name)]
    assert sorted(set(lost)) == []


def _tries(sent: Mapping[str, str], free: list[str]) -> Iterator[tuple[str, str]]:
    """One field wrong at a time, and empty; hidden ones too."""
    for name in sent:
        for value in (*WRONG, "") if name in free else ("-1",):
            yield name, value


def _faults(answer: httpx.Response, sent: Mapping[str, str], free: list[str], wrong: str) -> Iterator[str]:
    if answer.status_code >= 500:
        yield str(answer.status_code)
    if wrong not in free or answer.status_code not in (400, 404, 409, 413):  # nobody types what is hidden
        return
    page = unescape(answer.text)
    told = re.findall(r'role="alert"[^>]*>(.*?)</', answer.text, re.DOTALL)
    if not any(one.strip() for one in told) and "<h1" not in page:
        yield "nothing told"
    if any(CODES.search(one) for one in told):
        yield f"told in code: {told}"
    if "<script>alert" in answer.text:
        yield "script"
    has_forms = FORM.search(answer.text) is not None
    for name in free:
        if has_forms and name != wrong and sent[name] not in page:
            yield f"lost {name}"
        if not has_forms:
            yield "an error page in the place of the form"
            return
