"""Videos that are withheld: nothing in them can be made unseen, so nobody sees them but who may decide it."""

from typing import Annotated

from fastapi import APIRouter
from pydantic import Field

from services import withholding
from web.api.doors import Acts, Reads
from web.api.evidence import Key
from web.api.once import Once
from web.api.problems import answers
from web.api.schemas.base import SAFE, Given, Told, Words

router = APIRouter(route_class=Once, prefix="/evidence/{key}/withholding", tags=["evidence"])


class Withheld(Told):
    """Whether a video is withheld. `latest`: the number of the last decision, 0 for none."""

    withheld: bool
    milliseconds: int
    latest: int


class NewWithholding(Given):
    """Withhold it, or show it again, and why. `seen`: the `latest` that you have read."""

    withheld: bool
    reason: Words
    seen: Annotated[int, Field(ge=0, le=SAFE)]


@router.get("", responses=answers(401, 403, 404, 422, 429))
def is_withheld(key: Key, caller: Reads) -> Withheld:
    """Whether a video is withheld, for who may decide it."""
    sheet = withholding.sheet(caller.session, key, by=caller.actor, city=caller.city)
    film = sheet.video
    return Withheld(withheld=film.withheld, milliseconds=film.milliseconds, latest=sheet.latest)


@router.post("", responses=answers(400, 401, 403, 404, 409, 412, 422, 429))
def withhold(key: Key, caller: Acts, given: NewWithholding) -> Withheld:
    """Withhold a video wherever it serves, or show it again. It stays on record, and so does who decided what."""
    asked = given.model_dump()
    withholding.decide(caller.session, key, **asked, by=caller.actor, city=caller.city, now=caller.now)
    caller.session.commit()
    return is_withheld(key, caller)
