"""The page of a video that somebody may not want to be seen: there are no areas on it, but it can be withheld."""

from fastapi.responses import HTMLResponse, RedirectResponse, Response

from models.errors import DubanError
from runtime.i18n import say
from services import rulebook, withholding
from services.withholding import Sheet
from web import forms
from web.deps import Desk
from web.errors import status_of
from web.forms import Sent
from web.login import Reader


def show(here: Desk, sheet: Sheet, *, reason: str = "", wrong: str = "", status: int = 200) -> HTMLResponse:
    """The video, whether it is withheld, and what was decided before."""
    return here.pages.show(
        here.request,
        "evidence/withhold",
        status=status,
        sheet=sheet,
        reason=reason,
        wrong=wrong,
        done="done" in here.request.query_params and not wrong,
        zone=rulebook.the_city(here.session).timezone,
    )


def decide(here: Desk, reader: Reader, sheet: Sheet, form: Sent) -> Response:
    """Withhold it, or show it again. A page that is not right comes back with everything on it."""
    key, reason = sheet.evidence.id or 0, forms.text(form, "reason", longest=forms.ENDLESS)
    try:
        withholding.decide(
            here.session,
            key,
            withheld=form.get("withheld") == "1",
            reason=reason,
            seen=forms.whole(form, "seen", least=0, most=2**63 - 1),
            by=reader.actor,
            city=reader.city,
            now=here.now,
        )
    except DubanError as error:
        here.session.rollback()
        again = withholding.sheet(here.session, key, by=reader.actor, city=reader.city)
        return show(here, again, reason=reason, wrong=say(error), status=status_of(error))
    here.session.commit()
    return RedirectResponse(f"/evidence/{key}/redact?done=1", 303)
