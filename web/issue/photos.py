"""Photos and videos that come with an action: each is checked and kept at once; a refused form need not send it."""

from collections.abc import Iterable

from starlette.datastructures import FormData, UploadFile

from models.errors import DubanError
from models.issue import EvidenceKind
from models.lifecycle import Action
from runtime import clock
from runtime.i18n import gettext as _
from runtime.i18n import say
from services import uploads
from services.photos import Unusable
from web import forms
from web.deps import Desk
from web.evidence.words import fault_words
from web.issue.fields import Kind, fields_of
from web.issue.filled import Filled
from web.link_forms import MOST_PHOTOS
from web.login import Reader

FIELDS = ("taken", "photos")
"""The camera, and the files of the phone."""
KIND_OF = {Action.SUBMIT: EvidenceKind.AFTER}


def takes_photos(action: Action) -> bool:
    """Whether the form of this action has a place for photos."""
    return any(one.kind is Kind.PHOTOS for one in fields_of(action))


def take_in(here: Desk, reader: Reader, form: FormData, filled: Filled, *, zone: str) -> None:
    """Keep what was sent now, remember what was sent before; what cannot be used is told. Commits what is kept."""
    dropped = set(forms.texts(form, "drop"))
    keys = [key for key in dict.fromkeys(forms.texts(form, "upload")) if key not in dropped][:MOST_PHOTOS]
    bad = list(_keep_new(here, reader, form, keys, zone))
    here.session.commit()
    filled.photos = list(uploads.of(here.session, keys, by=reader.code))
    if bad:
        filled.wrong["evidence"] = " ".join(bad)


def _keep_new(here: Desk, reader: Reader, form: FormData, keys: list[str], zone: str) -> Iterable[str]:
    for sent in (one for name in FIELDS for one in forms.files(form, name)):
        if len(keys) >= MOST_PHOTOS:
            yield _("At most {n} photos; the others were left out.").format(n=MOST_PHOTOS)
            return
        try:
            keys.append(_take(here, reader, sent, zone))
        except Unusable as error:
            yield f"{_name(sent)}: {fault_words(error.fault, error.facts)}"
        except DubanError as error:
            yield f"{_name(sent)}: {say(error)}"


def _take(here: Desk, reader: Reader, sent: UploadFile, zone: str) -> str:
    """Its key. What turns out to be of no use leaves nothing behind."""
    now = clock.true_now(here.session)
    with here.session.begin_nested():
        store, name = here.settings.evidence, _name(sent)
        kept = uploads.take(here.session, data=sent.file, name=name, by=reader.code, store=store, zone=zone, now=now)
    return kept.key


def _name(sent: UploadFile) -> str:
    """The last part of the file's name, short; browsers of old sent whole paths."""
    return (sent.filename or "").replace("\\", "/").rsplit("/", 1)[-1].replace("\n", " ")[-60:] or "photo"


def pieces(here: Desk, reader: Reader, filled: Filled, action: Action, *, kind: str | None) -> list[dict[str, object]]:
    """The evidence that goes with the action, of its uploads. The caller commits it with the action."""
    shows = EvidenceKind(kind) if kind else KIND_OF.get(action, EvidenceKind.OTHER)
    keys, now = [one.key for one in filled.photos], clock.true_now(here.session)
    return list(uploads.pieces(here.session, keys, by=reader.code, kind=shows, now=now)) if keys else []
