"""What scores there are: rounds, months, years."""

from fastapi import APIRouter
from fastapi.responses import HTMLResponse

from models.permissions import Right
from services.scores import looking
from services.scores.formula import in_force
from web.deps import Here
from web.scores.parts import Leads, page
from web.scores.trees import value

router = APIRouter(prefix="/scores")


@router.get("", response_class=HTMLResponse)
def home(here: Here, reader: Leads) -> HTMLResponse:
    """What was published, and where live figures are."""
    rules = in_force(here.session)
    rounds = looking.rounds(here.session, reader.actor)
    years = looking.years(here.session, area_code=reader.city)
    return page(
        here,
        "home",
        rounds=[(one, value(one.score, rules) if one.score else "") for one in rounds],
        months=looking.months(here.session, now=here.now),
        years=[(one, value(one.score, rules) if one.score else "") for one in years],
        formula=rules,
        records=Right.RECORD_INCIDENT in reader.rights,
    )
