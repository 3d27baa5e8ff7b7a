"""What somebody filled in on the page of a link: checked, with what is wrong told beside each field. Nothing gets lost.

Photos that are fine are kept at once, and a page that comes back names them (sealed), so that nobody uploads twice.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from io import SEEK_END
from typing import Any, BinaryIO

from starlette.datastructures import FormData, UploadFile

from models.closing import ANSWERS, NOT_SATISFIED
from models.link import Purpose, Ticket
from notifications.tickets import unseal_form
from runtime.i18n import gettext as _
from services import evidence, uploads, videos
from services.evidence import Place
from services.photos import LARGEST, Fault, Unusable, look_at
from services.videos import Limits
from web.evidence.words import fault_words
from web.forms import cleaned

MOST_PHOTOS = 9
LONGEST_TEXT = 2000
PHOTO_FIELDS = ("taken", "photos")
TEXTS: Mapping[Purpose, tuple[str, ...]] = {
    Purpose.HAND_IN: ("result", "measure"),
    Purpose.MORE_TIME: ("amount", "reason"),
    Purpose.VERIFY: ("verdict", "note"),
    Purpose.CONFIRM: ("answer", "note"),
}


@dataclass
class Filled:
    """A form: its texts, the photos that were taken in (as rows of evidence), and what is wrong by field."""

    texts: dict[str, str] = field(default_factory=dict)
    photos: list[dict[str, Any]] = field(default_factory=list)
    wrong: dict[str, str] = field(default_factory=dict)

    def text(self, name: str) -> str:
        """What stands in a field."""
        return self.texts.get(name, "")


def read(form: FormData, ticket: Ticket, *, keys: Sequence[str], folder: Place, limits: Limits) -> Filled:
    """The form with its photos and videos, which are stored if they are fine. Raises NotStored."""
    filled = Filled(texts={name: cleaned(form.get(name)) for name in TEXTS.get(ticket.purpose, ())})
    if ticket.purpose in (Purpose.HAND_IN, Purpose.VERIFY):
        filled.photos = _kept(form, ticket, keys)
        _take_in(filled, _uploads(form), "after" if ticket.purpose is Purpose.HAND_IN else "other", folder, limits)
    for name, text in filled.texts.items():
        if len(text) > LONGEST_TEXT:
            filled.wrong[name] = _("At most {n} characters, please.").format(n=LONGEST_TEXT)
    return filled


def given(filled: Filled, purpose: Purpose, *, clock: str, proof_wanted: bool) -> dict[str, Any]:
    """What the verb needs; what is missing or wrong is noted in the form. `clock`: the unit of an extension."""
    return CHECKS[purpose](filled, clock, proof_wanted) if purpose in CHECKS else {}


def _kept(form: FormData, ticket: Ticket, keys: Sequence[str]) -> list[dict[str, Any]]:
    """Photos of an earlier try on this link that the person has not taken out again."""
    dropped = {str(one) for one in form.getlist("drop")}
    rows = unseal_form(cleaned(form.get("kept")), ticket=ticket, keys=keys)
    names = ("kind", "sha256", "file_name", "media_type", "size")
    pieces = [dict(zip(names, row, strict=True)) for row in rows or ()]
    return [piece for piece in pieces if piece["sha256"] not in dropped]


def rows_of(photos: Iterable[Mapping[str, Any]]) -> list[list[Any]]:
    """Photos as a page hands them back."""
    return [[one["kind"], one["sha256"], one["file_name"], one["media_type"], one["size"]] for one in photos]


def _uploads(form: FormData) -> list[UploadFile]:
    """An input that was left empty still sends a part, without a name."""
    found = [one for name in PHOTO_FIELDS for one in form.getlist(name)]
    return [one for one in found if isinstance(one, UploadFile) and (one.filename or one.size)]


def _take_in(filled: Filled, sent: Sequence[UploadFile], kind: str, folder: Place, limits: Limits) -> None:
    bad = []
    for upload in sent:
        if len(filled.photos) >= MOST_PHOTOS:
            bad.append(_("At most {n} photos; the others were left out.").format(n=MOST_PHOTOS))
            break
        try:
            _take_one(filled, upload, kind, folder, limits)
        except Unusable as error:
            bad.append(f"{_name(upload)}: {fault(error)}")
    if bad:
        filled.wrong["photos"] = " ".join(bad)


def _take_one(filled: Filled, upload: UploadFile, kind: str, folder: Place, limits: Limits) -> None:
    media_type = _looked_at(upload.file, limits)
    about = {"file_name": _name(upload), "media_type": media_type, "size": upload.file.seek(0, SEEK_END)}
    piece = {"kind": kind, "sha256": evidence.store_file(folder, upload.file), **about}
    if piece["sha256"] not in {one["sha256"] for one in filled.photos}:
        filled.photos.append(piece)


def _looked_at(file: BinaryIO, limits: Limits) -> str:
    """What it is. Raises Unusable."""
    if uploads.looks_like_video(file):
        return videos.look_at(file, limits=limits).media_type
    file.seek(0)
    return look_at(file.read(LARGEST + 1)).media_type


def _name(upload: UploadFile) -> str:
    """The last part of the file's name, short; browsers of old sent whole paths."""
    return cleaned(upload.filename).replace("\\", "/").rsplit("/", 1)[-1].replace("\n", " ")[-60:] or "photo"


def fault(error: Unusable) -> str:
    """Why a file was not taken, for people."""
    short = {
        Fault.EMPTY: _("the file is empty."),
        Fault.TOO_LARGE: _("too large; at most {n} MB and 40 megapixels.").format(n=LARGEST // 1024 // 1024),
        Fault.NOT_A_PHOTO: _("neither a photo nor a video; JPEG, PNG, WebP, MP4, MOV or WebM, please."),
        Fault.BROKEN: _("it is damaged or was cut off. Please choose it again."),
    }
    return short.get(error.fault) or fault_words(error.fault, error.facts)


def _hand_in(filled: Filled, _clock: str, proof_wanted: bool) -> dict[str, Any]:
    if not filled.text("result"):
        filled.wrong["result"] = _("Please say what was done.")
    if proof_wanted and not filled.photos:
        filled.wrong.setdefault("photos", _("A photo of the place after the work is needed."))
    return {"result": filled.text("result"), "measure": filled.text("measure") or None, "evidence": filled.photos}


def _more_time(filled: Filled, clock: str, _proof_wanted: bool) -> dict[str, Any]:
    amount = _number(filled.text("amount"))
    if amount is None:
        filled.wrong["amount"] = _("Please give a number, such as 2.")
    if not filled.text("reason"):
        filled.wrong["reason"] = _("Please say why.")
    return {"reason": filled.text("reason"), "amount": f"{amount or 0:f} {clock}"}


def _number(text: str) -> Decimal | None:
    try:
        number = Decimal(text.replace(",", ".").replace("。", "."))
    except InvalidOperation:
        return None
    return number if number.is_finite() and 0 < number < 1000 else None


def _verify(filled: Filled, _clock: str, _proof_wanted: bool) -> dict[str, Any]:
    verdict, note = filled.text("verdict"), filled.text("note")
    if verdict not in ("pass", "fail"):
        filled.wrong["verdict"] = _("Please choose one.")
    if verdict == "fail" and not note:
        filled.wrong["note"] = _("Please say what is still wrong: the unit reads it.")
    return {"passed": verdict == "pass", "note": note, "evidence": filled.photos}


def _confirm(filled: Filled, _clock: str, _proof_wanted: bool) -> dict[str, Any]:
    answer, note = filled.text("answer"), filled.text("note")
    if answer not in ANSWERS:
        filled.wrong["answer"] = _("Please choose one.")
    if answer == NOT_SATISFIED and not note:
        filled.wrong["note"] = _("Please say what is still wrong: the unit reads it.")
    return {"answer": answer, "note": note}


CHECKS: Mapping[Purpose, Callable[[Filled, str, bool], dict[str, Any]]] = {
    Purpose.HAND_IN: _hand_in,
    Purpose.MORE_TIME: _more_time,
    Purpose.VERIFY: _verify,
    Purpose.CONFIRM: _confirm,
}
