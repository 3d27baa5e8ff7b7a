"""All evaluation systems with their editions: which is in force, what each holds, who uses it."""

from fastapi import APIRouter
from fastapi.responses import HTMLResponse

from models.permissions import Right
from services.people import city_day
from services.systems.reading import systems
from web.deps import Here
from web.systems.shared import SEER, choices, show

router = APIRouter()


@router.get("/systems", response_class=HTMLResponse)
def overview(here: Here, reader: SEER) -> HTMLResponse:
    """The systems in their order, the editions of each, newest first."""
    found = list(systems(here.session, today=city_day(here.session, here.now)))
    return show(
        here, "list", systems=found, editions=choices(found), manages=Right.MANAGE_CITY in reader.rights, a="", b=""
    )
