"""The steps as plain pages: where and photos, then what. A phone with scripts does all of it on the first page."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Annotated

from fastapi import APIRouter, Depends, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from starlette.datastructures import UploadFile

from models.permissions import Right
from runtime import clock
from runtime.i18n import gettext as _
from runtime.i18n import say
from services import reporting_catalogue, reporting_places, uploads, videos
from services.documents import shows
from services.photos import Fault, Unusable
from services.reporting_places import Place
from services.rulebook import the_city
from services.uploads import TooManyUploads
from web import forms
from web.deps import Desk, Here
from web.forms import Sent
from web.link_forms import fault
from web.login import Reader, allowed
from web.report.app import app_data
from web.report.asked import MOST_PHOTOS, Asked

router = APIRouter()
Reporter = Annotated[Reader, Depends(allowed(Right.REPORT))]


def _asked(request: Request) -> Asked:
    return Asked.of(request.query_params)


FromAddress = Annotated[Asked, Depends(_asked)]
"""What the address says of the report."""


@router.get("/p/{code}")
def sign(code: str, _reader: Reporter) -> Response:
    """What the QR code on the sign of a point opens."""
    return RedirectResponse(Asked(key="", point=code[:64]).at("/report"), 303)


@router.get("/report", response_class=HTMLResponse)
def first(here: Here, reader: Reporter, asked: FromAddress, q: str = "") -> HTMLResponse:
    """Photos and the place; with scripts, all three steps."""
    return _first(here, reader, asked, words=q[:100])


@router.post("/report")
def go_on(here: Here, reader: Reporter, form: Sent) -> Response:
    """Keep the photos, then look for places or go on to what is wrong there."""
    asked, bad = _with_photos(here, reader, Asked.of(form), forms.files(form, "taken") + forms.files(form, "photos"))
    words = forms.text(form, "q", longest=1000)[:100]
    if bad:
        return _first(here, reader, asked, words=words, wrong={"photos": " ".join(bad)}, status=422)
    if form.get("go") == "search" or (not asked.place and words):
        return RedirectResponse(asked.at("/report", q=words), 303)
    if form.get("go") == "photos":
        return RedirectResponse(asked.at("/report"), 303)
    if place_of(here, asked) is None:
        wrong = {"place": _("Please choose where it is.")}
        return _first(here, reader, asked, words=words, wrong=wrong, status=400)
    return RedirectResponse(asked.at("/report/what"), 303)


@router.get("/report/what", response_class=HTMLResponse)
def second(here: Here, _reader: Reporter, asked: FromAddress, q: str = "") -> Response:
    """What kind of place, then which standard is not met."""
    place = place_of(here, asked)
    if place is None:
        return RedirectResponse(asked.at("/report"), 303)
    offered = reporting_catalogue.catalogue(here.session, now=here.now)
    category = offered.category(place.category or asked.category)
    words = q.strip().lower()[:100]
    chosen = offered.standards_of(category.code if category else None)
    rules = [rule for rule in chosen if words in f"{rule.code} {rule.text} {rule.text_en}".lower()]
    return here.pages.show(
        here.request,
        "report/what",
        asked=asked,
        place=place,
        category=category,
        categories=[] if category else offered.categories,
        rules=rules if category or words else [],
        words=q[:100],
        names={kind.code: kind for kind in offered.categories},
    )


def place_of(here: Desk, asked: Asked) -> Place | None:
    """Where it is, as far as that can be told."""
    return reporting_places.located(here.session, point=asked.point, area=asked.area, lat=asked.lat, lng=asked.lng)


def _with_photos(here: Desk, reader: Reader, asked: Asked, files: Sequence[UploadFile]) -> tuple[Asked, list[str]]:
    """The report with the photos and videos taken in, and what is wrong with other files. Raises NotStored."""
    bad: list[str] = []
    keys = list(asked.uploads)
    zone = the_city(here.session).timezone
    for file in files:
        if len(keys) >= MOST_PHOTOS:
            bad.append(_("At most {n} photos; the others were left out.").format(n=MOST_PHOTOS))
            break
        try:
            keys.append(_taken(here, reader, file, zone))
        except Unusable as error:
            bad.append(f"{_name(file)}: {fault(error)}")
        except TooManyUploads as error:
            bad.append(say(error))
            break
    here.session.commit()
    return replace(asked, uploads=tuple(dict.fromkeys(keys))), bad


def _taken(here: Desk, reader: Reader, file: UploadFile, zone: str) -> str:
    """The key of the file, once it is stored. Raises Unusable, TooManyUploads, NotStored."""
    store, now = here.settings.evidence, clock.true_now(here.session)
    name, data = _name(file), file.file
    taken = uploads.take(here.session, data=data, name=name, by=reader.code, store=store, zone=zone, now=now)
    if not shows(taken.media_type):
        here.session.delete(taken)
        raise Unusable(Fault.NOT_A_PHOTO)
    return taken.key


def _name(file: UploadFile) -> str:
    return (file.filename or "").replace("\\", "/").rsplit("/", 1)[-1][-60:] or "photo"


def _first(
    here: Desk,
    reader: Reader,
    asked: Asked,
    *,
    words: str = "",
    wrong: dict[str, str] | None = None,
    status: int = 200,
) -> HTMLResponse:
    place = place_of(here, asked)
    found = reporting_places.named(here.session, words)
    around: Sequence[Place] = []
    if asked.lat is not None and asked.lng is not None:
        around = reporting_places.near(here.session, lat=asked.lat, lng=asked.lng)
    offered = [*([place] if place else []), *found, *around]
    unknown = asked.point and (place is None or place.point is None)
    wrong = wrong or ({"place": _("There is no point {code}.").format(code=asked.point)} if unknown else {})
    return here.pages.show(
        here.request,
        "report/first",
        status=status,
        asked=asked,
        place=place,
        offered=list({(one.point, one.area): one for one in offered}.values()),
        nothing_found=words and not found,
        words=words,
        wrong=wrong,
        photos=uploads.of(here.session, asked.uploads, by=reader.code),
        app=app_data(here, reader, place),
        videos=videos.limits(here.session),
    )
