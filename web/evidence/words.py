"""What the pages of evidence say."""

from collections.abc import Mapping
from datetime import datetime
from types import MappingProxyType

from models.evidence import FlagKind
from runtime.i18n import gettext as _
from runtime.i18n import ngettext
from services.evidence_flags import Flag
from services.photos import LARGEST, Fault
from web.pages import local


def sentence(flag: Flag, zone: str) -> str:
    """What was seen, with the facts. `zone`: the city's, for times."""
    facts = flag.facts
    if flag.kind is FlagKind.SAME_FILE:
        n = int(facts["issues"])
        same = _("The same video was handed in for issue {number}.") if _is_film(flag) else None
        said = (same or _("The same photo was handed in for issue {number}.")).format(number=flag.other_number)
        more = ngettext("And for {n} other issue.", "And for {n} other issues.", n - 1).format(n=n - 1)
        return f"{said} {more}" if n > 1 else said
    if flag.kind is FlagKind.SAME_PICTURE:
        said = _("It looks like a photo of issue {number}: {bits} of 64 marks differ.")
        return said.format(number=flag.other_number, bits=facts["bits"])
    if flag.kind is FlagKind.BEFORE_IS_AFTER:
        same = _("The videos before and after are the same.") if _is_film(flag) else None
        return same or _("The photos before and after are the same picture.")
    if flag.kind is FlagKind.TAKEN_BEFORE:
        said = _("The camera says {taken}; the problem was found, or came back, at {since}.")
        return said.format(taken=_when(facts["taken_at"], zone), since=_when(facts["since"], zone))
    said = _("It was taken {far} away from the place; beyond {most} is noted.")
    return said.format(far=_distance(facts["metres"]), most=_distance(facts["most"]))


def _is_film(flag: Flag) -> bool:
    return flag.media_type.startswith("video/")


def _distance(metres: float) -> str:
    return _("{n} m").format(n=round(metres)) if metres < 5000 else _("{n} km").format(n=round(metres / 1000))


def _when(written: str, zone: str) -> str:
    return local(datetime.fromisoformat(written), zone)


def fault_words(code: Fault, facts: Mapping[str, int] = MappingProxyType({})) -> str:
    """Why a file was not taken, for people. `facts`: the limit that it is beyond (services/photos.py, Unusable)."""
    words = {
        Fault.EMPTY: _("The file is empty."),
        Fault.TOO_LARGE: _("The file is too large; at most {n} MB and 40 megapixels."),
        Fault.NOT_A_PHOTO: _("This is no photo and no video. JPEG, PNG, WebP, HEIC, MP4, MOV and WebM are taken."),
        Fault.BROKEN: _("The file is damaged or was cut off. Please choose it again."),
        Fault.NOT_TAKEN: _("Files of this kind are not taken. Photos, PDF, Word (docx) and Excel (xlsx) are."),
        Fault.MACROS: _("Files with macros are not taken. Save it without them (docx, xlsx) or as PDF."),
        **video_words(),
    }[code]
    return words.format(**{"n": LARGEST // 1024 // 1024, "most": "–", "found": "–", **facts})


def video_words() -> dict[Fault, str]:
    """Why a video was not taken."""
    return {
        Fault.VIDEO_LARGE: _("The video is too large; at most {most} MB. Record a shorter one, or in lower quality."),
        Fault.VIDEO_LONG: _("The video is too long: {found} seconds, at most {most} are taken. Record a shorter one."),
        Fault.NO_PICTURE: _("This is a sound without a picture. Record a video, or take a photo."),
        Fault.CODING: _("Browsers cannot show this video. Record it as H.264 or H.265 (MP4, MOV), or as WebM."),
        Fault.NO_LENGTH: _("The video does not say how long it is. Record it again with the camera of the phone."),
        Fault.NO_VIDEOS: _("Videos are not taken here. Please take photos."),
    }


FROM_SERVICES = (
    _("Too many files are waiting to be handed in ({files} files, {megabytes} MB). Send a form with them first."),
    _("{person} has decided about this already. Both the flag and the decision stay on record."),
)
"""Templates of errors that services define, marked here for translation."""
