"""What the script on a reporter's phone is given: words in its language, who reports, what may be chosen."""

import json
from typing import Any

from models import terms
from models.permissions import Right
from models.rules import SeverityRule
from runtime.i18n import gettext as _
from runtime.i18n import language
from services import videos
from services.reporting import TOLD_TO_THE_OFFICE
from services.reporting_catalogue import Catalogue, severities
from services.reporting_places import Place
from web.deps import Desk
from web.login import Reader

SCRIPTS = (
    *("early", "store", "told", "draft", "photo", "upload", "place"),
    *("scan", "where", "shots", "what", "last", "drafts", "steps"),
)
"""In the order in which they are read; the first one before the page is painted."""


def words() -> dict[str, str]:
    """Everything that the script itself says. {braces} are filled in by it."""
    return {
        "photo_bad": _("This file cannot be read as a photo: {name}"),
        "film_large": _("The video {name} is too large: at most {most} MB. Record a shorter one."),
        "film_long": _("The video {name} is too long: {found} seconds, at most {most}. Record a shorter one."),
        "photo_many": _("At most {n} photos; the others were left out."),
        "full": _("This device has no room left, so it was not kept. Send or delete drafts, then try again."),
        "not_kept": _("The device did not keep this. Do not close the page before it is sent."),
        "locating": _("Looking for where you are …"),
        "no_place": _("The device does not tell where it is. Search for the place, or allow the location."),
        "exact": _("Position known to about {n} m"),
        "from_photo": _("Position taken from the photo"),
        "metres": _("{n} m"),
        "no_point": _("There is no point {code}."),
        "nothing_found": _("Nothing found. Try fewer words, or the code on the sign."),
        "unverified": _("Code {code}, looked up when it is sent"),
        "somewhere": _("At the position of this device"),
        "choose_place": _("Please choose where it is."),
        "say_what": _("Please say what is wrong."),
        "other": _("Something else, no standard fits"),
        "too_long": _("At most {n} characters, please."),
        "kept": _("No network. The draft is kept on this phone; send it when you are back."),
        "broken_off": _(
            "The connection broke off. The draft is kept below: send it again, and it goes on where it stood."
        ),
        "logged_out": _("You are logged out. The draft is kept: log in, come back here and send it."),
        "log_in": _("Log in"),
        "failed": _("The server cannot take it now ({status}). The draft is kept; try again in a moment."),
        "sending": _("Sending …"),
        "sending_photo": _("Sending photo {n} of {of}: {share} %"),
        "elsewhere": _("It is being sent in another window."),
        "sent": _("Sent: {number}"),
        "known": _("Something like it is known there. Open it and look whether it is the same."),
        "drafts": _("Drafts on this phone ({n})"),
        "drafts_short": _("Drafts ({n})"),
        "of_others": _("{n} more of somebody else: they show when that person logs in."),
        "delete": _("Delete"),
        "really": _("Really delete?"),
        "no_words": _("no words yet"),
        "waits": _("waits to be sent"),
        "unfinished": _("not finished"),
        "photos": _("Photos: {n}"),
        "photo": _("Photo {n}"),
        "film": _("Video {n}"),
        "remove": _("Remove photo {n}"),
        "scan_none": _("No camera can be used here. Type the code on the sign instead."),
    }


def app_data(here: Desk, reader: Reader | None, place: Place | None) -> dict[str, Any]:
    """For the page's data attributes. Without a reader: nothing about anybody."""
    return {
        "films": films(here),
        "scripts": SCRIPTS,
        "words": json.dumps(words(), ensure_ascii=False),
        "person": reader.code if reader else "",
        "place": json.dumps(place_data(place), ensure_ascii=False) if place else "",
        "severities": [(one.code, severity_name(one)) for one in severities(here.session)] if _decides(reader) else [],
        "sources": [(one, terms.term(terms.SOURCES, one, language())) for one in TOLD_TO_THE_OFFICE],
    }


def films(here: Desk) -> str:
    """What is taken of a video, as the script reads it: megabytes and seconds; nothing where none are."""
    taken = videos.limits(here.session)
    return f"{taken.video_megabytes} {taken.video_seconds}" if taken.video_megabytes else ""


def _decides(reader: Reader | None) -> bool:
    return reader is not None and Right.CLASSIFY in reader.rights


def severity_name(rule: SeverityRule) -> str:
    """Such as `S3 一般`."""
    return f"{rule.code} {rule.name_en if language() == 'en' else rule.name}"


def place_data(place: Place) -> dict[str, Any]:
    """A place as the script knows it."""
    english = language() == "en" and place.category_name_en
    return {
        "point": place.point or "",
        "area": place.area,
        "name": place.name or place.area_names.rsplit(" · ", 1)[-1],
        "in": place.area_names,
        "category": place.category or "",
        "kind": place.category_name_en if english else place.category_name,
        "lat": place.lat,
        "lng": place.lng,
        "metres": place.metres,
    }


def catalogue_data(offered: Catalogue) -> dict[str, Any]:
    """Categories and standards in the reader's language, in the order in which they are offered."""
    english = language() == "en"
    return {
        "version": offered.version,
        "categories": [[one.code, one.name_en if english and one.name_en else one.name] for one in offered.categories],
        "standards": [
            [one.code, one.category, one.text_en if english and one.text_en else one.text, one.severity]
            for one in offered.standards
        ],
    }
