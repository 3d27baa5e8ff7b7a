"""No button is offered to somebody to whom it will be refused because of who they are: every form of every page of
holding to account, scores, rankings, filing and the rest is sent by each person who is shown it.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from html import unescape

import httpx
import pytest
from sqlmodel import Session

from models.errors import ActionNotAllowed, DubanError, NotIndependent, SameEyes
from runtime.i18n import say
from services.accountability.errors import OwnProposal, OwnUnit, SamePerson
from services.audit_errors import OwnLook
from services.filing.errors import NotTheReviewer, OwnMaterial
from services.publications import OwnDraft
from services.ranking.errors import NotDisinterested
from tests.web.offered_town import furnish
from tests.web.visitor import log_in

PEOPLE = [f"R000{n:02}" for n in (1, 2, 3, 4, 6, 9, 10, 11, 18, 20, 21, 30)]
BECAUSE_OF_WHO = (
    *(ActionNotAllowed, NotIndependent, SameEyes, OwnProposal, OwnUnit, SamePerson, OwnLook, NotTheReviewer),
    *(OwnMaterial, OwnDraft, NotDisinterested),
)
FORM = re.compile(r'<form[^>]*method="post"[^>]*action="([^"]+)"[^>]*>(.*?)</form>', re.S)
FIELD = re.compile(r"<(input|textarea|select|button)\b([^>]*)>(.*?)(?=</textarea>|</select>|<|$)", re.S)
OPTION = re.compile(r'<option value="([^"]+)"')
ATTRIBUTE = re.compile(r'([\w-]+)="([^"]*)"')


@dataclass(frozen=True)
class Offered:
    """A form on a page, with plausible words in what is to be filled in."""

    person: str
    page: str
    action: str
    sent: Mapping[str, str]


@pytest.fixture
def raised(monkeypatch: pytest.MonkeyPatch) -> list[DubanError]:
    """Every error of ours that was made, told or not."""
    found: list[DubanError] = []
    made = DubanError.__init__

    def kept(self: DubanError, *given: object, **params: object) -> None:
        made(self, *given, **params)
        found.append(self)

    monkeypatch.setattr(DubanError, "__init__", kept)
    return found


async def test_whoever_is_offered_something_may_do_it(
    city: Session, client: httpx.AsyncClient, raised: list[DubanError], monkeypatch: pytest.MonkeyPatch
) -> None:
    pages, wrong, done = furnish(city), [], set()
    for person in PEOPLE:
        log_in(city, client, person)
        with monkeypatch.context() as nothing_stays:
            nothing_stays.setattr(Session, "commit", Session.flush)
            for offered in [one for page in pages for one in await _offered(client, person, page)]:
                raised.clear()
                answer = await client.post(offered.action, data=offered.sent)
                wrong += [(offered, why) for why in _because_of_who(answer, raised)]
                done |= {offered.action.rpartition("/")[2]} if answer.status_code == 303 else set()
    assert [(one.person, one.page, one.action, why) for one, why in wrong] == []
    assert done >= {"approve", "reject", "accept", "sign", "again", "approved", "withdrawn", "withdraw", "second"}


def _because_of_who(answer: httpx.Response, raised: Sequence[DubanError]) -> list[str]:
    """Why it was refused, where that was because of who asked."""
    told = unescape(" ".join(re.findall(r'role="alert">(.*?)</', answer.text, re.S)))
    found = [say(one) for one in raised if isinstance(one, BECAUSE_OF_WHO) and say(one) in told]
    return [*found, *([str(answer.status_code)] if answer.status_code in (403, 500) else [])]


async def _offered(client: httpx.AsyncClient, person: str, page: str) -> list[Offered]:
    answer = await client.get(page)
    return [*_forms(person, page, answer.text)] if answer.status_code == 200 else []


def _forms(person: str, page: str, text: str) -> Iterator[Offered]:
    main = text.partition("<main")[2]
    for action, inner in FORM.findall(main):
        yield Offered(person, page, unescape(action), dict(_fields(inner)))


def _fields(inner: str) -> Iterator[tuple[str, str]]:
    for tag, written, after in FIELD.findall(inner):
        given = dict(ATTRIBUTE.findall(written))
        if "name" not in given or given.get("type") in ("file", "checkbox"):
            continue
        if tag == "select":
            yield given["name"], next(iter(OPTION.findall(inner.partition(f'name="{given["name"]}"')[2])), "")
        elif tag == "textarea":
            yield given["name"], unescape(after).strip() or "经核查属实"
        else:
            yield given["name"], unescape(given.get("value", "")) or _plausible(given.get("type", "text"))


def _plausible(kind: str) -> str:
    return {"number": "1", "date": "2026-11-02"}.get(kind, "经核查属实")
