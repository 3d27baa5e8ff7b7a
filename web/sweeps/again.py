"""A new issue that is an old one come back: the closed one is opened again as a relapse, the new one goes into it."""

import re

from fastapi import APIRouter, HTTPException
from fastapi.responses import RedirectResponse, Response

from models.errors import DubanError
from runtime.i18n import say
from services import recurrence
from services.sight import must_see
from web import forms
from web.deps import Here
from web.errors import status_of
from web.forms import Sent
from web.issue.page import show
from web.login import LoggedIn

router = APIRouter(prefix="/issues")
KEY = re.compile(r"[A-Za-z0-9_-]{8,64}")
LARGEST = 2**31 - 1


@router.post("/{number}/came-back")
def came_back(number: str, here: Here, reader: LoggedIn, form: Sent) -> Response:
    """Take it as a relapse of the issue named."""
    issue = must_see(here.session, reader.actor, number)
    key, of = forms.text(form, "key", longest=100), forms.text(form, "of", longest=60)
    version = forms.whole(form, "version", least=0, most=LARGEST)
    if not KEY.fullmatch(key):
        raise HTTPException(400)
    try:
        recurrence.take_as_relapse(
            here.session,
            issue,
            number=of,
            by=reader.actor,
            now=here.now,
            reason=f"{number}: {issue.description}",
            version=version,
            key=f"page/{reader.code}/{key}",
        )
    except DubanError as error:
        here.session.rollback()
        here.session.expire_all()
        again = must_see(here.session, reader.actor, number)
        return show(here, reader, again, wrong=say(error), status=status_of(error))
    here.session.commit()
    return RedirectResponse(f"/issues/{of}", 303)
