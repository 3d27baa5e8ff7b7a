"""One's own: work that waits, views of the list, contacts; and the same action on several issues."""

import secrets
from datetime import time
from typing import Annotated

from fastapi import APIRouter, Header, Path, Query
from pydantic import Field
from starlette.datastructures import QueryParams

from models.errand import ErrandKind
from models.errors import MissingInput
from models.lifecycle import BY_ACTION, Action
from models.permissions import Right
from runtime.i18n import say
from services import contacts, saved_views, together, work, work_errands
from services.acting import Seen
from services.offers import Offer
from services.papers.stationery import stationery_in_force
from services.rulebook import the_city
from services.work import Card, Heap
from services.work_errands import Errand
from services.work_piles import Pile
from web.api.acts import Minutes
from web.api.doors import Acts, Caller, Reads
from web.api.once import Once
from web.api.problems import answers
from web.api.schemas import Asked as Request
from web.api.schemas import Code, Given, Open, Text, one_of
from web.api.schemas import desk as schemas
from web.lists.asked import Asked
from web.work.errands import address

router = APIRouter(route_class=Once)
LARGEST = 2**63 - 1
Key = Annotated[int, Path(ge=1, le=LARGEST)]
Once_ = Annotated[str | None, Header(alias="Idempotency-Key", max_length=200)]
REFUSALS = answers(401, 403, 404, 422, 429)
CHANGES = answers(400, 401, 403, 404, 409, 422, 429)
SEVERAL = Annotated[Action, Path(json_schema_extra={"enum": [one.value for one in together.TOGETHER]})]


class Page(Given):
    """Fifty cards a page, up to a thousand; beyond that the list is the better way."""

    page: Annotated[int, Field(ge=1, le=work.MOST // work.PAGE)] = 1


class Together(Given):
    """The issues, with what the action needs: the same for each."""

    issues: Annotated[list[schemas.OneOfMany], Field(min_length=1, max_length=together.MOST)]
    to: Code | None = None
    amount: Minutes | None = None
    reason: Text = ""
    text: Text = ""


@router.get("/me/work", tags=["me"], responses=answers(401, 403, 429))
def my_work(caller: Reads) -> schemas.Work:
    """All that waits for you, soonest first: the first of each pile, sheets of audits, what waits beside issues."""
    heaps = work.desk(caller.session, caller.actor, now=caller.now)
    sheets = work.sheets(caller.session, caller.actor)
    # What leaders wrote is in no part of the API, not even that there is something to read.
    errands = work_errands.errands(caller.session, caller.actor, now=caller.now, without={ErrandKind.INSTRUCTION})
    return schemas.Work(
        heaps=[_heap(one) for one in heaps],
        sheets=[one_of(schemas.SheetToDo, one) for one in sheets],
        errands=[_errand(caller, one) for one in errands.every],
    )


@router.get("/me/work/{pile}", tags=["me"], responses=REFUSALS)
def my_pile(pile: Pile, caller: Reads, asked: Annotated[Page, Query()]) -> schemas.Heap:
    """One pile, fifty cards at a time; `decide` holds the requests that wait for you."""
    return _heap(work.heap(caller.session, caller.actor, pile, page=asked.page, now=caller.now))


@router.get("/me/views", tags=["me"], responses=answers(401, 403, 429))
def my_views(caller: Reads) -> list[schemas.View]:
    """Filters that you keep under a name."""
    return [one_of(schemas.View, one) for one in saved_views.views_of(caller.session, caller.actor.code)]


@router.post("/me/views", tags=["me"], responses=CHANGES)
def keep_view(caller: Acts, given: schemas.NewView) -> list[schemas.View]:
    """Keep filters under a name; one of the same name is replaced. Only what a list understands is kept."""
    caller.must(Right.SEE)
    asked = Asked.read(QueryParams(given.query)).but(counted="")
    saved_views.save_view(caller.session, caller.actor.code, name=given.name, query=asked.query, now=caller.now)
    caller.session.commit()
    return my_views(caller)


@router.delete("/me/views/{key}", tags=["me"], status_code=204, responses=REFUSALS)
def forget_view(key: Key, caller: Acts) -> None:
    """Delete one of yours; twice is once."""
    saved_views.forget_view(caller.session, caller.actor.code, key)
    caller.session.commit()


@router.get("/me/contacts", tags=["me"], responses=answers(401, 403, 429))
def my_contacts(caller: Reads) -> list[schemas.Contact]:
    """How you are reached, in the order in which it is tried. New ones are proved on the page: they are ways in."""
    code = caller.actor.code
    found = contacts.listing(caller.session, by=caller.actor, person_code=code, now=caller.now)
    return [one_of(schemas.Contact, one) for one in found]


@router.put("/me/contacts/order", tags=["me"], responses=CHANGES)
def order_contacts(caller: Acts, given: schemas.ContactOrder) -> list[schemas.Contact]:
    """Which one is tried first."""
    contacts.order(caller.session, by=caller.actor, person_code=caller.actor.code, contact_ids=given.ids)
    caller.session.commit()
    return my_contacts(caller)


@router.put("/me/contacts/quiet", tags=["me"], responses=CHANGES)
def quiet_hours(caller: Acts, given: schemas.Quiet) -> list[schemas.Contact]:
    """Between these times only what is urgent is sent to you."""
    if (given.start is None) != (given.end is None):
        raise MissingInput(action="quiet", missing="start, end")
    hours = (_minute(given.start), _minute(given.end)) if given.start and given.end else None
    contacts.quiet(caller.session, by=caller.actor, person_code=caller.actor.code, hours=hours)
    caller.session.commit()
    return my_contacts(caller)


@router.delete("/me/contacts/{key}", tags=["me"], status_code=204, responses=CHANGES)
def remove_contact(key: Key, caller: Acts) -> None:
    """Use it no more."""
    contacts.remove(caller.session, by=caller.actor, contact_id=key, now=caller.now)
    caller.session.commit()


@router.post("/actions/{action}", tags=["actions"], responses=CHANGES)
def act_on_several(action: SEVERAL, caller: Acts, given: Together, key: Once_ = None) -> schemas.Fates:
    """The same action on up to 200 issues, each decided by itself, and what became of each."""
    caller.must(Right.SEE)
    texts = {name: value for name in ("to", "amount", "reason", "text") if (value := getattr(given, name))}
    missing = sorted(name for name in BY_ACTION[action].needs & together.TEXTS if name not in texts)
    if missing and action in together.TOGETHER:
        raise MissingInput(action=action.value, missing=", ".join(missing))
    seen = {one.number: Seen(one.version) for one in given.issues if one.version is not None}
    found, absent = together.chosen(caller.session, caller.actor, [one.number for one in given.issues])
    fates = together.act(
        caller.session,
        action,
        found,
        by=caller.actor,
        now=caller.now,
        given=texts,
        seen=seen,
        key=f"api/{key or secrets.token_urlsafe(12)}",
        stationery=stationery_in_force(caller.session, otherwise=caller.settings.city_pack / "papers"),
    )
    caller.session.commit()
    return schemas.Fates(fates=[_fate(one) for one in fates], missing=absent)


def _fate(one: together.Fate) -> schemas.Fate:
    error = one.error
    told = {"code": error.code, "detail": say(error)} if error else {}
    return schemas.Fate(number=one.number, done=error is None, repeated=one.repeated, **told)


def _heap(one: Heap) -> schemas.Heap:
    return schemas.Heap(pile=one.pile, count=one.count, more=one.more, cards=[_card(card) for card in one.cards])


def _errand(caller: Caller, one: Errand) -> schemas.Errand:
    names = ("kind", "key", "ref", "name", "detail", "due_at", "since", "late")
    told = {name: getattr(one, name) for name in names}
    return schemas.Errand(**told, page=address(one, city=the_city(caller.session).code))


def _card(one: Card) -> schemas.Card:
    issue, names = one.issue, ("place", "unit", "suggested", "before", "after")
    return schemas.Card(
        **issue.model_dump(include={"number", "version", "state", "severity", "description"}),
        **{name: getattr(one, name) for name in names},
        clock=one_of(schemas.Clock, one.running) if one.running else None,
        requests=[one_of(Request, request) for request in one.requests],
        actions=[_open(offer) for offer in one.offers],
    )


def _open(offer: Offer) -> Open:
    hindrance = say(offer.hindrance) if offer.hindrance else None
    return Open(action=offer.action, needs=sorted(offer.needs), hindrance=hindrance)


def _minute(moment: time) -> time:
    """As the city's clocks show it."""
    return moment.replace(second=0, microsecond=0, tzinfo=None)
