"""What the pages of scores share: who may come, the banner of what is live, published or under way, and its acts."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated, Any

from fastapi import Depends
from fastapi.responses import HTMLResponse
from sqlmodel import Session

from models.area import Area
from models.errors import DubanError
from models.permissions import Right
from models.publication import Publication, PublicationAct, PublicationState
from models.rights import Actor
from runtime.i18n import gettext as _
from runtime.i18n import say
from services import publications
from services.rulebook import the_city
from web.deps import Desk
from web.errors import status_of
from web.lists.reading import zone_of
from web.login import Reader, allowed

Leads = Annotated[Reader, Depends(allowed(Right.SEE_BOARDS))]
ACTS = {
    PublicationState.DRAFT: ("renew", PublicationAct.APPROVED, PublicationAct.WITHDRAWN),
    PublicationState.APPROVED: (PublicationAct.PUBLISHED, PublicationAct.SENT_BACK, PublicationAct.WITHDRAWN),
}
AS_ONE = {"renew": PublicationAct.CHANGED}
"""To make it anew is to change it."""
WITH_REASON = frozenset({PublicationAct.SENT_BACK, PublicationAct.WITHDRAWN})


@dataclass(frozen=True)
class Act:
    """Something that this reader may do to a publication. `reason`: it takes one."""

    code: str
    label: str
    reason: bool
    first: bool


def labels() -> dict[str, str]:
    """What each act is called on its button."""
    return {
        "renew": _("Make it anew from the figures of now"),
        PublicationAct.APPROVED: _("Approve"),
        PublicationAct.WITHDRAWN: _("Withdraw"),
        PublicationAct.PUBLISHED: _("Publish"),
        PublicationAct.SENT_BACK: _("Send back"),
    }


def acts(session: Session, row: Publication | None, reader: Actor) -> Sequence[Act]:
    """Those that this reader may do now; their own draft is for somebody else to approve."""
    if row is None:
        return ()
    words, city = labels(), the_city(session).code
    path = session.get_one(Area, row.area_code).path
    open_ = publications.open_acts(session, row, by=reader, city=city, area_path=path)
    found = [code for code in ACTS.get(row.state, ()) if AS_ONE.get(code, code) in open_]
    firsts = (PublicationAct.APPROVED, PublicationAct.PUBLISHED)
    return [Act(str(code), words[code], code in WITH_REASON, code in firsts) for code in found]


def page(here: Desk, name: str, *, wrong: DubanError | None = None, **values: Any) -> HTMLResponse:
    """A page of scores; with why something was refused, where it was."""
    return here.pages.show(
        here.request,
        f"scores/{name}",
        status=status_of(wrong) if wrong else 200,
        wrong=say(wrong) if wrong else "",
        zone=zone_of(here),
        now=here.now,
        **{"why": "", **values},
    )
