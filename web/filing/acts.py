"""What is done to a piece of material: handed in, accepted, returned, acceptance taken back, taken off the list.

A file that is sent is checked and kept at once, so that a refused form need not send it again.
"""

from collections.abc import Callable, Iterable
from typing import Annotated, Any

from fastapi import APIRouter, Path
from fastapi.responses import RedirectResponse, Response
from starlette.datastructures import FormData, UploadFile

from models.errors import DubanError
from runtime import clock
from runtime.i18n import gettext as _
from runtime.i18n import say
from services import uploads
from services.audit_view import zone
from services.filing import handing_in, listing, looking
from services.photos import Unusable
from services.uploads import MOST, clean_name
from web import forms
from web.deps import Desk, Here
from web.errors import status_of
from web.evidence.words import fault_words
from web.filing.shown import Typed, show_item
from web.forms import Sent
from web.login import LoggedIn, Reader

router = APIRouter()
Key = Annotated[int, Path(ge=1, le=2**63 - 1)]
Act = Callable[[], object]


@router.post("/{key}/submit")
def submit(key: Key, here: Here, reader: LoggedIn, form: Sent) -> Response:
    """The unit hands in its files."""
    looking.item(here.session, key, reader=reader.actor)
    typed = Typed(note=_words(form, "note"), act="submit")
    typed.key = _words(form, "key")[:40] or typed.key
    keys, bad = _taken(here, reader, form)
    typed.uploads = uploads.of(here.session, keys, by=reader.code)
    if bad:
        typed.wrong = " ".join(bad)
        return show_item(here, looking.item(here.session, key, reader=reader.actor), typed, status=400)
    how: dict[str, Any] = {"keys": keys, "note": typed.note, "version": _version(form), "now": here.now}
    form_key = f"page/{reader.code}/{typed.key}"
    return _do(
        here, reader, key, typed, lambda: handing_in.submit(here.session, key, by=reader.actor, key=form_key, **how)
    )


@router.post("/{key}/accept")
def accept(key: Key, here: Here, reader: LoggedIn, form: Sent) -> Response:
    """The reviewer takes it as good."""
    typed = Typed(note=_words(form, "note"), act="accept")
    how: dict[str, Any] = {"note": typed.note, "version": _version(form), "now": here.now}
    return _do(here, reader, key, typed, lambda: handing_in.accept(here.session, key, by=reader.actor, **how))


@router.post("/{key}/return")
def give_back(key: Key, here: Here, reader: LoggedIn, form: Sent) -> Response:
    """The reviewer returns it, and says why."""
    typed = Typed(why=_words(form, "why"), act="return")
    how: dict[str, Any] = {"why": typed.why, "version": _version(form), "now": here.now}
    return _do(here, reader, key, typed, lambda: handing_in.give_back(here.session, key, by=reader.actor, **how))


@router.post("/{key}/take-back")
def take_back(key: Key, here: Here, reader: LoggedIn, form: Sent) -> Response:
    """What was accepted does not do after all."""
    typed = Typed(why=_words(form, "why"), act="take-back")
    how: dict[str, Any] = {"why": typed.why, "version": _version(form), "now": here.now}
    return _do(here, reader, key, typed, lambda: handing_in.take_back(here.session, key, by=reader.actor, **how))


@router.post("/{key}/drop")
def drop(key: Key, here: Here, reader: LoggedIn, form: Sent) -> Response:
    """Take it off the list."""
    typed = Typed(why=_words(form, "why"), act="drop")
    act: Act = lambda: listing.drop(here.session, key, why=typed.why, by=reader.actor, now=here.now)  # noqa: E731
    return _do(here, reader, key, typed, act, to="/filing")


def _do(here: Desk, reader: Reader, key: int, typed: Typed, act: Act, *, to: str = "") -> Response:
    looking.item(here.session, key, reader=reader.actor)  # who may not see it learns nothing
    try:
        act()
    except DubanError as error:
        here.session.rollback()
        typed.wrong = say(error)
        typed.uploads = uploads.of(here.session, [one.key for one in typed.uploads], by=reader.code)
        return show_item(here, looking.item(here.session, key, reader=reader.actor), typed, status=status_of(error))
    here.session.commit()
    return RedirectResponse(to or f"/filing/{key}?done={typed.act}", 303)


def _words(form: FormData, name: str) -> str:
    """What was typed, whole: too much of it is told by the verb, and shown again."""
    return forms.text(form, name, longest=forms.ENDLESS)


def _version(form: FormData) -> int | None:
    written = forms.text(form, "version", longest=40)
    return int(written) if written.isdecimal() and len(written) < 10 else None


def _taken(here: Desk, reader: Reader, form: FormData) -> tuple[list[str], list[str]]:
    """The keys of the files, those that came before included, and what is wrong with those that were not taken."""
    dropped = set(forms.texts(form, "drop"))
    keys = [key for key in dict.fromkeys(forms.texts(form, "upload")) if key not in dropped][:MOST]
    bad = list(_keep_new(here, reader, forms.files(form, "files"), keys))
    here.session.commit()
    return keys, bad


def _keep_new(here: Desk, reader: Reader, sent: list[UploadFile], keys: list[str]) -> Iterable[str]:
    for one in sent:
        name = clean_name(one.filename or "")
        if len(keys) >= MOST:
            yield _("At most {n} files; the others were left out.").format(n=MOST)
            return
        try:
            keys.append(_take(here, reader, one, name))
        except Unusable as error:
            yield f"{name}: {fault_words(error.fault, error.facts)}"
        except DubanError as error:
            yield f"{name}: {say(error)}"


def _take(here: Desk, reader: Reader, sent: UploadFile, name: str) -> str:
    """Its key. What turns out to be of no use leaves nothing behind."""
    now = clock.true_now(here.session)
    with here.session.begin_nested():
        store, city = here.settings.evidence, zone(here.session)
        kept = uploads.take(here.session, data=sent.file, name=name, by=reader.code, store=store, zone=city, now=now)
    return kept.key
