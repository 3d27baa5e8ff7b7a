"""Signs of the public form: for which places, then pages of A4 to be printed and cut."""

from fastapi import APIRouter
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from models.area import Area
from models.errors import DubanError
from models.permissions import Right
from runtime.i18n import language, say
from services.audit_choices import choices
from services.exports.sign_sheet import Size, survey_signs
from services.people import city_day
from services.rulebook import the_city
from services.surveys import looking, signs
from services.surveys.looking import Seen
from web import forms
from web.deps import Desk, Here
from web.errors import status_of
from web.forms import Sent
from web.issue.papers import ALONE
from web.login import LoggedIn, Reader

router = APIRouter()


@router.get("/{code}/signs", response_class=HTMLResponse)
def choose(code: str, here: Here, reader: LoggedIn) -> HTMLResponse:
    """The signs that there are, and for which places more are wanted."""
    return _page(here, reader, _seen(here, reader, code))


@router.post("/{code}/signs")
def make(code: str, here: Here, reader: LoggedIn, form: Sent) -> Response:
    """Make signs; a place that has one keeps it."""
    seen = _seen(here, reader, code)
    areas = [*forms.texts(form, "area"), *forms.cleaned(form.get("other_area"))[:4000].replace(",", " ").split()]
    try:
        signs.make_signs(here.session, seen.round, areas, by=reader.actor, now=here.now)
    except DubanError as error:
        here.session.rollback()
        return _page(here, reader, seen, wrong=say(error), typed=areas, status=status_of(error))
    here.session.commit()
    return RedirectResponse(f"/surveys/{code}/signs", 303)


@router.get("/{code}/signs/print", response_class=HTMLResponse)
def show(code: str, here: Here, reader: LoggedIn) -> Response:
    """All of them, six to a page of A4, or one."""
    seen = _seen(here, reader, code)
    found = signs.signs_of(here.session, seen.round, public_url=here.settings.public_url)
    size = Size.ONE if here.request.query_params.get("size") == Size.ONE else Size.SIX
    html = survey_signs(found, city=the_city(here.session).name, closes=seen.round.closes_on, size=size)
    return HTMLResponse(html, headers={"Content-Security-Policy": ALONE, "Cache-Control": "no-store"})


def _seen(here: Desk, reader: Reader, code: str) -> Seen:
    """Raises HTTPException 404 for who does not run surveys there: the addresses are for them to hand out."""
    seen = looking.survey(here.session, code, reader=reader.actor, now=here.now)
    return looking.must_run(seen)


def _page(
    here: Desk, reader: Reader, seen: Seen, *, wrong: str = "", typed: list[str] | None = None, status: int = 200
) -> HTMLResponse:
    today = city_day(here.session, here.now)
    given = choices(here.session, reader.held(Right.RUN_SURVEYS), today=today, lang=language()).areas
    inside = [one for one in given if _inside(here, one[0], seen)]
    return here.pages.show(
        here.request,
        "surveys/signs",
        status=status,
        seen=seen,
        wrong=wrong,
        typed=typed or [],
        areas=inside,
        signs=signs.signs_of(here.session, seen.round, public_url=here.settings.public_url),
    )


def _inside(here: Desk, code: str, seen: Seen) -> bool:
    area = here.session.get(Area, code)
    return area is not None and f"{area.path}/".startswith(f"{seen.area.path}/")
