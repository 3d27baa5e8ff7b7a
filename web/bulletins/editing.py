"""Wording a draft and choosing its photos. What somebody else wrote meanwhile is shown beside what was typed."""

from dataclasses import dataclass, field

from fastapi import APIRouter, HTTPException
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from models.errors import DubanError
from models.publication import PublicationAct
from runtime.i18n import say
from services.bulletins.editing import TEXTS, edit
from services.bulletins.reading import Reading
from web import forms
from web.bulletins.reading import Key, Leads, read, tools
from web.deps import Desk, Here
from web.errors import status_of
from web.forms import Sent

router = APIRouter()


@dataclass(frozen=True)
class Typed:
    """The form as it was sent. `seen`: the hash of the draft that it was made from."""

    texts: dict[str, str]
    pairs: frozenset[str]
    seen: str
    wrong: str = ""
    theirs: dict[str, str] = field(default_factory=dict)


@router.get("/{key}/edit", response_class=HTMLResponse)
def form(key: Key, here: Here, reader: Leads) -> HTMLResponse:
    """The texts of a draft as they stand."""
    found = read(here, reader, key)
    if PublicationAct.CHANGED not in found.may:
        raise HTTPException(404)
    return _page(here, found, _as_it_is(found))


@router.post("/{key}/edit")
def save(key: Key, here: Here, reader: Leads, form: Sent) -> Response:
    """Take them over."""
    found = read(here, reader, key)
    typed = Typed(
        texts={name: forms.text(form, name, longest=forms.ENDLESS) for name in TEXTS},
        pairs=frozenset(forms.texts(form, "pair")),
        seen=forms.text(form, "seen", longest=100),
    )
    try:
        edit(
            here.session,
            found.row,
            texts=typed.texts,
            pairs=typed.pairs,
            by=reader.actor,
            seen=typed.seen,
            now=here.now,
        )
    except DubanError as error:
        here.session.rollback()
        here.session.expire_all()
        return _again(here, read(here, reader, key), typed, error)
    here.session.commit()
    return RedirectResponse(f"/bulletins/{key}", 303)


def _again(here: Desk, found: Reading, typed: Typed, error: DubanError) -> HTMLResponse:
    """What was typed, why it was not taken, and what stands there now where that is something else."""
    now = _as_it_is(found)
    changed = typed.seen != now.seen
    theirs = {name: text for name, text in now.texts.items() if changed and text != typed.texts[name]}
    again = Typed(typed.texts, typed.pairs, now.seen, say(error), theirs)
    return _page(here, found, again, status=status_of(error))


def _as_it_is(found: Reading) -> Typed:
    content = found.content
    shown = frozenset(pair["number"] for pair in content["pairs"] if pair["shown"])
    return Typed(dict(content["texts"]), shown, found.row.content_sha256)


def _page(here: Desk, found: Reading, typed: Typed, *, status: int = 200) -> HTMLResponse:
    return here.pages.show(here.request, "bulletins/edit", status=status, **tools(found), typed=typed, texts=TEXTS)
