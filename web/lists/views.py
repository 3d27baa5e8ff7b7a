"""Views that somebody keeps: filters under a name, for themselves alone."""

from fastapi import APIRouter
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from starlette.datastructures import QueryParams

from models.errors import DubanError
from runtime.i18n import say
from services import saved_views
from web import forms
from web.deps import Here
from web.errors import status_of
from web.forms import Sent
from web.lists.asked import Asked
from web.lists.page import Sees
from web.lists.reading import question

router = APIRouter(prefix="/views")
LARGEST = 2**63 - 1


@router.post("", response_class=HTMLResponse)
def save(here: Here, reader: Sees, form: Sent) -> Response:
    """Keep the filters of a list under a name. Only what a list understands is kept."""
    asked = _asked(forms.text(form, "query", longest=forms.ENDLESS))
    name = forms.text(form, "name", longest=forms.ENDLESS)
    try:
        question(here, reader, asked)
        saved_views.save_view(here.session, reader.code, name=name, query=asked.query, now=here.now)
    except DubanError as error:
        here.session.rollback()
        return here.pages.show(
            here.request, "lists/view", status=status_of(error), asked=asked, typed=name, wrong=say(error)
        )
    here.session.commit()
    return RedirectResponse(asked.address(), 303)


@router.post("/{key}/forget")
def forget(key: int, here: Here, reader: Sees, form: Sent) -> Response:
    """Delete one of one's own."""
    if 0 <= key <= LARGEST:
        saved_views.forget_view(here.session, reader.code, key)
        here.session.commit()
    return RedirectResponse(_asked(forms.text(form, "query", longest=forms.ENDLESS)).address(), 303)


def _asked(query: str) -> Asked:
    """Filters and order; a view begins at its first page."""
    return Asked.read(QueryParams(query)).but(counted="")
