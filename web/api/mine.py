"""Whose token it is, what was told to them; where the issues stand in what they may see."""

from typing import Annotated

from fastapi import APIRouter, Query
from pydantic import Field

from models.permissions import Right
from notifications import inbox
from runtime.i18n import language
from services import boards
from services.filters import Scope
from services.pack_files import templates_in_force
from services.sight import scope_of
from web.api import schemas
from web.api.doors import Caller, Reads
from web.api.problems import answers
from web.api.schemas import Code, Given, Listed, one_of

router = APIRouter()
LARGEST = 2**63 - 1


class Page(Given):
    """`after` is the id of the last message of the stretch before."""

    unread: bool = False
    after: Annotated[int, Field(ge=1, le=LARGEST)] | None = None
    limit: Annotated[int, Field(ge=1, le=200)] = 50


class Of(Given):
    """Which area's parts; the city's where none is named."""

    area: Code | None = None


class OfUnit(Of):
    """The same, of one unit alone."""

    unit: Code | None = None


@router.get("/me", tags=["me"], responses=answers(401, 403, 429))
def me(caller: Reads) -> schemas.Me:
    """Who the token acts for, and what it may do."""
    return schemas.Me(
        code=caller.actor.code,
        posts=[one_of(schemas.Post, post) for post in caller.actor.all_posts],
        scopes=sorted(caller.scopes),
        rights=[right.value for right in Right if caller.held(right)],
    )


@router.get("/me/messages", tags=["me"], responses=answers(401, 403, 422, 429))
def messages(caller: Reads, asked: Annotated[Page, Query()]) -> Listed[schemas.Message]:
    """What was told to the caller, newest first."""
    found = inbox.entries(
        caller.session,
        caller.actor.code,
        now=caller.now,
        before=asked.after,
        limit=asked.limit + 1,
        unread_only=asked.unread,
        lang=language(),
        templates=templates_in_force(caller.session, home=caller.settings.home, otherwise=caller.settings.templates),
    )
    items = [one_of(schemas.Message, one) for one in found[: asked.limit]]
    return Listed[schemas.Message](items=items, next=str(items[-1].id) if len(found) > asked.limit else None)


@router.get("/boards/areas", tags=["boards"], responses=answers(401, 403, 404, 422, 429))
def by_area(caller: Reads, asked: Annotated[OfUnit, Query()]) -> schemas.BoardOf:
    """Where the issues stand in an area, and in each place right below it."""
    caller.must(Right.SEE_BOARDS)
    board = boards.by_area(caller.session, area=asked.area, unit=asked.unit, now=caller.now, scope=_scope(caller))
    return one_of(schemas.BoardOf, board)


@router.get("/boards/units", tags=["boards"], responses=answers(401, 403, 404, 422, 429))
def by_unit(caller: Reads, asked: Annotated[Of, Query()]) -> schemas.BoardOf:
    """Where the issues of each unit stand."""
    caller.must(Right.SEE_BOARDS)
    found = boards.by_unit(caller.session, area=asked.area, now=caller.now, scope=_scope(caller))
    return one_of(schemas.BoardOf, found)


def _scope(caller: Caller) -> Scope | None:
    return scope_of(caller.actor, city=caller.city, right=Right.SEE_BOARDS)
