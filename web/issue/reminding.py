"""Reminding the unit once more (催办), from the issue's page: the numbered notice goes with it. Once a day."""

from fastapi import APIRouter
from fastapi.responses import RedirectResponse, Response

from models.errors import DubanError
from runtime.i18n import say
from services import reminders
from services.papers.stationery import stationery_in_force
from services.sight import must_see
from web.deps import Here
from web.errors import status_of
from web.issue.page import show
from web.login import LoggedIn

router = APIRouter(prefix="/issues/{number}/remind")


@router.post("")
def remind(number: str, here: Here, reader: LoggedIn) -> Response:
    """Tell the unit; asked again on the same day it is done already."""
    issue = must_see(here.session, reader.actor, number)
    stationery = stationery_in_force(here.session, otherwise=here.settings.city_pack / "papers")
    try:
        reminders.remind(here.session, issue, by=reader.actor, now=here.now, stationery=stationery)
    except DubanError as error:
        here.session.rollback()
        again = must_see(here.session, reader.actor, number)
        return show(here, reader, again, wrong=say(error), status=status_of(error))
    here.session.commit()
    return RedirectResponse(f"/issues/{number}?done=remind#papers", 303)


@router.get("")
def come_back(number: str, here: Here, reader: LoggedIn) -> Response:
    """The address of the form, opened again: its issue's page."""
    must_see(here.session, reader.actor, number)
    return RedirectResponse(f"/issues/{number}#papers", 303)
